import type { Resource } from '../schemas/define.ts'
import type { Key } from '../schemas/keys.ts'
import { type Projection, projectionOf } from './projection.ts'
import { branchOf, reach, type Scope, table } from './scope.ts'
import { column, Statement } from './statement.ts'

export interface Built {
  text: string
  values: unknown[]
  projection: Projection
}

/** Who writes, for the audit row. */
export interface Author {
  audit_id: string
  user_id: string | null
  session_id: string | null
  request_id: string | null
  fingerprint: string | null
}

/** The branch an audit row belongs to. */
export const branchColumn = (resource: Resource, alias: string) =>
  resource.table === 'branches' ? `${alias}.id` : resource.all.branch_id ? `${alias}.branch_id` : 'null::uuid'

const secretsOf = (resource: Resource) => resource.columns.filter((name) => resource.all[name]!.secret)

/** A row as the audit log keeps it: without hashes. */
export const auditedRow = (resource: Resource, alias: string) => {
  const secrets = secretsOf(resource)
  const hidden = secrets.length ? ` - '{${secrets.join(',')}}'::text[]` : ''
  return `(to_jsonb(${alias})${hidden})`
}

/** The parameters of an author whose values are known. */
export const boundTo =
  ({ bind }: Statement, author: Author) =>
  (name: keyof Author): string =>
    bind(author[name])

/**
 * The `audit` CTE: one row per mutation in the same statement, so in the same transaction. It names the resource by its
 * lasting id, so that a record's history is one through every rename. `author` answers the parameter of each of its parts.
 */
export function auditSql(
  resource: Resource,
  author: (name: keyof Author) => string,
  entry: { action: string; from: string; row: string; before: string; after: string }
): string {
  const { action, from, row, before, after } = entry
  return (
    `audit as (insert into audit_logs (id, action, resource, record_id, branch_id, user_id, session_id, request_id, fingerprint, before, after)` +
    ` select ${author('audit_id')}::uuid, '${action}', '${resource.id}', ${row}.id, ${branchColumn(resource, row)},` +
    ` ${author('user_id')}::uuid, ${author('session_id')}::uuid, ${author('request_id')}::text, ${author('fingerprint')}::text,` +
    ` ${before}, ${after} from ${from})`
  )
}

/** The id of the record within reach that has these values in a unique key, locked. */
export function lockByKey(
  resource: Resource,
  { fields, ignoresCase }: Key,
  record: Record<string, unknown>,
  scope: Scope
): { text: string; values: unknown[] } {
  const statement = new Statement()
  const conditions = fields.map((name) => {
    const target = column('t', name)
    if (record[name] == null) return `${target} is null`
    const value = statement.bind(record[name])
    return ignoresCase ? `lower(${target}) = lower(${value})` : `${target} = ${value}`
  })
  const rows = reach(scope, resource, 't', statement)
  return {
    text: `select t."id" from ${table(resource)} t where ${conditions.join(' and ')} and ${rows} for update`,
    values: statement.values
  }
}

/** A unique key as its index has it. */
const indexed = ({ fields, ignoresCase }: Key): string =>
  fields.map((name) => (ignoresCase ? `lower("${name}")` : `"${name}"`)).join(', ')

/**
 * One statement: the row and its audit row. `record` holds values for `columns`; others take the column's default. Where
 * the key `unless` is taken nothing is written and no row answered, and the transaction can go on.
 */
export function insertOne(
  resource: Resource,
  record: Record<string, unknown>,
  author: Author,
  scope: Scope,
  unless?: Key
): Built {
  const statement = new Statement()
  const given = resource.columns.filter((name) => record[name] !== undefined)
  const places = given.map((name) => statement.bind(stored(resource, name, record[name])))
  const audit = auditSql(resource, boundTo(statement, author), {
    action: 'create',
    from: 'made t',
    row: 't',
    before: 'null',
    after: auditedRow(resource, 't')
  })
  const projection = projectionOf(resource, resource.readable)
  const list = projection.sql('t', branchOf(scope, statement))
  const names = given.map((name) => `"${name}"`).join(', ')
  const taken = unless ? ` on conflict (${indexed(unless)}) do nothing` : ''
  return {
    text: `with made as (insert into ${table(resource)} (${names}) values (${places.join(', ')})${taken} returning *), ${audit} select ${list} from made t`,
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
  const audit = auditSql(resource, boundTo(statement, author), {
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
  const audit = auditSql(resource, boundTo(statement, author), {
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
