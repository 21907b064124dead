import type { Template } from '../statement.ts'
import { INVOICE, type InvoiceColumn, LINES, PAYMENTS } from './columns.ts'
import type { Shape, Writing } from './sale.sql.ts'

type Bind = Template<Writing>['bind']
type Find = Parameters<Bind>[0]

const invoiceOf =
  (name: InvoiceColumn): Find =>
  ({ document }) =>
    document.invoice[name]

const namesOf = <Columns extends object>(columns: Columns) => Object.keys(columns) as (keyof Columns & string)[]

/** `unnest($1::uuid[], $2::text[]) as n (id, method)`: lists as arrays, which the planner knows how to join. */
function lists<Columns extends Record<string, string>>(
  columns: Columns,
  find: (name: keyof Columns & string) => Find,
  bind: Bind
): string {
  const arrays = namesOf(columns).map((name) => `${bind(find(name))}::${columns[name]}[]`)
  return `unnest(${arrays.join(', ')}) as n (${quoted(columns)})`
}

const quoted = (columns: Record<string, string>, alias = '') =>
  namesOf(columns)
    .map((name) => `${alias}"${name}"`)
    .join(', ')

/**
 * The open shift of the register, kept from being closed until the sale is written: a closing either waits and counts the
 * sale, or came first, and the sale has no shift. Asked for before any stock is locked.
 */
export const shiftPart = (bind: Bind) =>
  `shift as materialized (select id from shifts where register_id = ${bind(invoiceOf('register_id'))}::uuid and status = 'open' for key share)`

/**
 * Moves the stock. The rows are locked in the order of product ids before any of them changes: unsorted, forty sellers
 * on twenty hot products end in deadlocks. The floor is the constraint stock_levels_on_hand_check; what is kept for orders is
 * compared with the row as it is written, not as it was read.
 */
export function stockParts(bind: Bind): string[] {
  const branch = `${bind(invoiceOf('branch_id'))}::uuid`
  const products = `${bind(({ document }) => document.stock!.product_id)}::uuid[]`
  const quantities = `${bind(({ document }) => document.stock!.qty)}::numeric[]`
  const entries = `${bind(({ document }) => document.stock!.entry_id)}::uuid[]`
  return [
    `locked as materialized (select product_id from stock_levels
       where (select count(*) from shift) >= 0 and branch_id = ${branch} and product_id = any(${products})
       order by product_id for update)`,
    `moved as (update stock_levels l set on_hand = l.on_hand - n.qty, version = l.version + 1, updated_at = clock_timestamp()
       from unnest(${products}, ${quantities}, ${entries}) as n (product_id, qty, entry_id)
       where l.branch_id = ${branch} and l.product_id = n.product_id and n.product_id in (select product_id from locked)
       returning l.*, n.qty, n.entry_id,
         (l.may_go_below_zero or l.reserved = 0 or l.on_hand >= l.reserved or regal_refuse('insufficient_stock')) as allowed)`
  ]
}

/** Puts what is not paid on the customer's account, within the limit; waits for the stock to be locked first. */
export function accountPart({ drawn }: Shape, bind: Bind): string {
  const customer = `${bind(invoiceOf('customer_id'))}::uuid`
  // Of the balance as it is now, under its lock: two sales cannot draw on the same credit.
  const credit = drawn
    ? `(a.balance - ${bind(({ document }) => document.owed!.unpaid)}::numeric <= 0 or regal_refuse('credit_exceeded')) and `
    : ''
  return `owed as (insert into account_balances as a (party_id, balance)
    select ${customer}, ${bind(({ document }) => document.owed!.amount)}::numeric where (select count(*) from moved) >= 0
    on conflict (party_id) do update set balance = a.balance + excluded.balance
    returning a.balance, (${credit}(a.balance <= (select credit_limit from customers where id = ${customer})
      or regal_refuse('credit_limit'))) as allowed)`
}

/** The clock of the database, not of this process: one for all nodes. */
const instantOf = ({ dated }: Shape, bind: Bind) =>
  dated ? `${bind(({ document }) => document.at)}::timestamptz` : 'clock_timestamp()'

/**
 * The number, taken last of all locks: a register's series is the row that its sales queue for. With it the instant,
 * read under that lock, so that the order of numbers is the order of time.
 */
export function seriesPart(shape: Shape, bind: Bind): string {
  const count = bind(({ document }) => document.stock!.product_id.length)
  const waits = shape.owed ? ' and (select count(*) from owed where allowed) = 1' : ''
  return `series as (update number_series set last_no = last_no + 1 where register_id = ${bind(invoiceOf('register_id'))}::uuid
    and ((select count(*) from moved where allowed) = ${count}::int or regal_refuse('insufficient_stock'))${waits}
    returning last_no as series_no, ${bind(({ document }) => document.prefix)}::text || lpad(last_no::text, greatest(6, length(last_no::text)), '0') as invoice_no,
      ${instantOf(shape, bind)} as at)`
}

/**
 * The invoice's row: a new one, or with `replaces` the draft's own, changed in place, so that who waits for its lock
 * finds it. What is issued is made at the instant of its number.
 */
export function invoicePart(shape: Shape, bind: Bind): string {
  const { issued, replaces, dated } = shape
  const values = namesOf(INVOICE).map((name) => `${bind(invoiceOf(name))}::${INVOICE[name]}`)
  const add = (columns: string, ...given: string[]) => ({ columns: `, ${columns}`, values: [...values, ...given] })
  const { columns, values: all } = issued
    ? add(
        'shift_id, series_no, invoice_no, issued_at, created_at, updated_at',
        '(select id from shift), s.series_no, s.invoice_no, s.at, s.at, s.at'
      )
    : replaces
      ? add('updated_at', instantOf(shape, bind))
      : dated
        ? add('created_at, updated_at', instantOf(shape, bind), instantOf(shape, bind))
        : { columns: '', values }
  const source = (more: string[]) => `select ${[...all, ...more].join(', ')}${issued ? ' from series s' : ''}`
  if (!replaces) return `made as (insert into invoices (${quoted(INVOICE)}${columns}) ${source([])} returning *)`
  const version = `${bind(({ document }) => document.version)}::int`
  return `made as (update invoices t set (${quoted(INVOICE)}${columns}, version) = (${source([version])})
    where t.id = ${bind(invoiceOf('id'))}::uuid returning t.*)`
}

/** The lines, and what an issued invoice leaves in the ledgers. */
export function ledgerParts({ issued, paid, owed }: Shape, bind: Bind): string[] {
  const lines = lists(LINES, (name) => (writing) => writing.document.lines[name], bind)
  const parts = [
    `items as (insert into invoice_items (invoice_id, branch_id, business_date, created_at, ${quoted(LINES)})
      select m.id, m.branch_id, m.business_date, m.created_at, ${quoted(LINES, 'n.')} from made m, ${lines})`
  ]
  if (issued)
    parts.push(`entries as (insert into stock_entries
      (id, created_at, product_id, branch_id, qty, type, reason, ref, document_id, unit_cost, balance_after, created_by)
      select v.entry_id, m.created_at, v.product_id, v.branch_id, -v.qty, 'OUT', 'sale', m.invoice_no, m.id, v.average_cost, v.on_hand,
        m.created_by from made m, moved v)`)
  if (paid)
    parts.push(`paid as (insert into payments
      (invoice_id, customer_id, branch_id, register_id, shift_id, business_date, created_by, created_at, direction, ${quoted(PAYMENTS)})
      select m.id, m.customer_id, m.branch_id, m.register_id, m.shift_id, m.business_date, m.created_by, m.created_at, 'in', ${quoted(PAYMENTS, 'n.')}
        from made m, ${lists(PAYMENTS, (name) => (writing) => writing.document.payments![name], bind)})`)
  if (owed) {
    const entry = `${bind(({ document }) => document.owed!.entry_id)}::uuid`
    const amount = `${bind(({ document }) => document.owed!.amount)}::numeric`
    parts.push(`account as (insert into account_entries
      (id, created_at, party_id, party, branch_id, amount, balance_after, document, document_id, business_date, created_by)
      select ${entry}, m.created_at, m.customer_id, 'customer', m.branch_id, ${amount}, o.balance,
        m.invoice_no, m.id, m.business_date, m.created_by from made m, owed o)`)
  }
  return parts
}
