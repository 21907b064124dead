import type { ColumnModel, TableModel } from '../schemas/model.ts'
import { lastingSql } from './names.ts'
import type { Snapshot } from './snapshot.ts'

type TableStep = 'create table' | 'drop table' | 'rename table'
type ColumnStep =
  | 'add column'
  | 'drop column'
  | 'rename column'
  | 'change type'
  | 'require'
  | 'allow null'
  | 'change default'
type RuleStep = 'add' | 'drop' | 'replace' | 'rename'

/**
 * One difference of the tables. `key` is the lasting id of the column, or the key of the constraint or index in the
 * models. A `part` comes with another step (the bounds of a new column) and is written, but not told of.
 */
export interface Step {
  kind: TableStep | ColumnStep | `${RuleStep} constraint` | `${RuleStep} index`
  /** The table as it is; undefined for one to be made. */
  before?: TableModel
  /** The table as it will be; undefined for one to be dropped. */
  after?: TableModel
  key: string
  part?: true
}

type Kept = Step & { before: TableModel; after: TableModel }

function columnSteps(before: TableModel, after: TableModel, key: string): Kept[] {
  const [old, now] = [before.columns[key]!, after.columns[key]!]
  const steps: Kept['kind'][] = []
  if (old.name !== now.name) steps.push('rename column')
  if (old.type !== now.type) steps.push('change type')
  else if (old.default !== now.default) steps.push('change default')
  if (old.required !== now.required) steps.push(now.required ? 'require' : 'allow null')
  return steps.map((kind) => ({ kind, before, after, key }))
}

type Rules = 'constraints' | 'indexes'
const wordOf = { constraints: 'constraint', indexes: 'index' } as const

/** Whether a rule is about a column alone that comes or goes, or the bounds of one that changes its type. */
function isPart({ before, after }: Pick<Kept, 'before' | 'after'>, key: string, fields: string[]): boolean {
  const [id] = fields
  if (fields.length !== 1 || id === undefined) return false
  const [old, now] = [before.columns[id], after.columns[id]]
  return !old || !now || (key.startsWith('bounds:') && old.type !== now.type)
}

function ruleSteps(before: TableModel, after: TableModel, rules: Rules): Kept[] {
  const word = wordOf[rules]
  const [old, now] = [before[rules], after[rules]]
  const step = (verb: RuleStep, key: string): Kept => {
    const fields = (now[key] ?? old[key]!).fields
    const part = verb === 'rename' || isPart({ before, after }, key, fields)
    return { kind: `${verb} ${word}`, before, after, key, ...(part && { part: true }) }
  }
  const same = (key: string) =>
    key.startsWith('fkey:')
      ? before.constraints[key]!.target === after.constraints[key]!.target
      : lastingSql(old[key]!.sql, before) === lastingSql(now[key]!.sql, after) &&
        // A unique constraint and a unique index are kept in two places, so a key is in one of them alone.
        JSON.stringify(old[key]!.fields) === JSON.stringify(now[key]!.fields)
  return [
    ...Object.keys(old).flatMap((key) => (now[key] ? [] : [step('drop', key)])),
    ...Object.keys(now).flatMap((key) => {
      if (!old[key]) return [step('add', key)]
      if (!same(key)) return [step('replace', key)]
      return old[key]!.name === now[key]!.name ? [] : [step('rename', key)]
    })
  ]
}

function tableSteps(before: TableModel, after: TableModel): Step[] {
  const ids = (model: TableModel, other: TableModel) => Object.keys(model.columns).filter((id) => !other.columns[id])
  return [
    ...(before.name === after.name ? [] : [{ kind: 'rename table' as const, before, after, key: after.id }]),
    ...ids(before, after).map((key) => ({ kind: 'drop column' as const, before, after, key })),
    ...Object.keys(before.columns).flatMap((id) => (after.columns[id] ? columnSteps(before, after, id) : [])),
    ...ids(after, before).map((key) => ({ kind: 'add column' as const, before, after, key })),
    ...ruleSteps(before, after, 'constraints'),
    ...ruleSteps(before, after, 'indexes')
  ]
}

/** What leads from one state of the tables to another, in the order in which it is told. Empty when they are the same. */
export function diff(before: Snapshot, after: Snapshot): Step[] {
  const gone = Object.values(before).filter(({ id }) => !after[id])
  return [
    ...gone.map((table) => ({ kind: 'drop table' as const, before: table, key: table.id })),
    ...Object.values(after).flatMap((table): Step[] => {
      const old = before[table.id]
      return old ? tableSteps(old, table) : [{ kind: 'create table', after: table, key: table.id }]
    })
  ]
}

/** The column a step is about, as it was and as it will be. */
export const columnsOf = ({ before, after, key }: Step): { old?: ColumnModel; now?: ColumnModel } => ({
  ...(before?.columns[key] && { old: before.columns[key] }),
  ...(after?.columns[key] && { now: after.columns[key] })
})
