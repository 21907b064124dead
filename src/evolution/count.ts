import { type ColumnModel, ident, type TableModel } from '../schemas/model.ts'
import { columnsOf, type Step } from './diff.ts'
import type { Snapshot } from './snapshot.ts'
import { finalSql, lostSql, mayLose } from './values.ts'

/** What is to take the place of a value that is missing or has none: SQL literals by `table.field`, as they will be. */
export type Fills = Readonly<Record<string, string>>

/** What a step must know of the rows before it may be taken. */
export interface Question {
  about: 'rows' | 'values' | 'lost' | 'nulls' | 'duplicates' | 'orphans' | 'violations'
  /** One row: n. */
  count: string
  /** Some of them as text, one per row; undefined where they must not be shown. */
  examples?: string
  /** Those that nothing takes the place of, unless the person says what: neither cut nor rounded. One row: n. */
  unplaced?: string
}

export const subjectOf = (table: TableModel, column?: ColumnModel) =>
  column ? `${table.name}.${column.name}` : table.name

const EXAMPLES = 3
const from = (table: TableModel) => `${table.name} o`
const old = (column: ColumnModel) => `o.${ident(column.name)}`

function listed(value: string, source: string, condition: string): string {
  return `select distinct left((${value})::text, 60) as example from ${source} where ${condition} order by 1 limit ${EXAMPLES}`
}

function matching(about: Question['about'], table: TableModel, condition: string, column?: ColumnModel): Question {
  return {
    about,
    count: `select count(*) as n from ${from(table)} where ${condition}`,
    ...(column && !column.secret && { examples: listed(old(column), from(table), condition) })
  }
}

function losses(before: TableModel, was: ColumnModel, now: ColumnModel): Question {
  const lost = lostSql(old(was), was, now)
  const unplaced = `${lost} and ${finalSql(old(was), was, now)} is null`
  return {
    ...matching('lost', before, lost, was),
    unplaced: `select count(*) as n from ${from(before)} where ${unplaced}`
  }
}

/** The rows as they will be, under the names that they will have. */
function futureRows(before: TableModel, after: TableModel, fills: Fills): string {
  const list = Object.entries(after.columns).map(([id, now]) => {
    const had = before.columns[id]
    const fill = fills[subjectOf(after, now)]
    const value = had ? finalSql(old(had), had, now, fill) : `(${fill ?? now.default ?? 'null'})::${now.type}`
    return `${value} as ${ident(now.name)}`
  })
  return `(select ${list.join(', ')} from ${from(before)}) f`
}

/** Whether the columns hold nothing yet: what is null breaks neither uniqueness nor a reference. */
const allEmpty = ({ before, after }: Step, fields: string[], fills: Fills): boolean =>
  fields.every((id) => {
    const now = after!.columns[id]!
    return !before!.columns[id] && now.default === null && fills[subjectOf(after!, now)] === undefined
  })

function duplicates(step: Step, rule: { sql: string; fields: string[] }, fills: Fills): Question | undefined {
  const { before, after } = step
  const anyNull = rule.sql.includes('nulls not distinct')
  if (allEmpty(step, rule.fields, fills) && !anyNull) return undefined
  const columns = rule.fields.map((id) => after!.columns[id]!)
  const folded = rule.sql.includes('(lower(')
  const keys = columns.map(({ name }) => (folded ? `lower(f.${ident(name)})` : `f.${ident(name)}`))
  const known = anyNull ? 'true' : keys.map((key) => `${key} is not null`).join(' and ')
  const groups = `from ${futureRows(before!, after!, fills)} where ${known} group by ${keys.join(', ')} having count(*) > 1`
  const shown = `concat_ws(', ', ${keys.map((key) => `${key}::text`).join(', ')})`
  return {
    about: 'duplicates',
    count: `select count(*) as n from (select 1 ${groups}) d`,
    ...(!columns.some(({ secret }) => secret) && {
      examples: `select left(${shown}, 60) as example ${groups} order by 1 limit ${EXAMPLES}`
    })
  }
}

/** Whether the value `x` refers to nothing. A target that is not there yet has no rows. */
export const orphaned = (x: string, target: string | undefined) =>
  target === undefined
    ? `${x} is not null`
    : `(${x} is not null and not exists (select from ${target} p where p.id = ${x}))`

function orphans(step: Step, fills: Fills, known: Snapshot): Question | undefined {
  const { before, after, key } = step
  const { fields, target } = after!.constraints[key]!
  if (allEmpty(step, fields, fills)) return undefined
  const x = `f.${ident(after!.columns[fields[0]!]!.name)}`
  const rows = futureRows(before!, after!, fills)
  const condition = orphaned(x, known[target!]?.name)
  return {
    about: 'orphans',
    count: `select count(*) as n from ${rows} where ${condition}`,
    examples: listed(x, rows, condition)
  }
}

function violations({ before, after, key }: Step, fills: Fills): Question {
  const condition = after!.constraints[key]!.sql.replace(/^check /, '')
  const rows = futureRows(before!, after!, fills)
  const broken = `not coalesce(${condition}, true)`
  return {
    about: 'violations',
    count: `select count(*) as n from ${rows} where ${broken}`,
    examples: listed('f.id', rows, broken)
  }
}

function aboutColumn(step: Step, fills: Fills): Question | undefined {
  const { kind, before } = step
  const { old: was, now } = columnsOf(step)
  switch (kind) {
    case 'drop column':
      return matching('values', before!, `${old(was!)} is not null`, was)
    case 'change type':
      return mayLose(was!, now!) ? losses(before!, was!, now!) : undefined
    case 'require':
      return matching('nulls', before!, `${old(was!)} is null`)
    case 'add column':
      if (!now!.required || now!.default !== null || fills[subjectOf(step.after!, now!)] !== undefined) return undefined
      return matching('rows', before!, 'true')
    default:
      return undefined
  }
}

function aboutRule(step: Step, fills: Fills, known: Snapshot): Question | undefined {
  const { before, after, key, part } = step
  const rule = after!.constraints[key] ?? after!.indexes[key]!
  const [purpose] = key.split(':')
  if (purpose === 'bounds') {
    const [id] = rule.fields
    const [was, now] = [before!.columns[id!], after!.columns[id!]!]
    if (part || !was || !mayLose(was, now)) return undefined
    return losses(before!, was, now)
  }
  if (purpose === 'fkey') return orphans(step, fills, known)
  if (purpose === 'check') return violations(step, fills)
  return purpose === 'unique' ? duplicates(step, rule, fills) : undefined
}

/**
 * What to ask the database about a step; undefined when it can be taken whatever the rows.
 * @param known the tables that are there before the migration, by the lasting id of their resource
 */
export function questionOf(step: Step, fills: Fills, known: Snapshot): Question | undefined {
  const { kind, before } = step
  if (kind === 'drop table') return matching('rows', before!, 'true')
  if (/^(add|replace) (constraint|index)$/.test(kind)) return aboutRule(step, fills, known)
  return aboutColumn(step, fills)
}
