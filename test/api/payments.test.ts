import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertNoCost, assertSums, openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const pay = (method: string, amount: unknown, more: Json = {}) => ({ method, amount, ...more })

/** Payments of a sale of 20.00, and what they make of it. */
const tenders: { name: string; payments: Json[]; paid: string; change: string; changes?: string[] }[] = [
  { name: 'exact cash', payments: [pay('cash', '20.00')], paid: '20.00', change: '0.00' },
  { name: 'an amount as a number', payments: [pay('card', 20)], paid: '20.00', change: '0.00' },
  {
    name: 'cash with change',
    payments: [pay('cash', '20.00', { tendered: '50.00' })],
    paid: '20.00',
    change: '30.00'
  },
  {
    name: 'card and cash, the change from the cash',
    payments: [pay('card', '12.34', { reference: 'slip 9' }), pay('cash', '7.66', { tendered: '10' })],
    paid: '20.00',
    change: '2.34',
    changes: ['0.00', '2.34']
  },
  {
    name: 'every method at once',
    payments: ['cash', 'card', 'bank_transfer', 'wallet', 'credit_note'].map((method) => pay(method, '4.00')),
    paid: '20.00',
    change: '0.00'
  }
]

const bad: { name: string; payments: unknown; status: number; reason: string; path?: string }[] = [
  ...(
    [
      ['nothing', []],
      ['too little', [pay('cash', '19.99')]]
    ] as const
  ).map(([name, payments]) => ({
    name: `${name} from a walk-in customer`,
    payments,
    status: 422,
    reason: 'payment_required'
  })),
  {
    name: 'more than is owed',
    payments: [pay('card', '20.01')],
    status: 422,
    reason: 'overpaid',
    path: 'payments.0.amount'
  },
  {
    name: 'more than is owed by the second',
    payments: [pay('card', '15.00'), pay('cash', '5.01')],
    status: 422,
    reason: 'overpaid',
    path: 'payments.1.amount'
  },
  {
    name: 'less handed over than the amount',
    payments: [pay('cash', '20.00', { tendered: '19.99' })],
    status: 422,
    reason: 'tendered_short',
    path: 'payments.0.tendered'
  },
  {
    name: 'a negative amount handed over',
    payments: [pay('cash', '20.00', { tendered: '-50' })],
    status: 422,
    reason: 'tendered_short',
    path: 'payments.0.tendered'
  },
  {
    name: 'change from a card',
    payments: [pay('card', '20.00', { tendered: '25.00' })],
    status: 422,
    reason: 'change_not_cash',
    path: 'payments.0.tendered'
  },
  {
    name: 'an unknown method',
    payments: [pay('shells', '20.00')],
    status: 422,
    reason: 'unknown_payment_method',
    path: 'payments.0.method'
  },
  {
    name: 'a method that is not taken any more',
    payments: [pay('voucher', '20.00')],
    status: 422,
    reason: 'unknown_payment_method',
    path: 'payments.0.method'
  },
  ...['0', 0, '-1.00', -1, '20.001', 0.001, 'NaN', 'Infinity', '1e400', '1e1', '', ' ', '20,00', '0x14'].map(
    (amount) => ({
      name: `an amount of ${JSON.stringify(amount)}`,
      payments: [pay('cash', amount)],
      status: 422,
      reason: 'invalid_amount',
      path: 'payments.0.amount'
    })
  ),
  {
    name: 'more than an amount can be',
    payments: [pay('cash', '1000000000000')],
    status: 422,
    reason: 'invalid_amount',
    path: 'payments.0.amount'
  },
  ...[null, true, {}, ['20.00']].map((amount) => ({
    name: `an amount of ${JSON.stringify(amount)}`,
    payments: [pay('cash', amount)],
    status: 400,
    reason: 'invalid_data',
    path: 'payments.0.amount'
  })),
  {
    name: 'change from the client',
    payments: [pay('cash', '20', { change: '5' })],
    status: 400,
    reason: 'invalid_data'
  },
  { name: 'payments that are no list', payments: pay('cash', '20'), status: 400, reason: 'invalid_data' },
  {
    name: '21 payments',
    payments: Array.from({ length: 21 }, () => pay('cash', '0.01')),
    status: 400,
    reason: 'invalid_data'
  }
]

describe('Payments', () => {
  let shop: Shop
  let product: Json
  before(async () => {
    shop = await openShop()
    product = await stockedProduct(shop, {}, 10_000)
    const voucher = { code: 'voucher', name: 'Voucher', is_active: false }
    assert.equal((await shop.call('POST', '/payment-methods', voucher, shop.admin)).status, 201)
  })
  after(() => shop.close())

  const two = (more: Json = {}) => ({ items: [{ product_id: product.id, quantity: 2 }], ...more })

  async function customer(credit_limit: string, branch_id: string | null = shop.branch): Promise<string> {
    const given = { name: 'On account', contacts: { phone: '12345' }, credit_limit, branch_id }
    const { status, body } = await shop.call('POST', '/customers', given, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body.id
  }
  const owes = async (id: string) => (await shop.call('GET', `/customers/${id}`, undefined, shop.admin)).body.balance

  for (const transport of transports) {
    describe(`with the sale, over ${transport}`, () => {
      let till: Caller
      before(async () => {
        till = await caller(shop, transport, (await shop.user('cashier')).token)
      })

      for (const { name, payments, paid, change, changes } of tenders) {
        it(name, async () => {
          const { status, body } = await till.create('invoices', two({ payments }))
          assert.equal(status, 201, JSON.stringify(body))
          assert.deepEqual([body.status, body.totals.paid, body.totals.change], ['paid', paid, change])
          assert.equal(body.payments.length, payments.length)
          if (changes)
            assert.deepEqual(
              body.payments.map((payment: Json) => payment.change),
              changes
            )
          assertSums(body)
          assertNoCost(body)
        })
      }

      for (const { name, payments, status, reason, path } of bad) {
        it(`${name}: ${status} ${reason}`, async () => {
          const refused = await till.create('invoices', two({ payments }))
          assert.equal(refused.status, status, JSON.stringify(refused.body))
          assert.equal(refused.body.data.reason, reason)
          if (path) assert.ok(refused.body.errors[0].path.startsWith(path), JSON.stringify(refused.body.errors))
        })
      }
    })

    describe(`on account, over ${transport}`, () => {
      let till: Caller
      before(async () => {
        till = await caller(shop, transport, (await shop.user('cashier')).token)
      })

      it('sells within the limit, to the last cent, and no further', async () => {
        const customer_id = await customer('35.00')
        const first = await till.create('invoices', two({ customer_id }))
        assert.equal(first.status, 201, JSON.stringify(first.body))
        assert.deepEqual([first.body.status, first.body.totals.balance], ['issued', '20.00'])
        const refused = await till.create('invoices', two({ customer_id, payments: [pay('cash', '4.99')] }))
        assert.equal(refused.status, 422)
        assert.equal(refused.body.data.reason, 'credit_limit')
        const second = await till.create('invoices', two({ customer_id, payments: [pay('cash', '5.00')] }))
        assert.equal(second.status, 201, JSON.stringify(second.body))
        assert.deepEqual([second.body.status, second.body.totals.balance], ['partial', '15.00'])
        assert.equal(await owes(customer_id), '35.00')
        const entries = await shop.call('GET', `/account-entries?party_id=${customer_id}`, undefined, shop.admin)
        assert.deepEqual(
          entries.body.data
            .map(({ amount, balance_after, document }: Json) => [amount, balance_after, document])
            .sort((a: string[], b: string[]) => a[1]!.localeCompare(b[1]!)),
          [
            ['20.00', '20.00', first.body.invoice_no],
            ['15.00', '35.00', second.body.invoice_no]
          ]
        )
      })

      it('is paid bit by bit, never more than is owed', async () => {
        const customer_id = await customer('100.00')
        const { body: sold } = await till.create('invoices', two({ customer_id }))
        const give = (amount: string, more: Json = {}) =>
          till.create('payments', { invoice_id: sold.id, method: 'cash', amount, ...more })
        const part = await give('7.50', { tendered: '10.00' })
        assert.equal(part.status, 201, JSON.stringify(part.body))
        assert.deepEqual([part.body.amount, part.body.tendered, part.body.change], ['7.50', '10.00', '2.50'])
        assert.equal(part.body.customer_id, customer_id)
        const { body: open } = await till.get('invoices', sold.id)
        assert.deepEqual([open.status, open.totals.paid, open.totals.balance], ['partial', '7.50', '12.50'])
        assert.equal(open.payments.length, 1)
        const over = await give('12.51')
        assert.deepEqual([over.status, over.body.data.reason, over.body.errors[0].path], [422, 'overpaid', 'amount'])
        const last = await give('12.50')
        assert.equal(last.status, 201)
        const { body: settled } = await till.get('invoices', sold.id)
        assert.deepEqual([settled.status, settled.totals.balance], ['paid', '0.00'])
        assertSums(settled)
        assert.equal(await owes(customer_id), '0.00')
        const closed = await give('0.01')
        assert.deepEqual([closed.status, closed.body.data.reason], [409, 'invoice_not_open'])
      })

      it('answers bad payments with the field at fault, and changes nothing', async () => {
        const customer_id = await customer('100.00')
        const { body: sold } = await till.create('invoices', two({ customer_id }))
        const faults: [given: Json, status: number, reason: string, path?: string][] = [
          [pay('card', '1.00', { tendered: '2.00' }), 422, 'change_not_cash', 'tendered'],
          [pay('cash', '2.00', { tendered: '1.00' }), 422, 'tendered_short', 'tendered'],
          [pay('shells', '1.00'), 422, 'unknown_payment_method', 'method'],
          [pay('cash', '0'), 422, 'invalid_amount', 'amount'],
          [pay('cash', '-1'), 400, 'invalid_data', 'amount'],
          [pay('cash', '0.001'), 400, 'invalid_data', 'amount'],
          [pay('cash', 'NaN'), 400, 'invalid_data', 'amount'],
          [pay('cash', '1e400'), 400, 'invalid_data', 'amount'],
          [pay('cash', '1.00', { direction: 'out' }), 400, 'invalid_data', 'direction'],
          [pay('cash', '1.00', { customer_id }), 400, 'invalid_data', 'customer_id'],
          [{ method: 'cash' }, 400, 'invalid_data', 'amount']
        ]
        for (const [given, status, reason, path] of faults) {
          const refused = await till.create('payments', { invoice_id: sold.id, ...given })
          assert.deepEqual([refused.status, refused.body.data.reason], [status, reason], JSON.stringify(given))
          assert.equal(refused.body.errors[0].path, path, JSON.stringify(given))
        }
        const unknown = await till.create('payments', { invoice_id: uuidv7(), ...pay('cash', '1.00') })
        assert.deepEqual([unknown.status, unknown.body.data.reason], [422, 'unknown_reference'])
        assert.equal(await owes(customer_id), '20.00')
        assert.deepEqual((await till.get('invoices', sold.id)).body, sold)
      })

      it("keeps another branch's cashier from paying, and tells them nothing of the invoice", async () => {
        const customer_id = await customer('100.00')
        const { body: sold } = await till.create('invoices', two({ customer_id }))
        const { branch } = await openBranch(shop)
        const stranger = await caller(shop, transport, (await shop.user('cashier', branch)).token)
        const given = (invoice_id: string) => stranger.create('payments', { invoice_id, ...pay('cash', '1.00') })
        const [there, nowhere] = [await given(sold.id), await given(uuidv7())]
        assert.equal(there.status, nowhere.status)
        assert.equal(there.body.data.reason, nowhere.body.data.reason)
        assert.equal(await owes(customer_id), '20.00')
      })

      it('is taken once per id: again with the same content, refused with other', async () => {
        const customer_id = await customer('100.00')
        const { body: sold } = await till.create('invoices', two({ customer_id }))
        const payment = { id: uuidv7(), invoice_id: sold.id, ...pay('cash', '20.00') }
        const first = await till.create('payments', payment)
        const again = await till.create('payments', payment)
        assert.equal(first.status, 201)
        assert.deepEqual(again.body, first.body)
        const other = await till.create('payments', { ...payment, amount: '19.00' })
        assert.deepEqual([other.status, other.body.data.reason], [409, 'id_conflict'])
        assert.equal(await owes(customer_id), '0.00')
      })
    })
  }

  it('gives the last of a credit limit to exactly one of two sales', async () => {
    const { token } = await shop.user('cashier')
    for (let round = 0; round < 10; round++) {
      const customer_id = await customer('30.00')
      const sale = two({ customer_id })
      const both = await Promise.all([1, 2].map(() => shop.call('POST', '/invoices', sale, token)))
      assert.deepEqual(both.map(({ status }) => status).sort(), [201, 422])
      assert.equal(await owes(customer_id), '20.00')
    }
  })

  it('lets exactly one of two payments settle a balance', async () => {
    const { token } = await shop.user('cashier')
    for (let round = 0; round < 10; round++) {
      const customer_id = await customer('20.00')
      const sold = await shop.call('POST', '/invoices', two({ customer_id }), token)
      const payment = { invoice_id: sold.body.id, ...pay('card', '20.00') }
      const both = await Promise.all([1, 2].map(() => shop.call('POST', '/payments', payment, token)))
      assert.deepEqual(both.map(({ status }) => status).sort(), [201, 409])
      assert.equal(await owes(customer_id), '0.00')
    }
  })

  it('replays a payment over REST with the same key, marked as such', async () => {
    const { token } = await shop.user('cashier')
    const customer_id = await customer('20.00')
    const sold = await shop.call('POST', '/invoices', two({ customer_id }), token)
    const payment = { invoice_id: sold.body.id, ...pay('card', '20.00') }
    const send = () => shop.call('POST', '/payments', payment, token, { 'Idempotency-Key': `pay ${sold.body.id}` })
    const answers = await Promise.all([send(), send(), send()])
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 201])
    for (const { body, status, headers } of answers) {
      assert.deepEqual(body, answers[0]!.body)
      assert.equal(headers.get('idempotent-replayed'), status === 200 ? 'true' : null)
    }
  })

  it('refuses 1e400 as a JSON number', async () => {
    const { token } = await shop.user('cashier')
    const text = JSON.stringify(two({ payments: [pay('cash', 'AMOUNT')] })).replace('"AMOUNT"', '1e400')
    const refused = await shop.call('POST', '/invoices', text, token)
    assert.ok([400, 422].includes(refused.status), JSON.stringify(refused.body))
  })

  describe('afterwards', () => {
    it('the books agree', () => assertBooks(shop.db.database))
  })
})
