import assert from 'node:assert/strict'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

describe('Prepared statements', () => {
  let db: TestDatabase
  before(async () => {
    db = await createTestDatabase({ pool_max: 1 })
  })
  after(() => db.drop())

  it('are kept for what comes first, and not for all that a client can think of', async () => {
    const { database } = db
    const kept = async () => {
      const [row] = await database.query<{ count: number; characters: number }>(
        'select count(*)::int, coalesce(sum(length(statement)), 0)::int as characters from pg_prepared_statements'
      )
      return row!
    }
    const first = await kept()
    const wide = ' '.repeat(1000)
    for (let i = 0; i < 300; i++) assert.deepEqual(await database.rows(`select${wide}${i}`), [[i]])
    const full = await kept()
    assert.ok(full.count > 150 && full.characters <= 200_000, JSON.stringify(full))
    for (let i = 300; i < 320; i++) assert.deepEqual(await database.rows(`select${wide}${i} + $1::int`, [1]), [[i + 1]])
    assert.deepEqual(await kept(), full)
    assert.ok(first.count < full.count)
  })
})
