import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks } from '../support/books.ts'
import { type Caller, caller, type Outcome, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const PIN = '2580'
const reasonOf = ({ status, body }: Outcome) => [status, body.data?.reason]

describe('Approvals', () => {
  let shop: Shop
  let product: Json
  let chief: string
  let employee: string

  /** Gives somebody a PIN; answers their user name. */
  async function withPin({ id, username }: { id: string; username: string }): Promise<string> {
    assert.equal((await shop.call('PATCH', `/users/${id}`, { pin: PIN }, shop.admin)).status, 200)
    return username
  }

  before(async () => {
    shop = await openShop({ limits: { logins_per_quarter_account: 5 } })
    product = await stockedProduct(shop, { unit_price: '10.00' }, 1000)
    chief = await withPin(await shop.user('admin', null))
    employee = await withPin(await shop.user('employee'))
  })
  after(async () => {
    await assertBooks(shop.db.database)
    await shop.close()
  })

  /** Four pieces at 10.00, with changes. */
  const sale = (id: string, paid: string, line: Json, more: Json = {}): Json => ({
    id,
    items: [{ product_id: product.id, quantity: 4, ...line }],
    payments: [{ method: 'card', amount: paid }],
    ...more
  })

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      let till: Caller
      let cashier: { id: string; username: string; token: string }
      before(async () => {
        cashier = await shop.user('cashier')
        till = await caller(shop, transport, cashier.token)
      })

      async function approve(document_id: string, given: Json = {}): Promise<Json> {
        const asked = { username: chief, pin: PIN, action: 'discount', document_id, amount: '20.00', ...given }
        const { status, body } = await till.create('approvals', asked)
        assert.equal(status, 201, JSON.stringify(body))
        return body
      }

      it('let a discount above the limit pass once, and keep who gave it', async () => {
        const id = uuidv7()
        const discounted = sale(id, '20.00', { discount: '20.00' })
        assert.deepEqual(reasonOf(await till.create('invoices', discounted)), [403, 'discount_above_limit'])
        const approval = await approve(id)
        assert.equal(Date.parse(approval.expires_at) - Date.parse(approval.created_at), 120_000)
        assert.ok(!('pin' in approval) && !('session_id' in approval))
        const sold = await till.create('invoices', { ...discounted, approval: approval.id })
        assert.deepEqual([sold.status, sold.body.approved_by], [201, approval.approved_by], JSON.stringify(sold.body))
        const used = await till.get('approvals', approval.id)
        assert.ok(used.body.used_at)
        // The same sale again is the same sale; another one has no approval any more.
        const again = await till.create('invoices', { ...discounted, approval: approval.id })
        assert.deepEqual(again.body, sold.body)
        const other = sale(uuidv7(), '20.00', { discount: '20.00' }, { approval: approval.id })
        assert.deepEqual(reasonOf(await till.create('invoices', other)), [403, 'approval_unfit'])
      })

      it('let another price pass, with the discounts of that sale', async () => {
        const id = uuidv7()
        const cheap = sale(id, '18.00', { unit_price: '6.00', discount: '6.00' })
        assert.deepEqual(reasonOf(await till.create('invoices', cheap)), [403, 'override_not_allowed'])
        const { id: discount } = await approve(id, { amount: '22.00' })
        const wrong = await till.create('invoices', { ...cheap, approval: discount })
        assert.deepEqual(reasonOf(wrong), [403, 'approval_unfit'])
        const { id: less } = await approve(id, { action: 'override', amount: '21.99' })
        assert.deepEqual(reasonOf(await till.create('invoices', { ...cheap, approval: less })), [403, 'approval_unfit'])
        const { id: approval } = await approve(id, { action: 'override', amount: '22.00' })
        const sold = await till.create('invoices', { ...cheap, approval })
        assert.deepEqual([sold.status, sold.body.totals?.total], [201, '18.00'], JSON.stringify(sold.body))
      })

      it('are worth no more than what the colleague may do alone', async () => {
        const [much, less] = [uuidv7(), uuidv7()]
        const { id: tooMuch } = await approve(much, { username: employee })
        const half = sale(much, '20.00', { discount: '20.00' }, { approval: tooMuch })
        assert.deepEqual(reasonOf(await till.create('invoices', half)), [403, 'approval_unfit'])
        const { id: approval } = await approve(less, { username: employee })
        const quarter = await till.create('invoices', sale(less, '30.00', { discount: '10.00' }, { approval }))
        assert.equal(quarter.status, 201, JSON.stringify(quarter.body))
      })

      it('hold for a draft as it is issued', async () => {
        const id = uuidv7()
        const draft = await till.create('invoices', { ...sale(id, '0', {}), payments: [], status: 'draft' })
        assert.equal(draft.status, 201, JSON.stringify(draft.body))
        const { id: approval } = await approve(id)
        const issue = { status: 'issued', discounts: '20.00', payments: [{ method: 'card', amount: '20.00' }] }
        assert.deepEqual(reasonOf(await till.patch('invoices', id, issue)), [403, 'discount_above_limit'])
        const issued = await till.patch('invoices', id, { ...issue, approval })
        assert.deepEqual([issued.status, issued.body.status], [200, 'paid'], JSON.stringify(issued.body))
        assert.ok(issued.body.approved_by)
      })

      it('are worth nothing to another session, and are not used up by a sale that fails', async () => {
        const id = uuidv7()
        const { id: approval } = await approve(id)
        const discounted = sale(id, '20.00', { discount: '20.00' }, { approval })
        const other = await caller(shop, transport, await shop.signIn(cashier.username))
        assert.deepEqual(reasonOf(await other.create('invoices', discounted)), [403, 'approval_unfit'])
        const much = { ...discounted, items: [{ product_id: product.id, quantity: 100_000, discount: '0.00' }] }
        const short = await till.create('invoices', { ...much, payments: [{ method: 'card', amount: '1000000.00' }] })
        assert.deepEqual(reasonOf(short), [409, 'insufficient_stock'])
        assert.equal((await till.create('invoices', discounted)).status, 201)
      })

      it('let a refund above the limit pass', async () => {
        const setting = { key: 'refund_limit', value: '5.00' }
        await shop.call('POST', '/settings', setting, shop.admin)
        const sold = await till.create('invoices', sale(uuidv7(), '40.00', {}))
        const id = uuidv7()
        const items = [{ line_no: 1, quantity: 2, condition: 'restock' }]
        const refund = { id, invoice_id: sold.body.id, items, reason: 'returned' }
        assert.deepEqual(reasonOf(await till.create('refunds', refund)), [403, 'refund_above_limit'])
        const { id: less } = await approve(id, { action: 'refund', amount: '19.99' })
        assert.deepEqual(reasonOf(await till.create('refunds', { ...refund, approval: less })), [403, 'approval_unfit'])
        const { id: approval, approved_by } = await approve(id, { action: 'refund' })
        const given = await till.create('refunds', { ...refund, approval })
        assert.deepEqual([given.status, given.body.approved_by], [201, approved_by], JSON.stringify(given.body))
        const other = await till.create('refunds', { ...refund, id: uuidv7(), approval })
        assert.deepEqual(reasonOf(other), [403, 'approval_unfit'])
      })

      it('end after two minutes', async () => {
        const id = uuidv7()
        const { id: approval } = await approve(id)
        await shop.db.database.query(
          `update approvals set created_at = created_at - interval '121 seconds' where id = $1`,
          [approval]
        )
        const late = await till.create('invoices', sale(id, '20.00', { discount: '20.00' }, { approval }))
        assert.deepEqual(reasonOf(late), [422, 'approval_expired'])
      })

      it('are refused alike for whatever is wrong, which is kept', async () => {
        const branch = await shop.call('POST', '/branches', { name: 'Other', code: code() }, shop.admin)
        const far = await withPin(await shop.user('employee', branch.body.id))
        const pinless = (await shop.user('admin')).username
        const gone = await shop.user('employee')
        await withPin(gone)
        await shop.call('PATCH', `/users/${gone.id}`, { is_active: false }, shop.admin)
        const self = await withPin(cashier)
        const wrong: Json[] = [
          { username: chief, pin: '0000' },
          { username: 'nobody', pin: PIN },
          { username: pinless, pin: PIN },
          { username: far, pin: PIN },
          { username: gone.username, pin: PIN },
          { username: self, pin: PIN },
          { username: employee, pin: PIN, action: 'override' }
        ]
        const ask = (given: Json) =>
          till.create('approvals', { action: 'discount', document_id: uuidv7(), amount: '1.00', ...given })
        const before = await refusals()
        const bodies = new Set<string>()
        for (const given of wrong) {
          const refused = await ask(given)
          assert.deepEqual(reasonOf(refused), [403, 'approval_refused'], JSON.stringify(given))
          bodies.add(JSON.stringify(refused.body))
        }
        assert.equal(bodies.size, 1)
        assert.equal((await refusals()) - before, wrong.length)
        assert.equal((await ask({ username: employee, pin: PIN })).status, 201)
      })

      it('are refused for a while after too many wrong PINs, also with the right one', async () => {
        const username = await withPin(await shop.user('employee'))
        const ask = (pin: string) =>
          till.create('approvals', { username, pin, action: 'discount', document_id: uuidv7(), amount: '1.00' })
        for (let i = 0; i < 5; i++) assert.deepEqual(reasonOf(await ask('0000')), [403, 'approval_refused'])
        assert.deepEqual(reasonOf(await ask(PIN)), [429, 'rate_limited'])
        // Signing in is counted apart.
        assert.ok(await shop.signIn(username))
      })

      it('of one sale sent twice at once are used once', async () => {
        const id = uuidv7()
        const { id: approval } = await approve(id)
        const discounted = sale(id, '20.00', { discount: '20.00' }, { approval })
        const answers = await Promise.all([1, 2, 3].map(() => till.create('invoices', discounted)))
        for (const { body } of answers) assert.deepEqual(body, answers[0]!.body)
        assert.equal(answers[0]!.body.totals?.total, '20.00')
      })
    })
  }

  let codes = 0
  const code = () => `OT${'ABCDEFGH'[codes++]}`
  const refusals = async (): Promise<number> =>
    (await shop.db.database.query(`select 1 from audit_logs where action = 'refuse'`)).length
})
