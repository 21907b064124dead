import assert from 'node:assert/strict'
import fc from 'fast-check'
import { matches, type Reader } from '../../src/policy/reader.ts'
import { type Operator, parseWhere, type Where } from '../../src/schemas/conditions.ts'
import { tableSql } from '../../src/schemas/ddl.ts'
import { defineResource, type Resource } from '../../src/schemas/define.ts'
import { date, flag, instant, integer, money, optional, quantity, text, uuid } from '../../src/schemas/fields.ts'
import { Statement, whereSql } from '../../src/services/statement.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const things = defineResource('things', {
  fields: {
    word: optional(text({ max: 20 })),
    count: optional(integer()),
    amount: optional(money()),
    weight: optional(quantity()),
    on: optional(flag()),
    day: optional(date()),
    at: optional(instant()),
    branch_id: optional(uuid())
  },
  label: 'word'
}) as unknown as Resource

const id = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const VALUES: Record<string, unknown[]> = {
  word: ['a', 'B', 'a b'],
  count: [-1, 0, 10, 9],
  amount: ['-1.00', '0.00', '9.50', '10.00'],
  weight: [0.5, 9, 10],
  on: [true, false],
  day: ['2026-01-31', '2026-02-01'],
  at: ['2026-01-31T10:00:00.000Z', '2026-01-31T10:00:00.001Z'],
  branch_id: [id(1), id(2)]
}
const READERS: Reader[] = [
  { user_id: id(1), branch_id: id(1), scope_branch_id: id(1), today: '2026-01-31' },
  { user_id: id(2), branch_id: null, scope_branch_id: null, today: '2026-02-01' }
]
/** Text is ordered by the database's collation, which no rule of a role should lean on. */
const ORDERED = Object.keys(VALUES).filter((name) => name !== 'word' && name !== 'on')

const anyOf = (name: string) => fc.constantFrom(...VALUES[name]!)
const equal = fc
  .constantFrom(...Object.keys(VALUES))
  .chain((name) =>
    fc.oneof(
      fc.record({ [name]: fc.oneof(anyOf(name), fc.constant(null)) }),
      fc.record({ [name]: fc.record({ $ne: fc.oneof(anyOf(name), fc.constant(null)) }) }),
      fc.record({ [name]: fc.record({ $null: fc.boolean() }) }),
      fc.record({ [name]: fc.record({ $in: fc.array(fc.oneof(anyOf(name), fc.constant(null)), { maxLength: 3 }) }) }),
      fc.record({ [name]: fc.record({ $nin: fc.array(fc.oneof(anyOf(name), fc.constant(null)), { maxLength: 3 }) }) })
    )
  )
const ordered = fc
  .tuple(fc.constantFrom(...ORDERED), fc.constantFrom<Operator>('$lt', '$lte', '$gt', '$gte'))
  .chain(([name, op]) => fc.record({ [name]: fc.record({ [op]: anyOf(name) }) }))
const bound = fc.constantFrom<Record<string, unknown>>(
  { branch_id: '$user.branch_id' },
  { branch_id: { $in: [null, '$user.branch_id'] } },
  { branch_id: { $nin: ['$user.branch_id'] } },
  { branch_id: { $ne: '$user.branch_id' } },
  { day: '$today' },
  { day: { $lt: '$today' } }
)
const leaf = fc.oneof(equal, ordered, bound) as fc.Arbitrary<Record<string, unknown>>
const { tree } = fc.letrec<{ tree: Record<string, unknown> }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.record({ $or: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ $and: fc.array(tie('tree'), { maxLength: 3 }) })
  )
}))

const gate = { resource: things, readable: new Set(things.readable), textual: false, variables: true }

describe('A rule decides the same in memory as in the database', () => {
  let db: TestDatabase
  const rows: Record<string, unknown>[] = []
  before(async () => {
    db = await createTestDatabase()
    for (const statement of tableSql(things)) await db.database.query(statement)
    const names = Object.keys(VALUES)
    for (let n = 0; n < 60; n++) {
      const row: Record<string, unknown> = { id: id(n) }
      for (const [i, name] of names.entries()) {
        const choices = [...VALUES[name]!, null]
        row[name] = choices[(n * (i + 3) + Math.floor(n / (i + 2))) % choices.length]
      }
      rows.push(row)
      await db.database.query(
        `insert into things (id, ${names.map((name) => `"${name}"`)}) values ($1, ${names.map((_, i) => `$${i + 2}`)})`,
        [row.id, ...names.map((name) => row[name])]
      )
    }
  })
  after(() => db.drop())

  const inDatabase = async (where: Where, reader: Reader): Promise<unknown[]> => {
    const statement = new Statement()
    const condition = whereSql(where, things, 't', statement, reader)
    const found = await db.database.query(
      `select t.id from things t where ${condition} order by t.id`,
      statement.values
    )
    return found.map((row) => row.id)
  }

  it('for any condition, any row and any reader', async () => {
    await fc.assert(
      fc.asyncProperty(tree, fc.constantFrom(...READERS), async (condition, reader) => {
        const where: Where = { and: parseWhere(gate, condition) }
        const inMemory = rows.filter((row) => matches(where, row, reader)).map((row) => row.id)
        assert.deepEqual(await inDatabase(where, reader), inMemory, JSON.stringify(condition))
      }),
      { numRuns: 400 }
    )
  })

  it('and takes of a part of a record what it does not say to fit', () => {
    const where: Where = { and: parseWhere(gate, { branch_id: id(1), count: { $gt: 5 } }) }
    assert.equal(matches(where, { count: 6 }, READERS[0], true), true)
    assert.equal(matches(where, { count: 4 }, READERS[0], true), false)
    assert.equal(matches(where, { count: 6 }, READERS[0]), false)
  })
})
