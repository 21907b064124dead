import assert from 'node:assert/strict'
import { tableSql } from '../src/schemas/ddl.ts'
import { resources } from '../src/schemas/index.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'

/** What the migrations add to a table beside its definition, each with its reason. */
const BESIDE: Record<string, string[]> = {
  // A sale finds the levels it needs; makeLevels writes those that a branch never had, with nothing on hand.
  stock_levels: ['on_hand default 0', 'average_cost default 0', 'may_go_below_zero default false'],
  // A method of payment is referred to by its code, not by an id.
  payments: ['payments_method_fkey FOREIGN KEY (method) REFERENCES payment_methods(code)']
}

interface Named {
  name: string
  text: string
}

/** Columns, constraints and indexes of every table of a schema, in words that do not name the schema. */
const QUERIES = {
  columns: `
    select c.relname || '.' || a.attname as name,
      format_type(a.atttypid, a.atttypmod) || case when a.attnotnull then ' not null' else '' end as text,
      coalesce(pg_get_expr(d.adbin, d.adrelid), '') as "default"
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped
    order by c.relname, a.attnum`,
  constraints: `
    select c.relname || '.' || k.conname as name, pg_get_constraintdef(k.oid) as text
    from pg_constraint k join pg_class c on c.oid = k.conrelid
    where c.relnamespace = $1::regnamespace and k.contype in ('p', 'u', 'f', 'c') order by 1`,
  indexes: `
    select tablename || '.' || indexname as name, indexdef as text from pg_indexes where schemaname = $1 order by 1`
}

describe('The tables', () => {
  let db: TestDatabase
  before(async () => {
    db = await createTestDatabase()
    await db.database.query('create schema defined')
    await db.database.transaction(async (tx) => {
      await tx.query('set local search_path to defined, public')
      for (const resource of resources.filter(({ ownTable }) => !ownTable))
        for (const statement of tableSql(resource)) await tx.query(statement)
    })
  })
  after(() => db.drop())

  /** The catalogue of a schema by table, with the schema's name taken out. */
  async function described(kind: keyof typeof QUERIES, schema: string): Promise<Map<string, string[]>> {
    const rows = await db.database.query<Named & { default?: string }>(QUERIES[kind], [schema])
    const tables = new Map<string, string[]>()
    for (const { name, text, default: value } of rows) {
      const [table, own] = name.split('.') as [string, string]
      const plain = text.replaceAll(`${schema}.`, '').trim()
      const list = tables.get(table) ?? []
      tables.set(table, [...list, `${own} ${plain}`, ...(value ? [`${own} default ${value}`] : [])])
    }
    return tables
  }

  for (const { table, ownTable } of resources)
    describe(table, () => {
      if (ownTable) {
        it('is written by the migrations alone, with every declared column', async () => {
          const resource = resources.find((candidate) => candidate.table === table)!
          const rows = await db.database.query<{ column_name: string }>(
            `select column_name from information_schema.columns where table_schema = 'public' and table_name = $1`,
            [table]
          )
          const names = rows.map(({ column_name }) => column_name)
          assert.deepEqual(
            resource.columns.filter((column) => !names.includes(column)),
            []
          )
        })
        return
      }

      for (const kind of Object.keys(QUERIES) as (keyof typeof QUERIES)[])
        it(`has the ${kind} of its definition, by name, in order`, async () => {
          const [defined, migrated] = await Promise.all([described(kind, 'defined'), described(kind, 'public')])
          const beside = new Set(BESIDE[table])
          const own = migrated.get(table)!.filter((line) => !beside.has(line))
          assert.ok(own.length > 0)
          assert.deepEqual(own, defined.get(table))
        })
    })

  it('lists beside the definitions only what is there', async () => {
    const kinds = await Promise.all(
      (Object.keys(QUERIES) as (keyof typeof QUERIES)[]).map((kind) => described(kind, 'public'))
    )
    for (const [table, lines] of Object.entries(BESIDE)) {
      const all = kinds.flatMap((tables) => tables.get(table) ?? [])
      assert.deepEqual(
        lines.filter((line) => !all.includes(line)),
        [],
        table
      )
    }
  })

  it('has a key, and bounds on both sides of every number that NaN could slip past', async () => {
    for (const { table, all, columns } of resources.filter((resource) => !resource.ownTable)) {
      const constraints = (await described('constraints', 'public')).get(table)!
      assert.ok(constraints.includes(`${table}_pkey PRIMARY KEY (id)`), table)
      for (const name of columns.filter((column) => ['money', 'decimal', 'quantity'].includes(all[column]!.kind))) {
        const bounds = constraints.find((line) => line.startsWith(`${table}_${name}_bounds CHECK`))
        assert.match(bounds ?? '', />=.*<=/, `${table}.${name}`)
      }
    }
  })
})
