import assert from 'node:assert/strict'
import { type DemoOptions, type DemoResult, fillShop } from '../../src/cli/demo/fill.ts'
import { withServices } from '../../src/cli/shop.ts'
import { verifyBooks } from '../../src/cli/verify.ts'
import type { Database } from '../../src/database/connection.ts'
import { prepareShop } from '../../src/ops/first-start.ts'
import { resources } from '../../src/schemas/index.ts'
import { loadSettings, type Settings } from '../../src/settings.ts'
import { createTestDatabase } from '../support/database.ts'

const MONTH: DemoOptions = { products: 30, customers: 25, days: 30, seed: 7, force: false }
/** A Wednesday afternoon: the shops are open. */
const NOW = new Date('2026-03-18T15:30:00Z')
/** What no day of business makes. */
const UNUSED = ['barcodes', 'files', 'imports', 'settings']

interface Filled {
  database: Database
  settings: Settings
  result: DemoResult
  fill(options: DemoOptions, now?: Date): Promise<DemoResult>
}

const places: { drop(): Promise<void> }[] = []

async function filled(options: DemoOptions, now = NOW, more: Partial<Settings> = {}): Promise<Filled> {
  const db = await createTestDatabase()
  places.push(db)
  const base = await loadSettings()
  const settings = {
    ...base,
    ...more,
    database: { ...base.database, url: db.url, query_timeout_ms: 60_000 },
    auth: { ...base.auth, secret: 'a secret for tests that is long enough' }
  }
  await prepareShop(db.database, settings)
  const fill = (asked: DemoOptions, at = now) => withServices(settings, (regal) => fillShop(regal, asked, () => {}, at))
  return { database: db.database, settings, fill, result: await fill(options) }
}

async function assertHolds({ database }: Filled): Promise<void> {
  const broken = (await verifyBooks(database)).filter(({ count }) => count > 0)
  assert.deepEqual(broken, [])
}

/** What people see of a shop, without ids. */
const seen = async (database: Database) => ({
  invoices: await database.query('select invoice_no, status, total, paid, issued_at from invoices order by 1, 5, 3'),
  stock: await database.query(`select b.code, p.sku, p.barcode, p.name, l.on_hand, l.average_cost from stock_levels l
    join products p on p.id = l.product_id join branches b on b.id = l.branch_id order by 1, 2`),
  closings: await database.query('select number, created_at, counted, expected, note from shift_closings order by 1'),
  parties: await database.query(`select name, balance from account_balances b join (select id, name from customers
    union all select id, name from vendors) p on p.id = b.party_id order by 1, 2`),
  orders: await database.query('select order_no, status, total, paid from custom_orders order by 1'),
  lists: await database.query('select name from price_lists order by 1')
})

describe('The demo', () => {
  let shop: Filled
  before(async () => {
    shop = await filled(MONTH)
  })
  after(() => Promise.all(places.map((place) => place.drop())))
  const query = <Row>(sql: string) => shop.database.query<Row>(sql)
  const count = async (from: string) => (await query<{ n: number }>(`select count(*)::int as n from ${from}`))[0]!.n

  it('leaves books that hold', () => assertHolds(shop))

  it('makes every kind of document that a shop has', async () => {
    const missing: string[] = []
    for (const { name, table, ownTable } of resources) if (!ownTable && !(await count(`"${table}"`))) missing.push(name)
    assert.deepEqual(missing.sort(), UNUSED)
  })

  it('plays what may become of them', async () => {
    const none: string[] = []
    const happened = [
      `invoices where status = 'cancelled' and invoice_no is not null`,
      `invoices where status in ('issued', 'partial')`,
      'invoices where customer_id is null',
      'invoices where approved_by is not null',
      'invoices where linked_to_order',
      `invoice_items where price_source = 'price_list'`,
      `invoice_items where price_source = 'override'`,
      `refund_items where condition = 'restock'`,
      `refund_items where condition = 'damaged'`,
      'payments where invoice_id is null',
      'payments where change > 0',
      `stock_transfers where status = 'received'`,
      'stock_transfer_receipt_items where difference < 0',
      'stock_count_closing_items where difference <> 0',
      `vendor_payments where method = 'cash' and shift_id is not null`,
      `vendor_payments where method = 'bank_transfer'`,
      'expenses where shift_id is not null',
      'expenses where admin_only',
      ...['paid_in', 'paid_out', 'drop', 'expense', 'no_sale'].map((kind) => `cash_movements where kind = '${kind}'`),
      ...['in_progress', 'completed', 'delivered', 'cancelled'].map(
        (state) => `audit_logs where resource = 'custom-orders' and after ->> 'status' = '${state}'`
      ),
      ...['refund', 'credit'].map((advance) => `order_closings where advance = '${advance}'`),
      ...['sent', 'rejected', 'converted'].map((state) => `quotations where status = '${state}'`),
      `shift_closings where difference ->> 'cash' <> '0.00' and note is not null`,
      `shift_closings where difference ->> 'cash' = '0.00' and note is null`
    ]
    const linked = 'exists (select from custom_orders o where o.linked_invoice = invoices.id)'
    for (const one of happened) if (!(await count(one.replace('linked_to_order', linked)))) none.push(one)
    assert.deepEqual(none, [])
  })

  it('closes each till once a day, with Z reports in a row, and leaves those of today open', async () => {
    const tills = await query<{ till: string; closed: number; last: number; open: number; today: string }>(
      `select b.code || '-' || r.code as till, count(c.id)::int as closed, max(c.series_no)::int as last,
         count(*) filter (where s.status = 'open')::int as open,
         max(s.business_date) filter (where s.status = 'open') as today
       from shifts s join registers r on r.id = s.register_id join branches b on b.id = r.branch_id
         left join shift_closings c on c.shift_id = s.id group by 1 order by 1`
    )
    const month = (till: string) => ({ till, closed: 29, last: 29, open: 1, today: '2026-03-18' })
    assert.deepEqual(tills, ['CITY-01', 'MAIN-01', 'MAIN-02'].map(month))
  })

  it('expects in each drawer what was counted in, taken and given, and begins with what was counted last', async () => {
    const wrong = await query(
      `with cash as (
         select shift_id, sum(case direction when 'in' then amount else -amount end) as amount from (
           select shift_id, direction, amount, method from payments where order_id is null
           union all select shift_id, direction, amount, method from order_payments) p where method = 'cash' group by 1
       ), moved as (
         select shift_id, sum(case kind when 'paid_in' then amount else -amount end) as amount from cash_movements group by 1
       ), closed as (
         select c.*, s.float, lag((c.counted ->> 'cash')::numeric) over (partition by c.register_id order by c.series_no) as before
         from shift_closings c join shifts s on s.id = c.shift_id)
       select number from closed c left join cash using (shift_id) left join moved m using (shift_id)
       where (expected ->> 'cash')::numeric <> float + coalesce(cash.amount, 0) + coalesce(m.amount, 0)
         or (expected ->> 'cash')::numeric < 0 or float <> coalesce(before, float)`
    )
    assert.deepEqual(wrong, [])
  })

  it('happens within its days, nothing of it later than now', async () => {
    // Branches and registers come after those that the shop began with; levels are no documents.
    const apart = ['branches', 'registers', 'stock-levels', 'audit-logs', 'sessions']
    const late: string[] = []
    for (const { name, table, ownTable } of resources) {
      if (ownTable || apart.includes(name)) continue
      const first = `'2026-02-13'`
      const when = `created_at not between ${first} and '${NOW.toISOString()}'`
      const begun = ['users', 'roles', 'payment-methods'].includes(name) ? 'a.user_id is null and a.seq < 20' : 'false'
      const wrong = `"${table}" t where ${when} and not exists (select from audit_logs a where a.record_id = t.id and ${begun})`
      if (await count(wrong)) late.push(name)
    }
    assert.deepEqual(late, [])
    assert.equal(await count(`invoices where business_date not between '2026-02-17' and '2026-03-18'`), 0)
  })

  it('is sold, paid and counted by those whose work it is', async () => {
    const work = await query<{ resource: string; role: string }>(
      `select distinct a.resource, r.name as role from audit_logs a join users u on u.id = a.user_id join roles r on r.id = u.role_id
       where a.resource in ('invoice-voids', 'shift-closings', 'stock-receipts', 'stock-transfer-receipts') order by 1, 2`
    )
    assert.deepEqual(
      work.map(({ resource, role }) => `${resource} ${role}`),
      ['invoice-voids admin', 'shift-closings cashier', 'stock-receipts employee', 'stock-transfer-receipts employee']
    )
    const { staff } = shop.result
    const names = staff.map(({ username, role, branch }) => `${username} ${role} ${branch}`)
    assert.deepEqual(names, [
      'ayesha cashier MAIN',
      'bilal cashier MAIN',
      'sana employee MAIN',
      'hina cashier CITY',
      'kashif employee CITY',
      'tariq employee WARE',
      'nadia admin all'
    ])
  })

  it('is the same for the same seed at the same time', async () => {
    const again = await filled(MONTH)
    assert.deepEqual(await seen(again.database), await seen(shop.database))
  })

  it('is added to the branches that are there', async () => {
    const more = await shop.fill(
      { ...MONTH, products: 3, customers: 2, days: 8, force: true },
      new Date('2026-03-20T23:30:00Z')
    )
    assert.equal(await count('branches'), 3)
    assert.deepEqual(more.staff.map(({ username }) => username).slice(0, 3), ['ayesha2', 'bilal2', 'sana2'])
    assert.equal(await count(`shifts where status = 'open' and business_date = '2026-03-20'`), 0)
    await assertHolds(shop)
  })

  const small: [what: string, options: Partial<DemoOptions>, now: string, settings: Partial<Settings>][] = [
    [
      'one product on one day, before the shop opens',
      { products: 1, customers: 0, days: 1 },
      '2026-03-18T03:00:00Z',
      {}
    ],
    ['one product on one evening', { products: 1, customers: 0, days: 1 }, '2026-03-14T23:50:00Z', {}],
    ['one customer', { products: 2, customers: 1, days: 9 }, '2026-03-16T18:00:00Z', {}],
    [
      'a currency without decimals, east of Greenwich',
      { products: 12, customers: 6, days: 10 },
      '2026-03-16T10:00:00Z',
      { currency: 'JPY', currency_scale: 0, timezone: 'Asia/Tokyo' }
    ],
    [
      'a currency with three decimals, west of it, as the clocks change',
      { products: 12, customers: 6, days: 10 },
      '2026-03-12T01:00:00Z',
      { currency: 'KWD', currency_scale: 3, timezone: 'America/New_York' }
    ]
  ]
  for (const [i, [what, options, now, settings]] of small.entries()) {
    it(`fills a shop with ${what}`, async () => {
      const one = await filled({ ...MONTH, seed: i, ...options }, new Date(now), settings)
      assert.equal(one.result.made('products'), options.products! + 2, 'with two that are made to order')
      await assertHolds(one)
    })
  }
})
