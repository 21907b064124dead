import { columnSql, constraintSql } from '../schemas/ddl.ts'
import { type ColumnModel, ident, shortened, type TableModel } from '../schemas/model.ts'
import { questionOf, subjectOf } from './count.ts'
import { createSql } from './create.ts'
import { columnsOf, type Step } from './diff.ts'
import { finalSql, lostSql, mayLose } from './values.ts'
import { renameSql } from './write-renames.ts'
import { roleRulesSql } from './write-roles.ts'
import {
  alteredSql,
  byTable,
  type Change,
  changesType,
  goesWithType,
  guardSql,
  isUnique,
  ofKind,
  subjectOfStep,
  type Writing
} from './writing.ts'

export const asideName = (name: string) => shortened(`${name}_old`)

/**
 * What the plan was told of the rows is counted again before anything changes, so that a refusal finds the database as
 * it was. Drops and changes of type count under their own lock.
 */
function guards(writing: Writing): string[] {
  const { steps, fills, before, loss } = writing
  return steps.flatMap((step) => {
    const question = questionOf(step, fills, before)
    if (!question || /^drop|^change type/.test(step.kind)) return []
    const subject = subjectOfStep(step)
    if (step.kind === 'require' && fills[subject] !== undefined) return []
    const { about, count } = question
    return [guardSql(subject, about, count, about === 'lost' || about === 'orphans' ? (loss[subject] ?? 0) : 0)]
  })
}

/**
 * Whether the old holder of a rule's name must stay until the new one is built apart. It cannot where a column of it
 * changes its type, as an expression over the old type would stop that.
 */
export const staysAside = (step: Change): boolean => {
  const { kind, before, after, key } = step
  const replaced =
    kind.startsWith('replace') || (isUnique(key) && Boolean(after.constraints[key] ?? after.indexes[key]))
  const rule = before.constraints[key] ?? before.indexes[key]!
  const builtApart = kind.endsWith('index') || isUnique(key)
  return replaced && builtApart && !rule.fields.some((id) => changesType(step, id))
}

function freed(writing: Writing): string[] {
  const rules = ofKind(writing, 'drop constraint', 'replace constraint').filter((step) => !goesWithType(step))
  const indexes = ofKind(writing, 'drop index', 'replace index')
  const nameOf = ({ before, key }: Change) => (before.constraints[key] ?? before.indexes[key]!).name
  return [
    ...alteredSql(
      rules.filter((step) => !staysAside(step)),
      (step) => `drop constraint ${nameOf(step)}`,
      'before'
    ),
    ...[...rules, ...indexes].filter(staysAside).map((step) => {
      const name = nameOf(step)
      return `alter index ${name} rename to ${asideName(name)}`
    }),
    ...indexes.filter((step) => !staysAside(step)).map((step) => `drop index ${nameOf(step)}`)
  ]
}

function drops(writing: Writing): string[] {
  const columns = ofKind(writing, 'drop column')
  const tables = writing.steps.filter(({ kind }) => kind === 'drop table')
  const guard = (step: Step) => {
    const { about, count } = questionOf(step, {}, {})!
    return guardSql(subjectOfStep(step), about, count, writing.loss[subjectOfStep(step)] ?? 0)
  }
  const names = tables.map(({ before }) => before!.name)
  return [
    ...byTable(columns).flatMap(([, steps]) => {
      const table = steps[0]!.before.name
      const gone = steps.map((step) => `drop column ${ident(columnsOf(step).old!.name)}`)
      const locked = `lock table ${table} in access exclusive mode`
      return [locked, ...steps.map(guard), `alter table ${table} ${gone.join(', ')}`]
    }),
    ...(names.length
      ? [
          `lock table ${names.join(', ')} in access exclusive mode`,
          ...tables.map(guard),
          `drop table ${names.join(', ')}`
        ]
      : [])
  ]
}

/** One column's part of the statement that rewrites its table. */
function typeActions({ before, after, key }: Change, fill: string | undefined): string[] {
  const [old, now] = [before.columns[key]!, after.columns[key]!]
  const column = `alter column ${ident(now.name)}`
  const [bounds, bounded] = [before.constraints[`bounds:${key}`], after.constraints[`bounds:${key}`]]
  return [
    ...(bounds ? [`drop constraint ${bounds.name}`] : []),
    ...(old.default === null ? [] : [`${column} drop default`]),
    ...(old.required && !now.required ? [`${column} drop not null`] : []),
    `${column} type ${now.type} using ${finalSql(ident(now.name), old, now, fill)}`,
    ...(now.default === null ? [] : [`${column} set default ${now.default}`]),
    ...(now.required && !old.required ? [`${column} set not null`] : []),
    ...(bounded ? [`add ${constraintSql(bounded)}`] : [])
  ]
}

function typeChanges(writing: Writing): string[] {
  const { fills, loss } = writing
  return byTable(ofKind(writing, 'change type')).flatMap(([table, steps]) => {
    const guarded = steps.flatMap(({ before, key }) => {
      const [old, now] = [before.columns[key]!, table.columns[key]!]
      if (!mayLose(old, now)) return []
      const subject = subjectOf(table, now)
      const count = `select count(*) as n from ${table.name} where ${lostSql(ident(now.name), old, now)}`
      return [guardSql(subject, 'lost', count, loss[subject] ?? 0)]
    })
    const actions = steps.flatMap((step) => typeActions(step, fills[subjectOf(table, table.columns[step.key])]))
    return [
      `lock table ${table.name} in access exclusive mode`,
      ...guarded,
      `alter table ${table.name}\n  ${actions.join(',\n  ')}`
    ]
  })
}

const creates = ({ steps, before }: Writing): string[] =>
  createSql(
    steps.filter(({ kind }) => kind === 'create table').map(({ after }) => after!),
    Object.keys(before)
  )

/** A required column takes its fill as a default for a moment: PostgreSQL keeps that one value without writing rows. */
function addedColumn(table: TableModel, now: ColumnModel, fill: string | undefined): string[] {
  const borrowed = now.default === null && fill !== undefined ? fill : now.default
  return [
    `alter table ${table.name} add column ${columnSql({ ...now, default: borrowed })}`,
    ...(borrowed === now.default ? [] : [`alter table ${table.name} alter column ${ident(now.name)} drop default`])
  ]
}

function additions(writing: Writing): string[] {
  return [
    ...ofKind(writing, 'add column').flatMap((step) => {
      const now = columnsOf(step).now!
      return addedColumn(step.after, now, now.required ? writing.fills[subjectOf(step.after, now)] : undefined)
    }),
    ...alteredSql(notValid(writing), ({ after, key }) => `add ${constraintSql(after.constraints[key]!)} not valid`)
  ]
}

/** The constraints that hold for new rows at once, and are validated apart. */
export const notValid = (writing: Writing): Change[] =>
  ofKind(writing, 'add constraint', 'replace constraint').filter((step) => !isUnique(step.key) && !goesWithType(step))

function loosened(writing: Writing): string[] {
  return ofKind(writing, 'change default', 'allow null').flatMap((step) => {
    const { after, key, kind } = step
    const column = `alter table ${after.name} alter column ${ident(after.columns[key]!.name)}`
    if (kind === 'allow null') return changesType(step, key) ? [] : [`${column} drop not null`]
    const value = after.columns[key]!.default
    return [`${column} ${value === null ? 'drop default' : `set default ${value}`}`]
  })
}

/** The statements of the first file: one transaction, catalogue and rewrites only. */
export const transactionSql = (writing: Writing): string[] => [
  ...guards(writing),
  ...freed(writing),
  ...drops(writing),
  ...renameSql(writing),
  ...typeChanges(writing),
  ...loosened(writing),
  ...creates(writing),
  ...additions(writing),
  ...roleRulesSql(writing)
]
