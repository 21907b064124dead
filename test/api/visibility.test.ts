import assert from 'node:assert/strict'
import { openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('What belongs to a document', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  it('is as visible as the document: an open invoice of yesterday comes with its lines, which are not listed by themselves', async () => {
    const product = await stockedProduct(shop)
    const customer = await shop.call(
      'POST',
      '/customers',
      { name: 'Club', contacts: { phone: '0300 1234567' }, credit_limit: '100.00' },
      shop.admin
    )
    const { token } = await shop.user('cashier')
    const sell = (more: object) =>
      shop.call('POST', '/invoices', { items: [{ product_id: product.id, quantity: 1 }], ...more }, token)
    const open = await sell({ customer_id: customer.body.id, payments: [{ method: 'card', amount: '4.00' }] })
    const today = await sell({ payments: [{ method: 'cash', amount: '10.00' }] })
    assert.deepEqual([open.status, today.status], [201, 201])
    for (const [table, key] of [
      ['invoices', 'id'],
      ['invoice_items', 'invoice_id']
    ])
      await shop.db.database.query(`update ${table} set business_date = business_date - 1 where ${key} = $1`, [
        open.body.id
      ])

    const read = await shop.call('GET', `/invoices/${open.body.id}`, undefined, token)
    assert.equal(read.status, 200)
    assert.equal(read.body.items.length, 1)
    assert.equal(read.body.payments.length, 1)
    const lines = await shop.call('GET', '/invoice-items', undefined, token)
    assert.deepEqual(
      lines.body.data.map((line: { invoice_id: string }) => line.invoice_id),
      [today.body.id]
    )
    assert.equal(lines.body.total, 1)
  })
})
