import assert from 'node:assert/strict'
import { resourceNamed } from '../../src/schemas/index.ts'
import { assertNoCost, openBranch, receive } from '../support/books.ts'
import { contentsOf } from '../support/contents.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { refused } from '../support/till.ts'

/** Documents name others by id. One of another branch is answered as one that is not there, and nothing comes of it. */
describe('A document that names what belongs to another branch', () => {
  let shop: Shop
  let samples: Samples
  /** Another branch, and what is there. */
  let there: { branch: string; register: string }
  let employee: string
  let cashier: string
  const theirs: Record<string, Json> = {}
  let product: Json
  let shirts: Json[]
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    there = await openBranch(shop)
    employee = (await shop.user('employee')).token
    cashier = (await shop.user('cashier')).token
    product = await stockedProduct(shop, {}, 50)
    await receive(shop, product.id, there.branch, 50)
    const party = { name: 'A', contacts: { phone: '12345' }, branch_id: there.branch }
    theirs.customer = await make('/customers', { ...party, credit_limit: '100.00' })
    theirs.vendor = await make('/vendors', party)
    theirs.salesman = await make('/salesmen', { name: 'S', code: 'S1', branch_id: there.branch })
    const sale = { items: [line()], register_id: there.register }
    theirs.invoice = await make('/invoices', { ...sale, customer_id: theirs.customer.id })
    theirs.payment = await make('/payments', { invoice_id: theirs.invoice.id, method: 'cash', amount: '1.00' })
    theirs.draft = await make('/invoices', { ...sale, status: 'draft' })
    theirs.shift = await make('/shifts', { register_id: there.register })
    theirs.count = await make('/stock-counts', { branch_id: there.branch })
    theirs.product = await stockedProduct(shop, { branch_id: there.branch }, 0)
    const service = await samples.create(resourceNamed('products'), { kind: 'service', branch_id: null })
    const { category_id } = await samples.create(resourceNamed('order-options'), { product_id: service.id })
    shirts = [{ category_id, options: { Neck: 'Polo' }, quantity: 2, price: '10.00' }]
    const order = { branch_id: there.branch, customer_id: theirs.customer.id, items: shirts }
    theirs.order = await samples.create(resourceNamed('custom-orders'), order, { full: false })
    theirs.quotation = await samples.create(resourceNamed('quotations'), order, { full: false })
    const { branch: third } = await openBranch(shop)
    const sent = { from_branch_id: there.branch, to_branch_id: third, items: [line()] }
    theirs.transfer = await make('/stock-transfers', sent)
  })
  after(() => shop.close())

  const line = (): Json => ({ product_id: product.id, quantity: 1 })
  async function make(path: string, data: Json): Promise<Json> {
    const { status, body } = await shop.call('POST', path, data, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const id = (name: string): string => theirs[name]!.id

  it('is refused, whoever makes it, and leaves nothing behind', async () => {
    const own = await make('/customers', { name: 'B', contacts: { phone: '12345' } })
    const back = { items: [{ line_no: 1, quantity: 1, condition: 'restock' }], reason: 'x' }
    const goods = { items: [{ ...line(), unit_cost: '1.00' }] }
    const cash = { payments: [{ method: 'cash' }] }
    const both: [path: string, data: Json, status: number, reason: string][] = [
      ['/refunds', { invoice_id: id('invoice'), ...back }, 422, 'unknown_reference'],
      ['/payments', { invoice_id: id('invoice'), method: 'cash', amount: '1.00' }, 422, 'unknown_reference'],
      ['/payments', { customer_id: id('customer'), method: 'cash', amount: '1.00' }, 422, 'unknown_reference'],
      ['/invoice-prints', { invoice_id: id('invoice') }, 422, 'unknown_reference'],
      ['/invoice-prints', { invoice_no: theirs.invoice!.invoice_no }, 422, 'unknown_reference'],
      ['/invoices', { items: [line()], customer_id: id('customer') }, 422, 'unknown_reference'],
      ['/invoices', { items: [line()], ...cash, salesman_id: id('salesman') }, 422, 'unknown_reference'],
      ['/invoices', { items: [line()], ...cash, register_id: there.register }, 403, 'not_allowed'],
      ['/invoices', { items: [{ product_id: id('product'), quantity: 1 }] }, 422, 'unknown_product'],
      ['/order-payments', { order_id: id('order'), method: 'cash', amount: '1.00' }, 422, 'unknown_reference'],
      ['/custom-orders', { items: shirts, customer_id: id('customer') }, 422, 'unknown_reference'],
      ['/custom-orders', { customer_id: own.id, quotation_id: id('quotation') }, 422, 'unknown_reference']
    ]
    const employees: typeof both = [
      ['/payments', { reverses: id('payment'), reason: 'x' }, 422, 'unknown_reference'],
      ['/stock-reservations', { order_id: id('order'), product_id: own.id, quantity: 1 }, 422, 'unknown_reference'],
      ['/order-closings', { order_id: id('order'), outcome: 'cancelled', reason: 'x' }, 422, 'unknown_reference'],
      ['/stock-receipts', { vendor_id: id('vendor'), ...goods }, 422, 'unknown_reference'],
      ['/stock-returns', { vendor_id: id('vendor'), ...goods }, 422, 'unknown_reference'],
      ['/vendor-payments', { vendor_id: id('vendor'), amount: '1.00', method: 'card' }, 422, 'unknown_reference'],
      [
        '/stock-transfers',
        { from_branch_id: there.branch, to_branch_id: shop.branch, items: [line()] },
        403,
        'not_allowed'
      ],
      ['/stock-transfer-receipts', { transfer_id: id('transfer') }, 422, 'unknown_reference'],
      ['/stock-count-lines', { count_id: id('count'), product_id: product.id, counted: 1 }, 422, 'unknown_reference'],
      ['/stock-count-closings', { count_id: id('count') }, 422, 'unknown_reference'],
      ['/stock-counts', { branch_id: there.branch }, 403, 'not_allowed'],
      ['/barcodes', { branch_id: there.branch }, 403, 'not_allowed']
    ]
    const cashiers: typeof both = [
      ['/shift-closings', { shift_id: id('shift'), counted: { cash: '1.00' } }, 422, 'unknown_reference'],
      ['/cash-movements', { shift_id: id('shift'), kind: 'no_sale' }, 422, 'unknown_reference'],
      ['/cash-movements', { register_id: there.register, kind: 'no_sale' }, 403, 'not_allowed'],
      ['/shifts', { register_id: there.register }, 403, 'not_allowed']
    ]
    const before = await contentsOf(shop.db.database)
    for (const [as, calls] of [
      [employee, [...both, ...employees]],
      [cashier, [...both, ...cashiers]]
    ] as const)
      for (const [path, data, status, reason] of calls) refused(await shop.call('POST', path, data, as), status, reason)
    for (const [path, change] of [
      [`/invoices/${id('draft')}`, { status: 'cancelled' }],
      [`/custom-orders/${id('order')}`, { status: 'in_progress' }],
      [`/quotations/${id('quotation')}`, { status: 'sent' }]
    ] as const)
      refused(await shop.call('PATCH', path, change, employee), 404, 'not_found')
    refused(await shop.call('GET', `/shift-reports/${id('shift')}`, undefined, employee), 404, 'not_found')
    assert.deepEqual(await contentsOf(shop.db.database), before)
  })

  it('tells a till no costs, whatever it answers', async () => {
    const call = (path: string, data: Json) => shop.call('POST', path, data, cashier)
    const { body: sold } = await call('/invoices', { items: [line()], payments: [{ method: 'cash' }] })
    const { body: printed } = await call('/invoice-prints', { invoice_id: sold.id })
    const back = { items: [{ line_no: 1, quantity: 1, condition: 'restock' }], reason: 'x' }
    const { body: refund } = await call('/refunds', { invoice_id: sold.id, ...back })
    assert.deepEqual([sold.items.length, printed.bill.items.length, refund.items.length], [1, 1, 1])
    for (const answer of [sold, printed, refund]) assertNoCost(answer)
  })
})
