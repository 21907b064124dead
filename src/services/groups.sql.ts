import type { GroupKey, Measure } from '../schemas/aggregates.ts'
import { currency } from '../schemas/currency.ts'
import type { Resource } from '../schemas/define.ts'
import { kinds } from '../schemas/kinds.ts'
import type { Plan } from '../schemas/query.ts'
import { filterSql } from './page.sql.ts'
import type { Row } from './projection.ts'
import { type Scope, table } from './scope.ts'
import { column, Statement, whereSql } from './statement.ts'

/** Where instants become days: the zone of a row's branch, else that of the shop. */
export interface Zones {
  /** The zone of whoever has no branch. */
  home: string
  /** All branches are in one zone, so that no row needs to be asked for its own. */
  one: boolean
}

interface Groups {
  text: string
  values: unknown[]
  record(cells: unknown[]): Row
  total(cells: unknown[]): number
}

/** What is being written: the statement, its joins, and the alias that each path of relations has got. */
interface Draft {
  resource: Resource
  scope: Scope
  zones: Zones
  statement: Statement
  joins: string[]
  aliases: Map<string, string>
}

/** The alias of the record that a path leads to; rows whose record is out of reach are grouped under null. */
function aliasOf({ statement, joins, aliases, scope }: Draft, path: GroupKey['path']): string {
  let alias = 't'
  let way = ''
  for (const { name, target, own, their, access } of path) {
    way += `${name}.`
    let there = aliases.get(way)
    if (!there) {
      there = statement.alias()
      aliases.set(way, there)
      const rows = access.alternatives
        ? ` and ${whereSql({ or: access.alternatives }, target, there, statement, scope.reader)}`
        : ''
      joins.push(` left join "${target.table}" ${there} on ${column(there, their)} = ${column(alias, own)}${rows}`)
    }
    alias = there
  }
  return alias
}

/** The zone of a row's branch. Days would tell it to whoever does not see which branch that is: they get their own zone. */
function zoneOf(draft: Draft, resource: Resource, alias: string, readable: ReadonlySet<string>): string {
  const { zones, statement, joins, aliases } = draft
  if (resource.table === 'branches' && readable.has('timezone')) return column(alias, 'timezone')
  const home = `${statement.bind(zones.home)}::text`
  if (zones.one || !readable.has('branch_id')) return home
  const way = `zone of ${alias}`
  let zone = aliases.get(way)
  if (!zone) {
    zone = statement.alias()
    aliases.set(way, zone)
    joins.push(` left join "branches" ${zone} on ${zone}."id" = ${alias}."branch_id"`)
  }
  return `coalesce(${zone}."timezone", ${home})`
}

function keySql(draft: Draft, { path, name, field, period }: GroupKey): string {
  const alias = aliasOf(draft, path)
  const target = column(alias, name)
  if (!period) return target
  const { target: resource, access } = path.at(-1) ?? { target: draft.resource, access: draft.scope.access }
  const local =
    field.kind === 'instant'
      ? `${target} at time zone ${zoneOf(draft, resource, alias, access.has)}`
      : `${target}::timestamp`
  return `date_trunc('${period}', ${local})::date`
}

/** A mean has no scale of its own: money and quantities keep theirs, counts get that of a quantity. */
const meanScale = ({ kind, options }: Measure['field']) =>
  kind === 'money' ? currency.scale : kind === 'decimal' ? (options.scale ?? 4) : 3

function measureSql({ fn, name, field }: Measure): string {
  const target = `${fn}(${column('t', name)})`
  return fn === 'avg' ? `round(${target}, ${meanScale(field)})` : target
}

function decoderOf({ fn, field }: Measure): (stored: never) => unknown {
  const { decode } = kinds[field.kind]
  if (fn === 'avg')
    return field.kind === 'quantity' || field.kind === 'integer'
      ? (stored: never) => Number(stored)
      : (stored) => stored
  return decode ? (stored: never) => decode(stored, field.options) : (stored) => stored
}

/** Groups of the records within reach, with their measures: one statement, whatever the number of records. */
export function selectGroups(resource: Resource, plan: Plan, scope: Scope, zones: Zones): Groups {
  const { group, measures, count, sort, limit } = plan.aggregate!
  const statement = new Statement()
  const draft: Draft = { resource, scope, zones, statement, joins: [], aliases: new Map() }
  const keys = group.map((key) => keySql(draft, key))
  const columns = [...keys, ...(count ? ['count(*)'] : []), ...measures.map(measureSql)]
  const names = [
    ...group.map(({ key }) => key),
    ...(count ? ['count'] : []),
    ...measures.map(({ fn, name }) => `${fn}.${name}`)
  ]
  const filter = filterSql(resource, plan, scope, statement)
  // By place, as a key may hold parameters: PostgreSQL would take two of them for two expressions.
  const places = group.map((_, i) => i + 1)
  const asked = sort.map(([by, way]) => `${names.indexOf(by) + 1}${way < 0 ? ' desc nulls last' : ''}`)
  const order = [...asked, ...places]
  const text =
    `select ${[...columns, 'count(*) over ()'].join(', ')} from ${table(resource)} t${draft.joins.join('')}` +
    `${filter ? ` where ${filter}` : ''}${places.length ? ` group by ${places.join(', ')}` : ''}` +
    `${order.length ? ` order by ${order.join(', ')}` : ''} limit ${limit}${plan.skip ? ` offset ${statement.bind(plan.skip)}` : ''}`
  const decoders = measures.map(decoderOf)
  return {
    text,
    values: statement.values,
    total: (cells) => cells[columns.length] as number,
    record(cells) {
      const row: Row = { group: {} }
      for (const [i, { key, field, period }] of group.entries()) {
        const { decode } = kinds[field.kind]
        const stored = cells[i]
        ;(row.group as Row)[key] =
          decode && !period && stored !== null ? decode(stored as never, field.options) : stored
      }
      let at = group.length
      if (count) row.count = cells[at++]
      for (const [i, { fn, name }] of measures.entries()) {
        const stored = cells[at++]
        row[fn] ??= {}
        ;(row[fn] as Row)[name] = stored === null ? null : decoders[i]!(stored as never)
      }
      return row
    }
  }
}
