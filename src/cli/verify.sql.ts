import { currency } from '../schemas/currency.ts'
import { audit, changes } from './verify-audit.sql.ts'
import { closings, counted, drawers, spent } from './verify-cash.sql.ts'
import { orders, reservations } from './verify-orders.sql.ts'
import { ageing, commission } from './verify-parties.sql.ts'
import { amounts, onceOnly, orphans, sessions } from './verify-records.sql.ts'
import { accounts, deliveries, payments, refunds } from './verify-sales.sql.ts'

/** Something that always holds. `sql` finds what breaks it: one row each, named in the column `id`. */
export interface Invariant {
  name: string
  title: string
  sql: () => string
}

/** Stock is the sum of its ledger. */
const stock = () => `
  select 'product ' || product_id || ' branch ' || branch_id as id
  from stock_levels l full join (select product_id, branch_id, sum(qty) as moved from stock_entries group by 1, 2) e
    using (product_id, branch_id)
  where coalesce(l.on_hand, 0) <> coalesce(e.moved, 0)`

const floor = () => `
  select 'product ' || l.product_id || ' branch ' || l.branch_id as id
  from stock_levels l join branches b on b.id = l.branch_id where l.on_hand < 0 and b.stock_policy = 'block'`

/** A gap, a double and a wrong order each show at the number that follows. */
const numbers = () => `
  select 'invoice ' || invoice_no as id
  from (select invoice_no, series_no, issued_at,
      lag(series_no, 1, 0) over series as before, lag(issued_at) over series as issued_before
    from invoices where series_no is not null window series as (partition by register_id order by series_no)) i
  where series_no <> before + 1 or issued_at is null or issued_at < issued_before
    or invoice_no not like '%-' || lpad(series_no::text, greatest(6, length(series_no::text)), '0')
  union all
  select 'register ' || r.id from registers r left join number_series n on n.register_id = r.id
    left join (select register_id, max(series_no) as last from invoices group by 1) i on i.register_id = r.id
  where n.last_no is distinct from coalesce(i.last, 0)
  union all
  select 'invoice ' || id from invoices where (status not in ('draft', 'cancelled')) and (invoice_no is null or series_no is null)`

/** Numbers of documents beside invoices: of each series every one from the first to the last given out. */
const series = () =>
  `select d.kind || ' ' || d.id as id
   from (select kind, id, owner_id, n, row_number() over (partition by kind, owner_id order by n) as expected from (${NUMBERED.map(
     ([kind, table, owner, number]) =>
       `select '${kind}' as kind, id, "${owner}" as owner_id, substring("${number}" from '[0-9]+$')::int as n from "${table}"`
   ).join(' union all ')}) numbered) d
   where d.n <> d.expected
   union all
   select s.kind || ' series of ' || s.owner_id from document_series s join (${NUMBERED.map(
     ([kind, table, owner]) =>
       `select '${kind}' as kind, "${owner}" as owner_id, count(*) as given from "${table}" group by 2`
   ).join(' union all ')}) d using (kind, owner_id) where s.last_no <> d.given`

const NUMBERED = [
  ['receipt', 'stock_receipts', 'branch_id', 'number'],
  ['return', 'stock_returns', 'branch_id', 'number'],
  ['refund', 'refunds', 'register_id', 'refund_no'],
  ['transfer', 'stock_transfers', 'from_branch_id', 'number'],
  ['count', 'stock_counts', 'branch_id', 'number'],
  ['order', 'custom_orders', 'branch_id', 'order_no'],
  ['quotation', 'quotations', 'branch_id', 'quotation_no'],
  ['vendor_payment', 'vendor_payments', 'branch_id', 'number']
] as const

/** Documents of goods are their lines, moved them, and put them on the vendor's account. */
const goods = () =>
  (
    [
      ['stock_receipts', 'stock_receipt_items', 'receipt_id', 1],
      ['stock_returns', 'stock_return_items', 'return_id', -1]
    ] as const
  )
    .map(
      ([table, items, parent, sign]) => `
  select '${table} ' || d."number" as id from ${table} d
    left join (select ${parent} as id, sum(total) as total, bool_and(total = round(quantity * unit_cost, ${currency.scale})) as exact
      from ${items} group by 1) l on l.id = d.id
    left join (select document_id as id, sum(amount) as amount from account_entries group by 1) a on a.id = d.id
  where d.total is distinct from l.total or not l.exact or coalesce(a.amount, 0) <> ${sign} * d.total
  union all
  select '${table} ' || document_id || ' product ' || product_id from
    (select ${parent} as document_id, product_id, ${sign} * sum(quantity) as moved from ${items} group by 1, 2) l
    full join (select document_id, product_id, sum(qty) as moved from stock_entries
      where document_id in (select id from ${table}) group by 1, 2) e using (document_id, product_id)
  where l.moved is distinct from e.moved`
    )
    .join('\n  union all')

/** What a document moved by the ledger and by its own word, per product. */
const movedAs = (name: string, stated: string, entries: string) => `
  select '${name} ' || document_id || ' product ' || product_id as id
  from (${stated}) l full join (select document_id, product_id, sum(qty) as moved from stock_entries e where ${entries} group by 1, 2) e
    using (document_id, product_id)
  where coalesce(l.moved, 0) <> coalesce(e.moved, 0)`

/** What was sent is what was received and what is named as lost or found on the way. */
const transfers = () =>
  [
    `
  select 'stock-transfer ' || t.number as id from stock_transfers t left join stock_transfer_receipts r on r.transfer_id = t.id
  where (t.status = 'received') <> (r.id is not null)
  union all
  select 'stock-transfer item ' || i.id from stock_transfer_items i join stock_transfers t on t.id = i.transfer_id
    left join stock_transfer_receipt_items r on r.item_id = i.id
  where (t.status = 'received') <> (r.id is not null) or r.sent <> i.quantity or r.quantity <> r.sent + r.difference
    or r.unit_cost <> i.unit_cost`,
    movedAs(
      'stock-transfer',
      'select transfer_id as document_id, product_id, -sum(quantity) as moved from stock_transfer_items group by 1, 2',
      'document_id in (select id from stock_transfers)'
    ),
    movedAs(
      'arrival',
      'select receipt_id as document_id, product_id, sum(sent) as moved from stock_transfer_receipt_items group by 1, 2',
      `type = 'IN' and document_id in (select id from stock_transfer_receipts)`
    ),
    movedAs(
      'loss of arrival',
      'select receipt_id as document_id, product_id, sum(difference) as moved from stock_transfer_receipt_items group by 1, 2',
      `type <> 'IN' and document_id in (select id from stock_transfer_receipts)`
    )
  ].join('\n  union all')

/** A closed count booked what was counted less what the ledger had. */
const counts = () => `
  select 'stock-count ' || c.number as id from stock_counts c left join stock_count_closings k on k.count_id = c.id
  where (c.status = 'closed') <> (k.id is not null)
  union all ${movedAs(
    'stock-count closing',
    'select closing_id as document_id, product_id, sum(counted - expected) as moved from stock_count_closing_items group by 1, 2',
    'document_id in (select id from stock_count_closings)'
  )}`

/**
 * The tax on `amount`, rounded half away from zero as the domain does. The divisor is below 200 with four decimals, so
 * a quotient that is no tie is further from one than the twenty decimals kept here.
 */
const tax = (amount: string, rate: string, inclusive: string) =>
  `round((${amount} * ${rate})::numeric(38, 20) / (100 + case when ${inclusive} then ${rate} else 0 end), ${currency.scale})`

const totals = () => `
  with line as (
    select i.id, i.prices_include_tax as inclusive, i.tax_rounding, l.tax_rate, l.tax, l.total, l.discount, l.document_discount,
      round(l.quantity * l.unit_price, ${currency.scale}) as gross,
      round(l.quantity * l.unit_price, ${currency.scale}) - l.discount - l.document_discount as payable
    from invoices i join invoice_items l on l.invoice_id = i.id
  ), summed as (
    select id, sum(gross) as subtotal, sum(discount + document_discount) as discount, sum(document_discount) as discounts,
      sum(tax) as tax, sum(total) as total
    from line group by 1
  ), rated as (
    select id, tax_rate as rate, inclusive, tax_rounding, sum(payable) as payable, sum(total - tax) as base, sum(tax) as tax
    from line group by 1, 2, 3, 4
  ), stated as (
    select i.id, t.rate, t.base, t.tax from invoices i, jsonb_to_recordset(i.taxes) as t (rate numeric, base numeric, tax numeric)
  )
  select 'invoice ' || id as id from (
    select i.id from invoices i left join summed s on s.id = i.id
      where (i.subtotal, i.discount, i.discounts, i.tax, i.total) is distinct from (s.subtotal, s.discount, s.discounts, s.tax, s.total)
        or i.total <> i.subtotal - i.discount + case when i.prices_include_tax then 0 else i.tax end
    union select id from line where total <> payable + case when inclusive then 0 else tax end
      or (tax_rounding = 'line' and tax <> ${tax('payable', 'tax_rate', 'inclusive')})
    union select id from rated where tax_rounding = 'document' and tax <> ${tax('payable', 'rate', 'inclusive')}
    union select coalesce(r.id, t.id) from rated r full join stated t on t.id = r.id and t.rate = r.rate
      where (r.base, r.tax) is distinct from (t.base, t.tax)
  ) wrong`

/** What the books promise, in the order in which one would look for a fault. */
export const invariants: Invariant[] = [
  { name: 'stock', title: 'stock on hand is the sum of the stock ledger', sql: stock },
  { name: 'floor', title: 'no stock below zero where the branch blocks it', sql: floor },
  {
    name: 'deliveries',
    title: 'what was sold left the stock and what was returned came back, line by line, and nothing else in its name',
    sql: deliveries
  },
  { name: 'numbers', title: 'invoice numbers have no gap and no double and run with time, per register', sql: numbers },
  { name: 'series', title: 'documents beside invoices are numbered without gaps', sql: series },
  { name: 'goods', title: 'goods in and back are their lines, in stock and on the account of the vendor', sql: goods },
  { name: 'transfers', title: 'what was sent to a branch arrived there, or is named as lost or found', sql: transfers },
  { name: 'counts', title: 'closed counts booked what differed', sql: counts },
  { name: 'totals', title: 'invoices are their lines, discounts and taxes, to the last unit', sql: totals },
  {
    name: 'payments',
    title: 'an invoice is what was paid and what is owed, and was paid by its payments',
    sql: payments
  },
  {
    name: 'refunds',
    title: 'what came back is no more than was sold, worth what was paid for it, and was paid out once',
    sql: refunds
  },
  {
    name: 'accounts',
    title:
      'a balance is the sum of its entries: of open invoices less credit, of deliveries less what was paid for them',
    sql: accounts
  },
  { name: 'ageing', title: 'balances by age come to the balances, of open documents and credit', sql: ageing },
  { name: 'commission', title: 'commission is its rate of what was sold, less what came back', sql: commission },
  { name: 'drawers', title: 'each closing froze what the ledgers say, and closed its shift', sql: drawers },
  { name: 'closings', title: 'Z numbers have no gap and no double and run with time, per register', sql: closings },
  { name: 'counted', title: 'a shift counts what its register sold and took, each once', sql: counted },
  { name: 'spent', title: 'what an expense or vendor payment took from a drawer is its amount', sql: spent },
  {
    name: 'orders',
    title: 'an order is its lines and its advances; each delivered one has one invoice, with the same total',
    sql: orders
  },
  {
    name: 'reserved',
    title: 'what is kept for orders is the sum of its ledger, and goes with the order',
    sql: reservations
  },
  { name: 'once', title: 'one id or idempotency key made one record', sql: onceOnly },
  {
    name: 'audit',
    title: 'every record has its audit row, written in the same transaction, and every audit row its record',
    sql: audit
  },
  { name: 'changes', title: 'a record was changed as often as its audit rows say', sql: changes },
  { name: 'orphans', title: 'nothing refers to what is not there', sql: orphans },
  { name: 'amounts', title: 'no figure is NaN, out of bounds, negative or finer than the currency', sql: amounts },
  { name: 'sessions', title: 'no session is open of a user who is not active', sql: sessions }
]
