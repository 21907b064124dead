import type { ColumnModel, TableModel } from '../schemas/model.ts'
import { type Fills, type Question, subjectOf } from './count.ts'
import { columnsOf, type Step } from './diff.ts'
import type { Snapshot } from './snapshot.ts'

/** What a migration is written of. */
export interface Writing {
  steps: readonly Step[]
  before: Snapshot
  after: Snapshot
  fills: Fills
  /** How many values, or rows of a table, may be lost, by `table.field` or `table`. */
  loss: Readonly<Record<string, number>>
}

/** A step about a table that is there before and after. */
export type Change = Step & { before: TableModel; after: TableModel }

export const ofKind = ({ steps }: Writing, ...kinds: Step['kind'][]): Change[] =>
  steps.filter(({ kind }) => kinds.includes(kind)) as Change[]

/** The steps of `changes` by table, in the order of their first. */
export function byTable(changes: readonly Change[]): [table: TableModel, changes: Change[]][] {
  const groups = new Map<string, [TableModel, Change[]]>()
  for (const change of changes) {
    const group = groups.get(change.after.id) ?? [change.after, []]
    group[1].push(change)
    groups.set(change.after.id, group)
  }
  return [...groups.values()]
}

/** One statement per table, with what `action` answers of each of its changes: one lock, and one reading of its rows. */
export const alteredSql = (
  changes: readonly Change[],
  action: (change: Change) => string,
  side: 'before' | 'after' = 'after'
): string[] =>
  byTable(changes).map(([, steps]) => `alter table ${steps[0]![side].name} ${steps.map(action).join(',\n  ')}`)

/** What a person calls what the step is about: `products.color`, as it will be where it will be. */
export function subjectOfStep(step: Step): string {
  const { before, after, key } = step
  const { old, now } = columnsOf(step)
  const rule = after?.constraints[key] ?? after?.indexes[key] ?? before?.constraints[key] ?? before?.indexes[key]
  const [id] = rule?.fields.length === 1 ? rule.fields : []
  const column: ColumnModel | undefined = now ?? old ?? after?.columns[id ?? ''] ?? before?.columns[id ?? '']
  return subjectOf(after ?? before!, column)
}

export const changesType = ({ before, after }: Pick<Change, 'before' | 'after'>, id: string): boolean =>
  before.columns[id] !== undefined &&
  after.columns[id] !== undefined &&
  before.columns[id].type !== after.columns[id].type

/** Whether the step is about the bounds of a column that changes its type: they go and come in the same statement. */
export const goesWithType = (step: Change): boolean => {
  const rule = step.after.constraints[step.key] ?? step.before.constraints[step.key]
  return step.key.startsWith('bounds:') && rule!.fields.some((id) => changesType(step, id))
}

export const isUnique = (key: string) => key.startsWith('unique:')

const FOUND: Record<Question['about'], string> = {
  rows: 'rows are there',
  values: 'values would be lost',
  lost: 'values would be lost or cut',
  nulls: 'rows have no value',
  duplicates: 'values occur more than once',
  orphans: 'values refer to nothing',
  violations: 'rows break the new rule'
}

/** Stops the migration when it finds more than was allowed: there may be more rows than the plan was told of. */
export const guardSql = (subject: string, about: Question['about'], count: string, allowed: number): string =>
  `select regal_at_most(${allowed}, (${count}), '${subject}', '${FOUND[about]}')`
