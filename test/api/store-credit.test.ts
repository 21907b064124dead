import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertVerified, onHand } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

let shop: Shop
let till: Caller
let token: string

const reason = 'too large'
const note = (amount: string) => ({ method: 'credit_note', amount })
const cash = (amount: string) => ({ method: 'cash', amount })
const line = (quantity: number) => ({ line_no: 1, quantity, condition: 'restock' })
const read = async (path: string) => (await shop.call('GET', path, undefined, shop.admin)).body
const balance = async (id: string) => (await read(`/customers/${id}`)).balance

async function customer(credit_limit = '0'): Promise<string> {
  const given = { name: 'Regular', contacts: { phone: '12345' }, credit_limit }
  return (await shop.call('POST', '/customers', given, shop.admin)).body.id
}
const sale = (product: Json, quantity: number, fields: Json) => ({
  items: [{ product_id: product.id, quantity }],
  ...fields
})

/** A customer with 30.00 of credit, from what they brought back. */
async function creditor(product: Json, as = till): Promise<{ customer_id: string; sold: Json; refund: Json }> {
  const customer_id = await customer()
  const { body: sold } = await as.create('invoices', sale(product, 4, { customer_id, payments: [cash('40.00')] }))
  const given = { invoice_id: sold.id, items: [line(3)], reason, method: 'credit_note' }
  const { status, body } = await as.create('refunds', given)
  assert.equal(status, 201, JSON.stringify(body))
  return { customer_id, sold, refund: body }
}

describe('Store credit', () => {
  before(async () => {
    shop = await openShop()
    token = (await shop.user('cashier')).token
    till = await caller(shop, 'rest', token)
  })
  after(() => shop.close())
  afterEach(async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })

  for (const transport of transports)
    it(`is what a refund puts on the account, and pays later sales up to that, over ${transport}`, async () => {
      const way = await caller(shop, transport, token)
      const product = await stockedProduct(shop, {}, 20)
      const { customer_id, refund } = await creditor(product, way)
      assert.deepEqual([refund.paid_out, refund.method], ['30.00', 'credit_note'])
      assert.equal(await balance(customer_id), '-30.00')
      const buy = (...payments: Json[]) => way.create('invoices', sale(product, 2, { customer_id, payments }))
      assert.deepEqual((await buy(note('20.00'))).body.status, 'paid')
      assert.equal(await balance(customer_id), '-10.00')
      const refused = await buy(note('10.01'), cash('9.99'))
      assert.deepEqual([refused.status, refused.body.data.reason], [422, 'credit_exceeded'])
      assert.equal((await buy(note('10.00'), cash('10.00'))).status, 201)
      assert.equal(await balance(customer_id), '0.00')
      assert.equal((await buy(note('0.01'), cash('19.99'))).status, 422)
    })

  it('pays what is owed, and is there again when that is taken back or the sale is voided', async () => {
    const product = await stockedProduct(shop, {}, 20)
    const { customer_id } = await creditor(product)
    // Not paid: the account is what is owed less the credit.
    const { body: open } = await till.create('invoices', sale(product, 2, { customer_id }))
    assert.deepEqual([open.status, await balance(customer_id)], ['issued', '-10.00'])
    const { status, body: paid } = await till.create('payments', { invoice_id: open.id, ...note('20.00') })
    assert.equal(status, 201, JSON.stringify(paid))
    assert.deepEqual([(await read(`/invoices/${open.id}`)).status, await balance(customer_id)], ['paid', '-10.00'])
    const employee = await shop.user('employee')
    const back = await shop.call('POST', '/payments', { reverses: paid.id, reason: 'by mistake' }, employee.token)
    assert.equal(back.status, 201, JSON.stringify(back.body))
    assert.equal((await read(`/invoices/${open.id}`)).status, 'issued')
    const { status: again } = await till.create('payments', { customer_id, ...note('20.00') })
    assert.equal(again, 201)
    const { body: next } = await till.create('invoices', sale(product, 1, { customer_id, payments: [note('10.00')] }))
    assert.equal(await balance(customer_id), '0.00')
    const more = await till.create('invoices', sale(product, 1, { customer_id, payments: [note('10.00')] }))
    assert.equal(more.body.data.reason, 'credit_exceeded')
    assert.equal((await shop.call('POST', '/invoice-voids', { invoice_id: next.id, reason }, shop.admin)).status, 201)
    assert.equal(await balance(customer_id), '-10.00')
  })

  it('is no more than there is for a payment of what is owed', async () => {
    const product = await stockedProduct(shop, {}, 20)
    const customer_id = await customer('100.00')
    const { body: open } = await till.create('invoices', sale(product, 2, { customer_id }))
    for (const given of [{ invoice_id: open.id }, { customer_id }]) {
      const refused = await till.create('payments', { ...given, ...note('5.00') })
      assert.deepEqual([refused.status, refused.body.data.reason], [422, 'credit_exceeded'])
    }
  })

  it('is drawn on once by two sales at once', async () => {
    for (let round = 0; round < 5; round++) {
      const product = await stockedProduct(shop, {}, 20)
      const { customer_id } = await creditor(product)
      const buy = () => till.create('invoices', sale(product, 2, { customer_id, payments: [note('20.00')] }))
      const both = await Promise.all([buy(), buy()])
      assert.deepEqual(both.map(({ status }) => status).sort(), [201, 422])
      assert.equal(await balance(customer_id), '-10.00')
    }
  })

  for (const known of [true, false])
    it(`settles an exchange in one batch, ${known ? 'by the account' : 'without a customer by the note'}`, async () => {
      const [small, large] = [await stockedProduct(shop, {}, 2), await stockedProduct(shop, { unit_price: '12.00' }, 2)]
      const customer_id = known ? await customer() : null
      const { body: sold } = await till.create('invoices', sale(large, 1, { customer_id, payments: [cash('12.00')] }))
      const exchange = {
        id: uuidv7(),
        operations: [
          {
            method: 'create',
            resource: 'refunds',
            data: { invoice_id: sold.id, items: [line(1)], reason, method: 'credit_note' }
          },
          {
            method: 'create',
            resource: 'invoices',
            data: sale(small, 2, { customer_id, payments: [note('12.00'), cash('8.00')] })
          }
        ]
      }
      const first = await shop.call('POST', '/batch', exchange, token)
      assert.equal(first.status, 201, JSON.stringify(first.body))
      const [refund, next] = first.body.results
      assert.deepEqual([refund.paid_out, next.status, next.totals.paid], ['12.00', 'paid', '20.00'])
      const again = await shop.call('POST', '/batch', exchange, token)
      assert.deepEqual([again.status, again.body], [200, first.body])
      assert.deepEqual([await onHand(shop, small.id), await onHand(shop, large.id)], [0, 2])
      if (customer_id) assert.equal(await balance(customer_id), '0.00')
    })

  it('leaves nothing of an exchange whose sale cannot be', async () => {
    const product = await stockedProduct(shop, {}, 1)
    const { body: sold } = await till.create('invoices', sale(product, 1, { payments: [cash('10.00')] }))
    const data = { invoice_id: sold.id, items: [line(1)], reason, method: 'credit_note' }
    const operations = [
      { method: 'create', resource: 'refunds', data },
      { method: 'create', resource: 'invoices', data: sale(product, 2, { payments: [note('10.00'), cash('10.00')] }) }
    ]
    const refused = await shop.call('POST', '/batch', { operations }, token)
    assert.deepEqual([refused.status, refused.body.data.reason], [409, 'insufficient_stock'])
    assert.equal((await read(`/invoices/${sold.id}`)).status, 'paid')
    assert.equal(await onHand(shop, product.id), 0)
  })
})
