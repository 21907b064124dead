import assert from 'node:assert/strict'
import { type Compared, compare, KINDS } from '../src/evolution/catalogue.ts'
import { BESIDE, differencesOf, readSnapshot, snapshotDifferences, snapshotOf } from '../src/evolution/index.ts'
import { resources } from '../src/schemas/index.ts'
import { createTestDatabase, type TestDatabase } from './support/database.ts'

describe('The tables', () => {
  const defined = snapshotOf(resources)
  let db: TestDatabase
  let compared: Compared
  before(async () => {
    db = await createTestDatabase()
    compared = await compare(db.database, defined)
  })
  after(() => db.drop())

  /** `name definition`, sorted: an added column stands last in its table, wherever it stands in its definition. */
  const lines = (side: keyof Compared, kind: (typeof KINDS)[number], table: string): string[] =>
    [...(compared[side][kind].get(table) ?? [])].map(([name, text]) => `${name} ${text}`).sort()

  for (const { table, ownTable, columns } of resources)
    describe(table, () => {
      if (ownTable) {
        it('is written by the migrations alone, with every declared column', () => {
          const names = compared.live.column.get(table)!
          assert.deepEqual(
            columns.filter((column) => !names.has(column)),
            []
          )
        })
        return
      }

      for (const kind of KINDS)
        it(`has every ${kind} of its definition, by name`, () => {
          const beside = new Set(BESIDE[table])
          const own = lines('live', kind, table).filter((line) => !beside.has(line))
          if (kind === 'column') assert.ok(own.length > 0)
          assert.deepEqual(own, lines('defined', kind, table))
        })
    })

  it('are those of the snapshot: "regal migrate plan" writes both, "regal migrate snapshot" follows a migration by hand', () => {
    assert.deepEqual(snapshotDifferences(readSnapshot(), defined), [])
  })

  it('are told of in sentences when they differ', async () => {
    const changes = [
      'alter table brands drop constraint brands_name_bounds',
      'alter table brands alter column name drop not null, add column color integer default 1',
      'drop index brands_name_key'
    ]
    const found = await db.database.rehearsal(async (tx) => {
      for (const change of changes) await tx.query(change)
      return differencesOf({ rehearsal: (work) => work(tx) }, defined)
    })
    assert.deepEqual(found, [
      'brands: the column name is text in the database, and text not null by its definition',
      'brands: the database has the column color (integer), and its definition has not',
      'brands: the database has the default of color (default 1), and its definition has not',
      'brands: the database has no constraint brands_name_bounds (CHECK ((char_length(name) <= 100)))',
      'brands: the database has no index brands_name_key (CREATE UNIQUE INDEX brands_name_key ON brands USING btree (lower(name)))'
    ])
  })

  it('lists beside the definitions only what is there', () => {
    for (const [table, beside] of Object.entries(BESIDE)) {
      const all = KINDS.flatMap((kind) => lines('live', kind, table))
      assert.deepEqual(
        beside.filter((line) => !all.includes(line)),
        [],
        table
      )
    }
  })

  it('has a key, and numbers of a bounded type that NaN is kept out of, and what is negative where it may not be', () => {
    for (const { table, all, columns } of resources.filter((resource) => !resource.ownTable)) {
      const constraints = compared.live.constraint.get(table)!
      assert.equal(constraints.get(`${table}_pkey`), 'PRIMARY KEY (id)', table)
      for (const name of columns.filter((column) => ['money', 'decimal', 'quantity'].includes(all[column]!.kind))) {
        const check = constraints.get(`${table}_${name}_bounds`) ?? ''
        assert.match(compared.live.column.get(table)!.get(name)!, /^numeric\(\d+,\d\)/, `${table}.${name}`)
        assert.match(check, /< 'NaN'::numeric|<= '\d+'::numeric/, `${table}.${name}`)
        if (all[name]!.kind === 'quantity') assert.match(check, /<= '999999999'::numeric/, `${table}.${name}`)
        if (all[name]!.options.positive) assert.match(check, />= '0'::numeric/, `${table}.${name}`)
      }
    }
  })
})
