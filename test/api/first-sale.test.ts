import assert from 'node:assert/strict'
import { emit, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('A first sale', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  it('is sold over REST, seen live by a second client, and read back as it was answered', async () => {
    const product = await stockedProduct(shop, { unit_price: '12.50', tax_rate: '8' })
    const cashier = await shop.user('cashier')
    const screen = await shop.socket(cashier.token)
    const seen = nextEvent(screen, 'invoices created')
    const level = nextEvent(screen, 'stock-levels patched')
    const sold = await shop.call(
      'POST',
      '/invoices',
      {
        items: [{ product_id: product.id, quantity: 2 }],
        payments: [{ method: 'cash', amount: '27.00', tendered: '30.00' }]
      },
      cashier.token
    )
    assert.equal(sold.status, 201, JSON.stringify(sold.body))
    assert.equal(sold.body.invoice_no, 'MAIN-01-000001')
    assert.equal(sold.body.status, 'paid')
    assert.deepEqual(sold.body.totals, {
      subtotal: '25.00',
      discount: '0.00',
      tax: '2.00',
      total: '27.00',
      paid: '27.00',
      change: '3.00',
      balance: '0.00'
    })
    assert.equal('unit_cost' in sold.body.items[0], false)
    assert.deepEqual(await seen, sold.body)
    assert.equal((await level).on_hand, 98)
    const read = await shop.call('GET', `/invoices/${sold.body.id}`, undefined, cashier.token)
    assert.deepEqual(read.body, sold.body)
  })

  it('is sold over a websocket', async () => {
    const product = await stockedProduct(shop)
    const cashier = await shop.user('cashier')
    const till = await shop.socket(cashier.token)
    const sale = { items: [{ sku: product.sku, quantity: 1 }], payments: [{ method: 'card', amount: '10.00' }] }
    const { result, error } = await emit(till, 'create', 'invoices', sale, {})
    assert.equal(error, undefined)
    assert.equal(result!.status, 'paid')
  })
})
