import assert from 'node:assert/strict'
import { modelSql } from '../../src/schemas/ddl.ts'
import { defineResource, type Resource } from '../../src/schemas/define.ts'
import { integer, optional, text } from '../../src/schemas/fields.ts'
import { tableModel } from '../../src/schemas/model.ts'
import { parseQuery } from '../../src/schemas/query.ts'
import { findPage } from '../../src/services/find.ts'
import { findGroups } from '../../src/services/groups.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

/** Words that the engine's own statements use, or that SQL keeps for itself. */
const awkward = defineResource('awkward-names', {
  fields: {
    order: text({ max: 20, search: true }),
    distance: integer(),
    count: optional(integer()),
    t: integer(),
    r1: integer(),
    group: integer()
  },
  label: 'order',
  sort: { group: 1 }
}) as unknown as Resource

describe('Fields named as words of SQL', () => {
  let db: TestDatabase
  before(async () => {
    db = await createTestDatabase()
    for (const sql of modelSql(tableModel(awkward))) await db.database.query(sql)
    await db.database.query(
      `insert into awkward_names (id, "order", distance, count, t, r1, "group")
       select gen_random_uuid(), 'word ' || i, -i, null, i, i, i % 2 from generate_series(1, 4) i`
    )
  })
  after(() => db.drop())

  const list = (query: object) => {
    const has = new Set(awkward.readable)
    const plan = parseQuery({ resource: awkward, readable: has, textual: false }, query)
    return { db: db.database, resource: awkward, plan, scope: { access: { fields: awkward.readable, has } } }
  }

  it('are listed, searched, paged and grouped like others', async () => {
    assert.equal((await findPage(list({ $search: 'word' }))).total, 4)
    assert.equal((await findPage(list({ $search: 'word 3' }))).data[0]!.distance, -3)
    assert.equal((await findPage(list({ $search: 'wordd', $limit: 1 }))).total, 4)
    const { next } = await findPage(list({ $sort: { order: 1, t: 1 }, $after: '', $limit: 3 }))
    const last = await findPage(list({ $sort: { order: 1, t: 1 }, $after: next }))
    assert.deepEqual(
      last.data.map(({ order }) => order),
      ['word 4']
    )
    const asked = { $group: ['group', 'count'], $sum: ['distance', 't'], $sort: { 'sum.t': -1 }, r1: { $gt: 1 } }
    const { data } = await findGroups(list(asked), { home: 'UTC', one: true })
    assert.deepEqual(data, [
      { group: { group: 0, count: null }, sum: { distance: -6, t: 6 } },
      { group: { group: 1, count: null }, sum: { distance: -3, t: 3 } }
    ])
  })
})
