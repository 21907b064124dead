import type { Resource } from '../schemas/define.ts'
import { type Include, ownOrder, type Plan } from '../schemas/query.ts'
import { Joins } from './joins.ts'
import { afterSql, orderSql } from './keyset.sql.ts'
import { makeProjection, type Projection, projectionOf, type Row, wireValue } from './projection.ts'
import { branchOf, reach, type Scope, table } from './scope.ts'
import { type Match, type Ranking, rankingOf, searchSql } from './search.sql.ts'
import { Statement, whereSql } from './statement.ts'

/** A statement that reads records, and what its rows mean. */
export interface Read {
  text: string
  values: unknown[]
  record(cells: unknown[]): Row
}

/** The same for a page: the values that decide the order, and the count where it was asked for. */
export interface PageRead extends Read {
  place(cells: unknown[]): unknown[]
  total(cells: unknown[]): number | undefined
}

const selected = (resource: Resource, plan: Plan | undefined, { access }: Scope): Projection =>
  plan?.select ? makeProjection(resource, plan.select) : projectionOf(resource, access.fields)

/** Reach, conditions and search of a list as SQL; undefined for none. */
export function filterSql(
  resource: Resource,
  plan: Plan,
  scope: Scope,
  statement: Statement,
  match: Match = 'words'
): string | undefined {
  const parts: string[] = []
  if (scope.access.alternatives) parts.push(reach(scope, resource, 't', statement))
  if (plan.where) parts.push(whereSql(plan.where, resource, 't', statement, scope.reader))
  if (plan.search) parts.push(searchSql(plan.search, match, resource, scope.access.has, 't', statement))
  return parts.length ? parts.join(' and ') : undefined
}

const whereOf = (...conditions: (string | undefined)[]): string => {
  const known = conditions.filter((condition) => condition !== undefined)
  return known.length ? ` where ${known.join(' and ')}` : ''
}

/** A search without an order of its own is ordered by how well it fits. */
const ranked = (plan: Plan): boolean => Boolean(plan.search) && !plan.sorted && !plan.after

interface Lines {
  resource: Resource
  plan: Plan
  statement: Statement
  filter: string | undefined
  after: string | undefined
  ranking: Ranking | undefined
}

/** A name that no field can have. */
const DISTANCE = '"~distance"'

/** The rows of the page: the part of the statement that an index should answer. */
function rowsSql({ resource, plan, statement, filter, after, ranking }: Lines, columns: string): string {
  const where = ranking ? ` where ${ranking.candidates(filter!)}` : whereOf(filter, after)
  const order = `${ranking ? `${DISTANCE}, ` : ''}${orderSql(plan.sort, 't')}`
  // The limit is a checked whole number, and written out: of an unknown one the planner expects a tenth of the table.
  // One row more than asked for tells whether another page follows.
  const limit = plan.limit + (plan.after ? 1 : 0)
  return (
    `select ${columns}${ranking ? `, ${ranking.distance} as ${DISTANCE}` : ''} from ${table(resource)} t${where}` +
    ` order by ${order} limit ${limit}${plan.skip ? ` offset ${statement.bind(plan.skip)}` : ''}`
  )
}

/**
 * A page. Joins and ranks apply to its rows alone, so they are made around it. Cells: the record, what it is joined
 * with, its place in the order (for `$after`), the count.
 */
export function selectPage(resource: Resource, plan: Plan, scope: Scope, match: Match = 'words'): PageRead {
  const statement = new Statement()
  const projection = selected(resource, plan, scope)
  const filter = filterSql(resource, plan, scope, statement, match)
  const ranking = ranked(plan) ? rankingOf(plan.search!, match, resource, scope.access.has, statement) : undefined
  const values = plan.after?.values
  const after = values ? afterSql(resource, plan.sort, values, 't', statement) : undefined
  const lines = { resource, plan, statement, filter, after, ranking }
  const branch = branchOf(scope, statement)
  const joins = new Joins(plan.include, projection.names.length, statement, scope, branch)
  const places = plan.after ? plan.sort.map(([name]) => `t."${name}"`) : []
  const count = plan.total === 'exact' ? [`(select count(*) from ${table(resource)} t${whereOf(filter)})`] : []
  const list = [projection.sql('t', branch), ...joins.columns, ...places, ...count].join(', ')
  const plain = !joins.columns.length && !ranking
  const text = plain
    ? rowsSql(lines, list)
    : `select ${list} from (${rowsSql(lines, 't.*')}) t${joins.sql}` +
      ` order by ${ranking ? `t.${DISTANCE}, ` : ''}${orderSql(plan.sort, 't')}`
  const last = joins.width + places.length
  return {
    text,
    values: statement.values,
    record: (cells) => joins.read(projection.decode(cells), cells),
    place: (cells) => plan.sort.map(([name], i) => wireValue(resource, name, cells[joins.width + i])),
    total: (cells) => (count.length ? (cells[last] as number) : undefined)
  }
}

/** How many records match; with `most`, no more than that are counted. */
export function countAll(
  resource: Resource,
  plan: Plan,
  scope: Scope,
  { match, most }: { match?: Match; most?: number } = {}
): { text: string; values: unknown[] } {
  const statement = new Statement()
  const rows = `${table(resource)} t${whereOf(filterSql(resource, plan, scope, statement, match))}`
  const text =
    most === undefined ? `select count(*) from ${rows}` : `select count(*) from (select 1 from ${rows} limit ${most}) t`
  return { text, values: statement.values }
}

/** The planner's guess at how many records match, in the first cell of its plan. */
export function guessAll(resource: Resource, plan: Plan, scope: Scope, match?: Match) {
  const statement = new Statement()
  const filter = filterSql(resource, plan, scope, statement, match)
  return {
    text: `explain (format json) select 1 from ${table(resource)} t${whereOf(filter)}`,
    values: statement.values
  }
}

export function selectOne(resource: Resource, id: string, plan: Plan | undefined, scope: Scope): Read {
  const statement = new Statement()
  const projection = selected(resource, plan, scope)
  const key = statement.bind(id)
  const rows = scope.access.alternatives ? ` and ${reach(scope, resource, 't', statement)}` : ''
  const asked = plan?.where ? ` and ${whereSql(plan.where, resource, 't', statement, scope.reader)}` : ''
  const branch = branchOf(scope, statement)
  const joins = new Joins(plan?.include ?? [], projection.names.length, statement, scope, branch)
  const list = [projection.sql('t', branch), ...joins.columns].join(', ')
  return {
    text: `select ${list} from ${table(resource)} t${joins.sql} where t."id" = ${key}${rows}${asked}`,
    values: statement.values,
    record: (cells) => joins.read(projection.decode(cells), cells)
  }
}

/**
 * Records of `resource` whose `field` is one of `keys`, within reach, each with what `include` asks for: what children
 * cost, whatever the number of rows. The first cell is the key.
 */
export function selectByKeys(
  resource: Resource,
  field: string,
  keys: readonly string[],
  scope: Scope,
  include: Include[]
): Read {
  const statement = new Statement()
  const projection = projectionOf(resource, scope.access.fields)
  const branch = branchOf(scope, statement)
  const among = `t."${field}" = any(${statement.bind(keys)}::uuid[])`
  const joins = new Joins(include, projection.names.length + 1, statement, scope, branch)
  const list = [`t."${field}"`, projection.sql('t', branch), ...joins.columns].join(', ')
  const order = orderSql(ownOrder(resource, scope.access.has), 't')
  return {
    text: `select ${list} from ${table(resource)} t${joins.sql} where ${among} and ${reach(scope, resource, 't', statement)} order by ${order}`,
    values: statement.values,
    record: (cells) => joins.read(projection.decode(cells, 1), cells)
  }
}
