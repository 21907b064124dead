import assert from 'node:assert/strict'
import { type Asking, asking } from '../support/asking.ts'
import { statementsOf } from '../support/edges.ts'
import { openShop, type Shop } from '../support/shop.ts'

const MANY = 12_000

describe('A total', () => {
  let shop: Shop
  let asks: Asking
  let cashier: string

  before(async () => {
    shop = await openShop()
    asks = asking(shop)
    cashier = (await shop.user('cashier')).token
    const { database } = shop.db
    const [branch] = await database.query<{ id: string }>(
      `insert into branches (id, name, code, currency) values (gen_random_uuid(), 'Other', 'OTHER', 'EUR') returning id`
    )
    // A third is of all branches, a third of the first, a third of another.
    await database.query(
      `insert into products (id, sku, name, unit_price, cost_price, branch_id)
       select gen_random_uuid(), 'S' || i, 'Thing ' || i, i % 100, 1, (array[null, $1, $2]::uuid[])[i % 3 + 1]
       from generate_series(1, ${MANY}) i`,
      [shop.branch, branch!.id]
    )
    await database.query('analyze products')
  })
  after(() => shop.close())

  const total = async (query: object, as?: string) => {
    const { data: _, limit: __, skip: ___, ...told } = await asks.list('products', { $limit: 1, ...query }, as)
    return told
  }

  it('is exact unless another is asked for', async () => {
    for (const query of [{}, { $total: 'exact' }, { $total: true }])
      assert.deepEqual(await total(query), { total: MANY })
    for (const query of [{ $total: 'none' }, { $total: false }]) assert.deepEqual(await total(query), {})
  })

  it('is a guess near the truth where more than 10,000 match, and says so', async () => {
    for (const query of [{}, { $limit: 0 }, { unit_price: { $lt: '95.00' } }]) {
      const exact = (await total({ ...query, $total: 'exact' })) as { total: number }
      const told = (await total({ ...query, $total: 'estimated' })) as { total: number; total_estimated: true }
      assert.equal(told.total_estimated, true)
      assert.ok(told.total > 10_000, 'never fewer than were counted')
      assert.ok(Math.abs(told.total - exact.total) < exact.total / 10, `${told.total} for ${exact.total}`)
    }
  })

  it('is exact all the same up to 10,000', async () => {
    const few = { unit_price: { $lt: '50.00' } }
    assert.deepEqual(await total({ ...few, $total: 'estimated' }), { total: MANY / 2 })
    assert.deepEqual(await total({ $total: 'estimated', name: 'nothing' }), { total: 0 })
    assert.deepEqual(await total({ $total: 'estimated', $skip: 20_000, ...few }), { total: MANY / 2 })
  })

  it('counts what its reader reaches and nothing else', async () => {
    const reached = (MANY * 2) / 3
    for (const $total of ['exact', 'estimated']) assert.deepEqual(await total({ $total }, cashier), { total: reached })
    const { data } = await asks.list('products', { $group: ['branch_id'], $count: true }, cashier)
    assert.deepEqual(
      data.map(({ group, count }: { group: object; count: number }) => [group, count]),
      [
        [{ branch_id: shop.branch }, MANY / 3],
        [{ branch_id: null }, MANY / 3]
      ]
    )
  })

  it('costs a statement where the page does not bring it, and none where nobody asks', async () => {
    const count = (query: string) =>
      statementsOf(shop, () => shop.call('GET', `/products?$limit=1&${query}`, undefined, shop.admin))
    assert.equal(await count(''), 1)
    assert.equal(await count('$total=none'), 1)
    assert.equal(await count('$total=estimated&unit_price=1.00'), 2)
    assert.equal(await count('$total=estimated'), 3)
    assert.equal(await count('$after='), 1)
    assert.equal(await count('$after=&$total=exact'), 1)
  })

  it('is refused by any other name', async () => {
    for (const $total of ['all', '', '1', ['exact'], { exact: true }])
      await asks.refused('products', { $total }, '$total')
  })
})
