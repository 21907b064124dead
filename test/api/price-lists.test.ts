import assert from 'node:assert/strict'
import { assertSums } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const minor = (amount: string) => BigInt(amount.replace('.', ''))

describe('Price lists', () => {
  let shop: Shop
  let customer: Json
  let names = 0
  before(async () => {
    shop = await openShop()
    const { body } = await shop.call('GET', '/branches?$limit=1', undefined, shop.admin)
    const taxed = { prices_include_tax: false }
    await shop.call('PATCH', `/branches/${body.data[0].id}`, taxed, shop.admin)
    customer = await make('customers', { name: 'Corner Café', contacts: { phone: '123456' }, credit_limit: '1000' })
  })
  after(() => shop.close())

  async function make(path: string, data: Json): Promise<Json> {
    const { status, body } = await shop.call('POST', `/${path}`, data, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  /** A list with prices of a product, each from a quantity on. */
  async function list(product: Json, prices: [from: number, price: string][], more: Json = {}): Promise<Json> {
    const made = await make('price-lists', { name: `List ${++names}`, ...more })
    for (const [min_quantity, price] of prices)
      await make('price-list-items', { price_list_id: made.id, product_id: product.id, min_quantity, price })
    return made
  }
  const today = () => new Date().toISOString().slice(0, 10)
  const days = (n: number) => new Date(Date.now() + n * 86_400_000).toISOString().slice(0, 10)

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      let till: Caller
      let admin: Caller
      let product: Json
      before(async () => {
        till = await caller(shop, transport, (await shop.user('cashier')).token)
        admin = await caller(shop, transport, shop.admin)
      })
      beforeEach(async () => {
        product = await stockedProduct(shop, { unit_price: '10.00', tax_rate: '10', discount: '0' }, 1000)
      })

      async function sell(quantity: number, more: Json = {}, line: Json = {}, by = till): Promise<Json> {
        const items = [{ product_id: product.id, quantity, ...line }]
        const { status, body } = await by.create('invoices', { items, payments: [{ method: 'cash' }], ...more })
        assert.equal(status, 201, JSON.stringify(body))
        assertSums(body)
        return body
      }
      const priced = ({ items: [{ unit_price, price_source, price_list_id }] }: Json) => [
        unit_price,
        price_source,
        price_list_id
      ]

      it('give the lowest price for the quantity of the line', async () => {
        const { id } = await list(product, [
          [0, '9.00'],
          [10, '8.00'],
          [100, '8.50']
        ])
        assert.deepEqual(priced(await sell(1)), ['9.00', 'price_list', id])
        assert.deepEqual(priced(await sell(9.999)), ['9.00', 'price_list', id])
        assert.deepEqual(priced(await sell(10)), ['8.00', 'price_list', id])
        assert.deepEqual(priced(await sell(150)), ['8.00', 'price_list', id])
      })

      it('hold for their customer alone, where they name one', async () => {
        const { id } = await list(product, [[0, '7.00']], { customer_id: customer.id })
        assert.deepEqual(priced(await sell(1)), ['10.00', 'list', null])
        assert.deepEqual(priced(await sell(1, { customer_id: customer.id })), ['7.00', 'price_list', id])
      })

      it('hold from their first day to their last, while they are active', async () => {
        await list(product, [[0, '1.00']], { valid_from: days(2) })
        await list(product, [[0, '1.00']], { valid_to: days(-2) })
        await list(product, [[0, '1.00']], { is_active: false })
        assert.deepEqual(priced(await sell(1)), ['10.00', 'list', null])
        const { id } = await list(product, [[0, '6.00']], { valid_from: today(), valid_to: today() })
        assert.deepEqual(priced(await sell(1)), ['6.00', 'price_list', id])
      })

      it('never make anything dearer', async () => {
        await list(product, [[0, '12.00']])
        assert.deepEqual(priced(await sell(1)), ['10.00', 'list', null])
      })

      it('are what an override is one of', async () => {
        await list(product, [[0, '8.00']])
        const same = await sell(1, {}, { unit_price: '8.00' })
        assert.equal(same.items[0].price_source, 'price_list')
        const items = [{ product_id: product.id, quantity: 1, unit_price: '10.00' }]
        const refused = await till.create('invoices', { items, payments: [{ method: 'cash' }] })
        assert.deepEqual([refused.status, refused.body.data.reason], [403, 'override_not_allowed'])
        assert.equal((await sell(1, {}, { unit_price: '7.50' }, admin)).items[0].price_source, 'override')
      })

      it('hold for a held sale as it is issued', async () => {
        const held = await sell(2, { status: 'draft', payments: [] })
        assert.equal(held.totals.total, '22.00')
        await list(product, [[0, '5.00']])
        const { body } = await till.patch('invoices', held.id, { status: 'issued', payments: [{ method: 'cash' }] })
        assert.deepEqual([body.totals.total, body.items[0].price_source], ['11.00', 'price_list'])
      })

      it('are explained line by line, by steps that add up', async () => {
        await list(product, [[0, '8.00']])
        const line = { unit_price: '7.00', discount: '1.00' }
        const sale = await sell(3, { discounts: '2.00' }, line, admin)
        const { status, body } = await admin.get('invoice-items', sale.items[0].id)
        assert.equal(status, 200)
        assert.deepEqual(body.trace, [
          { step: 'list_price', amount: '30.00' },
          { step: 'price_list', amount: '-6.00' },
          { step: 'override', amount: '-3.00' },
          { step: 'line_discount', amount: '-1.00' },
          { step: 'document_discount', amount: '-2.00' },
          { step: 'tax', amount: '1.80' }
        ])
        assert.deepEqual(body, sale.items[0])
        const plain = await till.get('invoice-items', (await sell(0.333)).items[0].id)
        const sum = plain.body.trace.reduce((total: bigint, { amount }: Json) => total + minor(amount), 0n)
        assert.equal(sum, minor(plain.body.total))
      })
    })
  }

  it('keep their prices apart by product and quantity, and their days in order', async () => {
    const product = await stockedProduct(shop)
    const { id } = await list(product, [[5, '1.00']])
    const again = { price_list_id: id, product_id: product.id, min_quantity: 5, price: '2.00' }
    const twice = await shop.call('POST', '/price-list-items', again, shop.admin)
    assert.deepEqual([twice.status, twice.body.data.reason], [409, 'duplicate'])
    const late = { name: 'Late', valid_from: days(1), valid_to: today() }
    const wrong = await shop.call('POST', '/price-lists', late, shop.admin)
    assert.deepEqual([wrong.status, wrong.body.data.reason], [422, 'broken_rule'])
  })
})
