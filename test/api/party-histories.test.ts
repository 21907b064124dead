import assert from 'node:assert/strict'
import fc from 'fast-check'
import { translate } from '../../src/hooks/translate-errors.ts'
import { assertBooks, assertVerified } from '../support/books.ts'
import { daysAgo, Past } from '../support/past.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const cents = (amount: string) => Math.round(Number(amount) * 100)
const text = (amount: number) => (amount / 100).toFixed(2)
const BUCKETS = ['current', 'days_1_30', 'days_31_60', 'days_61_90', 'over_90']

const KINDS = ['sale', 'sale', 'sale', 'pay', 'settle', 'bounce', 'refund', 'note', 'note', 'spend', 'void'] as const
const VENDOR_KINDS = ['goods', 'goods', 'return', 'send', 'reverse'] as const
const step = fc.record({
  kind: fc.constantFrom(...KINDS, ...VENDOR_KINDS),
  pieces: fc.integer({ min: 1, max: 4 }),
  amount: fc.integer({ min: 1, max: 3000 }),
  which: fc.nat({ max: 11 }),
  /** Days since the step before. */
  later: fc.constantFrom(0, 0, 1, 9, 30, 31)
})
const histories = fc.array(step, { minLength: 12, maxLength: 40, size: 'max' })
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** What is owed of documents, by the day of each: `[day, cents]`. */
type Open = [day: string, amount: number][]

const daysBetween = (from: string, to: string) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)

/** The same figures in other words than the program has. */
function aged(open: Open, balance: number, day: string): Json {
  const sums = [0, 0, 0, 0, 0]
  for (const [of, amount] of open) {
    const age = daysBetween(of, day)
    sums[age <= 0 ? 0 : Math.min(4, Math.ceil(age / 30))]! += amount
  }
  const unallocated = balance - sums.reduce((a, b) => a + b)
  const buckets = BUCKETS.map((name, i) => [name, text(sums[i]!)])
  return { ...Object.fromEntries(buckets), unallocated: text(unallocated), balance: text(balance) }
}

/** One customer and one vendor, and what was true at the end of each day on which something happened. */
class History {
  readonly customer: Json
  readonly vendor: Json
  readonly days = new Map<string, { customer: [Open, number]; vendor: [Open, number] }>()
  #past: Past
  #shop: Shop
  #product: string
  #sold: Json[] = []
  #paid: Json[] = []
  #receipts: Open = []
  #settled = 0

  constructor(parts: { shop: Shop; past: Past; product: string; customer: Json; vendor: Json }) {
    this.#shop = parts.shop
    this.#past = parts.past
    this.#product = parts.product
    this.customer = parts.customer
    this.vendor = parts.vendor
  }

  /** Takes a step on a day; what the shop refuses is none. */
  async take(one: Step, day: string): Promise<void> {
    try {
      await this.#do(one, day)
    } catch (error) {
      if (translate(error).code >= 500) throw error
    }
    await this.#note(day)
  }

  async #do(one: Step, day: string): Promise<void> {
    const { kind, pieces, amount, which } = one
    const make = (path: string, data: Json) => this.#past.on(day, path, data)
    const { id: customer_id } = this.customer
    const sale = this.#sold[which % this.#sold.length]
    const items = [{ product_id: this.#product, quantity: pieces }]
    // At most what is open, so that most payments are taken.
    const part = async (invoice?: Json, method = 'cash') => {
      const open = (await this.#open()).filter(({ id }) => !invoice || id === invoice.id)
      const owed = open.reduce((sum, { balance }) => sum + cents(balance), 0)
      return { method, amount: text(Math.min(method === 'cash' ? amount : amount / 4, owed)) }
    }
    if (kind === 'sale') {
      const payments = which % 3 ? [] : [{ method: 'cash', amount: text(Math.min(amount, pieces * 1000)) }]
      const sold = await make('invoices', { customer_id, items, payments })
      this.#sold.push(sold)
      this.#paid.push(...sold.payments)
    } else if (kind === 'pay') this.#paid.push(await make('payments', { customer_id, ...(await part()) }))
    else if (kind === 'settle' || kind === 'spend') {
      const given = await part(sale, kind === 'spend' ? 'credit_note' : 'cash')
      this.#paid.push(await make('payments', { invoice_id: sale?.id, ...given }))
    } else if (kind === 'bounce') {
      const reverses = this.#paid[which % this.#paid.length]?.id
      await make('payments', { reverses, reason: 'bounced' })
    } else if (kind === 'void') await make('invoice-voids', { invoice_id: this.#sold.at(-1)?.id, reason: 'wrong' })
    else if (kind === 'refund' || kind === 'note') {
      const method = kind === 'note' ? 'credit_note' : 'cash'
      const back = [{ line_no: 1, quantity: 1, condition: 'restock' }]
      await make('refunds', { invoice_id: sale?.id, items: back, reason: 'any', method })
    } else await this.#buy(one, day)
  }

  async #buy({ kind, pieces, amount }: Step, day: string): Promise<void> {
    const make = (path: string, data: Json) => this.#past.on(day, path, data)
    const { id: vendor_id } = this.vendor
    const items = [{ product_id: this.#product, quantity: pieces, unit_cost: text(amount) }]
    if (kind === 'goods') {
      const { total } = await make('stock-receipts', { vendor_id, items })
      this.#receipts.push([day, cents(total)])
    } else if (kind === 'return') {
      const { total } = await make('stock-returns', { vendor_id, items })
      this.#settled += cents(total)
    } else {
      const direction = kind === 'send' ? 'payment' : 'reverse'
      await make('vendor-payments', { vendor_id, amount: text(amount), method: 'bank_transfer', direction })
      this.#settled += kind === 'send' ? amount : -amount
    }
  }

  #open() {
    return this.#shop.db.database.query<{ id: string; day: string; balance: string }>(
      `select id, business_date::text as day, balance from invoices where customer_id = $1 and status in ('issued', 'partial')`,
      [this.customer.id]
    )
  }

  /** As the invoices themselves have it; of the vendor, what is paid taken from the oldest receipt on. */
  async #note(day: string): Promise<void> {
    const [account] = await this.#shop.db.database.query<{ balance: string }>(
      'select coalesce(sum(amount), 0) as balance from account_entries where party_id = $1',
      [this.customer.id]
    )
    const open = (await this.#open()).map(({ day: of, balance }): [string, number] => [of, cents(balance)])
    let settled = this.#settled
    const left = this.#receipts.map(([of, amount]): [string, number] => {
      const paid = Math.max(0, Math.min(settled, amount))
      settled -= paid
      return [of, amount - paid]
    })
    const owed = this.#receipts.reduce((sum, [, amount]) => sum + amount, 0) - this.#settled
    this.days.set(day, { customer: [open, cents(account!.balance)], vendor: [left, owed] })
  }
}

describe('Any history of a party', () => {
  let shop: Shop
  let product: Json
  before(async () => {
    shop = await openShop()
    product = await stockedProduct(shop, {}, 100_000)
  })
  after(() => shop.close())

  const read = async (path: string): Promise<Json> => {
    const { status, body } = await shop.call('GET', path, undefined, shop.admin)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const made = async (path: string): Promise<Json> => {
    const given = {
      name: 'Any',
      contacts: { phone: '12345' },
      ...(path === 'customers' && { credit_limit: '9999.00' })
    }
    return (await shop.call('POST', `/${path}`, given, shop.admin)).body
  }
  const first = daysAgo(1000)
  const today = daysAgo(0)
  const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10)

  async function holds(party: 'customer' | 'vendor', history: History): Promise<void> {
    const { id } = history[party]
    const statement = (from: string, to: string) => read(`/${party}-statements/${id}?from=${from}&to=${to}`)
    const whole = await statement(first, today)
    const { data } = await read(`/account-entries?party_id=${id}&$limit=200`)
    const ledger = new Map(data.map((entry: Json) => [entry.id, cents(entry.amount)]))
    let running = 0
    for (const { id: entry, debit, credit, balance } of whole.entries) {
      const amount = party === 'customer' ? cents(debit) - cents(credit) : cents(credit) - cents(debit)
      assert.equal(amount, ledger.get(entry))
      running += amount
      assert.equal(balance, text(running))
    }
    assert.deepEqual([whole.entries.length, whole.opening], [ledger.size, '0.00'])
    assert.equal(whole.closing, (await read(`/${party}s/${id}`)).balance)
    for (const [day, state] of history.days) {
      const [open, balance] = state[party]
      const until = await statement(first, day)
      assert.deepEqual(until.ageing, aged(open, balance, day), `${party} on ${day}`)
      assert.equal(until.closing, until.ageing.balance)
      if (party === 'customer') assert.ok(!(cents(until.ageing.unallocated) > 0))
      if (day >= today) continue
      const since = await statement(dayAfter(day), today)
      assert.equal(since.opening, until.closing)
      assert.deepEqual([...until.entries, ...since.entries], whole.entries)
    }
    const { data: rows } = await read(`/${party}-ageing?${party}_id=${id}`)
    const nothing = Object.values(whole.ageing).every((amount) => amount === '0.00')
    assert.equal(rows.length, nothing ? 0 : 1)
    if (!nothing) assert.deepEqual({ ...rows[0], ...whole.ageing }, rows[0])
  }

  it('closes a period with what the next opens with, and is as old as its documents', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (steps) => {
        const past = await Past.open(shop)
        const parts = {
          shop,
          past,
          product: product.id,
          customer: await made('customers'),
          vendor: await made('vendors')
        }
        const history = new History(parts)
        let ago = steps.reduce((sum, { later }) => sum + later, 0)
        for (const one of steps) {
          ago -= one.later
          await history.take(one, daysAgo(ago))
        }
        await holds('customer', history)
        await holds('vendor', history)
      }),
      { numRuns: 12 }
    )
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })
})
