import assert from 'node:assert/strict'
import { emit, type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { refused } from '../support/till.ts'

describe('A statement', () => {
  let shop: Shop
  let id: string
  before(async () => {
    shop = await openShop()
    const given = { name: 'Club', contacts: { phone: '12345' }, credit_limit: '1000.00' }
    id = (await shop.call('POST', '/customers', given, shop.admin)).body.id
  })
  after(() => shop.close())

  const ask = (query: string, who = id) =>
    shop.call('GET', `/customer-statements/${who}${query}`, undefined, shop.admin)

  it('is asked for with two days that exist, and nothing else', async () => {
    const socket = await shop.socket(shop.admin)
    const wrong: [query: Json, path: string][] = [
      [{}, 'from'],
      [{ from: '2026-01-01' }, 'to'],
      [{ to: '2026-01-01' }, 'from'],
      [{ from: '2026-02-01', to: '2026-01-31' }, 'to'],
      [{ from: '2026-02-30', to: '2026-03-01' }, 'from'],
      [{ from: '2026-01-01', to: 'tomorrow' }, 'to'],
      [{ from: '', to: '2026-01-01' }, 'from'],
      [{ from: '2026-01-01', to: '2026-01-31', $limit: '10' }, '$limit'],
      [{ from: '2026-01-01', to: '2026-01-31', branch_id: shop.branch }, 'branch_id']
    ]
    for (const [query, path] of wrong) {
      const over = await ask(`?${new URLSearchParams(query as Record<string, string>)}`)
      refused(over, 400, 'invalid_query')
      assert.deepEqual(over.body.errors[0].path, path)
      const { error } = await emit(socket, 'get', 'customer-statements', id, query)
      assert.deepEqual([error!.data.reason, error!.errors[0].path], ['invalid_query', path])
    }
    for (const from of [{}, [], 1, null, true]) {
      const { error } = await emit(socket, 'get', 'customer-statements', id, { from, to: '2026-01-31' })
      assert.equal(error!.data.reason, 'invalid_query', JSON.stringify(from))
    }
    refused(await ask('?from=2026-01-01&from=2026-01-02&to=2026-01-31'), 400, 'invalid_query')
    refused(await ask('?from=2026-01-01&to=2026-01-31', 'none'), 400, 'invalid_id')
    for (const [from, to] of [
      ['0001-01-01', '9999-12-31'],
      ['2026-01-31', '2026-01-31']
    ])
      assert.equal((await ask(`?from=${from}&to=${to}`)).status, 200, `${from} ${to}`)
    assert.ok((await ask('?from=0000-01-01&to=2026-01-31')).status < 500)
    refused(await shop.call('GET', '/customer-statements', undefined, shop.admin), 405, 'no_method')
  })

  it('of more than 5,000 entries is refused and not cut', async () => {
    const product = await stockedProduct(shop, {}, 10)
    const sale = { customer_id: id, items: [{ product_id: product.id, quantity: 1 }] }
    assert.equal((await shop.call('POST', '/invoices', sale, shop.admin)).status, 201)
    // As many sales, without making them.
    const fill = (count: number) =>
      shop.db.database.query(
        `with made as (insert into account_entries (id, party_id, party, branch_id, amount, balance_after, document, document_id, business_date)
           select gen_random_uuid(), party_id, party, branch_id, 1, 0, document, document_id, '2020-01-01'::date + n / 1000
           from account_entries, generate_series(0, $2::int - 1) n where party_id = $1 and amount = 10 returning amount)
         update account_balances set balance = balance + $2 where party_id = $1`,
        [id, count]
      )
    await fill(5000)
    const { status, body } = await ask('?from=2020-01-01&to=2020-12-31')
    assert.deepEqual([status, body.entries.length, body.closing], [200, 5000, '5000.00'])
    await fill(1)
    refused(await ask('?from=2020-01-01&to=2020-12-31'), 422, 'statement_too_long')
    const parts: Json[] = []
    for (const period of ['?from=2020-01-01&to=2020-01-03', '?from=2020-01-04&to=2020-12-31'])
      parts.push((await ask(period)).body)
    assert.deepEqual(
      parts.map(({ opening, entries, closing }) => [opening, entries.length, closing]),
      [
        ['0.00', 3001, '3001.00'],
        ['3001.00', 2000, '5001.00']
      ]
    )
  })
})
