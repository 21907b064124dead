import type { Resource } from '../schemas/define.ts'
import { resources } from '../schemas/index.ts'
import { union } from './verify-records.sql.ts'

// Invariants of the audit log, over every resource that it keeps.

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
/** Imports note how far they are, and what changes an invoice has an audit row of its own. */
const NOTED = new Set(['imports', 'invoices'])

const made = resources.filter(({ methods }) => methods.includes('create'))
const changing = made.filter(({ changes, name }) => changes && !TOUCHED.has(name))
/** Written once, with their own audit row. An approval is written again by the document that uses it up. */
const lasting = made.filter(({ changes, name }) => !changes && !partOfDocument[name] && name !== 'approvals')

/** A payment that a shift took over as late was written again then, and has an audit row of its own for it. */
const TAKEN_OVER = `exists (select from written o where o.record_id = t.id and t.xmin::text = any (o.xids))`

/** Rows written by another transaction than the audited ones of `record`, the record or document they belong to. */
const elsewhere = (name: string, record: string, condition = 'true', join = '') => `
  select '${name} ' || t.id || ' was written outside its audited transaction' from "${name.replaceAll('-', '_')}" t ${join}
    join written w on w.record_id = ${record}
  where ${condition} and t.xmin::text <> all (w.xids) and t.xmin::text <> all ((select xids from migrated)::text[])`

/** What changes an invoice by an audit row of its own: what is paid later, comes back, or is printed. */
const CHANGED_BY = `
  select invoice_id as id, id as document_id from refunds
  union all select invoice_id, id from invoice_voids
  union all select invoice_id, id from invoice_prints
  union all select invoice_id, payment_id from payment_allocations
  union all select t.invoice_id, t.id from payments t where t.invoice_id is not null and not ${partOfDocument.payments}`

/** An invoice as it was last changed: by itself, or by one of those. */
const changedElsewhere = `
  select 'invoices ' || t.id || ' was written outside its audited transaction' from invoices t join written own on own.record_id = t.id
  where t.version > 1 and t.xmin::text <> all (own.xids) and t.xmin::text <> all ((select xids from migrated)::text[])
    and not exists (select from (${CHANGED_BY}) c join written w on w.record_id = c.document_id
      where c.id = t.id and t.xmin::text = any (w.xids))`

export const audit = () =>
  `with ${WRITTEN} ${union([
    ...made.map(unrecorded),
    ...made.map(recordless),
    ...changing.map(({ name }) => elsewhere(name, 't.id', NOTED.has(name) ? 't.version = 1' : 'true')),
    changedElsewhere,
    ...lasting.map(({ name }) => elsewhere(name, 't.id')),
    elsewhere('approvals', 'case when t.used_at is null then t.id else t.document_id end'),
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

/** A version counts the changes since a record was made, and each of them left its row. */
const miscounted = ({ id, name, table }: Resource, others = '') => `
  select '${name} ' || t.id || ' has another version than audit rows' as id from "${table}" t
    left join (select record_id, count(*) as n from audit_logs where resource = '${id}' and action = 'patch' group by 1) a on a.record_id = t.id
    ${others && `left join (select id, count(*) as n from (${others}) o group by 1) c on c.id = t.id`}
  where t.version <> 1 + coalesce(a.n, 0)${others && ' + coalesce(c.n, 0)'}`

/** One audit row per change, of every resource that changes. */
export const changes = () =>
  union(
    changing
      .filter(({ name }) => name !== 'imports')
      .map((resource) => miscounted(resource, resource.name === 'invoices' ? CHANGED_BY : ''))
  )
