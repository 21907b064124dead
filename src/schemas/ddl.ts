import type { Resource } from './define.ts'
import type { Field } from './fields.ts'
import { kinds, MONEY_BOUND, QUANTITY_BOUND } from './kinds.ts'

/** An SQL identifier; always quoted, so that a field may be called `desc`. */
const ident = (name: string) => `"${name}"`
const quote = (value: unknown) => `'${String(value).replaceAll("'", "''")}'`

/**
 * A condition that bounds a column on both sides, or undefined. `numeric` accepts NaN, and NaN >= 0 is true: an upper
 * bound keeps it out, as NaN sorts above every number.
 */
function boundsOf(name: string, { kind, options }: Field): string | undefined {
  const range = (low: string | number, high: string | number) => `${name} between ${low} and ${high}`
  switch (kind) {
    case 'money':
      return range(options.positive ? 0 : `-${MONEY_BOUND}`, MONEY_BOUND)
    case 'decimal':
      return range(options.positive ? 0 : `-${MONEY_BOUND}`, options.max ?? MONEY_BOUND)
    case 'quantity':
      return range(options.positive ? 0 : -QUANTITY_BOUND, QUANTITY_BOUND)
    case 'choice':
      return `${name} in (${(options.values ?? []).map(quote).join(', ')})`
    case 'text':
      return `char_length(${name}) <= ${options.max ?? 1000}`
    default:
      return undefined
  }
}

function defaultOf({ kind, default: value }: Field): string {
  if (value === undefined) return ''
  return ` default ${kind === 'json' ? `${quote(JSON.stringify(value))}::jsonb` : typeof value === 'string' ? quote(value) : value}`
}

function columnOf(name: string, field: Field): string {
  if (name === 'id') return 'id uuid not null'
  if (name === 'created_at' || name === 'updated_at') return `${name} ${kinds.instant.sql({})} not null default now()`
  if (name === 'version') return 'version integer not null default 1'
  return `${ident(name)} ${kinds[field.kind].sql(field.options)}${field.nullable ? '' : ' not null'}${defaultOf(field)}`
}

/** What one column brings beside itself: constraints in the table, or an index after it. */
function rulesOf({ table, all, unique = [] }: Resource, name: string): { constraints: string[]; index?: string } {
  const field = all[name]!
  const bounds = boundsOf(ident(name), field)
  const constraints: string[] = []
  if (bounds) constraints.push(`constraint ${table}_${name}_bounds check (${bounds})`)
  if (field.ref)
    constraints.push(
      `constraint ${table}_${name}_fkey foreign key (${ident(name)}) references ${field.ref.replaceAll('-', '_')} (id)`
    )
  if (field.unique === 'ignoring-case')
    return { constraints, index: `create unique index ${table}_${name}_key on ${table} (lower(${ident(name)}))` }
  if (field.unique) constraints.push(`constraint ${table}_${name}_key unique (${ident(name)})`)
  // A unique key that starts with the column is its index already.
  else if (field.index && !unique.some(([first]) => first === name))
    return { constraints, index: `create index ${table}_${name}_idx on ${table} (${ident(name)})` }
  return { constraints }
}

/** The statements that make the table of a resource: columns, named constraints, indexes. */
export function tableSql(resource: Resource): string[] {
  const { table, all, columns } = resource
  const parts = columns.map((name) => columnOf(name, all[name]!))
  const indexes: string[] = []
  parts.push(`constraint ${table}_pkey primary key (id)`)
  for (const name of columns) {
    const { constraints, index } = rulesOf(resource, name)
    parts.push(...constraints)
    if (index) indexes.push(index)
  }
  for (const names of resource.unique ?? []) {
    const nulls = names.some((name) => all[name]!.nullable && table === 'settings') ? ' nulls not distinct' : ''
    parts.push(`constraint ${table}_${names.join('_')}_key unique${nulls} (${names.map(ident).join(', ')})`)
  }
  for (const [name, condition] of Object.entries(resource.checks ?? {}))
    parts.push(`constraint ${table}_${name}_check check (${condition})`)
  // The order of a plain list, unless a unique key already gives it.
  const order = Object.keys(resource.sort)[0]!
  const ordered = all[order]!.unique === true || (resource.unique ?? []).some((names) => names.includes(order))
  if (!ordered) indexes.push(`create index ${table}_${order}_sort on ${table} (${ident(order)}, id)`)
  return [`create table ${table} (\n  ${parts.join(',\n  ')}\n)`, ...indexes]
}
