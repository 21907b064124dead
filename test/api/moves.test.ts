import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { resourceNamed } from '../../src/schemas/index.ts'
import { assertBooks, assertVerified, openBranch } from '../support/books.ts'
import { contentsOf } from '../support/contents.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { refused, Till } from '../support/till.ts'

/** Every change of a document's state that is none of the allowed ones: refused with its word, and nothing is written. */
describe('A document', () => {
  let shop: Shop
  let samples: Samples
  let till: Till
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    till = await Till.open(shop)
  })
  after(() => shop.close())
  afterEach(async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })

  const read = async (path: string) => (await shop.call('GET', path, undefined, shop.admin)).body
  async function make(path: string, data: Json): Promise<Json> {
    const { status, body } = await shop.call('POST', path, data, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  async function patch(path: string, data: Json): Promise<Json> {
    const { status, body } = await shop.call('PATCH', path, data, shop.admin)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  /** Asserts that each of these calls is refused with its word, and that nothing was written by any. */
  async function refuses(...calls: [method: string, path: string, data: Json, status: number, reason: string][]) {
    const before = await contentsOf(shop.db.database)
    for (const [method, path, data, status, reason] of calls)
      refused(await shop.call(method, path, data, shop.admin), status, reason)
    assert.deepEqual(await contentsOf(shop.db.database), before)
  }
  const customer = async () =>
    (await make('/customers', { name: 'A', contacts: { phone: '12345' }, credit_limit: '900.00' })).id as string
  const back = (invoice_id: string): Json => {
    return { invoice_id, items: [{ line_no: 1, quantity: 1, condition: 'restock' }], reason: 'returned' }
  }
  const pay = (invoice_id: string): Json => ({ invoice_id, method: 'card', amount: '1.00' })
  const voided = (invoice_id: string): Json => ({ invoice_id, reason: 'wrong' })
  const line = () => [{ product_id: till.product.id, quantity: 1 }]

  it('that is held is not refunded, voided, paid or printed', async () => {
    const { id } = await make('/invoices', { items: line(), status: 'draft' })
    await refuses(
      ['POST', '/refunds', back(id), 409, 'not_refundable'],
      ['POST', '/invoice-voids', voided(id), 409, 'not_voidable'],
      ['POST', '/payments', pay(id), 409, 'invoice_not_open'],
      ['POST', '/invoice-prints', { invoice_id: id }, 409, 'not_issued'],
      ['PATCH', `/invoices/${id}`, { status: 'paid' }, 400, 'invalid_data']
    )
  })

  it('that was given up as a draft is not taken up again', async () => {
    const { id } = await make('/invoices', { items: line(), status: 'draft' })
    await patch(`/invoices/${id}`, { status: 'cancelled' })
    await refuses(
      ['PATCH', `/invoices/${id}`, { status: 'draft' }, 409, 'invoice_issued'],
      ['PATCH', `/invoices/${id}`, { status: 'issued', payments: [{ method: 'cash' }] }, 409, 'invoice_issued'],
      ['POST', '/refunds', back(id), 409, 'not_refundable'],
      ['POST', '/invoice-voids', voided(id), 409, 'not_voidable'],
      ['POST', '/payments', pay(id), 409, 'invoice_not_open'],
      ['POST', '/invoice-prints', { invoice_id: id }, 409, 'not_issued']
    )
  })

  it('that was issued stays as it is, and is paid once', async () => {
    const { id } = await till.sell(1)
    await refuses(
      ['PATCH', `/invoices/${id}`, { notes: 'x' }, 409, 'invoice_issued'],
      ['PATCH', `/invoices/${id}`, { items: line() }, 409, 'invoice_issued'],
      ['PATCH', `/invoices/${id}`, { status: 'draft' }, 409, 'invoice_issued'],
      ['PATCH', `/invoices/${id}`, { status: 'cancelled' }, 409, 'invoice_issued'],
      ['DELETE', `/invoices/${id}`, {}, 405, 'no_method'],
      ['POST', '/payments', pay(id), 409, 'invoice_not_open']
    )
  })

  it('that was voided is not voided, refunded or paid any more, nor its payments taken back', async () => {
    const sold = await make('/invoices', { items: line(), customer_id: await customer() })
    const payment = await make('/payments', pay(sold.id))
    await make('/invoice-voids', voided(sold.id))
    await refuses(
      ['POST', '/invoice-voids', voided(sold.id), 409, 'not_voidable'],
      ['POST', '/refunds', back(sold.id), 409, 'not_refundable'],
      ['POST', '/payments', pay(sold.id), 409, 'invoice_not_open'],
      ['POST', '/payments', { reverses: payment.id, reason: 'x' }, 409, 'payment_not_reversible'],
      ['PATCH', `/invoices/${sold.id}`, { status: 'issued' }, 409, 'invoice_issued']
    )
  })

  it('that was refunded whole is not refunded, voided or paid any more', async () => {
    const sold = await till.sell(1)
    await make('/refunds', back(sold.id))
    await refuses(
      ['POST', '/refunds', back(sold.id), 422, 'refund_exceeds_sold'],
      ['POST', '/invoice-voids', voided(sold.id), 409, 'not_voidable'],
      ['POST', '/payments', pay(sold.id), 409, 'invoice_not_open'],
      ['POST', '/payments', { reverses: sold.payments[0].id, reason: 'x' }, 409, 'payment_not_reversible']
    )
  })

  it('of another day, or of a shift that is closed, is not voided', async () => {
    const own = await Till.open(shop)
    await own.shift()
    const counted = await own.sell(1)
    await own.close('110.00')
    const { branch, register } = await openBranch(shop, { timezone: 'Pacific/Kiritimati', stock_policy: 'allow' })
    const old = await till.sell(1, { register_id: register })
    // It is another day there from now on.
    await patch(`/branches/${branch}`, { timezone: 'Etc/GMT+12' })
    await refuses(
      ['POST', '/invoice-voids', voided(counted.id), 409, 'void_too_late'],
      ['POST', '/invoice-voids', voided(old.id), 409, 'void_too_late']
    )
  })

  it('that paid is taken back once, and what was taken back is not', async () => {
    const sold = await make('/invoices', { items: line(), customer_id: await customer() })
    const payment = await make('/payments', pay(sold.id))
    const taken = await make('/payments', { reverses: payment.id, reason: 'bounced' })
    await refuses(
      ['POST', '/payments', { reverses: payment.id, reason: 'again' }, 409, 'payment_not_reversible'],
      ['POST', '/payments', { reverses: taken.id, reason: 'again' }, 409, 'payment_not_reversible']
    )
  })

  it('of a drawer follows its shift', async () => {
    const own = await Till.open(shop)
    const { id: shift_id } = await own.shift()
    await refuses(['POST', '/shifts', { register_id: own.register }, 409, 'shift_open'])
    const type = await make('/expense-types', { name: 'Cleaning' })
    const cost = { type_id: type.id, amount: '1.00', register_id: own.register }
    const expense = await make('/expenses', cost)
    await own.close('99.00')
    const counted = { cash: '1.00' }
    await refuses(
      ['POST', '/shift-closings', { shift_id, counted }, 409, 'shift_closed'],
      ['POST', '/cash-movements', { shift_id, kind: 'no_sale' }, 409, 'shift_closed'],
      ['POST', '/cash-movements', { register_id: own.register, kind: 'no_sale' }, 422, 'no_open_shift'],
      ['POST', '/expenses', cost, 422, 'no_open_shift'],
      ['DELETE', `/expenses/${expense.id}`, {}, 409, 'shift_closed'],
      ['PATCH', `/shifts/${shift_id}`, { status: 'open' }, 405, 'no_method']
    )
  })

  it('of goods on their way arrives once, and a count ends once', async () => {
    const { branch } = await openBranch(shop)
    const product = await stockedProduct(shop, {}, 4)
    const items = [{ product_id: product.id, quantity: 4 }]
    const sent = await make('/stock-transfers', { to_branch_id: branch, items })
    await make('/stock-transfer-receipts', { transfer_id: sent.id })
    const { id: count_id } = await make('/stock-counts', { branch_id: branch })
    await refuses(['POST', '/stock-counts', { branch_id: branch }, 409, 'count_open'])
    await make('/stock-count-closings', { count_id })
    await refuses(
      ['POST', '/stock-transfer-receipts', { transfer_id: sent.id }, 409, 'transfer_received'],
      ['PATCH', `/stock-transfers/${sent.id}`, { status: 'sent' }, 405, 'no_method'],
      ['POST', '/stock-count-closings', { count_id }, 409, 'count_closed'],
      ['POST', '/stock-count-lines', { count_id, product_id: product.id, counted: 1 }, 409, 'count_closed'],
      ['PATCH', `/stock-counts/${count_id}`, { status: 'open' }, 405, 'no_method']
    )
  })

  it('for goods made to order goes through its states', async () => {
    const order = await samples.create(resourceNamed('custom-orders'), {}, { full: false })
    const path = `/custom-orders/${order.id}`
    const end = (outcome: string): Json => ({ order_id: order.id, outcome, reason: 'no game' })
    const advance = { order_id: order.id, method: 'card', amount: '1.00' }
    await refuses(
      ['POST', '/order-closings', end('delivered'), 409, 'move_not_allowed'],
      ['PATCH', path, { status: 'completed' }, 409, 'move_not_allowed'],
      ['PATCH', path, { status: 'delivered' }, 409, 'move_not_allowed'],
      ['PATCH', path, { status: 'cancelled' }, 409, 'move_not_allowed'],
      ['POST', '/order-payments', { ...advance, direction: 'out' }, 422, 'advance_exceeded']
    )
    await patch(path, { status: 'in_progress' })
    await refuses(['PATCH', path, { status: 'pending' }, 409, 'move_not_allowed'])
    await make('/order-closings', end('cancelled'))
    await refuses(
      ['POST', '/order-closings', end('delivered'), 409, 'order_closed'],
      ['POST', '/order-closings', end('cancelled'), 409, 'order_closed'],
      ['POST', '/order-payments', advance, 409, 'order_closed'],
      ['PATCH', path, { status: 'in_progress' }, 409, 'order_closed'],
      ['PATCH', path, { notes: 'x' }, 409, 'order_closed']
    )
  })

  it('that quotes is decided once', async () => {
    const { id, customer_id } = await samples.create(resourceNamed('quotations'), {}, { full: false })
    const path = `/quotations/${id}`
    const order: Json = { customer_id, quotation_id: id }
    await refuses(
      ['PATCH', path, { status: 'approved' }, 409, 'move_not_allowed'],
      ['PATCH', path, { status: 'converted' }, 409, 'move_not_allowed'],
      ['POST', '/custom-orders', order, 409, 'quotation_not_approved']
    )
    await patch(path, { status: 'sent' })
    await refuses(['PATCH', path, { notes: 'x' }, 409, 'quotation_not_draft'])
    await patch(path, { status: 'approved' })
    await refuses(
      ['PATCH', path, { status: 'rejected' }, 409, 'move_not_allowed'],
      ['PATCH', path, { status: 'draft' }, 409, 'move_not_allowed']
    )
    await make('/custom-orders', order)
    await refuses(
      ['POST', '/custom-orders', order, 409, 'quotation_not_approved'],
      ['PATCH', path, { status: 'approved' }, 409, 'move_not_allowed'],
      ['PATCH', path, { status: 'draft' }, 409, 'move_not_allowed']
    )
  })

  it('that approves is used once', async () => {
    const { user } = await read('/auth/me')
    await patch(`/users/${user.id}`, { pin: '2580' })
    const id = uuidv7()
    const asked = { username: 'admin', pin: '2580', action: 'discount', document_id: id, amount: '2.00' }
    const { id: approval } = await make('/approvals', asked)
    const sale = { items: line(), discounts: '2.00', payments: [{ method: 'cash' }], approval }
    await make('/invoices', { id, ...sale })
    await refuses(
      ['POST', '/invoices', sale, 403, 'approval_unfit'],
      ['POST', '/invoices', { id, ...sale, discounts: '1.00' }, 409, 'id_conflict'],
      ['PATCH', `/approvals/${approval}`, { used_at: null }, 405, 'no_method']
    )
  })
})
