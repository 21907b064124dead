import type { Database, Queryable } from '../database/connection.ts'
import { ident } from '../schemas/model.ts'
import { createSql } from './create.ts'
import type { Snapshot } from './snapshot.ts'

/** What is compared, in words that do not name the schema. `$1` is the schema. */
const QUERIES = {
  column: `
    select c.relname as table, a.attname as name,
      format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end as text
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped`,
  default: `
    select c.relname as table, a.attname as name, 'default ' || pg_get_expr(d.adbin, d.adrelid) as text
    from pg_attribute a join pg_class c on c.oid = a.attrelid
      join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and not a.attisdropped and a.attgenerated = ''`,
  constraint: `
    select c.relname as table, k.conname as name, pg_get_constraintdef(k.oid) as text
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = $1::regnamespace and k.contype in ('p', 'u', 'f', 'c')`,
  index: `
    select c.relname as table, i.relname as name,
      pg_get_indexdef(x.indexrelid) || case when x.indisvalid then '' else ' INVALID' end as text
    from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
    where c.relnamespace = $1::regnamespace`
}
export type Kind = keyof typeof QUERIES
export const KINDS = Object.keys(QUERIES) as Kind[]

/** Table -> what it has of a kind: name -> definition. */
type Catalogue = Map<string, Map<string, string>>

async function read(db: Queryable, kind: Kind, schema: string): Promise<Catalogue> {
  const rows = await db.query<{ table: string; name: string; text: string }>(QUERIES[kind], [ident(schema)])
  const tables: Catalogue = new Map()
  for (const { table, name, text } of rows) {
    const entries = tables.get(table) ?? new Map<string, string>()
    entries.set(name, text.replaceAll(`${schema}.`, '').trim())
    tables.set(table, entries)
  }
  return tables
}

async function readAll(db: Queryable, schema: string): Promise<Record<Kind, Catalogue>> {
  // Names in the way of the search path are printed without their schema.
  await db.query(`set local search_path to ${ident(schema)}, public`)
  const entries: [Kind, Catalogue][] = []
  for (const kind of KINDS) entries.push([kind, await read(db, kind, schema)])
  return Object.fromEntries(entries) as Record<Kind, Catalogue>
}

/** The catalogues of the live tables and of those that the models make. */
export interface Compared {
  live: Record<Kind, Catalogue>
  defined: Record<Kind, Catalogue>
}

const SCRATCH = 'regal_defined'

/**
 * Reads the catalogue of the live schema beside that of freshly made tables. Those are made in a schema of their own, in a
 * transaction that is rolled back: PostgreSQL itself says how it prints a definition.
 */
export function compare(database: Pick<Database, 'rehearsal'>, tables: Snapshot): Promise<Compared> {
  return database.rehearsal(async (tx) => {
    const [row] = await tx.query<{ name: string }>('select current_schema() as name')
    const live = await readAll(tx, row!.name)
    await tx.query(`create schema ${SCRATCH}`)
    await tx.query(`set local search_path to ${SCRATCH}, public`)
    for (const statement of createSql(Object.values(tables), [])) await tx.query(statement)
    return { live, defined: await readAll(tx, SCRATCH) }
  })
}
