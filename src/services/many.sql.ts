import type { Resource } from '../schemas/define.ts'
import { type Key, keysOf } from '../schemas/keys.ts'
import { kinds } from '../schemas/kinds.ts'
import { type Projection, projectionOf } from './projection.ts'
import { type Author, auditedRow, type Built, branchColumn } from './resource.sql.ts'
import { reach, type Scope, table } from './scope.ts'
import { column, Statement } from './statement.ts'

// Many rows in one statement. They travel as one JSON text, so that a statement has the same text whatever their number.

/** Columns that the table fills by itself. */
const BY_TABLE = new Set(['created_at', 'updated_at', 'version'])
const filled = ({ columns }: Resource) => columns.filter((name) => !BY_TABLE.has(name))

const typeOf = ({ all }: Resource, name: string) => kinds[all[name]!.kind].sql(all[name]!.options)
const typed = (resource: Resource, names: readonly string[]) =>
  names.map((name) => `"${name}" ${typeOf(resource, name)}`).join(', ')

/** The records of a JSON list as rows of `names`. Names of ours have a blank, which no field's name has. */
const given = (resource: Resource, names: readonly string[], more: string, parameter: string) =>
  `json_to_recordset(${parameter}::json) as g(${typed(resource, names)}${more})`

const same = ({ ignoresCase, countsNull }: Key, name: string) =>
  ignoresCase
    ? `lower(t."${name}") = lower(g."${name}")`
    : `t."${name}" ${countsNull ? 'is not distinct from' : '='} g."${name}"`
const sameKey = (key: Key) => key.fields.map((name) => same(key, name)).join(' and ')

type Who = Pick<Author, 'user_id' | 'session_id' | 'request_id'>
const WHO = ['user_id::uuid', 'session_id::uuid', 'request_id::text'] as const
const bindWho = (who: Who, { bind }: Statement) =>
  WHO.map((cell) => {
    const [name, type] = cell.split('::') as [keyof Who, string]
    return `${bind(who[name])}::${type}`
  }).join(', ')

const AUDIT =
  'insert into audit_logs (id, action, resource, record_id, branch_id, user_id, session_id, request_id, fingerprint, before, after)'

const ID = ['id'] as const

/** What a write answers: the rows whole, for events, with nothing computed for a reader; or their ids alone. */
function answering(resource: Resource, whole: boolean, { bind }: Statement): { list: string; projection: Projection } {
  const projection = projectionOf(resource, whole ? resource.readable : ID)
  let none: string | undefined
  const nobody = () => {
    none ??= `${bind(null)}::uuid`
    return none
  }
  return { list: projection.sql('t', nobody), projection }
}

/** A record to be made, with the id and fingerprint of its audit row. */
export interface Draft {
  record: Record<string, unknown>
  audit_id: string
  fingerprint: string | null
}

/**
 * One statement: the rows and their audit rows. A row whose id or unique value is taken already is left out of it, and
 * of the answer.
 */
export function insertMany(resource: Resource, drafts: readonly Draft[], who: Who, whole: boolean): Built {
  const statement = new Statement()
  const { list: answer, projection } = answering(resource, whole, statement)
  const names = filled(resource)
  const rows = drafts.map(({ record, audit_id, fingerprint }) => ({
    ...record,
    'audit id': audit_id,
    'audit print': fingerprint
  }))
  const source = given(resource, names, ', "audit id" uuid, "audit print" text', statement.bind(JSON.stringify(rows)))
  const list = names.map((name) => `"${name}"`).join(', ')
  return {
    text:
      `with g as materialized (select * from ${source}),` +
      ` made as (insert into ${table(resource)} (${list}) select ${list} from g on conflict do nothing returning *),` +
      ` audit as (${AUDIT} select g."audit id", 'create', '${resource.id}', t.id, ${branchColumn(resource, 't')},` +
      ` ${bindWho(who, statement)}, g."audit print", null, ${auditedRow(resource, 't')} from made t join g on g.id = t.id)` +
      ` select ${answer} from made t`,
    values: statement.values,
    projection
  }
}

/**
 * Why rows were left out: for each, the number it was given, the fingerprint under which its id was made, whether the id
 * is there, and for each of `keysOf` whether another record has it.
 */
export function conflictsOf(resource: Resource, records: readonly Record<string, unknown>[]) {
  const statement = new Statement()
  const rows = records.map((record, i) => ({ ...record, 'row no': i }))
  const source = given(resource, filled(resource), ', "row no" integer', statement.bind(JSON.stringify(rows)))
  const taken = keysOf(resource).map(
    (key) => `exists (select from ${table(resource)} t where ${sameKey(key)} and t.id <> g.id)`
  )
  return {
    text:
      `select g."row no", exists (select from ${table(resource)} t where t.id = g.id),` +
      ` (select a.fingerprint from audit_logs a where a.record_id = g.id and a.resource = '${resource.id}' and a.action = 'create' limit 1)` +
      `${taken.map((sql) => `, ${sql}`).join('')} from ${source}`,
    values: statement.values
  }
}

/** The records in reach that `values` name by a key, whole; With `lock`, for a change. */
export function selectMany(
  resource: Resource,
  key: Key,
  values: readonly Record<string, unknown>[],
  scope: Scope,
  lock: boolean
): Built {
  const statement = new Statement()
  const projection = projectionOf(resource, stored(resource))
  const source = given(resource, key.fields, '', statement.bind(JSON.stringify(values)))
  const rows = reach(scope, resource, 't', statement)
  return {
    text:
      `select ${projection.sql('t', () => 'null')} from ${table(resource)} t` +
      ` where t.id in (select t.id from ${source} join ${table(resource)} t on ${sameKey(key)}) and ${rows} order by t.id` +
      `${lock ? ' for update' : ''}`,
    values: statement.values,
    projection
  }
}

/** Everything of a record but what is never read. */
const columnsRead = new WeakMap<Resource, readonly string[]>()
function stored(resource: Resource): readonly string[] {
  let names = columnsRead.get(resource)
  if (!names) {
    names = resource.columns.filter((name) => !resource.all[name]!.secret)
    columnsRead.set(resource, names)
  }
  return names
}

/** What becomes of one locked record: the fields that change, and the id of the audit row. */
export interface Change {
  id: string
  changes: Record<string, unknown>
  audit_id: string
}

/**
 * One statement: locked rows, each with changes of its own, and their audit rows. All columns that may change are set,
 * those without a change to what they are, so that the statement has one text for all.
 */
export function updateMany(resource: Resource, changes: readonly Change[], who: Who, whole: boolean): Built {
  const statement = new Statement()
  const { list: answer, projection } = answering(resource, whole, statement)
  const source = `json_to_recordset(${statement.bind(JSON.stringify(changes))}::json) as g(id uuid, changes jsonb, audit_id uuid)`
  const names = filled(resource).filter((name) => !resource.all[name]!.fixed)
  const list = names.map((name) => `"${name}"`).join(', ')
  const [old, now] = [auditedRow(resource, 'o'), auditedRow(resource, 't')]
  return {
    text:
      `with g as materialized (select * from ${source}),` +
      ` changed as (update ${table(resource)} t set (${list}) = row(${names.map((name) => column('n', name)).join(', ')}),` +
      ` version = t.version + 1, updated_at = clock_timestamp()` +
      ` from g join ${table(resource)} o on o.id = g.id cross join lateral jsonb_populate_record(o, g.changes) n` +
      ` where t.id = g.id returning t.*),` +
      ` audit as (${AUDIT} select g.audit_id, 'patch', '${resource.id}', t.id, ${branchColumn(resource, 't')},` +
      ` ${bindWho(who, statement)}, null, regal_changed(${old}, ${now}), regal_changed(${now}, ${old})` +
      ` from changed t join g on g.id = t.id join ${table(resource)} o on o.id = t.id)` +
      ` select ${answer} from changed t`,
    values: statement.values,
    projection
  }
}
