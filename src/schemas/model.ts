import { type Bounded, checkOf, quote } from './bounds.ts'
import { fieldId, type Resource, type TableIndex } from './define.ts'
import type { Field } from './fields.ts'
import { kinds } from './kinds.ts'
import { searchText } from './search.ts'

/** One column. `options` are those that its bounds are made of, so that a narrowing can be told from a widening. */
export interface ColumnModel extends Bounded {
  name: string
  type: string
  required: boolean
  /** An SQL expression, or null for none. */
  default: string | null
  /** A hash: never shown, never audited. */
  secret?: true
}

/** A constraint; `sql` is what follows its name. `fields` are lasting ids, `target` that of the resource referred to. */
export interface ConstraintModel {
  name: string
  sql: string
  fields: string[]
  target?: string
}

/** An index; `sql` is what follows the name of its table: `(lower("name"))`. */
export interface IndexModel {
  name: string
  sql: string
  fields: string[]
  unique: boolean
}

/**
 * The table of a resource as plain data. Columns are keyed by the lasting ids of their fields, constraints and indexes by
 * what they are for (`bounds:name`, `unique:a+b`): keys that a rename leaves alone, while names of constraints follow it.
 */
export interface TableModel {
  /** The resource's lasting id. */
  id: string
  resource: string
  name: string
  columns: Record<string, ColumnModel>
  constraints: Record<string, ConstraintModel>
  indexes: Record<string, IndexModel>
}

/** An SQL identifier; always quoted, so that a field may be called `desc`. */
export const ident = (name: string) => `"${name}"`
const tableOf = (resource: string) => resource.replaceAll('-', '_')

const LONGEST_NAME = 63

/** PostgreSQL cuts a longer name, so that two could become one: such a name ends in a hash of its whole instead. */
export function shortened(name: string): string {
  if (name.length <= LONGEST_NAME) return name
  let hash = 0x811c9dc5
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193) >>> 0
  return `${name.slice(0, LONGEST_NAME - 9)}_${hash.toString(16).padStart(8, '0')}`
}

function defaultOf({ kind, default: value }: Field): string | null {
  if (value === undefined) return null
  if (kind === 'json') return `${quote(JSON.stringify(value))}::jsonb`
  return typeof value === 'string' ? quote(value) : String(value)
}

/** What the engine fills by itself. */
const SYSTEM_DEFAULTS: Record<string, string> = { created_at: 'now()', updated_at: 'now()', version: '1' }

function columnModel(name: string, field: Field): ColumnModel {
  const { max, values, scale, positive } = field.options
  return {
    name,
    type: kinds[field.kind].sql(field.options),
    required: !field.nullable,
    default: SYSTEM_DEFAULTS[name] ?? defaultOf(field),
    kind: field.kind,
    options: {
      ...(max !== undefined && { max }),
      ...(values && { values }),
      ...(scale !== undefined && { scale }),
      ...(positive && { positive })
    },
    ...(field.secret && { secret: true as const })
  }
}

type LastingId = (resource: string) => string

/** What one column brings beside itself. */
function addRulesOf(model: TableModel, resource: Resource, name: string, lasting: LastingId): void {
  const { table, all, unique = [] } = resource
  const field = all[name]!
  const id = fieldId(resource, name)
  const column = ident(name)
  const constraint = (kind: string, suffix: string, sql: string, target?: string) => {
    const named = shortened(`${table}_${name}_${suffix}`)
    model.constraints[`${kind}:${id}`] = { name: named, sql, fields: [id], ...(target && { target }) }
  }
  const index = (kind: string, suffix: string, sql: string, isUnique: boolean) => {
    const named = shortened(`${table}_${name}_${suffix}`)
    model.indexes[`${kind}:${id}`] = { name: named, sql: `(${sql})`, fields: [id], unique: isUnique }
  }
  const check = checkOf(column, field)
  if (check) constraint('bounds', 'bounds', `check (${check})`)
  if (field.ref)
    constraint('fkey', 'fkey', `foreign key (${column}) references ${tableOf(field.ref)} (id)`, lasting(field.ref))
  if (field.unique === 'ignoring-case') index('unique', 'key', `lower(${column})`, true)
  else if (field.unique) constraint('unique', 'key', `unique (${column})`)
  // A unique key that starts with the column is its index already.
  else if (field.index && !unique.some(([first]) => first === name)) index('index', 'idx', column, false)
}

/** Whether a unique key takes null for a value like others: a setting of no branch is there once. */
export const countsNull = ({ table, all }: Resource, names: readonly string[]): boolean =>
  table === 'settings' && names.some((name) => all[name]!.nullable)

function addUnique(model: TableModel, resource: Resource, names: readonly string[]): void {
  const { table } = resource
  const nulls = countsNull(resource, names) ? ' nulls not distinct' : ''
  const fields = names.map((name) => fieldId(resource, name))
  model.constraints[`unique:${fields.join('+')}`] = {
    name: shortened(`${table}_${names.join('_')}_key`),
    sql: `unique${nulls} (${names.map(ident).join(', ')})`,
    fields
  }
}

/** `shifts_open_key (register_id) where status = 'open'`. */
function addIndex(model: TableModel, resource: Resource, name: string, index: TableIndex): void {
  const { fields, unique = false, where } = index
  model.indexes[`named:${name}`] = {
    name: shortened(`${resource.table}_${name}_${unique ? 'key' : 'idx'}`),
    sql: `(${fields.map(ident).join(', ')})${where ? ` where ${where}` : ''}`,
    fields: fields.map((field) => fieldId(resource, field)),
    unique
  }
}

/** The order of a plain list, unless a unique key already gives it. */
function addSort(model: TableModel, resource: Resource): void {
  const { table, all, unique = [], sort } = resource
  const order = Object.keys(sort)[0]!
  if (all[order]!.unique === true || unique.some((names) => names.includes(order))) return
  const id = fieldId(resource, order)
  const name = shortened(`${table}_${order}_sort`)
  model.indexes[`sort:${id}`] = { name, sql: `(${ident(order)}, id)`, fields: [id], unique: false }
}

/** Word by word, in the middle of words too, and by likeness: what `$search` asks. */
function addSearch(model: TableModel, resource: Resource): void {
  const { table, searched } = resource
  if (!searched.length) return
  const name = shortened(`${table}_search`)
  const sql = `using gin ((${searchText(resource, searched)}) gin_trgm_ops)`
  model.indexes.search = { name, sql, fields: searched.map((field) => fieldId(resource, field)), unique: false }
}

/** The table of a resource. `lasting` answers the id that another resource is known by for good. */
export function tableModel(resource: Resource, lasting: LastingId = (name) => name): TableModel {
  const { id, name, table, columns, all, unique = [], indexes = {}, checks = {} } = resource
  const model: TableModel = { id, resource: name, name: table, columns: {}, constraints: {}, indexes: {} }
  for (const column of columns) model.columns[fieldId(resource, column)] = columnModel(column, all[column]!)
  model.constraints.primary = { name: shortened(`${table}_pkey`), sql: 'primary key (id)', fields: ['id'] }
  for (const column of columns) addRulesOf(model, resource, column, lasting)
  for (const names of unique) addUnique(model, resource, names)
  for (const [index, of] of Object.entries(indexes)) addIndex(model, resource, index, of)
  for (const [check, condition] of Object.entries(checks))
    model.constraints[`check:${check}`] = {
      name: shortened(`${table}_${check}_check`),
      sql: `check (${condition})`,
      fields: []
    }
  addSort(model, resource)
  addSearch(model, resource)
  return model
}
