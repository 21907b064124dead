import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertNoCost, assertVerified, onHand, openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

let shop: Shop
let till: Caller
let token: string

async function sell(fields: Json, as = till): Promise<Json> {
  const { status, body } = await as.create('invoices', fields)
  assert.equal(status, 201, JSON.stringify(body))
  return body
}
const line = (line_no: number, quantity: number, condition = 'restock') => ({ line_no, quantity, condition })
const cash = (amount: string) => [{ method: 'cash', amount }]
const reason = 'does not fit'

async function customer(credit_limit = '1000.00'): Promise<string> {
  const given = { name: 'On account', contacts: { phone: '12345' }, credit_limit }
  const { status, body } = await shop.call('POST', '/customers', given, shop.admin)
  assert.equal(status, 201, JSON.stringify(body))
  return body.id
}
const read = async (path: string) => (await shop.call('GET', path, undefined, shop.admin)).body

describe('Refunds', () => {
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

  for (const transport of transports) {
    it(`brings goods and money back, over ${transport}`, async () => {
      const way = await caller(shop, transport, token)
      const product = await stockedProduct(shop, { tax_rate: '10' }, 5)
      const sold = await sell({ items: [{ product_id: product.id, quantity: 3 }], payments: cash('33.00') })
      const { status, body } = await way.create('refunds', { invoice_id: sold.id, items: [line(1, 1)], reason })
      assert.equal(status, 201, JSON.stringify(body))
      assert.match(body.refund_no, /^MAIN-01-R\d{6}$/)
      assert.deepEqual(
        [body.amount, body.tax, body.credited, body.paid_out, body.method, body.reason, body.business_date],
        ['11.00', '1.00', '0.00', '11.00', 'cash', reason, sold.business_date]
      )
      assert.deepEqual([body.items.length, body.items[0].quantity, body.items[0].amount], [1, 1, '11.00'])
      assertNoCost(body)
      assert.equal(await onHand(shop, product.id), 3)
      const after = (await way.get('invoices', sold.id)).body
      assert.deepEqual(
        [after.status, after.refunded, after.credited, after.totals.paid, after.totals.balance],
        ['paid', '11.00', '0.00', '33.00', '0.00']
      )
      const out = after.payments.find(({ direction }: Json) => direction === 'out')
      assert.deepEqual([out.amount, out.change, out.method, out.refund_id], ['11.00', '0.00', 'cash', body.id])
      assert.deepEqual((await way.get('refunds', body.id)).body, body)
      const rest = { invoice_id: sold.id, items: [line(1, 2)], reason }
      assert.equal((await way.create('refunds', rest)).body.amount, '22.00')
      assert.equal((await read(`/invoices/${sold.id}`)).status, 'refunded')
      const again = await way.create('refunds', { invoice_id: sold.id, items: [line(1, 0.001)], reason })
      assert.deepEqual(
        [again.status, again.body.data.reason, again.body.errors[0].path],
        [422, 'refund_exceeds_sold', 'items.0.quantity']
      )
    })
  }

  it('pays back what each piece was really paid, the last one the remainder', async () => {
    const product = await stockedProduct(shop, { unit_price: '3.33', tax_rate: '7' }, 5)
    const sold = await sell({
      items: [{ product_id: product.id, quantity: 3, discount: '0.50' }],
      discounts: '0.40',
      payments: cash('9.73')
    })
    const back: string[] = []
    for (let piece = 0; piece < 3; piece++) {
      const { body } = await till.create('refunds', { invoice_id: sold.id, items: [line(1, 1)], reason })
      back.push(body.amount)
    }
    assert.deepEqual(back, ['3.24', '3.25', '3.24'])
    assert.deepEqual([sold.totals.total, (await read(`/invoices/${sold.id}`)).refunded], ['9.73', '9.73'])
  })

  it('takes off what is owed first, and pays out only what was paid', async () => {
    const product = await stockedProduct(shop, {}, 10)
    const customer_id = await customer()
    const sold = await sell({ customer_id, items: [{ product_id: product.id, quantity: 4 }], payments: cash('15.00') })
    const first = (await till.create('refunds', { invoice_id: sold.id, items: [line(1, 2)], reason })).body
    assert.deepEqual([first.credited, first.paid_out, first.method], ['20.00', '0.00', null])
    assert.deepEqual((await read(`/customers/${customer_id}`)).balance, '5.00')
    const second = (await till.create('refunds', { invoice_id: sold.id, items: [line(1, 1)], reason })).body
    assert.deepEqual([second.credited, second.paid_out, second.method], ['5.00', '5.00', 'cash'])
    const { status, totals, credited, refunded } = await read(`/invoices/${sold.id}`)
    assert.deepEqual([status, totals.balance, credited, refunded], ['paid', '0.00', '25.00', '30.00'])
    assert.equal((await read(`/customers/${customer_id}`)).balance, '0.00')
    const entries = await read(`/account-entries?party_id=${customer_id}&$sort[balance_after]=-1`)
    assert.deepEqual(
      entries.data.map(({ amount, document }: Json) => [amount, document]),
      [
        ['25.00', sold.invoice_no],
        ['-20.00', first.refund_no],
        ['-5.00', second.refund_no]
      ]
    )
  })

  it('puts goods back at the cost at which they left, and writes damaged ones off', async () => {
    const product = await stockedProduct(shop, {}, 4)
    const sold = await sell({ items: [{ product_id: product.id, quantity: 3 }], payments: cash('30.00') })
    const dear = { product_id: product.id, branch_id: shop.branch, qty: 1, type: 'IN', unit_cost: '10.00' }
    assert.equal((await shop.call('POST', '/stock-entries', dear, shop.admin)).status, 201)
    const items = [line(1, 2), line(1, 1, 'damaged')]
    const { body } = await shop.call('POST', '/refunds', { invoice_id: sold.id, items, reason }, shop.admin)
    assert.deepEqual(
      body.items.map(({ condition, quantity, unit_cost }: Json) => [condition, quantity, unit_cost]),
      [
        ['restock', 2, '6.0000'],
        ['damaged', 1, '6.0000']
      ]
    )
    const [level] = (await read(`/stock-levels?product_id=${product.id}`)).data
    // One at 6 and one at 10 on the shelf, two back at 6.
    assert.deepEqual([level.on_hand, level.average_cost], [4, '7.0000'])
    const entries = (await read(`/stock-entries?product_id=${product.id}&document_id=${body.id}`)).data
    assert.deepEqual(
      entries.map(({ qty, reason: why, ref, unit_cost }: Json) => [qty, why, ref, unit_cost]).sort(),
      [
        [-1, 'damage', body.refund_no, '6.0000'],
        [1, 'refund', body.refund_no, '6.0000'],
        [2, 'refund', body.refund_no, '6.0000']
      ].sort()
    )
  })

  it('asks for the method where there were several, and takes the one that is given', async () => {
    const product = await stockedProduct(shop, {}, 5)
    const payments = [...cash('4.00'), { method: 'card', amount: '6.00' }]
    const sold = await sell({ items: [{ product_id: product.id, quantity: 1 }], payments })
    const given = { invoice_id: sold.id, items: [line(1, 1)], reason }
    const refused = await till.create('refunds', given)
    assert.deepEqual([refused.status, refused.body.data.reason], [422, 'method_required'])
    const unknown = await till.create('refunds', { ...given, method: 'shells' })
    assert.deepEqual([unknown.status, unknown.body.data.reason], [422, 'unknown_payment_method'])
    assert.equal((await till.create('refunds', { ...given, method: 'card' })).body.method, 'card')
  })

  it('refuses what is no refund, with the word and the field, and changes nothing', async () => {
    const product = await stockedProduct(shop, {}, 5)
    const items = [{ product_id: product.id, quantity: 2 }]
    const sold = await sell({ items, payments: cash('20.00') })
    const draft = await sell({ items, status: 'draft' })
    const faults: [given: Json, status: number, word: string, path?: string][] = [
      [{ items: [] }, 400, 'invalid_data', 'items'],
      [{ items: [line(1, 0)] }, 400, 'invalid_data', 'items.0.quantity'],
      [{ items: [line(1, -1)] }, 400, 'invalid_data', 'items.0.quantity'],
      [{ items: [line(1, 1e12)] }, 400, 'invalid_data', 'items.0.quantity'],
      [{ items: [line(1, 0.0001)] }, 422, 'invalid_quantity', 'items.0.quantity'],
      [{ items: [line(1, 2.001)] }, 422, 'refund_exceeds_sold', 'items.0.quantity'],
      [{ items: [line(1, 1), line(1, 1.5, 'damaged')] }, 422, 'refund_exceeds_sold', 'items.1.quantity'],
      [{ items: [line(2, 1)] }, 422, 'unknown_reference', 'items.0.line_no'],
      [{ items: [{ ...line(1, 1), invoice_item_id: sold.items[0].id }] }, 400, 'invalid_data', 'items.0'],
      [{ items: [{ quantity: 1, condition: 'restock' }] }, 400, 'invalid_data', 'items.0'],
      [{ items: [{ invoice_item_id: uuidv7(), quantity: 1, condition: 'restock' }] }, 422, 'unknown_reference'],
      [{ items: [line(1, 1, 'lost')] }, 400, 'invalid_data'],
      [{ amount: '20.00' }, 400, 'invalid_data', 'amount'],
      [{ reason: ' ' }, 400, 'invalid_data', 'reason'],
      [{ register_id: uuidv7() }, 422, 'unknown_register', 'register_id'],
      [{ invoice_id: uuidv7() }, 422, 'unknown_reference', 'invoice_id'],
      [{ invoice_id: draft.id }, 409, 'not_refundable']
    ]
    for (const [given, status, word, path] of faults) {
      const refused = await till.create('refunds', { invoice_id: sold.id, items: [line(1, 1)], reason, ...given })
      assert.deepEqual([refused.status, refused.body.data.reason], [status, word], JSON.stringify(given))
      if (path) assert.equal(refused.body.errors[0].path, path, JSON.stringify(given))
    }
    assert.equal((await read(`/invoices/${sold.id}`)).version, 1)
    assert.equal(await onHand(shop, product.id), 3)
  })

  it('holds a cashier to the limit, and nobody who may go beyond it', async () => {
    const { branch } = await openBranch(shop)
    const limit = { branch_id: branch, key: 'refund_limit', value: '20.00' }
    assert.equal((await shop.call('POST', '/settings', limit, shop.admin)).status, 201)
    for (const value of ['-1', '1e3', 20, 'much'])
      assert.equal((await shop.call('POST', '/settings', { ...limit, value }, shop.admin)).status, 400)
    const product = await stockedProduct(shop, {}, 0)
    const entry = { product_id: product.id, branch_id: branch, qty: 9, type: 'IN', unit_cost: '6.00' }
    assert.equal((await shop.call('POST', '/stock-entries', entry, shop.admin)).status, 201)
    const there = await caller(shop, 'rest', (await shop.user('cashier', branch)).token)
    const sold = await sell({ items: [{ product_id: product.id, quantity: 5 }], payments: cash('50.00') }, there)
    const give = (quantity: number) => ({ invoice_id: sold.id, items: [line(1, quantity)], reason })
    const refused = await there.create('refunds', give(2.001))
    assert.deepEqual([refused.status, refused.body.data.reason], [403, 'refund_above_limit'])
    // Not in small parts either, however they are sent; another sale has a limit of its own.
    const parts = await Promise.all([1, 1, 1].map(() => there.create('refunds', give(1))))
    assert.deepEqual(parts.map(({ status }) => status).sort(), [201, 201, 403])
    const again = await there.create('refunds', give(0.001))
    assert.deepEqual([again.status, again.body.data.reason], [403, 'refund_above_limit'])
    const next = await sell({ items: [{ product_id: product.id, quantity: 2 }], payments: cash('20.00') }, there)
    assert.equal((await there.create('refunds', { ...give(2), invoice_id: next.id })).status, 201)
    const employee = await caller(shop, 'rest', (await shop.user('employee', branch)).token)
    assert.equal((await employee.create('refunds', give(3))).status, 201)
    const hidden = await till.create('refunds', give(1))
    assert.deepEqual([hidden.status, hidden.body.data.reason], [422, 'unknown_reference'])
  })

  it('is made once per id, and told live', async () => {
    const product = await stockedProduct(shop, {}, 5)
    const sold = await sell({ items: [{ product_id: product.id, quantity: 2 }], payments: cash('20.00') })
    const screen = await shop.socket(token)
    const events = ['refunds created', 'invoices patched', 'payments created', 'stock-levels patched'].map((name) =>
      nextEvent(screen, name)
    )
    const given = { id: uuidv7(), invoice_id: sold.id, items: [line(1, 2)], reason }
    const first = await shop.call('POST', '/refunds', given, token)
    const [refund, invoice, payment, level] = await Promise.all(events)
    assert.deepEqual(refund, first.body)
    assert.deepEqual([invoice!.status, payment!.amount, level!.on_hand], ['refunded', '20.00', 5])
    const again = await shop.call('POST', '/refunds', given, token)
    assert.deepEqual([again.status, again.body], [200, first.body])
    const other = await shop.call('POST', '/refunds', { ...given, reason: 'another' }, token)
    assert.deepEqual([other.status, other.body.data.reason], [409, 'id_conflict'])
    assert.equal(await onHand(shop, product.id), 5)
  })

  it('gives the last piece to exactly one of two', async () => {
    for (let round = 0; round < 5; round++) {
      const product = await stockedProduct(shop, {}, 3)
      const sold = await sell({ items: [{ product_id: product.id, quantity: 1 }], payments: cash('10.00') })
      const given = { invoice_id: sold.id, items: [line(1, 1)], reason }
      const both = await Promise.all([1, 2].map(() => till.create('refunds', given)))
      assert.deepEqual(both.map(({ status }) => status).sort(), [201, 422])
      assert.equal((await read(`/invoices/${sold.id}`)).refunded, '10.00')
      assert.equal(await onHand(shop, product.id), 3)
    }
  })

  it('sells a piece that comes back at that moment to one buyer or to none', async () => {
    for (let round = 0; round < 5; round++) {
      const product = await stockedProduct(shop, {}, 1)
      const sale = { items: [{ product_id: product.id, quantity: 1 }], payments: cash('10.00') }
      const sold = await sell(sale)
      const given = { invoice_id: sold.id, items: [line(1, 1)], reason }
      const [refund, next] = await Promise.all([till.create('refunds', given), till.create('invoices', sale)])
      assert.equal(refund.status, 201)
      assert.ok(next.status === 201 || next.body.data.reason === 'insufficient_stock', JSON.stringify(next.body))
      assert.equal(await onHand(shop, product.id), next.status === 201 ? 0 : 1)
    }
  })

  it('pays a balance or takes it off, whichever comes first', async () => {
    for (let round = 0; round < 5; round++) {
      const product = await stockedProduct(shop, {}, 1)
      const customer_id = await customer()
      const sold = await sell({ customer_id, items: [{ product_id: product.id, quantity: 1 }] })
      const given = { invoice_id: sold.id, items: [line(1, 1)], reason }
      const [paid, refund] = await Promise.all([
        till.create('payments', { invoice_id: sold.id, method: 'card', amount: '10.00' }),
        till.create('refunds', given)
      ])
      assert.equal(refund.status, 201, JSON.stringify(refund.body))
      const first = paid.status === 201
      if (!first) assert.deepEqual([paid.status, paid.body.data.reason], [409, 'invoice_not_open'])
      assert.deepEqual([refund.body.credited, refund.body.paid_out], first ? ['0.00', '10.00'] : ['10.00', '0.00'])
      assert.equal((await read(`/customers/${customer_id}`)).balance, '0.00')
    }
  })
})
