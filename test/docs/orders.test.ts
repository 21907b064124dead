import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { assertVerified } from '../support/books.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

const page = readFileSync(new URL('../../docs/orders.md', import.meta.url), 'utf8')

/** The requests of the page that have JSON, in their order. */
const requests = [...page.matchAll(/-X (\w+) localhost:3030(\S+) [\s\S]*?-d '(\{[\s\S]*?\})'\n/g)].map(
  ([, method, path, body]) => ({ method: method!, path: path!, body: body! })
)

describe('docs/orders.md', () => {
  let shop: Shop
  const answers: Json[] = []
  before(async () => {
    shop = await openShop()
    const make = async (path: string, data: Json) =>
      assert.equal((await shop.call('POST', path, data, shop.admin)).status, 201)
    await make('/categories', { id: '01920000-0000-7000-8000-0000000000c1', name: 'Shirts' })
    const customer = { name: 'Rowers', contacts: { phone: '12345' }, credit_limit: '100.00' }
    await make('/customers', { id: '01920000-0000-7000-8000-0000000000d1', ...customer })
    const product_id = '01920000-0000-7000-8000-0000000000b1'
    await make('/products', {
      id: product_id,
      sku: 'BLANK',
      name: 'Blank shirt',
      unit_price: '5.00',
      cost_price: '3.00'
    })
    await make('/stock-entries', { product_id, qty: 20, type: 'IN', reason: 'receipt', unit_cost: '3.00' })
    for (const { method, path, body } of requests) {
      const answer = await shop.call(method, path, body, shop.admin)
      assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`)
      answers.push(answer.body)
    }
  })
  after(() => shop.close())

  it('holds requests that do what it says', async () => {
    assert.equal(requests.length, 12)
    const closing = answers.at(-1)!
    const { body: invoice } = await shop.call('GET', `/invoices/${closing.invoice_id}`, undefined, shop.admin)
    assert.deepEqual([invoice.totals.total, invoice.totals.paid, invoice.totals.balance], ['138.00', '130.00', '8.00'])
    const query =
      'category_id=01920000-0000-7000-8000-0000000000c1&combination=Polo%7CBack&min_quantity[$lte]=12&$sort[min_quantity]=-1&$limit=1'
    const { body: hint } = await shop.call('GET', `/ideal-prices?${query}`, undefined, shop.admin)
    assert.equal(hint.data[0].price, '12.00')
    const { body: levels } = await shop.call('GET', '/stock-levels', undefined, shop.admin)
    assert.deepEqual([levels.data[0].on_hand, levels.data[0].reserved], [8, 0])
    await assertVerified(shop.db.database)
  })
})
