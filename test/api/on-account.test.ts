import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertVerified, openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

let shop: Shop
let till: Caller
let office: Caller
let product: Json

const read = async (path: string) => (await shop.call('GET', path, undefined, shop.admin)).body
const owes = async (id: string) => (await read(`/customers/${id}`)).balance

async function customer(): Promise<string> {
  const given = { name: 'On account', contacts: { phone: '12345' }, credit_limit: '1000.00', branch_id: null }
  return (await shop.call('POST', '/customers', given, shop.admin)).body.id
}

/** Unpaid sales to one customer, of so many pieces at 10.00 each, oldest first. */
async function owed(customer_id: string, ...quantities: number[]): Promise<Json[]> {
  const sold: Json[] = []
  for (const quantity of quantities) {
    const { status, body } = await till.create('invoices', {
      customer_id,
      items: [{ product_id: product.id, quantity }]
    })
    assert.equal(status, 201, JSON.stringify(body))
    sold.push(body)
  }
  return sold
}
const standing = async ({ id }: Json) => {
  const { status, totals } = await read(`/invoices/${id}`)
  return [status, totals.paid, totals.balance]
}

describe('Payments on account', () => {
  before(async () => {
    shop = await openShop()
    till = await caller(shop, 'rest', (await shop.user('cashier')).token)
    office = await caller(shop, 'rest', (await shop.user('employee')).token)
    product = await stockedProduct(shop, {}, 1000)
  })
  after(() => shop.close())
  afterEach(async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })

  for (const transport of transports)
    it(`pays the oldest invoices first, over ${transport}`, async () => {
      const way = await caller(shop, transport, (await shop.user('cashier')).token)
      const customer_id = await customer()
      const [first, second, third] = await owed(customer_id, 1, 2, 3)
      const given = { customer_id, method: 'cash', amount: '25.00', tendered: '30.00' }
      const { status, body } = await way.create('payments', given)
      assert.equal(status, 201, JSON.stringify(body))
      assert.deepEqual(
        [body.amount, body.change, body.direction, body.invoice_id, body.customer_id],
        ['25.00', '5.00', 'in', null, customer_id]
      )
      assert.deepEqual((await way.get('payments', body.id)).body, body)
      assert.deepEqual(await standing(first!), ['paid', '10.00', '0.00'])
      assert.deepEqual(await standing(second!), ['partial', '15.00', '5.00'])
      assert.deepEqual(await standing(third!), ['issued', '0.00', '30.00'])
      const { allocations } = await read(`/payments/${body.id}?$include=allocations`)
      assert.deepEqual(
        allocations.map(({ invoice_id, amount }: Json) => [invoice_id, amount]).sort(),
        [
          [first!.id, '10.00'],
          [second!.id, '15.00']
        ].sort()
      )
      assert.equal(await owes(customer_id), '35.00')
    })

  it('refuses more than is owed, and what is no payment, and changes nothing', async () => {
    const customer_id = await customer()
    await owed(customer_id, 1, 1)
    const faults: [given: Json, status: number, word: string, path?: string][] = [
      [{ amount: '20.01' }, 422, 'overpaid', 'amount'],
      [{ amount: '0' }, 422, 'invalid_amount', 'amount'],
      [{ amount: '-1' }, 400, 'invalid_data', 'amount'],
      [{ amount: '0.001' }, 400, 'invalid_data', 'amount'],
      [{ amount: '1000000000000' }, 400, 'invalid_data', 'amount'],
      [{ amount: undefined }, 400, 'invalid_data', 'amount'],
      [{ method: undefined }, 400, 'invalid_data', 'method'],
      [{ method: 'shells' }, 422, 'unknown_payment_method', 'method'],
      [{ method: 'card', tendered: '50.00' }, 422, 'change_not_cash', 'tendered'],
      [{ customer_id: undefined }, 400, 'invalid_data', 'invoice_id'],
      [{ customer_id: uuidv7() }, 422, 'unknown_reference', 'customer_id'],
      [{ reason: 'just so' }, 400, 'invalid_data', 'reason']
    ]
    for (const [given, status, word, path] of faults) {
      const refused = await till.create('payments', { customer_id, method: 'cash', amount: '5.00', ...given })
      assert.deepEqual([refused.status, refused.body.data.reason], [status, word], JSON.stringify(given))
      if (path) assert.equal(refused.body.errors[0].path, path, JSON.stringify(given))
    }
    assert.equal(await owes(customer_id), '20.00')
  })

  it('reaches the invoices of the own branch alone', async () => {
    const customer_id = await customer()
    await owed(customer_id, 1)
    const { branch } = await openBranch(shop)
    const stranger = await caller(shop, 'rest', (await shop.user('cashier', branch)).token)
    const refused = await stranger.create('payments', { customer_id, method: 'cash', amount: '5.00' })
    assert.deepEqual([refused.status, refused.body.data.reason], [422, 'overpaid'])
    assert.equal(await owes(customer_id), '10.00')
  })

  it('settles a balance once, however many pay it at once', async () => {
    for (let round = 0; round < 5; round++) {
      const customer_id = await customer()
      const sold = await owed(customer_id, 1, 2)
      const given = { customer_id, method: 'card', amount: '20.00' }
      const both = await Promise.all([1, 2].map(() => till.create('payments', given)))
      assert.deepEqual(both.map(({ status }) => status).sort(), [201, 422])
      assert.deepEqual(await standing(sold[1]!), ['partial', '10.00', '10.00'])
      assert.equal(await owes(customer_id), '10.00')
    }
  })

  it('is given back whole by a void of an invoice that it paid in part', async () => {
    const customer_id = await customer()
    const [first] = await owed(customer_id, 1, 1)
    const given = { customer_id, method: 'card', amount: '15.00' }
    const { body: payment } = await till.create('payments', given)
    const made = await shop.call('POST', '/invoice-voids', { invoice_id: first!.id, reason: 'twice' }, shop.admin)
    assert.deepEqual([made.status, made.body.paid_out, made.body.credited], [201, '10.00', '0.00'])
    assert.deepEqual((await standing(first!))[0], 'cancelled')
    const refused = await office.create('payments', { reverses: payment.id, reason: 'bounced' })
    assert.deepEqual([refused.status, refused.body.data.reason], [409, 'payment_not_reversible'])
    assert.equal(await owes(customer_id), '5.00')
  })

  it('is taken back once: what it paid is owed again', async () => {
    const customer_id = await customer()
    const [first, second] = await owed(customer_id, 1, 2)
    const { body: payment } = await till.create('payments', { customer_id, method: 'bank_transfer', amount: '25.00' })
    const take = { reverses: payment.id, reason: 'cheque bounced' }
    const cashier = await till.create('payments', take)
    assert.deepEqual([cashier.status, cashier.body.data.reason], [403, 'not_allowed'])
    const screen = await shop.socket(shop.admin)
    const seen = nextEvent(screen, 'payments created')
    const { status, body } = await office.create('payments', take)
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual(
      [body.direction, body.method, body.amount, body.reverses, body.reason, body.customer_id],
      ['out', 'bank_transfer', '25.00', payment.id, 'cheque bounced', customer_id]
    )
    assert.equal((await seen).id, body.id)
    assert.deepEqual(await standing(first!), ['issued', '0.00', '10.00'])
    assert.deepEqual(await standing(second!), ['issued', '0.00', '20.00'])
    assert.equal(await owes(customer_id), '30.00')
    for (const reverses of [payment.id, body.id]) {
      const again = await office.create('payments', { reverses, reason: 'again' })
      assert.deepEqual([again.status, again.body.data.reason], [409, 'payment_not_reversible'])
    }
  })

  it('takes a payment of an invoice back, exactly once of two', async () => {
    const customer_id = await customer()
    const [sold] = await owed(customer_id, 2)
    const { body: payment } = await till.create('payments', { invoice_id: sold!.id, method: 'card', amount: '15.00' })
    const take = { reverses: payment.id, reason: 'charged back' }
    const both = await Promise.all([1, 2].map(() => office.create('payments', take)))
    assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409])
    assert.deepEqual(await standing(sold!), ['issued', '0.00', '20.00'])
    assert.equal(await owes(customer_id), '20.00')
  })

  it('does not take back what a refund gave back', async () => {
    const customer_id = await customer()
    const [sold] = await owed(customer_id, 2)
    const { body: payment } = await till.create('payments', { invoice_id: sold!.id, method: 'card', amount: '20.00' })
    const items = [{ line_no: 1, quantity: 1, condition: 'restock' }]
    const refund = await till.create('refunds', { invoice_id: sold!.id, items, reason: 'too large' })
    assert.deepEqual([refund.status, refund.body.method], [201, 'card'])
    const refused = await office.create('payments', { reverses: payment.id, reason: 'charged back' })
    assert.deepEqual([refused.status, refused.body.data.reason], [409, 'payment_not_reversible'])
  })

  it('refuses a payment back that says more than which, or less', async () => {
    const customer_id = await customer()
    const [sold] = await owed(customer_id, 1)
    const { body: payment } = await till.create('payments', { invoice_id: sold!.id, method: 'card', amount: '5.00' })
    const faults: [given: Json, status: number, path: string][] = [
      [{ amount: '5.00' }, 400, 'amount'],
      [{ method: 'cash' }, 400, 'method'],
      [{ invoice_id: sold!.id }, 400, 'invoice_id'],
      [{ reason: undefined }, 400, 'reason'],
      [{ reverses: uuidv7() }, 422, 'reverses']
    ]
    for (const [given, status, path] of faults) {
      const refused = await office.create('payments', { reverses: payment.id, reason: 'bounced', ...given })
      assert.deepEqual([refused.status, refused.body.errors[0].path], [status, path], JSON.stringify(given))
    }
  })
})
