import assert from 'node:assert/strict'
import { type Asking, asking } from '../support/asking.ts'
import { type Market, openMarket } from '../support/market.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

describe('Groups by period', () => {
  let shop: Shop
  let asks: Asking
  let market: Market
  let items: Json[]

  before(async () => {
    shop = await openShop()
    asks = asking(shop)
    market = await openMarket(shop)
    items = [{ product_id: market.products[4]!.id, quantity: 1 }]
  })
  after(() => shop.close())

  /** One sale at either branch at each of these instants. */
  async function sellAt(instants: string[]): Promise<void> {
    for (const at of instants)
      for (const register_id of [shop.register, market.register]) {
        const payments = [{ method: 'cash', amount: '7.00' }]
        const { id } = await market.make('invoices', { register_id, items, payments })
        await shop.db.database.query('update invoices set issued_at = $2 where id = $1', [id, at])
      }
  }

  it('take the day of the branch, where a sale near midnight is of another', async () => {
    // Auckland is 13 hours ahead in summer and 12 in winter; its clocks went back on 5 April 2026 at 3 in the morning.
    const [before, at] = ['2026-01-31T10:59:59.999Z', '2026-01-31T11:00:00.000Z']
    await sellAt([before, at, '2026-04-04T11:30:00.000Z', '2026-04-05T11:30:00.000Z'])
    const sold = async (period: string, branch_id: string) => {
      const query = { $group: [`issued_at:${period}`], $sum: ['total'], $count: true, branch_id }
      return (await asks.list('invoices', query)).data.map(({ group, count, sum: { total } }: Json) => {
        assert.equal(total, `${count * 7}.00`)
        return [group[`issued_at:${period}`], count]
      })
    }
    const [here, there] = [shop.branch, market.branch]
    const rows: [period: string, branch: string, expected: [string, number][]][] = [
      [
        'day',
        here,
        [
          ['2026-01-31', 2],
          ['2026-04-04', 1],
          ['2026-04-05', 1]
        ]
      ],
      [
        'day',
        there,
        [
          ['2026-01-31', 1],
          ['2026-02-01', 1],
          ['2026-04-05', 2]
        ]
      ],
      [
        'week',
        here,
        [
          ['2026-01-26', 2],
          ['2026-03-30', 2]
        ]
      ],
      [
        'month',
        here,
        [
          ['2026-01-01', 2],
          ['2026-04-01', 2]
        ]
      ],
      [
        'month',
        there,
        [
          ['2026-01-01', 1],
          ['2026-02-01', 1],
          ['2026-04-01', 2]
        ]
      ],
      [
        'quarter',
        here,
        [
          ['2026-01-01', 2],
          ['2026-04-01', 2]
        ]
      ],
      ['year', there, [['2026-01-01', 4]]]
    ]
    // The last sale there is at 23:30 on the 5th: winter time has come.
    for (const [period, branch, expected] of rows) assert.deepEqual(await sold(period, branch), expected, period)
    const query = { $group: ['issued_at:day', 'branch_id'], $sort: { 'issued_at:day': -1 } }
    const both = await asks.list('invoices', query)
    assert.equal(both.total, 6)
    assert.equal(both.data[0].group['issued_at:day'], '2026-04-05')
  })

  it('take dates as they are, and instants through a relation by the branch of what they are of', async () => {
    const { data } = await asks.list('invoices', { $group: ['business_date:year', 'branch.created_at:year'] })
    for (const { group } of data) for (const key in group) assert.match(group[key], /^\d{4}-01-01$/)
    const far = { $group: ['invoice.issued_at:month'], $count: true, branch_id: market.branch }
    const lines = await asks.list('invoice-items', { ...far, 'invoice.issued_at': { $lt: '2026-02-01T00:00:00Z' } })
    assert.deepEqual(
      lines.data.map(({ group, count }: Json) => [group['invoice.issued_at:month'], count]),
      [
        ['2026-01-01', 1],
        ['2026-02-01', 1]
      ]
    )
  })

  it('take the zone of the reader for what belongs to no branch, and none for what has no time', async () => {
    await shop.db.database.query("update products set created_at = '2026-01-31T11:30:00Z' where branch_id is null")
    const abroad = (await shop.user('employee', market.branch)).token
    const month = async (as: string) =>
      (await asks.list('products', { $group: ['created_at:month'] }, as)).data[0].group['created_at:month']
    assert.equal(await month(shop.admin), '2026-01-01')
    assert.equal(await month(abroad), '2026-02-01')
    for (const path of ['branches', 'vendors', 'users', 'categories'])
      assert.ok((await asks.list(path, { $group: ['created_at:year', 'created_at:week'] })).total > 0, path)
    await market.make('invoices', { register_id: shop.register, status: 'draft', items })
    const { data } = await asks.list('invoices', { $group: ['issued_at:month'], status: 'draft' })
    assert.deepEqual(data, [{ group: { 'issued_at:month': null }, count: 1 }])
  })
})
