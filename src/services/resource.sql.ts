import type { Access } from '../policy/access.ts'
import type { Reader } from '../policy/reader.ts'
import type { Resource } from '../schemas/define.ts'
import type { Plan, Where } from '../schemas/query.ts'
import { makeProjection, type Projection, projectionOf } from './projection.ts'
import { column, Statement, searchSql, whereSql } from './statement.ts'

/** The rows and fields in reach of a call; an internal call reaches all. */
export interface Scope {
  access: Access
  reader?: Reader
  /** What the query of a write asks of the row beside its id. */
  where?: Where
}

export interface Built {
  text: string
  values: unknown[]
  projection: Projection
}

const table = (resource: Resource) => `"${resource.table}"`

function reach({ access, reader, where }: Scope, resource: Resource, alias: string, statement: Statement): string {
  const parts = [...(access.alternatives ? [{ or: access.alternatives }] : []), ...(where ? [where] : [])]
  return whereSql({ and: parts }, resource, alias, statement, reader)
}

function branchOf(scope: Scope, statement: Statement): () => string {
  let parameter: string | undefined
  return () => {
    parameter ??= `${statement.bind(scope.reader?.branch_id ?? null)}::uuid`
    return parameter
  }
}

function conditionsOf(resource: Resource, plan: Plan, scope: Scope, statement: Statement): string {
  const parts: string[] = []
  if (scope.access.alternatives) parts.push(reach(scope, resource, 't', statement))
  if (plan.where) parts.push(whereSql(plan.where, resource, 't', statement, scope.reader))
  if (plan.search) parts.push(searchSql(plan.search, resource, scope.access.has, 't', statement))
  return parts.length ? ` where ${parts.join(' and ')}` : ''
}

const selected = (resource: Resource, plan: Plan | undefined, { access }: Scope): Projection =>
  plan?.select ? makeProjection(resource, plan.select) : projectionOf(resource, access.fields)

/** A page, newest tie-breaker last so that its order is total; with `total`, the count comes in the last cell of each row. */
export function selectPage(resource: Resource, plan: Plan, scope: Scope): Built {
  const statement = new Statement()
  const projection = selected(resource, plan, scope)
  const where = conditionsOf(resource, plan, scope, statement)
  const list = projection.sql('t', branchOf(scope, statement))
  const count = plan.total ? `, (select count(*) from ${table(resource)} t${where})` : ''
  // The limit is a checked whole number, and written out: of an unknown one the planner expects a tenth of the table.
  const order = plan.sort.map(([name, way]) => `${column('t', name)}${way < 0 ? ' desc' : ''}`)
  if (!plan.sort.some(([name]) => name === 'id')) order.push(`t."id"${(plan.sort[0]?.[1] ?? 1) < 0 ? ' desc' : ''}`)
  const text =
    `select ${list}${count} from ${table(resource)} t${where} order by ${order.join(', ')}` +
    ` limit ${plan.limit}${plan.skip ? ` offset ${statement.bind(plan.skip)}` : ''}`
  return { text, values: statement.values, projection }
}

export function countAll(resource: Resource, plan: Plan, scope: Scope): { text: string; values: unknown[] } {
  const statement = new Statement()
  const where = conditionsOf(resource, plan, scope, statement)
  return { text: `select count(*) from ${table(resource)} t${where}`, values: statement.values }
}

export function selectOne(resource: Resource, id: string, plan: Plan | undefined, scope: Scope): Built {
  const statement = new Statement()
  const projection = selected(resource, plan, scope)
  const key = statement.bind(id)
  const rows = scope.access.alternatives ? ` and ${reach(scope, resource, 't', statement)}` : ''
  const asked = plan?.where ? ` and ${whereSql(plan.where, resource, 't', statement, scope.reader)}` : ''
  const list = projection.sql('t', branchOf(scope, statement))
  return {
    text: `select ${list} from ${table(resource)} t where t."id" = ${key}${rows}${asked}`,
    values: statement.values,
    projection
  }
}

/** Records of `resource` whose `field` is one of `keys`, within reach: what an include costs, whatever the number of rows. */
export function selectByKeys(resource: Resource, field: string, keys: readonly string[], scope: Scope): Built {
  const statement = new Statement()
  const projection = projectionOf(resource, scope.access.fields)
  const list = projection.sql('t', branchOf(scope, statement))
  const among = `t."${field}" = any(${statement.bind(keys)}::uuid[])`
  const order = Object.entries(resource.sort).map(([name, way]) => `${column('t', name)}${way < 0 ? ' desc' : ''}`)
  return {
    text: `select t."${field}", ${list} from ${table(resource)} t where ${among} and ${reach(scope, resource, 't', statement)} order by ${order.join(', ')}`,
    values: statement.values,
    projection
  }
}

/** Who writes, for the audit row. */
export interface Author {
  audit_id: string
  user_id: string | null
  session_id: string | null
  request_id: string | null
  fingerprint: string | null
}

const branchColumn = (resource: Resource, alias: string) =>
  resource.table === 'branches' ? `${alias}.id` : resource.all.branch_id ? `${alias}.branch_id` : 'null::uuid'

const secretsOf = (resource: Resource) => resource.columns.filter((name) => resource.all[name]!.secret)

/** A row as the audit log keeps it: without hashes. */
const auditedRow = (resource: Resource, alias: string) => {
  const secrets = secretsOf(resource)
  const hidden = secrets.length ? ` - '{${secrets.join(',')}}'::text[]` : ''
  return `(to_jsonb(${alias})${hidden})`
}

/** The `audit` CTE: one row per mutation in the same statement, so in the same transaction. */
export function auditSql(
  resource: Resource,
  author: Author,
  { bind }: Statement,
  entry: { action: string; from: string; row: string; before: string; after: string }
): string {
  const { action, from, row, before, after } = entry
  return (
    `audit as (insert into audit_logs (id, action, resource, record_id, branch_id, user_id, session_id, request_id, fingerprint, before, after)` +
    ` select ${bind(author.audit_id)}::uuid, '${action}', '${resource.name}', ${row}.id, ${branchColumn(resource, row)},` +
    ` ${bind(author.user_id)}::uuid, ${bind(author.session_id)}::uuid, ${bind(author.request_id)}::text, ${bind(author.fingerprint)}::text,` +
    ` ${before}, ${after} from ${from})`
  )
}

/** One statement: the row and its audit row. `record` holds values for `columns`; others take the column's default. */
export function insertOne(resource: Resource, record: Record<string, unknown>, author: Author, scope: Scope): Built {
  const statement = new Statement()
  const given = resource.columns.filter((name) => record[name] !== undefined)
  const places = given.map((name) => statement.bind(stored(resource, name, record[name])))
  const audit = auditSql(resource, author, statement, {
    action: 'create',
    from: 'made t',
    row: 't',
    before: 'null',
    after: auditedRow(resource, 't')
  })
  const projection = projectionOf(resource, resource.readable)
  const list = projection.sql('t', branchOf(scope, statement))
  const names = given.map((name) => `"${name}"`).join(', ')
  return {
    text: `with made as (insert into ${table(resource)} (${names}) values (${places.join(', ')}) returning *), ${audit} select ${list} from made t`,
    values: statement.values,
    projection
  }
}

/** The driver would write a list as an SQL array; jsonb wants its text. */
const stored = (resource: Resource, name: string, value: unknown) =>
  resource.all[name]!.kind === 'json' && value !== null ? JSON.stringify(value) : value

/**
 * One statement: lock the row, change it when its version is the expected one, write the audit row. Answers the
 * stored version first and the changed row after it; the latter is null when the version was stale. No row: not there,
 * or out of reach.
 */
export function updateOne(
  resource: Resource,
  id: string,
  changes: Record<string, unknown>,
  version: number | undefined,
  author: Author,
  scope: Scope
): Built {
  const statement = new Statement()
  const key = statement.bind(id)
  const sets = Object.keys(changes).map(
    (name) => `"${name}" = ${statement.bind(stored(resource, name, changes[name]))}`
  )
  const expected = version === undefined ? '' : ` and o.version = ${statement.bind(version)}`
  const rows = reach(scope, resource, 't', statement)
  const [old, now] = [auditedRow(resource, 'o'), auditedRow(resource, 't')]
  const audit = auditSql(resource, author, statement, {
    action: 'patch',
    from: 'changed t join old o on o.id = t.id',
    row: 't',
    before: `regal_changed(${old}, ${now})`,
    after: `regal_changed(${now}, ${old})`
  })
  const projection = projectionOf(resource, resource.readable)
  const list = projection.sql('t', branchOf(scope, statement))
  return {
    text:
      `with old as (select * from ${table(resource)} t where t."id" = ${key} and ${rows} for update),` +
      ` changed as (update ${table(resource)} t set ${sets.join(', ')}, version = t.version + 1, updated_at = clock_timestamp()` +
      ` from old o where t.id = o.id${expected} returning t.*), ${audit}` +
      ` select o.version, ${list} from old o left join changed t on true`,
    values: statement.values,
    projection
  }
}

export function deleteOne(resource: Resource, id: string, author: Author, scope: Scope): Built {
  const statement = new Statement()
  const key = statement.bind(id)
  const rows = reach(scope, resource, 't', statement)
  const audit = auditSql(resource, author, statement, {
    action: 'remove',
    from: 'gone t',
    row: 't',
    before: auditedRow(resource, 't'),
    after: 'null'
  })
  const projection = projectionOf(resource, resource.readable)
  const list = projection.sql('t', branchOf(scope, statement))
  return {
    text: `with gone as (delete from ${table(resource)} t where t."id" = ${key} and ${rows} returning *), ${audit} select ${list} from gone t`,
    values: statement.values,
    projection
  }
}
