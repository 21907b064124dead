// Evolution of the tables: from what the newest migration left to what the definitions say. The program writes
// migrations; only applied migrations change a database.

export type { Class } from './classify.ts'
export { diff, type Step } from './diff.ts'
export { type Count, countWords } from './judge.ts'
export { type Plan, PlanRefused, plan, planOffline, questions, type Told } from './plan.ts'
export { formatSnapshot, readSnapshot, type Snapshot, snapshotOf, writeSnapshot } from './snapshot.ts'
export type { MigrationFile } from './write.ts'
