import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { resourceNamed } from '../../src/schemas/index.ts'
import { assertBooks, assertVerified, onHand, openBranch } from '../support/books.ts'
import { Samples } from '../support/samples.ts'
import { type Answer, type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { Till } from '../support/till.ts'

/** Two people do at once what only one of them may: who wins is open, what comes of it is not. */
describe('At once, of two', function () {
  this.timeout(60_000)
  let shop: Shop
  let samples: Samples
  let till: Till
  /** Of two different tills. */
  let ann: string
  let ben: string
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    till = await Till.open(shop)
    ann = (await shop.user('employee')).token
    ben = (await shop.user('employee')).token
  })
  after(() => shop.close())
  afterEach(async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })

  const ROUNDS = 4
  const post = (path: string, data: Json, as: string) => shop.call('POST', path, data, as)
  const read = async (path: string) => (await shop.call('GET', path, undefined, shop.admin)).body
  async function make(path: string, data: Json): Promise<Json> {
    const { status, body } = await post(path, data, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const outcome = ({ status, body }: Answer) => `${status} ${body.data?.reason ?? ''}`.trim()
  /** Sends both at once, in either order; asserts what they come to and answers who won. */
  async function race(calls: (() => Promise<Answer>)[], ...expected: string[]): Promise<Answer> {
    const answers = await Promise.all(calls.map((call) => call()))
    assert.deepEqual(answers.map(outcome).sort(), expected.sort())
    return answers.find(({ status }) => status < 300)!
  }
  const twice = (path: string, data: Json, ...expected: string[]) =>
    race(
      [ann, ben].map((as) => () => post(path, data, as)),
      ...expected
    )
  const each = async (work: () => Promise<void>) => {
    for (let round = 0; round < ROUNDS; round++) await work()
  }
  const customer = (credit_limit = '100.00') =>
    make('/customers', { name: 'A', contacts: { phone: '12345' }, credit_limit })
  const line = (quantity = 1) => [{ product_id: till.product.id, quantity }]
  const owed = async (customer_id: string, quantity = 1) => make('/invoices', { items: line(quantity), customer_id })
  const back = (invoice_id: string, quantity = 1): Json => {
    return { invoice_id, items: [{ line_no: 1, quantity, condition: 'restock' }], reason: 'returned' }
  }

  it('refunds of the last unit, one is made', () =>
    each(async () => {
      const sold = await till.sell(3)
      await make('/refunds', back(sold.id, 2))
      const before = await onHand(shop, till.product.id)
      await twice('/refunds', back(sold.id), '201', '422 refund_exceeds_sold')
      assert.deepEqual([(await read(`/invoices/${sold.id}`)).refunded], ['30.00'])
      assert.equal(await onHand(shop, till.product.id), before! + 1)
    }))

  it('tills that resume a held sale, one has it', () =>
    each(async () => {
      const held = await make('/invoices', { items: line(), status: 'draft' })
      const change = { version: held.version, status: 'draft' }
      const resume = (as: string) => () => shop.call('PATCH', `/invoices/${held.id}`, change, as)
      await race([resume(ann), resume(ben)], '200', '409 stale_version')
    }))

  it('payments of a balance, one is taken', () =>
    each(async () => {
      const { id } = await customer()
      const invoice_id = (await owed(id)).id
      await twice('/payments', { invoice_id, method: 'card', amount: '10.00' }, '201', '409 invoice_not_open')
      assert.equal((await read(`/customers/${id}`)).balance, '0.00')
      const part = { invoice_id: (await owed(id)).id, method: 'card', amount: '6.00' }
      await twice('/payments', part, '201', '422 overpaid')
      assert.equal((await read(`/customers/${id}`)).balance, '4.00')
    }))

  it('closings of a shift, one is kept', () =>
    each(async () => {
      const own = await Till.open(shop)
      const { id: shift_id } = await own.shift()
      const close = (cash: string) => () => post('/shift-closings', { shift_id, counted: { cash } }, shop.admin)
      const won = await race([close('100.00'), close('90.00')], '201', '409 shift_closed')
      const { data } = await read(`/shift-closings?shift_id=${shift_id}`)
      assert.deepEqual(data, [won.body])
    }))

  it('sales up to a credit limit, one is made', () =>
    each(async () => {
      const { id: customer_id } = await customer('15.00')
      await twice('/invoices', { items: line(), customer_id }, '201', '422 credit_limit')
      assert.equal((await read(`/customers/${customer_id}`)).balance, '10.00')
    }))

  it('a void and a refund, one is made', () =>
    each(async () => {
      const sold = await till.sell(1)
      const before = await onHand(shop, till.product.id)
      const calls = [
        () => post('/invoice-voids', { invoice_id: sold.id, reason: 'wrong' }, shop.admin),
        () => post('/refunds', back(sold.id), ben)
      ]
      const answers = await Promise.all(calls.map((call) => call()))
      const won = answers[0]!.status === 201 ? ['201', '409 not_refundable'] : ['409 not_voidable', '201']
      assert.deepEqual(answers.map(outcome), won)
      const { status } = await read(`/invoices/${sold.id}`)
      assert.equal(status, answers[0]!.status === 201 ? 'cancelled' : 'refunded')
      assert.equal(await onHand(shop, till.product.id), before! + 1)
    }))

  it('a void and a payment of what is owed, both hold, or the payment comes too late', () =>
    each(async () => {
      const { id } = await customer()
      const { id: invoice_id } = await owed(id)
      const [voided, paid] = await Promise.all([
        post('/invoice-voids', { invoice_id, reason: 'wrong' }, shop.admin),
        post('/payments', { invoice_id, method: 'card', amount: '10.00' }, ben)
      ])
      assert.equal(outcome(voided!), '201')
      const first = outcome(paid!) === '201'
      if (!first) assert.equal(outcome(paid!), '409 invoice_not_open')
      assert.equal(voided!.body.paid_out, first ? '10.00' : '0.00')
      assert.equal((await read(`/customers/${id}`)).balance, '0.00')
    }))

  it('voids of a sale, one is made', () =>
    each(async () => {
      const { id: invoice_id } = await till.sell(1)
      const voided = () => post('/invoice-voids', { invoice_id, reason: 'wrong' }, shop.admin)
      await race([voided, voided], '201', '409 not_voidable')
    }))

  it('sales that use an approval, one is made', () =>
    each(async () => {
      const chief = await shop.user('admin')
      await shop.call('PATCH', `/users/${chief.id}`, { pin: '2580' }, shop.admin)
      const { token } = await shop.user('cashier')
      const [document_id, amount] = [uuidv7(), '5.00']
      const asked = { username: chief.username, pin: '2580', action: 'discount', document_id, amount }
      const { body } = await post('/approvals', asked, token)
      const sale = (id: string, quantity: number) => () => {
        const payments = [{ method: 'cash' }]
        return post('/invoices', { id, items: line(quantity), discounts: '5.00', payments, approval: body.id }, token)
      }
      const won = await race([sale(document_id, 1), sale(uuidv7(), 1)], '201', '403 approval_unfit')
      assert.equal(won.body.id, document_id)
      const second = uuidv7()
      const { body: other } = await post('/approvals', { ...asked, document_id: second }, token)
      body.id = other.id
      await race([sale(second, 1), sale(second, 2)], '201', '409 id_conflict')
    }))

  it('deliveries of an order, one is made', () =>
    each(async () => {
      const { id: order_id } = await samples.create(resourceNamed('custom-orders'), {}, { full: false })
      for (const status of ['in_progress', 'completed'])
        assert.equal((await shop.call('PATCH', `/custom-orders/${order_id}`, { status }, shop.admin)).status, 200)
      const payments = [{ method: 'card' }]
      const won = await twice(
        '/order-closings',
        { order_id, outcome: 'delivered', payments },
        '201',
        '409 order_closed'
      )
      const order = await read(`/custom-orders/${order_id}`)
      assert.deepEqual([order.status, order.linked_invoice], ['delivered', won.body.invoice_id])
    }))

  it('orders made of a quotation, one is made', () =>
    each(async () => {
      const { id, customer_id } = await samples.create(resourceNamed('quotations'), {}, { full: false })
      for (const status of ['sent', 'approved'])
        assert.equal((await shop.call('PATCH', `/quotations/${id}`, { status }, shop.admin)).status, 200)
      await twice('/custom-orders', { customer_id, quotation_id: id }, '201', '409 quotation_not_approved')
      assert.equal((await read(`/custom-orders?quotation_id=${id}`)).total, 1)
    }))

  it('arrivals of a transfer, one is booked', () =>
    each(async () => {
      const { branch } = await openBranch(shop)
      const product = await stockedProduct(shop, {}, 4)
      const items = [{ product_id: product.id, quantity: 4 }]
      const { id } = await make('/stock-transfers', { from_branch_id: shop.branch, to_branch_id: branch, items })
      const arrive = () => post('/stock-transfer-receipts', { transfer_id: id }, shop.admin)
      await race([arrive, arrive], '201', '409 transfer_received')
      assert.equal(await onHand(shop, product.id, branch), 4)
    }))

  it('barcodes that are asked for, each is another; of products that take one, one has it', () =>
    each(async () => {
      const given = await Promise.all([ann, ben].map((as) => post('/barcodes', {}, as)))
      assert.deepEqual(given.map(outcome), ['201', '201'])
      const [code, second] = given.map(({ body }) => body.code)
      assert.notEqual(code, second)
      const product = () => ({ sku: uuidv7(), name: 'B', unit_price: '1.00', cost_price: '1.00', barcode: code })
      const calls = [ann, ben].map((as) => () => post('/products', product(), as))
      await race(calls, '201', '409 duplicate')
    }))

  it('payments taken back, one is made', () =>
    each(async () => {
      const { id } = await customer()
      const { id: invoice_id } = await owed(id)
      const paid = await make('/payments', { invoice_id, method: 'card', amount: '10.00' })
      await twice('/payments', { reverses: paid.id, reason: 'bounced' }, '201', '409 payment_not_reversible')
      assert.equal((await read(`/customers/${id}`)).balance, '10.00')
    }))
})
