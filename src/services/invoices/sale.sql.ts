import type { Resource } from '../../schemas/define.ts'
import { invoices } from '../../schemas/invoices.ts'
import { projectionOf } from '../projection.ts'
import { type Author, auditSql } from '../resource.sql.ts'
import { Statement } from '../statement.ts'
import { movedLevels } from '../stock/levels.sql.ts'

/** A document ready to be written: columns of the invoice, and its lines, movements and payments as lists of columns. */
export interface Document {
  invoice: Record<string, unknown>
  /** Lists of equal length, one entry per line. */
  lines: Record<string, unknown[]>
  /** Merged per product and sorted by product id: the order in which rows are locked. */
  stock?: { product_id: string[]; qty: string[]; entry_id: string[] }
  payments?: Record<string, unknown[]>
  /** What goes on the customer's account. */
  owed?: {
    amount: string
    entry_id: string
    /** Where credit is drawn on: the part of the amount that is none. */
    unpaid?: string
  }
  /** `MAIN-01-`, before the number. */
  prefix: string
  /** When it happened, where that is not now. */
  at?: Date | undefined
}

const LINE_TYPES: Record<string, string> = {
  id: 'uuid',
  line_no: 'int',
  product_id: 'uuid',
  name: 'text',
  sku: 'text',
  quantity: 'numeric',
  unit_price: 'numeric',
  list_price: 'numeric',
  offer_price: 'numeric',
  price_list_id: 'uuid',
  price_source: 'text',
  barcode: 'text',
  unit_cost: 'numeric',
  discount: 'numeric',
  discount_source: 'text',
  document_discount: 'numeric',
  tax_rate: 'numeric',
  tax: 'numeric',
  total: 'numeric'
}
const PAYMENT_TYPES: Record<string, string> = {
  id: 'uuid',
  method: 'text',
  amount: 'numeric',
  tendered: 'numeric',
  change: 'numeric',
  reference: 'text',
  order_id: 'uuid'
}

/** `unnest($1::uuid[], $2::text[]) as name (id, method)`: lists as arrays, which the planner knows how to join. */
function lists(
  name: string,
  types: Record<string, string>,
  values: Record<string, unknown[]>,
  { bind }: Statement
): string {
  const columns = Object.keys(types)
  const arrays = columns.map((column) => `${bind(values[column])}::${types[column]}[]`)
  return `unnest(${arrays.join(', ')}) as ${name} (${columns.map((column) => `"${column}"`).join(', ')})`
}

/**
 * The open shift of the register, kept from being closed until the sale is written: a closing either waits and counts the
 * sale, or came first, and the sale has no shift. Asked for before any stock is locked.
 */
const shiftPart = (register: string) =>
  `shift as materialized (select id from shifts where register_id = ${register} and status = 'open' for key share)`

/**
 * Moves the stock. The rows are locked in the order of product ids before any of them changes: unsorted, forty sellers
 * on twenty hot products end in deadlocks. The floor is the constraint stock_levels_on_hand_check; what is kept for orders is
 * compared with the row as it is written, not as it was read.
 */
function stockParts(stock: NonNullable<Document['stock']>, branch: string, { bind }: Statement): string[] {
  const products = `${bind(stock.product_id)}::uuid[]`
  return [
    `locked as materialized (select product_id from stock_levels
       where (select count(*) from shift) >= 0 and branch_id = ${branch} and product_id = any(${products})
       order by product_id for update)`,
    `moved as (update stock_levels l set on_hand = l.on_hand - n.qty, version = l.version + 1, updated_at = clock_timestamp()
       from unnest(${products}, ${bind(stock.qty)}::numeric[], ${bind(stock.entry_id)}::uuid[]) as n (product_id, qty, entry_id)
       where l.branch_id = ${branch} and l.product_id = n.product_id and n.product_id in (select product_id from locked)
       returning l.*, n.qty, n.entry_id,
         (l.may_go_below_zero or l.reserved = 0 or l.on_hand >= l.reserved or regal_refuse('insufficient_stock')) as allowed)`
  ]
}

/** Puts what is not paid on the customer's account, within the limit; waits for the stock to be locked first. */
function accountPart(owed: NonNullable<Document['owed']>, customer: string, { bind }: Statement): string {
  // Of the balance as it is now, under its lock: two sales cannot draw on the same credit.
  const credit =
    owed.unpaid === undefined
      ? ''
      : `(a.balance - ${bind(owed.unpaid)}::numeric <= 0 or regal_refuse('credit_exceeded')) and `
  return `owed as (insert into account_balances as a (party_id, balance)
    select ${customer}, ${bind(owed.amount)}::numeric where (select count(*) from moved) >= 0
    on conflict (party_id) do update set balance = a.balance + excluded.balance
    returning a.balance, (${credit}(a.balance <= (select credit_limit from customers where id = ${customer})
      or regal_refuse('credit_limit'))) as allowed)`
}

/** The clock of the database, not of this process: one for all nodes. */
const instantOf = ({ at }: Document, bind: Statement['bind']) => (at ? `${bind(at)}::timestamptz` : 'clock_timestamp()')

/**
 * The number, taken last of all locks: a register's series is the row that its sales queue for. With it the instant,
 * read under that lock, so that the order of numbers is the order of time.
 */
function seriesPart(document: Document, register: string, { bind }: Statement): string {
  const count = bind(document.stock!.product_id.length)
  const waits = document.owed ? ' and (select count(*) from owed where allowed) = 1' : ''
  return `series as (update number_series set last_no = last_no + 1 where register_id = ${register}
    and ((select count(*) from moved where allowed) = ${count}::int or regal_refuse('insufficient_stock'))${waits}
    returning last_no as series_no, ${bind(document.prefix)}::text || lpad(last_no::text, greatest(6, length(last_no::text)), '0') as invoice_no,
      ${instantOf(document, bind)} as at)`
}

/**
 * The invoice's row: a new one, or with `replaces` the draft's own, changed in place, so that who waits for its lock
 * finds it. What is issued is made at the instant of its number.
 */
function invoicePart(document: Document, replaces: boolean, { bind }: Statement): string {
  const names = Object.keys(document.invoice)
  const values = names.map((name) => bind(document.invoice[name]))
  const columns = names.map((name) => `"${name}"`).join(', ')
  const [extra, given] = document.stock
    ? [
        ', shift_id, series_no, invoice_no, issued_at, created_at, updated_at',
        ', (select id from shift), s.series_no, s.invoice_no, s.at, s.at, s.at'
      ]
    : replaces
      ? [', updated_at', `, ${instantOf(document, bind)}`]
      : document.at
        ? [', created_at, updated_at', `, ${instantOf(document, bind)}, ${instantOf(document, bind)}`]
        : ['', '']
  const source = `select ${typed(names, values)}${given}${document.stock ? ' from series s' : ''}`
  return replaces
    ? `made as (update invoices t set (${columns}${extra}) = (${source}) where t.id = ${values[names.indexOf('id')]}::uuid returning t.*)`
    : `made as (insert into invoices (${columns}${extra}) ${source} returning *)`
}

const typed = (names: string[], values: string[]) =>
  names.map((name, i) => `${values[i]}::${INVOICE_TYPES[name] ?? 'text'}`).join(', ')

const INVOICE_TYPES: Record<string, string> = {
  id: 'uuid',
  branch_id: 'uuid',
  register_id: 'uuid',
  customer_id: 'uuid',
  salesman_id: 'uuid',
  created_by: 'uuid',
  approved_by: 'uuid',
  business_date: 'date',
  prices_include_tax: 'boolean',
  subtotal: 'numeric',
  discount: 'numeric',
  tax: 'numeric',
  total: 'numeric',
  paid: 'numeric',
  change: 'numeric',
  balance: 'numeric',
  discounts: 'numeric',
  commission_rate: 'numeric',
  commission: 'numeric',
  taxes: 'jsonb',
  warnings: 'jsonb',
  print_count: 'int',
  version: 'int'
}

const quoted = (types: Record<string, string>, alias = '') =>
  Object.keys(types)
    .map((name) => `${alias}"${name}"`)
    .join(', ')

function ledgerParts(document: Document, statement: Statement): string[] {
  const parts = [
    `items as (insert into invoice_items (invoice_id, branch_id, business_date, created_at, ${quoted(LINE_TYPES)})
      select m.id, m.branch_id, m.business_date, m.created_at, ${quoted(LINE_TYPES, 'n.')} from made m, ${lists('n', LINE_TYPES, document.lines, statement)})`
  ]
  if (document.stock) {
    parts.push(`entries as (insert into stock_entries
      (id, created_at, product_id, branch_id, qty, type, reason, ref, document_id, unit_cost, balance_after, created_by)
      select v.entry_id, m.created_at, v.product_id, v.branch_id, -v.qty, 'OUT', 'sale', m.invoice_no, m.id, v.average_cost, v.on_hand,
        m.created_by from made m, moved v)`)
  }
  if (document.payments?.id?.length) {
    parts.push(`paid as (insert into payments
      (invoice_id, customer_id, branch_id, register_id, shift_id, business_date, created_by, created_at, direction, ${quoted(PAYMENT_TYPES)})
      select m.id, m.customer_id, m.branch_id, m.register_id, m.shift_id, m.business_date, m.created_by, m.created_at, 'in', ${quoted(PAYMENT_TYPES, 'n.')}
        from made m, ${lists('n', PAYMENT_TYPES, document.payments, statement)})`)
  }
  if (document.owed) {
    const { bind } = statement
    parts.push(`account as (insert into account_entries
      (id, created_at, party_id, party, branch_id, amount, balance_after, document, document_id, business_date, created_by)
      select ${bind(document.owed.entry_id)}::uuid, m.created_at, m.customer_id, 'customer', m.branch_id, ${bind(document.owed.amount)}::numeric, o.balance,
        m.invoice_no, m.id, m.business_date, m.created_by from made m, owed o)`)
  }
  return parts
}

/**
 * Statement two of a sale, and its only write: locks, checks, stock, ledger, number, invoice, lines, payments, account
 * and audit row in one go, so that there is never half of one. Locks are taken in this order everywhere: the shift, stock
 * levels by product id, account balance, number series. A draft has neither stock nor number. Answers the invoice's columns and,
 * with `levels`, the moved stock levels as JSON, for the events. `before` is the draft it replaces, as JSON text.
 */
export function writeDocument(document: Document, author: Author, before: string | null, levels: boolean) {
  const statement = new Statement()
  const { invoice, stock, owed } = document
  const parts: string[] = []
  if (stock) {
    parts.push(shiftPart(`${statement.bind(invoice.register_id)}::uuid`))
    parts.push(...stockParts(stock, `${statement.bind(invoice.branch_id)}::uuid`, statement))
    if (owed) parts.push(accountPart(owed, `${statement.bind(invoice.customer_id)}::uuid`, statement))
    parts.push(seriesPart(document, `${statement.bind(invoice.register_id)}::uuid`, statement))
  }
  parts.push(invoicePart(document, before !== null, statement), ...ledgerParts(document, statement))
  const old = before && `${statement.bind(before)}::jsonb`
  const change = old
    ? { action: 'patch', before: `regal_changed(${old}, to_jsonb(t))`, after: `regal_changed(to_jsonb(t), ${old})` }
    : { action: 'create', before: 'null', after: 'to_jsonb(t)' }
  const entry = { ...change, from: 'made t', row: 't' }
  parts.push(auditSql(invoices as unknown as Resource, author, statement, entry))
  const projection = projectionOf(invoices as unknown as Resource, invoices.readable)
  const moved = levels && stock ? `, ${movedLevels('moved', 'v.on_hand - v.reserved + v.qty')}` : ''
  const list = projection.sql('t', () => 'null')
  return { text: `with ${parts.join(',\n')} select ${list}${moved} from made t`, values: statement.values, projection }
}
