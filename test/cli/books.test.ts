import assert from 'node:assert/strict'
import type { Regal } from '../../src/app.ts'
import { CommandError } from '../../src/cli/command.ts'
import { type DemoOptions, type DemoResult, fillShop } from '../../src/cli/demo/fill.ts'
import { withServices } from '../../src/cli/shop.ts'
import { invariants } from '../../src/cli/verify.sql.ts'
import { type Finding, verifyBooks } from '../../src/cli/verify.ts'
import type { Queryable } from '../../src/database/connection.ts'
import { newId } from '../../src/ids.ts'
import { prepareShop } from '../../src/ops/first-start.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { loadSettings, type Settings } from '../../src/settings.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'

const SMALL: DemoOptions = { products: 20, customers: 10, days: 12, seed: 9, force: false }
/** An afternoon, with shifts open. */
const NOW = new Date('2026-03-18T15:30:00Z')
const broken = (findings: Finding[]) => findings.filter(({ count }) => count > 0)

/** An audit row for a change made beside the services, so that the change itself is all that is wrong. */
const audited = (tx: Queryable, resource: string, id: string, action = 'patch') =>
  tx.query('insert into audit_logs (id, action, resource, record_id) values ($1, $2, $3, $4)', [
    newId(),
    action,
    resource,
    id
  ])

/** The statement's one row, changed as an attacker with the owner's password would, and covered by an audit row. */
const tamper = (resource: string, sql: string) => async (tx: Queryable) => {
  const rows = await tx.query<{ id: string }>(sql)
  assert.equal(rows.length, 1, 'the statement finds its one row')
  const { table, changes } = resourceNamed(resource)
  if (changes) await tx.query(`update "${table}" set version = version + 1 where id = $1`, [rows[0]!.id])
  await audited(tx, resource, rows[0]!.id)
}
const plainly = (sql: string) => async (tx: Queryable) => {
  assert.equal((await tx.query(sql)).length, 1, 'the statement finds its one row')
}

const ANY_PAID = `(select id from invoices where status = 'paid' and total > 0 order by id limit 1)`
const ANY_LINE = `(select id from invoice_items where discount = 0 and total > 1 order by id limit 1)`
const LAST = `(select id from invoices where series_no is not null order by register_id, series_no desc limit 1)`

type Damage = [invariant: string, what: string, damage: (tx: Queryable) => Promise<void>]

/** What may be done to the books, and the one invariant that must tell. */
const damages: Damage[] = [
  [
    'stock',
    'a level that its ledger does not explain',
    plainly(`update stock_levels set on_hand = on_hand + 1
      where id = (select id from stock_levels order by id limit 1) returning id`)
  ],
  [
    'floor',
    'a level below zero, ledger and all',
    async (tx) => {
      const [entry] = await tx.query<{ id: string }>(
        `with level as (select * from stock_levels order by id limit 1),
         moved as (update stock_levels l set on_hand = -1, may_go_below_zero = true from level where l.id = level.id)
         insert into stock_entries (id, product_id, branch_id, qty, type, reason, balance_after)
         select $1, product_id, branch_id, -on_hand - 1, 'ADJUST', 'test', -1 from level returning id`,
        [newId()]
      )
      await audited(tx, 'stock-entries', entry!.id, 'create')
    }
  ],
  [
    'deliveries',
    'goods sold that did not leave the stock',
    tamper(
      'invoices',
      `update invoice_items l set product_id = (select p.id from products p where p.id <> l.product_id
         and not exists (select from invoice_items o where o.invoice_id = l.invoice_id and o.product_id = p.id) limit 1)
       where id = (select l.id from invoice_items l join invoices i on i.id = l.invoice_id
         where i.status = 'paid' order by l.id limit 1) returning invoice_id as id`
    )
  ],
  [
    'numbers',
    'a gap',
    async (tx) => {
      await tamper(
        'invoices',
        `update invoices set series_no = series_no + 1,
           invoice_no = regexp_replace(invoice_no, '\\d{6}$', lpad((series_no + 1)::text, 6, '0')) where id = ${LAST} returning id`
      )(tx)
      await tx.query(
        `update number_series set last_no = last_no + 1 where register_id = (select register_id from invoices where id = ${LAST})`
      )
    }
  ],
  [
    'numbers',
    'a number given out and not used',
    plainly(`update number_series set last_no = last_no + 1
      where register_id = (select register_id from number_series order by 1 limit 1) returning register_id`)
  ],
  [
    'numbers',
    'a number that is not its own',
    tamper('invoices', `update invoices set invoice_no = 'MAIN-01-999999' where id = ${LAST} returning id`)
  ],
  [
    'numbers',
    'a number earlier than the one before',
    tamper(
      'invoices',
      `with early as (update invoices set issued_at = '2020-01-01' where id = ${LAST} returning id),
         with_it as (update payments p set created_at = '2020-01-01' from early where p.invoice_id = early.id)
       select id from early`
    )
  ],
  [
    'totals',
    'a subtotal',
    tamper('invoices', `update invoices set subtotal = subtotal + 0.01 where id = ${ANY_PAID} returning id`)
  ],
  [
    'totals',
    'a base in the list of taxes',
    tamper(
      'invoices',
      `update invoices set taxes = jsonb_set(taxes, '{0,base}', '"0.01"') where id = ${ANY_PAID} returning id`
    )
  ],
  [
    'totals',
    'tax moved into the price of a line',
    tamper('invoices', `update invoice_items set tax = tax - 0.01 where id = ${ANY_LINE} returning invoice_id as id`)
  ],
  [
    'totals',
    'a discount given afterwards',
    tamper('invoices', `update invoice_items set discount = 0.01 where id = ${ANY_LINE} returning invoice_id as id`)
  ],
  [
    'payments',
    'a status',
    tamper('invoices', `update invoices set status = 'issued' where id = ${ANY_PAID} returning id`)
  ],
  [
    'payments',
    'a payment smaller than booked',
    tamper(
      'invoices',
      `update payments set amount = amount - 0.01, tendered = tendered - 0.01
       where id = (select p.id from payments p join invoices i on i.id = p.invoice_id and i.issued_at = p.created_at
         join shifts s on s.id = p.shift_id where s.status = 'open' order by p.id limit 1) returning invoice_id as id`
    )
  ],
  [
    'accounts',
    'a balance',
    plainly(`update account_balances set balance = balance + 0.01
      where party_id = (select party_id from account_balances order by 1 limit 1) returning party_id`)
  ],
  [
    'reserved',
    'goods kept for nobody',
    plainly(`update stock_levels set reserved = 1
      where id = (select id from stock_levels order by id limit 1) returning id`)
  ],
  [
    'accounts',
    'a payment to a vendor that is less on the account',
    tamper(
      'vendor-payments',
      `update vendor_payments set amount = amount + 1
       where id = (select id from vendor_payments where shift_id is null order by id limit 1) returning id`
    )
  ],
  ...['closing', 'receipt', 'return', 'refund', 'transfer', 'count', 'order', 'quotation', 'vendor_payment'].map(
    (kind): Damage => [
      kind === 'closing' ? 'closings' : 'series',
      `a number of a ${kind} given out and not used`,
      plainly(`update document_series set last_no = last_no + 1
        where (kind, owner_id) = (select kind, owner_id from document_series where kind = '${kind}' order by 2 limit 1) returning kind`)
    ]
  ),
  [
    'series',
    'a gap between deliveries',
    tamper(
      'stock-receipts',
      `update stock_receipts set number = regexp_replace(number, '\\d{6}$', '000999')
       where id = (select id from stock_receipts order by id limit 1) returning id`
    )
  ],
  [
    'closings',
    'a gap between Z reports',
    async (tx) => {
      await tamper(
        'shift-closings',
        `update shift_closings set series_no = series_no + 1, number = regexp_replace(number, '\\d{6}$', lpad((series_no + 1)::text, 6, '0'))
         where id = (select id from shift_closings order by series_no desc, id limit 1) returning id`
      )(tx)
      await tx.query(`update document_series s set last_no = c.last from (select register_id, max(series_no) as last from shift_closings
        group by 1) c where s.kind = 'closing' and s.owner_id = c.register_id`)
    }
  ],
  [
    'goods',
    'a delivery that is more than its lines',
    tamper(
      'stock-receipts',
      `update stock_receipts set total = total + 1 where id = (select id from stock_receipts order by id limit 1) returning id`
    )
  ],
  [
    'transfers',
    'goods that arrived at another cost',
    tamper(
      'stock-transfer-receipts',
      `update stock_transfer_receipt_items set unit_cost = unit_cost + 1
       where id = (select id from stock_transfer_receipt_items order by id limit 1) returning receipt_id as id`
    )
  ],
  [
    'counts',
    'a piece counted afterwards',
    tamper(
      'stock-count-closings',
      `update stock_count_closing_items set counted = counted + 1, difference = difference + 1
       where id = (select id from stock_count_closing_items order by id limit 1) returning closing_id as id`
    )
  ],
  [
    'refunds',
    'a refund that was worth more',
    tamper(
      'refunds',
      `update refund_items set amount = amount - 0.01 where id = (select id from refund_items order by id limit 1) returning refund_id as id`
    )
  ],
  [
    'drawers',
    'a drawer of which less was expected',
    tamper(
      'shift-closings',
      `update shift_closings set expected = jsonb_set(expected, '{cash}', '"1.00"')
       where id = (select id from shift_closings order by id limit 1) returning id`
    )
  ],
  [
    'counted',
    'money that no shift counts',
    tamper(
      'invoices',
      `update payments set shift_id = null where id = (select p.id from payments p join shifts s on s.id = p.shift_id
         join invoices i on i.id = p.invoice_id and i.issued_at = p.created_at
         where s.status = 'open' order by p.id limit 1) returning invoice_id as id`
    )
  ],
  [
    'spent',
    'an expense that took less from the drawer',
    tamper(
      'expenses',
      `update expenses set amount = amount + 1
       where id = (select id from expenses where shift_id is not null order by id limit 1) returning id`
    )
  ],
  [
    'orders',
    'an order that is less than its lines',
    tamper(
      'custom-orders',
      `update custom_order_items set total = total + 0.01
       where id = (select id from custom_order_items order by id limit 1) returning order_id as id`
    )
  ],
  [
    'changes',
    'a change written down twice',
    async (tx) => {
      const [product] = await tx.query<{ id: string }>('select id from products order by id limit 1')
      await audited(tx, 'products', product!.id)
    }
  ],
  [
    'changes',
    'two changes written down once',
    tamper(
      'products',
      `update products set version = version + 1 where id = (select id from products order by id limit 1) returning id`
    )
  ],
  [
    'changes',
    'a change of an invoice that nothing made',
    tamper('invoices', `update invoices set version = version + 1 where id = ${ANY_PAID} returning id`)
  ],
  [
    'commission',
    'a rate changed afterwards',
    tamper(
      'invoices',
      `update invoices set commission_rate = commission_rate + 1 where id = (select id from invoices
         where commission > 0 order by id limit 1) returning id`
    )
  ],
  [
    'ageing',
    'a list that leaves the newest out',
    async (tx) => {
      const [view] = await tx.query<{ sql: string }>(`select pg_get_viewdef('customer_ageing') as sql`)
      const wrong = view!.sql.replaceAll('<= 0', '< 0')
      assert.notEqual(wrong, view!.sql)
      await tx.query(`create or replace view customer_ageing as ${wrong}`)
    }
  ],
  [
    'once',
    'a record made twice',
    async (tx) => {
      const [product] = await tx.query<{ id: string }>('select id from products order by id limit 1')
      await audited(tx, 'products', product!.id, 'create')
    }
  ],
  [
    'audit',
    'an audit row taken away',
    plainly(`delete from audit_logs where seq = (select max(seq) from audit_logs where resource = 'invoices' and action = 'create')
      returning seq`)
  ],
  ['audit', 'an audit row of nothing', (tx) => audited(tx, 'invoices', newId()).then(() => undefined)],
  [
    'audit',
    'an invoice that was paid later changed without one',
    plainly(`update invoices set notes = 'test' where id = (select invoice_id from payments p join invoices i on i.id = p.invoice_id
      where p.direction = 'in' and p.created_at > i.issued_at order by p.id limit 1) returning id`)
  ],
  [
    'audit',
    'a price changed without one',
    plainly(`update products set unit_price = unit_price + 1
      where id = (select id from products order by id limit 1) returning id`)
  ],
  [
    'audit',
    'an entry of the ledger changed without one',
    plainly(`update stock_entries set reason = 'test'
      where id = (select id from stock_entries order by id limit 1) returning id`)
  ],
  [
    'orphans',
    'a brand that is not there',
    tamper(
      'products',
      `update products set brand_id = gen_random_uuid() where id = (select id from products order by id limit 1) returning id`
    )
  ],
  [
    'amounts',
    'a price finer than the currency',
    tamper(
      'products',
      `update products set unit_price = 1.2345 where id = (select id from products order by id limit 1) returning id`
    )
  ],
  [
    'amounts',
    'a cost that is no number',
    async (tx) => {
      await tx.query('alter table products drop constraint products_cost_price_bounds')
      await tamper(
        'products',
        `update products set cost_price = 'NaN' where id = (select id from products order by id limit 1) returning id`
      )(tx)
    }
  ],
  [
    'sessions',
    'a session of somebody who left',
    plainly(`with gone as (update users set is_active = false where username = 'sana' returning id)
      insert into sessions (id, user_id, last_used_at) select gen_random_uuid(), id, now() from gone returning id`)
  ]
]

/** Whether the demo's customers owe anything depends on the day; this one does. */
async function sellOnAccount({ app, database }: Regal): Promise<void> {
  const [found] = await database.query<{ customer_id: string; product_id: string }>(
    `select (select id from customers order by credit_limit desc limit 1) as customer_id,
       (select p.id from products p join stock_levels l on l.product_id = p.id where l.on_hand > 0
        order by p.unit_price limit 1) as product_id`
  )
  const items = [{ product_id: found!.product_id, quantity: 1 }]
  await app.service('invoices').create({ customer_id: found!.customer_id, items })
}

describe('The books', () => {
  let db: TestDatabase
  let settings: Settings
  let filled: DemoResult
  const fill = (options: DemoOptions) => withServices(settings, (regal) => fillShop(regal, options, () => {}, NOW))

  before(async () => {
    db = await createTestDatabase()
    const base = await loadSettings()
    settings = {
      ...base,
      database: { ...base.database, url: db.url, query_timeout_ms: 10_000 },
      auth: { ...base.auth, secret: 'a secret for tests that is long enough' }
    }
    await prepareShop(db.database, settings)
    filled = await fill(SMALL)
    await withServices(settings, sellOnAccount)
  })
  after(() => db.drop())

  it('hold in a shop filled by the demo', async () => {
    assert.deepEqual(broken(await verifyBooks(db.database)), [])
  })

  it('are those of a shop at work', async () => {
    const [shop] = await db.database.query(
      `select (select count(*) from products) as products, (select count(*) from customers) as customers,
         (select count(distinct business_date) > 1 from invoices) as days, (select count(*) from invoices where series_no is not null) as invoices,
         (select bool_and(created_at <= now()) from invoices) as past,
         (select count(*) > 0 from invoices where balance > 0) as owed,
         (select bool_and(created_by is not null) from payments) as signed`
    )
    const [delivered] = await db.database.query<{ count: number }>(
      `select count(*) from order_closings where outcome = 'delivered'`
    )
    assert.deepEqual(shop, {
      products: SMALL.products + 2,
      customers: SMALL.customers,
      days: true,
      invoices: filled.made('invoices') + delivered!.count + 1,
      past: true,
      owed: true,
      signed: true
    })
  })

  /** What is found once the damage is done; nothing of it stays. */
  const damaged = (damage: Damage[2], names?: string[]) =>
    db.database.rehearsal(async (tx) => {
      await tx.query('set local session_replication_role = replica')
      await damage(tx)
      return broken(await verifyBooks(tx, names))
    })

  for (const [invariant, what, damage] of damages) {
    it(`tell of ${what}`, async () => {
      const told = await damaged(damage)
      assert.deepEqual(
        told.map(({ name }) => name),
        [invariant]
      )
      assert.ok(told[0]!.examples.length > 0 && told[0]!.examples.length <= 5)
    })
  }

  it('have each of their promises broken here once', () => {
    const names = new Set(damages.map(([name]) => name))
    assert.deepEqual(
      invariants.filter(({ name }) => !names.has(name)),
      []
    )
  })

  it('tell of every record that lost its audit row, or was written again without one', async () => {
    const silent: string[] = []
    const none: string[] = []
    for (const { id, name, table, methods } of resources) {
      if (!methods.includes('create')) continue
      const newest = `select seq, record_id from audit_logs where resource = '${id}' and action = 'create' order by seq desc limit 1`
      if (!(await db.database.query(newest)).length) {
        none.push(name)
        continue
      }
      const lost = plainly(`with n as (${newest}) delete from audit_logs a using n where a.seq = n.seq returning a.seq`)
      if ((await damaged(lost, ['audit'])).length !== 1) silent.push(`${name}, lost`)
      // Sign-ins and new releases write these beside the services.
      if (name === 'users' || name === 'roles') continue
      const again = plainly(
        `with n as (${newest}) update "${table}" t set id = t.id from n where t.id = n.record_id returning t.id`
      )
      if ((await damaged(again, ['audit'])).length !== 1) silent.push(`${name}, written again`)
    }
    assert.deepEqual([silent, none.sort()], [[], ['barcodes', 'settings']])
  })

  it('hold after a migration that wrote a table anew, and not after somebody who did', async () => {
    const rewritten = async (recorded: boolean) =>
      db.database.rehearsal(async (tx) => {
        await tx.query('alter table customers alter column credit_limit type numeric(18,6)')
        if (recorded) await tx.query(`insert into schema_migrations (name, checksum) values ('9999_limits', '')`)
        return broken(await verifyBooks(tx, ['audit'])).length
      })
    assert.deepEqual([await rewritten(true), await rewritten(false)], [0, 1])
  })

  it('are checked one by one where asked', async () => {
    const findings = await verifyBooks(db.database, ['numbers', 'stock'])
    assert.deepEqual(
      findings.map(({ name }) => name),
      ['stock', 'numbers']
    )
  })

  it('are not filled twice unless forced, and then hold too', async () => {
    await assert.rejects(fill(SMALL), CommandError)
    const more = await fill({ products: 3, customers: 2, days: 2, seed: 7, force: true })
    assert.deepEqual(
      more.staff.map(({ username }) => username),
      ['ayesha2', 'bilal2', 'sana2', 'hina2', 'kashif2', 'tariq2', 'nadia2']
    )
    assert.deepEqual(broken(await verifyBooks(db.database)), [])
  })
})
