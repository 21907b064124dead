import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { resourceNamed } from '../../src/schemas/index.ts'
import { assertBooks, assertVerified, openBranch, receive } from '../support/books.ts'
import { daysAgo, Past } from '../support/past.ts'
import { Samples } from '../support/samples.ts'
import { type Answer, emit, type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { refused } from '../support/till.ts'

describe('Statements', () => {
  let shop: Shop
  let past: Past
  let product: Json
  const contacts = { phone: '12345' }
  before(async () => {
    shop = await openShop()
    product = await stockedProduct(shop, {}, 1000)
  })
  after(() => shop.close())
  beforeEach(async () => {
    past = await Past.open(shop)
  })
  afterEach(async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })

  const make = async (path: string, data: Json): Promise<Json> => {
    const { status, body } = await shop.call('POST', `/${path}`, data, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const customer = (fields: Json = {}) =>
    make('customers', { name: 'Club', contacts, credit_limit: '1000.00', branch_id: null, ...fields })
  const pieces = (quantity: number) => ({ items: [{ product_id: product.id, quantity }] })
  const ask = (path: string, id: string, from: string, to: string, as = shop.admin): Promise<Answer> =>
    shop.call('GET', `/${path}/${id}?from=${from}&to=${to}`, undefined, as)
  /** The statement over REST, the same as over a websocket. */
  const statement = async (path: string, id: string, from: string, to: string, as = shop.admin): Promise<Json> => {
    const { status, body } = await ask(path, id, from, to, as)
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual((await emit(await shop.socket(as), 'get', path, id, { from, to })).result, body)
    return body
  }
  const lines = ({ entries }: Json) =>
    entries.map(({ business_date, kind, debit, credit, balance }: Json) => [
      business_date,
      kind,
      debit,
      credit,
      balance
    ])
  const open = (buckets: Json, unallocated: string, balance: string) => ({
    current: '0.00',
    days_1_30: '0.00',
    days_31_60: '0.00',
    days_61_90: '0.00',
    over_90: '0.00',
    ...buckets,
    unallocated,
    balance
  })

  it('tell the story of a customer, to the cent', async () => {
    const { id: customer_id } = await customer({ name: 'Harbour Rowers' })
    const sell = (ago: number, quantity: number, payments: Json[] = []) =>
      past.on(daysAgo(ago), 'invoices', { customer_id, ...pieces(quantity), payments })
    const cash = (amount: string) => ({ method: 'cash', amount })
    const note = (amount: string) => ({ method: 'credit_note', amount })
    const back = (invoice: Json, ago: number, fields: Json = {}) =>
      past.on(daysAgo(ago), 'refunds', {
        invoice_id: invoice.id,
        items: [{ line_no: 1, quantity: 1, condition: 'restock' }],
        reason: 'too large',
        ...fields
      })
    const first = await sell(100, 3)
    await sell(70, 2, [cash('5.00')])
    await past.on(daysAgo(40), 'payments', { customer_id, ...cash('35.00') })
    const voided = await sell(40, 1)
    await past.on(daysAgo(40), 'invoice-voids', { invoice_id: voided.id, reason: 'rung up twice' })
    const large = await sell(35, 4)
    const refund = await back(large, 20)
    const paid = await past.on(daysAgo(10), 'payments', { invoice_id: large.id, ...cash('12.00') })
    await past.on(daysAgo(5), 'payments', { reverses: paid.id, reason: 'bounced' })
    const returned = await sell(3, 1, [cash('10.00')])
    await back(returned, 3, { method: 'credit_note' })
    const last = await sell(1, 2)
    await past.on(daysAgo(1), 'payments', { invoice_id: last.id, ...note('4.00') })
    const { category_id } = await new Samples(shop).create(resourceNamed('order-options'))
    const items = [{ category_id, options: { Neck: 'Polo' }, quantity: 1, price: '10.00' }]
    const order = await make('custom-orders', { customer_id, items })
    await make('order-payments', { order_id: order.id, ...cash('7.00') })
    const ended = { order_id: order.id, outcome: 'cancelled', reason: 'no cloth', advance: 'credit' }
    await make('order-closings', ended)

    const [d40, d35, d20, d10, d5] = [40, 35, 20, 10, 5].map(daysAgo) as [string, string, string, string, string]
    const middle = await statement('customer-statements', customer_id, d40, d5)
    assert.deepEqual(lines(middle), [
      [d40, 'payment', '0.00', '30.00', '15.00'],
      [d40, 'payment', '0.00', '5.00', '10.00'],
      [d40, 'sale', '10.00', '0.00', '20.00'],
      [d40, 'void', '0.00', '10.00', '10.00'],
      [d35, 'sale', '40.00', '0.00', '50.00'],
      [d20, 'refund', '0.00', '10.00', '40.00'],
      [d10, 'payment', '0.00', '12.00', '28.00'],
      [d5, 'payment_reversal', '12.00', '0.00', '40.00']
    ])
    assert.deepEqual(middle.customer, { id: customer_id, name: 'Harbour Rowers' })
    assert.deepEqual(
      [middle.opening, middle.debits, middle.credits, middle.closing, middle.branches],
      ['45.00', '62.00', '67.00', '40.00', null]
    )
    const [payment, , sale, , , given] = middle.entries
    assert.deepEqual([payment.document, payment.branch_id], [first.invoice_no, shop.branch])
    assert.deepEqual([sale.document, sale.document_id], [voided.invoice_no, voided.id])
    assert.deepEqual([given.document, given.document_id], [refund.refund_no, refund.id])
    assert.deepEqual(middle.ageing, open({ days_1_30: '30.00', days_61_90: '10.00' }, '0.00', '40.00'))

    const rest = await statement('customer-statements', customer_id, daysAgo(4), daysAgo(0))
    assert.deepEqual(lines(rest), [
      [daysAgo(3), 'refund', '0.00', '10.00', '30.00'],
      [daysAgo(1), 'sale', '20.00', '0.00', '50.00'],
      [daysAgo(0), 'order_credit', '0.00', '7.00', '43.00']
    ])
    assert.deepEqual([rest.opening, rest.closing], ['40.00', '43.00'])
    const buckets = { days_1_30: '16.00', days_31_60: '30.00', days_61_90: '10.00' }
    assert.deepEqual(rest.ageing, open(buckets, '-13.00', '43.00'))
    const row = (await shop.call('GET', `/customer-ageing/${customer_id}`, undefined, shop.admin)).body
    assert.deepEqual({ ...rest.ageing, ...row }, row)
    // What is open is of the day asked for, whatever was paid since.
    const before = await statement('customer-statements', customer_id, daysAgo(365), daysAgo(41))
    assert.deepEqual(before.ageing, open({ days_1_30: '15.00', days_31_60: '30.00' }, '0.00', '45.00'))
    const none = await statement('customer-statements', customer_id, daysAgo(365), daysAgo(101))
    assert.deepEqual([none.entries, none.ageing], [[], open({}, '0.00', '0.00')])
  })

  it('owe again what was paid at the sale and bounced', async () => {
    const { id: customer_id } = await customer()
    const sale = { customer_id, ...pieces(1), payments: [{ method: 'card', amount: '10.00' }] }
    const sold = await past.on(daysAgo(50), 'invoices', sale)
    await past.on(daysAgo(2), 'payments', { reverses: sold.payments[0].id, reason: 'bounced' })
    const { entries, ageing } = await statement('customer-statements', customer_id, daysAgo(50), daysAgo(0))
    assert.deepEqual(
      entries.map(({ kind, debit }: Json) => [kind, debit]),
      [['payment_reversal', '10.00']]
    )
    assert.deepEqual(ageing, open({ days_31_60: '10.00' }, '0.00', '10.00'))
  })

  it('tell the story of a vendor, to the cent', async () => {
    const { id: vendor_id } = await make('vendors', { name: 'Harbour Wholesale', contacts, branch_id: null })
    const goods = (ago: number, path: string, quantity: number) =>
      past.on(daysAgo(ago), path, { vendor_id, items: [{ product_id: product.id, quantity, unit_cost: '10.00' }] })
    const pay = (ago: number, amount: string, direction = 'payment') =>
      past.on(daysAgo(ago), 'vendor-payments', { vendor_id, amount, method: 'bank_transfer', direction })
    const receipt = await goods(95, 'stock-receipts', 10)
    await goods(60, 'stock-receipts', 5)
    await pay(30, '80.00')
    await goods(20, 'stock-returns', 1)
    await pay(10, '30.00')
    await pay(9, '5.00', 'reverse')
    await goods(1, 'stock-receipts', 2)
    const whole = await statement('vendor-statements', vendor_id, daysAgo(95), daysAgo(0))
    assert.deepEqual(lines(whole), [
      [daysAgo(95), 'receipt', '0.00', '100.00', '100.00'],
      [daysAgo(60), 'receipt', '0.00', '50.00', '150.00'],
      [daysAgo(30), 'payment', '80.00', '0.00', '70.00'],
      [daysAgo(20), 'return', '10.00', '0.00', '60.00'],
      [daysAgo(10), 'payment', '30.00', '0.00', '30.00'],
      [daysAgo(9), 'payment_reversal', '0.00', '5.00', '35.00'],
      [daysAgo(1), 'receipt', '0.00', '20.00', '55.00']
    ])
    assert.deepEqual([whole.entries[0].document, whole.entries[0].document_id], [receipt.number, receipt.id])
    assert.deepEqual(whole.vendor, { id: vendor_id, name: 'Harbour Wholesale' })
    assert.deepEqual([whole.opening, whole.debits, whole.credits, whole.closing], ['0.00', '120.00', '175.00', '55.00'])
    assert.deepEqual(whole.ageing, open({ days_1_30: '20.00', days_31_60: '35.00' }, '0.00', '55.00'))
    // The oldest is paid first: ten days ago 30.00 of the second receipt were left.
    const before = await statement('vendor-statements', vendor_id, daysAgo(94), daysAgo(10))
    assert.deepEqual([before.opening, before.closing], ['100.00', '30.00'])
    assert.deepEqual(before.ageing, open({ days_31_60: '30.00' }, '0.00', '30.00'))
  })

  describe('are for those who may read the party and its account', () => {
    let other: { branch: string; register: string }
    before(async () => {
      other = await openBranch(shop)
      await receive(shop, product.id, other.branch, 100)
    })
    const today = daysAgo(0)

    it('whole for all branches, of their own branch for an employee, and not for a cashier', async () => {
      const { id: customer_id } = await customer()
      await make('invoices', { customer_id, ...pieces(2) })
      await make('invoices', { customer_id, ...pieces(3), register_id: other.register })
      const of = async (as: string) => {
        const { branches, entries, closing, ageing } = await statement(
          'customer-statements',
          customer_id,
          today,
          today,
          as
        )
        return [branches, entries.length, closing, ageing.current, ageing.unallocated]
      }
      assert.deepEqual(await of(shop.admin), [null, 2, '50.00', '50.00', '0.00'])
      assert.deepEqual(await of((await shop.user('employee')).token), [[shop.branch], 1, '20.00', '20.00', '0.00'])
      const there = await shop.user('employee', other.branch)
      assert.deepEqual(await of(there.token), [[other.branch], 1, '30.00', '30.00', '0.00'])
      const till = await shop.user('cashier')
      refused(await ask('customer-statements', customer_id, today, today, till.token), 403, 'not_allowed')
      refused(
        await shop.call('GET', `/customer-statements/${customer_id}?from=${today}&to=${today}`),
        401,
        'not_signed_in'
      )
    })

    it('and a party out of reach is not there', async () => {
      const { token } = await shop.user('employee', other.branch)
      const { id } = await customer({ branch_id: shop.branch })
      const vendor = await make('vendors', { name: 'Not theirs', contacts, branch_id: shop.branch })
      refused(await ask('customer-statements', id, today, today, token), 404, 'not_found')
      refused(await ask('vendor-statements', vendor.id, today, today, token), 404, 'not_found')
      refused(await ask('customer-statements', vendor.id, today, today), 404, 'not_found')
      refused(await ask('customer-statements', uuidv7(), today, today), 404, 'not_found')
    })

    it('and are refused to a role that reads the ledger otherwise than by branch', async () => {
      const { id } = await customer()
      const read = { action: ['read'], subject: ['customers'] }
      const ledger = { action: ['read'], subject: ['account-entries'] }
      const rules: [Json[], number][] = [
        [[read, ledger], 200],
        [[read, { ...ledger, conditions: { branch_id: { $in: [shop.branch] } } }], 200],
        [[read], 403],
        [[read, { ...ledger, conditions: { business_date: '$today' } }], 403],
        [[read, { ...ledger, fields: ['amount', 'business_date'] }], 403],
        [[{ ...read, fields: ['contacts'] }, ledger], 403]
      ]
      for (const [n, [permissions, status]] of rules.entries()) {
        const role = await make('roles', { name: `clerk ${n}`, permissions })
        const user = await shop.user('employee')
        await shop.call('PATCH', `/users/${user.id}`, { role_id: role.id }, shop.admin)
        const answer = await ask('customer-statements', id, today, today, await shop.signIn(user.username))
        assert.equal(answer.status, status, `${n}: ${JSON.stringify(answer.body)}`)
      }
    })
  })
})
