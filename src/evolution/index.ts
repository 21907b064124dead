// Evolution of the tables: from what the newest migration left to what the definitions say. The program writes
// migrations; only applied migrations change a database.

export { BESIDE } from './beside.ts'
export { differencesOf, snapshotDifferences } from './check.ts'
export { countWords } from './judge.ts'
export { measure } from './measure.ts'
export { type Facts, type Plan, PlanRefused, plan, planOffline, questions, type Told } from './plan.ts'
export { formatSnapshot, readSnapshot, type Snapshot, snapshotOf, writeSnapshot } from './snapshot.ts'
