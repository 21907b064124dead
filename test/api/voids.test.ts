import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertVerified, onHand } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

let shop: Shop
let till: Caller
let office: Caller

const cash = (amount: string) => [{ method: 'cash', amount }]
const reason = 'rung up twice'
const read = async (path: string) => (await shop.call('GET', path, undefined, shop.admin)).body

async function sell(product: Json, quantity: number, fields: Json): Promise<Json> {
  const { status, body } = await till.create('invoices', { items: [{ product_id: product.id, quantity }], ...fields })
  assert.equal(status, 201, JSON.stringify(body))
  return body
}

async function customer(): Promise<string> {
  const given = { name: 'On account', contacts: { phone: '12345' }, credit_limit: '1000.00' }
  return (await shop.call('POST', '/customers', given, shop.admin)).body.id
}

describe('Voids', () => {
  before(async () => {
    shop = await openShop()
    till = await caller(shop, 'rest', (await shop.user('cashier')).token)
    office = await caller(shop, 'rest', shop.admin)
  })
  after(() => shop.close())
  afterEach(async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })

  for (const transport of transports)
    it(`takes back goods, money by its method and what is owed; the number stays, over ${transport}`, async () => {
      const way = await caller(shop, transport, shop.admin)
      const product = await stockedProduct(shop, {}, 5)
      const customer_id = await customer()
      const payments = [...cash('10.00'), { method: 'card', amount: '15.00' }]
      const sold = await sell(product, 3, { customer_id, payments })
      const { status, body } = await way.create('invoice-voids', { invoice_id: sold.id, reason })
      assert.equal(status, 201, JSON.stringify(body))
      assert.deepEqual([body.amount, body.paid_out, body.credited, body.reason], ['30.00', '25.00', '5.00', reason])
      assert.deepEqual((await way.get('invoice-voids', body.id)).body, body)
      const after = await read(`/invoices/${sold.id}`)
      assert.deepEqual(
        [after.status, after.invoice_no, after.totals.paid, after.totals.balance, after.credited, after.refunded],
        ['cancelled', sold.invoice_no, '0.00', '0.00', '30.00', '0.00']
      )
      const out = after.payments.filter(({ direction }: Json) => direction === 'out')
      assert.deepEqual(
        out.map(({ method, amount, reverses }: Json) => [method, amount, reverses]).sort(),
        sold.payments.map(({ method, amount, id }: Json) => [method, amount, id]).sort()
      )
      assert.equal((await read(`/customers/${customer_id}`)).balance, '0.00')
      assert.equal(await onHand(shop, product.id), 5)
    })

  it('is refused for what is no whole sale of today, and for who may not', async () => {
    const product = await stockedProduct(shop, {}, 10)
    const draft = await sell(product, 1, { status: 'draft' })
    const sold = await sell(product, 2, { payments: cash('20.00') })
    const give = (invoice_id: string, as = office, more: Json = {}) =>
      as.create('invoice-voids', { invoice_id, reason, ...more })
    const refuses = async (answer: ReturnType<typeof give>, status: number, word: string) => {
      const { status: got, body } = await answer
      assert.deepEqual([got, body.data.reason], [status, word])
    }
    await refuses(give(draft.id), 409, 'not_voidable')
    await refuses(give(uuidv7()), 422, 'unknown_reference')
    await refuses(give(sold.id, till), 403, 'not_allowed')
    await refuses(give(sold.id, office, { amount: '20.00' }), 400, 'invalid_data')
    await refuses(office.create('invoice-voids', { invoice_id: sold.id }), 400, 'invalid_data')
    await shop.db.database.query('update invoices set business_date = business_date - 1 where id = $1', [sold.id])
    await refuses(give(sold.id), 409, 'void_too_late')
    await shop.db.database.query('update invoices set business_date = business_date + 1 where id = $1', [sold.id])
    const line = { line_no: 1, quantity: 1, condition: 'restock' }
    assert.equal((await till.create('refunds', { invoice_id: sold.id, items: [line], reason })).status, 201)
    await refuses(give(sold.id), 409, 'not_voidable')
    const other = await sell(product, 1, { payments: cash('10.00') })
    assert.equal((await give(other.id)).status, 201)
    await refuses(give(other.id), 409, 'not_voidable')
    await refuses(till.create('refunds', { invoice_id: other.id, items: [line], reason }), 409, 'not_refundable')
  })

  it('is made once per id, and told live', async () => {
    const product = await stockedProduct(shop, {}, 5)
    const sold = await sell(product, 1, { payments: cash('10.00') })
    const screen = await shop.socket(shop.admin)
    const invoice = nextEvent(screen, 'invoices patched')
    const given = { id: uuidv7(), invoice_id: sold.id, reason }
    const first = await office.create('invoice-voids', given)
    assert.equal((await invoice).status, 'cancelled')
    assert.deepEqual((await office.create('invoice-voids', given)).body, first.body)
    assert.equal(await onHand(shop, product.id), 5)
  })

  it('lets exactly one of a void and a refund win', async () => {
    for (let round = 0; round < 6; round++) {
      const product = await stockedProduct(shop, {}, 2)
      const sold = await sell(product, 1, { payments: cash('10.00') })
      const items = [{ line_no: 1, quantity: 1, condition: 'restock' }]
      const both = await Promise.all([
        office.create('invoice-voids', { invoice_id: sold.id, reason }),
        till.create('refunds', { invoice_id: sold.id, items, reason })
      ])
      assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409])
      const { status } = await read(`/invoices/${sold.id}`)
      assert.equal(status, both[0].status === 201 ? 'cancelled' : 'refunded')
      assert.equal(await onHand(shop, product.id), 2)
    }
  })

  it('lets exactly one of two voids win', async () => {
    const product = await stockedProduct(shop, {}, 2)
    const sold = await sell(product, 1, { payments: cash('10.00') })
    const given = { invoice_id: sold.id, reason }
    const both = await Promise.all([1, 2].map(() => office.create('invoice-voids', given)))
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409])
  })
})
