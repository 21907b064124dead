import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { resourceNamed } from '../../src/schemas/index.ts'
import { assertSums, assertVerified, openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { Samples } from '../support/samples.ts'
import { type Json, nextEvent, openShop, type Shop } from '../support/shop.ts'

describe('Custom orders', () => {
  let shop: Shop
  let samples: Samples
  let admin: Caller[]
  let rest: Caller
  let category_id: string
  let customer: Json

  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    admin = await Promise.all(transports.map((way) => caller(shop, way, shop.admin)))
    rest = admin[0]!
    const service = await samples.create(resourceNamed('products'), {
      kind: 'service',
      unit_price: '1.00',
      tax_rate: '10',
      discount: '50'
    })
    const groups = [
      { name: 'Neck', options: [{ name: 'Round' }, { name: 'Polo', surcharge: '2.00' }] },
      { name: 'Print', required: false, options: [{ name: 'Back', surcharge: '0.50' }] }
    ]
    const options = await samples.create(resourceNamed('order-options'), { product_id: service.id, groups })
    category_id = options.category_id
    customer = await samples.create(resourceNamed('customers'), { credit_limit: '1000.00' })
  })
  after(() => shop.close())

  const line = (fields: Json = {}): Json => ({
    category_id,
    options: { Print: 'Back', Neck: 'Polo' },
    quantity: 10,
    price: '7.50',
    ...fields
  })
  const order = (fields: Json = {}): Json => ({
    customer_id: customer.id,
    team_name: 'Rowers',
    items: [line()],
    ...fields
  })
  const make = async (path: string, data: Json, as = rest): Promise<Json> => {
    const { status, body } = await as.create(path, data)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const move = async (id: string, ...states: string[]) => {
    for (const status of states) assert.equal((await rest.patch('custom-orders', id, { status })).status, 200, status)
  }
  const read = async (path: string, id: string): Promise<Json> => (await rest.get(path, id)).body
  const refused = ({ status, body }: { status: number; body: Json }, code: number, reason: string, path?: string) => {
    assert.deepEqual([status, body.data?.reason], [code, reason], JSON.stringify(body))
    if (path) assert.equal(body.errors?.[0]?.path, path)
  }

  it('are priced by the rules of a sale, with options, haste, discounts and tax', async () => {
    for (const one of admin) {
      const made = await make(
        'custom-orders',
        order({
          items: [line({ discount: '5.00' }), line({ options: { Neck: 'Round' }, quantity: 1.5, price: 20 })],
          rush_surcharge: '1.00',
          discounts: '7.00'
        }),
        one
      )
      assert.match(made.order_no, /^MAIN-CO\d{6}$/)
      const [polo, round] = made.items
      // 7.50 + 2.00 + 0.50 + 1.00, ten times, and 21.00 one and a half times; the product's own discount is not meant.
      assert.deepEqual(
        [polo.unit_price, polo.discount, round.unit_price, round.discount],
        ['11.00', '5.00', '21.00', '0.00']
      )
      assert.deepEqual(polo.options, [
        { group: 'Neck', option: 'Polo', surcharge: '2.00' },
        { group: 'Print', option: 'Back', surcharge: '0.50' }
      ])
      const { subtotal, discount, tax, total, paid, balance } = made.totals
      assert.deepEqual({ subtotal, discount, paid }, { subtotal: '141.50', discount: '12.00', paid: '0.00' })
      assert.deepEqual([tax, total, balance], ['12.95', '142.45', '142.45'])
      assertSums({ ...made, totals: { ...made.totals, change: '0.00' } })
    }
  })

  it('refuse what cannot be made, at the field', async () => {
    const other = await samples.create(resourceNamed('categories'))
    const wrong: [Json, number, string, string?][] = [
      [{ items: [] }, 400, 'invalid_data', 'items'],
      [{ items: [line({ quantity: 0 })] }, 400, 'invalid_data', 'items.0.quantity'],
      [{ items: [line({ quantity: 1.0005 })] }, 422, 'invalid_quantity', 'items.0.quantity'],
      [{ items: [line({ price: '-1' })] }, 422, 'invalid_amount', 'items.0.price'],
      [{ items: [line({ price: '1.005' })] }, 422, 'invalid_amount', 'items.0.price'],
      [{ items: [line({ price: '9'.repeat(14) })] }, 422, 'invalid_amount', 'items.0.price'],
      [{ items: [line({ price: '999999999999' })] }, 422, 'invalid_amount', 'items.0.price'],
      [{ items: [line({ price: '900000000000', quantity: 2 })] }, 422, 'invalid_amount', 'items.0.quantity'],
      [{ items: [line(), line({ category_id: other.id })] }, 422, 'unknown_reference', 'items.1.category_id'],
      [{ items: [line({ options: { Print: 'Back' } })] }, 422, 'option_required', 'items.0.options.Neck'],
      [{ items: [line({ options: { Neck: 'V' } })] }, 422, 'unknown_option', 'items.0.options.Neck'],
      [{ items: [line({ discount: '100.01' })] }, 422, 'discount_exceeds_line', 'items.0.discount'],
      [{ discounts: '100.01' }, 422, 'discount_exceeds_total', 'discounts'],
      [{ rush_surcharge: '-1' }, 400, 'invalid_data', 'rush_surcharge'],
      [{ customer_id: uuidv7() }, 422, 'unknown_reference', 'customer_id'],
      [{ status: 'completed' }, 400, 'invalid_data', 'status']
    ]
    for (const one of admin)
      for (const [fields, status, reason, path] of wrong)
        refused(await one.create('custom-orders', order(fields)), status, reason, path)
    const till = await caller(shop, 'rest', (await shop.user('cashier')).token)
    refused(await till.create('custom-orders', order({ discounts: '50' })), 403, 'discount_above_limit')
  })

  it('take advances up to their balance, and give back what came by a method', async () => {
    for (const one of admin) {
      const { id } = await make('custom-orders', order(), one)
      const pay = (amount: string, fields: Json = {}) =>
        one.create('order-payments', { order_id: id, method: 'cash', amount, ...fields })
      for (const amount of ['0', '0.00']) refused(await pay(amount), 422, 'invalid_amount', 'amount')
      for (const amount of ['-1', '1.005', '1'.repeat(14)]) refused(await pay(amount), 400, 'invalid_data', 'amount')
      refused(await pay('110.01'), 422, 'overpaid', 'amount')
      refused(await pay('1', { method: 'pebbles' }), 422, 'unknown_payment_method', 'method')
      refused(await pay('1', { order_id: uuidv7() }), 422, 'unknown_reference', 'order_id')
      assert.equal((await pay('60.00')).status, 201)
      assert.equal((await pay('20.00', { method: 'card' })).status, 201)
      refused(await pay('20.01', { method: 'card', direction: 'out' }), 422, 'advance_exceeded')
      assert.equal((await pay('15.00', { direction: 'out' })).status, 201)
      refused(await pay('45.01'), 422, 'overpaid', 'amount')
      const { totals, payments } = await read('custom-orders', id)
      assert.deepEqual([totals.paid, totals.balance, payments.length], ['65.00', '45.00', 3])
    }
  })

  it('are changed while they are open, and priced anew, never below what was paid', async () => {
    const made = await make('custom-orders', order())
    await make('order-payments', { order_id: made.id, method: 'card', amount: '100.00' })
    const patch = (data: Json) => rest.patch('custom-orders', made.id, data)
    refused(await patch({ items: [line({ quantity: 9 })] }), 422, 'advance_exceeds_total')
    assert.deepEqual((await read('custom-orders', made.id)).items, made.items)
    const { status, body } = await patch({ items: [line(), line({ quantity: 1 })], notes: 'one more' })
    assert.equal(status, 200, JSON.stringify(body))
    assert.deepEqual([body.totals.total, body.totals.balance, body.items.length], ['121.00', '21.00', 2])
    // What was agreed on a line stays, also where the options cost something else by now.
    const rushed = await patch({ rush_surcharge: '1.00' })
    assert.deepEqual(
      rushed.body.items.map(({ unit_price }: Json) => unit_price),
      ['11.00', '11.00']
    )
    assert.equal(rushed.body.totals.total, '133.10')
    assert.equal((await patch({ status: 'cancelled' })).body.data.reason, 'move_not_allowed')
  })

  it('move from state to state as work does, and nowhere else', async () => {
    const { id } = await make('custom-orders', order())
    const refuse = async (...states: string[]) => {
      for (const one of admin)
        for (const status of states)
          refused(await one.patch('custom-orders', id, { status }), 409, 'move_not_allowed', 'status')
    }
    const deliver = () => rest.create('order-closings', { order_id: id, outcome: 'delivered' })
    await refuse('completed', 'delivered', 'cancelled')
    refused(await deliver(), 409, 'move_not_allowed')
    await move(id, 'in_progress')
    await refuse('pending', 'delivered', 'cancelled')
    refused(await deliver(), 409, 'move_not_allowed')
    await move(id, 'completed')
    await refuse('pending', 'in_progress', 'delivered', 'cancelled')
    assert.equal((await deliver()).status, 201)
    for (const data of [{ status: 'pending' }, { notes: 'x' }, { items: [line()] }])
      refused(await rest.patch('custom-orders', id, data), 409, 'order_closed')
    refused(await rest.create('order-payments', { order_id: id, method: 'cash', amount: '1' }), 409, 'order_closed')
    refused(await deliver(), 409, 'order_closed')
  })

  it('become an invoice when delivered: advances count, the rest is paid or owed', async () => {
    const { id, order_no, totals } = await make('custom-orders', order({ discounts: '3.33' }))
    for (const [method, amount] of [
      ['cash', '30.00'],
      ['card', '20.00'],
      ['cash', '5.00']
    ])
      await make('order-payments', { order_id: id, method, amount })
    await move(id, 'in_progress', 'completed')
    const close = (payments: Json[]) => rest.create('order-closings', { order_id: id, outcome: 'delivered', payments })
    refused(
      await close([
        { method: 'cash', amount: '1' },
        { method: 'card', amount: '100' }
      ]),
      422,
      'overpaid',
      'payments.1.amount'
    )
    refused(await close([{ method: 'cash', amount: '0' }]), 422, 'invalid_amount', 'payments.0.amount')
    const socket = await shop.socket(shop.admin)
    const told = Promise.all(['invoices created', 'custom-orders patched'].map((name) => nextEvent(socket, name)))
    const { status, body } = await close([{ method: 'cash', amount: '10.00', tendered: '20.00' }])
    assert.equal(status, 201, JSON.stringify(body))
    const [invoice, delivered] = [await read('invoices', body.invoice_id), await read('custom-orders', id)]
    assert.deepEqual([delivered.status, delivered.linked_invoice], ['delivered', invoice.id])
    assert.equal(invoice.notes, order_no)
    assert.equal(invoice.totals.total, totals.total)
    assert.deepEqual([invoice.totals.paid, invoice.totals.change, invoice.status], ['65.00', '10.00', 'partial'])
    assertSums(invoice)
    const taken = invoice.payments.map(({ method, amount, order_id }: Json) => [method, amount, order_id]).sort()
    assert.deepEqual(taken, [
      ['card', '20.00', id],
      ['cash', '10.00', null],
      ['cash', '35.00', id]
    ])
    assert.equal((await read('customers', customer.id)).balance !== '0.00', true)
    const [sold, changed] = await told
    assert.deepEqual([sold!.id, changed!.linked_invoice], [invoice.id, invoice.id])
    await assertVerified(shop.db.database)
  })

  it('are cancelled with a reason and a word on the advance, which is paid back or owed', async () => {
    const [open] = [await make('custom-orders', order())]
    const end = (id: string, fields: Json) =>
      rest.create('order-closings', { order_id: id, outcome: 'cancelled', ...fields })
    await make('order-payments', { order_id: open.id, method: 'cash', amount: '30.00' })
    await make('order-payments', { order_id: open.id, method: 'card', amount: '12.00' })
    refused(await end(open.id, { advance: 'refund' }), 422, 'broken_rule', 'reason')
    refused(await end(open.id, { reason: 'no game' }), 422, 'advance_undecided', 'advance')
    const back = await end(open.id, { reason: 'no game', advance: 'refund' })
    assert.deepEqual([back.body.refunded, back.body.credited, back.body.invoice_id], ['42.00', '0.00', null])
    const cancelled = await read('custom-orders', open.id)
    assert.deepEqual(
      [cancelled.status, cancelled.totals.paid, cancelled.totals.balance],
      ['cancelled', '0.00', '110.00']
    )
    const out = cancelled.payments.filter(({ direction }: Json) => direction === 'out')
    assert.deepEqual(out.map(({ method, amount, closing_id }: Json) => [method, amount, closing_id]).sort(), [
      ['card', '12.00', back.body.id],
      ['cash', '30.00', back.body.id]
    ])
    const fresh = await samples.create(resourceNamed('customers'), { credit_limit: '0' })
    const other = await make('custom-orders', order({ customer_id: fresh.id }))
    await make('order-payments', { order_id: other.id, method: 'card', amount: '12.50' })
    const credit = await end(other.id, { reason: 'no game', advance: 'credit' })
    assert.deepEqual([credit.body.refunded, credit.body.credited], ['0.00', '12.50'])
    assert.equal((await read('customers', fresh.id)).balance, '-12.50')
    await assertVerified(shop.db.database)
  })

  it('end once, whoever comes first, and are paid once', async () => {
    const { id } = await make('custom-orders', order())
    const pay = () => rest.create('order-payments', { order_id: id, method: 'card', amount: '60.00' })
    const paid = await Promise.all(Array.from({ length: 6 }, pay))
    assert.deepEqual(paid.map(({ status }) => status).sort(), [201, 422, 422, 422, 422, 422])
    await move(id, 'in_progress', 'completed')
    const ends = [
      ...Array.from({ length: 4 }, () => ({ outcome: 'delivered' })),
      ...Array.from({ length: 4 }, () => ({ outcome: 'cancelled', reason: 'no game', advance: 'refund' }))
    ]
    const ended = await Promise.all(ends.map((end) => rest.create('order-closings', { order_id: id, ...end })))
    assert.deepEqual(ended.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409, 409, 409])
    const { status, linked_invoice } = await read('custom-orders', id)
    assert.equal(linked_invoice !== null, status === 'delivered')
    const again = {
      id: uuidv7(),
      order_id: (await make('custom-orders', order())).id,
      outcome: 'cancelled',
      reason: 'x'
    }
    const twins = await Promise.all(Array.from({ length: 4 }, () => rest.create('order-closings', again)))
    assert.deepEqual(twins.map(({ status }) => status).sort(), [200, 200, 200, 201])
    await assertVerified(shop.db.database)
  })

  it('are paid into the shift of the till, or late into its next one', async () => {
    const { body: register } = await rest.create('registers', { branch_id: shop.branch, code: 'CO' })
    const till = await caller(shop, 'rest', (await shop.user('cashier')).token)
    const open = async () => (await make('shifts', { register_id: register.id, float: '0' }, till)).id
    const { id } = await make('custom-orders', order())
    const pay = (fields: Json = {}) =>
      make('order-payments', { order_id: id, method: 'cash', amount: '5.00', ...fields }, till)
    assert.equal((await pay({ register_id: register.id })).shift_id, null)
    const first = await open()
    const own = await pay()
    assert.deepEqual([own.register_id, own.shift_id], [register.id, first])
    assert.equal((await pay({ register_id: shop.register })).shift_id, null)
    await move(id, 'in_progress', 'completed')
    const { invoice_id } = await make('order-closings', {
      order_id: id,
      outcome: 'delivered',
      register_id: register.id
    })
    assert.deepEqual((await read('invoices', invoice_id)).shift_id, first)
    // An advance is in the drawer once, when it is paid, and not again with the invoice.
    const other = await make('custom-orders', order())
    const slip = { order_id: other.id, method: 'cash', amount: '3.00', register_id: register.id }
    await make('order-payments', slip, till)
    const closed = await make('shift-closings', { register_id: register.id, counted: { cash: '8.00' } }, till)
    assert.deepEqual([closed.expected.cash, closed.difference.cash], ['8.00', '0.00'])
    const late = await make('order-payments', { ...slip, amount: '4.00' }, till)
    assert.equal(late.shift_id, null)
    const next = await open()
    assert.equal((await read('order-payments', late.id)).shift_id, next)
    await assertVerified(shop.db.database)
  })

  it('belong to their branch: no till of another sees, pays or ends them', async () => {
    const { id } = await make('custom-orders', order())
    const { branch } = await openBranch(shop)
    const [till, stranger, employee] = await Promise.all(
      [shop.user('cashier'), shop.user('cashier', branch), shop.user('employee', branch)].map(async (user) =>
        caller(shop, 'rest', (await user).token)
      )
    )
    const pay = { order_id: id, method: 'cash', amount: '1.00' }
    assert.equal((await till!.create('order-payments', pay)).status, 201)
    refused(await till!.create('order-payments', { ...pay, direction: 'out' }), 403, 'not_allowed')
    refused(await till!.patch('custom-orders', id, { status: 'in_progress' }), 403, 'not_allowed')
    refused(
      await till!.create('order-closings', { order_id: id, outcome: 'cancelled', reason: 'x' }),
      403,
      'not_allowed'
    )
    refused(await stranger!.get('custom-orders', id), 404, 'not_found')
    refused(await stranger!.create('order-payments', pay), 422, 'unknown_reference', 'order_id')
    const end = { order_id: id, outcome: 'cancelled', reason: 'x', advance: 'refund' }
    refused(await employee!.create('order-closings', end), 422, 'unknown_reference', 'order_id')
    refused(await employee!.patch('custom-orders', id, { notes: 'x' }), 404, 'not_found')
    const elsewhere = (await rest.find('registers', { branch_id: branch })).body.data[0].id
    refused(await till!.create('order-payments', { ...pay, register_id: elsewhere }), 422, 'unknown_register')
  })
})
