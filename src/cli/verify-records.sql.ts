import { currency } from '../schemas/currency.ts'
import type { Resource } from '../schemas/define.ts'
import { resources } from '../schemas/index.ts'
import { MONEY_BOUND, QUANTITY_BOUND } from '../schemas/kinds.ts'

// Invariants of records as such. They follow from the definitions, so a resource added later is checked too.

const union = (queries: string[]) => queries.join('\nunion all ')

/** An id, or the key it was made of, yields one record: a second create would have left a second audit row. */
export const onceOnly = () => `
  select resource || ' ' || record_id as id from audit_logs where action = 'create'
  group by resource, record_id having count(*) > 1`

const VOIDED_WITH = `v.invoice_id = t.invoice_id and v.created_at = t.created_at and t.direction = 'out'`
const SOLD_WITH = 'i.id = t.invoice_id and i.issued_at = t.created_at'

/** Payments and movements made by a sale, a refund or the end of an order are part of it, and so is their audit. */
const partOfDocument: Record<string, string> = {
  'stock-entries': 't.document_id is not null',
  'cash-movements': 't.document_id is not null',
  'stock-reservations': "t.reason in ('delivered', 'cancelled')",
  payments: `(t.refund_id is not null or exists (select from invoices i where ${SOLD_WITH})
    or exists (select from invoice_voids v where ${VOIDED_WITH}))`
}

const unrecorded = ({ id, name, table }: Resource) => `
  select '${name} ' || t.id || ' has no audit row' as id from "${table}" t
  where not (${partOfDocument[name] ?? 'false'}) and not exists
    (select from audit_logs a where a.record_id = t.id and a.resource = '${id}' and a.action = 'create')`

const recordless = ({ id, name, table }: Resource) => `
  select distinct '${name} ' || a.record_id || ' is not there' from audit_logs a
  where a.resource = '${id}' and a.action <> 'remove' and not exists (select from "${table}" t where t.id = a.record_id)
    and not exists (select from audit_logs r where r.record_id = a.record_id and r.resource = '${id}' and r.action = 'remove')`

/**
 * Which transaction wrote a row is kept in its system column xmin, and in the audit row's txid. A restored copy has other
 * transactions, all rows of a table the same one; there the two do not agree among the audit rows themselves, and there
 * is nothing to compare.
 */
const WRITTEN = `written as materialized (
    select record_id, array_agg(xid) as xids
    from (select record_id, xmin::text as xid,
        bool_and(xmin::text::numeric = txid::text::numeric % 4294967296) over (partition by xmin::text) as here
      from audit_logs) a
    where here group by 1),
  -- A migration that changes a type writes all rows anew, in the transaction that records it.
  migrated as materialized (select array_agg(xmin::text) as xids from schema_migrations)`

/** Sign-ins touch users, and a new release touches built-in roles, beside the services. */
const TOUCHED = new Set(['users', 'roles'])

/** A payment that a shift took over as late was written again then, and has an audit row of its own for it. */
const TAKEN_OVER = `exists (select from written o where o.record_id = t.id and t.xmin::text = any (o.xids))`

/** Rows written by another transaction than the audited ones of `record`, the record or document they belong to. */
const elsewhere = (name: string, record: string, condition = 'true', join = '') => `
  select '${name} ' || t.id || ' was written outside its audited transaction' from "${name.replaceAll('-', '_')}" t ${join}
    join written w on w.record_id = ${record}
  where ${condition} and t.xmin::text <> all (w.xids) and t.xmin::text <> all ((select xids from migrated)::text[])`

export const audit = () => {
  const made = resources.filter(({ methods }) => methods.includes('create'))
  const unchanged = made.filter(({ changes, name }) => changes && !TOUCHED.has(name))
  return `with ${WRITTEN} ${union([
    ...made.map(unrecorded),
    ...made.map(recordless),
    ...unchanged.map(({ name }) => elsewhere(name, 't.id', 't.version = 1')),
    elsewhere('stock-entries', 'coalesce(t.document_id, t.id)'),
    elsewhere(
      'payments',
      'coalesce(i.id, v.id, t.refund_id, t.id)',
      `not ${TAKEN_OVER}`,
      `left join invoices i on ${SOLD_WITH} left join invoice_voids v on ${VOIDED_WITH}`
    ),
    elsewhere('payment-allocations', 't.payment_id'),
    elsewhere('cash-movements', 'coalesce(t.document_id, t.id)'),
    elsewhere('invoice-items', 't.invoice_id'),
    elsewhere('refund-items', 't.refund_id'),
    elsewhere('account-entries', 't.document_id'),
    elsewhere('stock-receipt-items', 't.receipt_id'),
    elsewhere('stock-return-items', 't.return_id'),
    elsewhere('stock-transfer-items', 't.transfer_id'),
    elsewhere('stock-transfer-receipt-items', 't.receipt_id'),
    elsewhere('stock-count-closing-items', 't.closing_id'),
    elsewhere(
      'stock-reservations',
      'coalesce(c.id, t.id)',
      'true',
      `left join order_closings c on c.order_id = t.order_id and t.reason in ('delivered', 'cancelled')`
    ),
    elsewhere('custom-order-items', 't.order_id'),
    elsewhere('quotation-items', 't.quotation_id')
  ])}`
}

const orphan = (table: string, column: string, target: string, key = 'id', condition = 'true') => `
  select '${table.replaceAll('_', '-')} ' || t.${table === 'account_balances' ? 'party_id' : 'id'} || ' ${column}' as id from "${table}" t
  where t."${column}" is not null and ${condition} and not exists (select from "${target}" p where p."${key}" = t."${column}")`

/** Documents beside sales that move stock. */
const GOODS_DOCUMENTS = [
  'refunds',
  'invoice_voids',
  'stock_receipts',
  'stock_returns',
  'stock_transfers',
  'stock_transfer_receipts',
  'stock_count_closings',
  'order_closings'
]
const notOneOf = (tables: string[]) =>
  tables.map((table) => `not exists (select from ${table} p where p.id = t.document_id)`).join(' and ')

export const orphans = () =>
  union([
    ...resources.flatMap(({ table, all }) =>
      Object.entries(all)
        .filter(([, { ref, computed }]) => ref && !computed)
        .map(([column, { ref }]) => orphan(table, column, ref!.replaceAll('-', '_')))
    ),
    ...['payments', 'expenses', 'vendor_payments'].map((table) => orphan(table, 'method', 'payment_methods', 'code')),
    orphan('stock_entries', 'document_id', 'invoices', 'id', notOneOf(GOODS_DOCUMENTS)),
    orphan('order_payments', 'method', 'payment_methods', 'code'),
    orphan('account_entries', 'party_id', 'customers', 'id', `t.party = 'customer'`),
    orphan('account_entries', 'party_id', 'vendors', 'id', `t.party = 'vendor'`),
    orphan(
      'account_entries',
      'document_id',
      'invoices',
      'id',
      notOneOf(['payments', 'vendor_payments', ...GOODS_DOCUMENTS])
    ),
    orphan(
      'account_balances',
      'party_id',
      'customers',
      'id',
      'not exists (select from vendors v where v.id = t.party_id)'
    )
  ])

/** What may be below zero; every other figure may not. */
const SIGNED = new Set([
  'stock_levels.on_hand',
  'stock_entries.qty',
  'stock_entries.balance_after',
  'stock_transfer_receipt_items.difference',
  'restock_levels.on_hand',
  'stock_count_lines.expected',
  'stock_count_closings.value',
  'stock_count_closing_items.expected',
  'stock_count_closing_items.difference',
  'stock_count_closing_items.value',
  'stock_reservations.quantity',
  'account_entries.amount',
  'account_entries.balance_after',
  'vendor_payments.balance_after'
])

function wrongFigure(table: string, column: string, kind: string, most: number | undefined): string {
  const bound = most ?? (kind === 'quantity' ? QUANTITY_BOUND : MONEY_BOUND)
  const least = SIGNED.has(`${table}.${column}`) ? `-${bound}` : '0'
  const decimals = kind === 'money' ? ` or t."${column}" <> round(t."${column}", ${currency.scale})` : ''
  // NaN is above every number, so the bounds find it.
  return `(t."${column}" not between ${least} and ${bound}${decimals})`
}

export const amounts = () =>
  union(
    resources.flatMap(({ name, table, all }) => {
      const wrong = Object.entries(all)
        .filter(([, { kind, computed }]) => !computed && ['money', 'decimal', 'quantity'].includes(kind))
        .map(([column, { kind, options }]) => wrongFigure(table, column, kind, options.max))
      return wrong.length ? [`select '${name} ' || t.id as id from "${table}" t where ${wrong.join(' or ')}`] : []
    })
  )

export const sessions = () => `
  select 'session ' || s.id as id from sessions s join users u on u.id = s.user_id where s.ended_at is null and not u.is_active`
