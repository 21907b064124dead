import type { Queryable } from '../../database/connection.ts'

/** An invoice that is taken back in part or whole, with what decides how. Amounts are decimal texts. */
export interface SoldInvoice {
  id: string
  status: string
  invoice_no: string
  customer_id: string | null
  branch_id: string
  business_date: string
  total: string
  paid: string
  balance: string
  credited: string
  refunded: string
  /** Null where nobody earns by it. */
  commission_rate: string | null
  timezone: string
  register_id: string | null
  refund_limit: string | null
  /** The method asked for, where it is one. */
  methods: string[]
}

/** Locks the invoice: whoever refunds, voids or pays it waits here for whoever does already. */
export async function lockSold(
  db: Queryable,
  id: unknown,
  { method }: { method?: unknown } = {}
): Promise<SoldInvoice | undefined> {
  const [invoice] = await db.query<SoldInvoice>(
    `select i.id, i.status, i.invoice_no, i.customer_id, i.branch_id, i.business_date::text as business_date, i.total, i.paid, i.balance,
       i.credited, i.refunded, i.commission_rate, i.register_id, b.timezone,
       (select s.value #>> '{}' from settings s where s.key = 'refund_limit' and (s.branch_id = b.id or s.branch_id is null)
         order by s.branch_id nulls last limit 1) as refund_limit,
       array(select code from payment_methods where is_active and code = $2) as methods
     from invoices i join branches b on b.id = i.branch_id where i.id = $1 for update of i`,
    [id, method ?? null]
  )
  return invoice
}

export interface SoldLine {
  id: string
  line_no: number
  product_id: string
  name: string
  sku: string
  quantity: string
  total: string
  tax: string
  unit_cost: string
  /** What of it came back so far. */
  back: string
  back_total: string
  back_tax: string
  /** What a piece cost as it left the stock; null for a service, which never was there. */
  left_at: string | null
}

/** Locks the lines of an invoice that is locked. A statement of its own, as it must see what was refunded meanwhile. */
export function lockLines(db: Queryable, invoice: string): Promise<SoldLine[]> {
  return db.query(
    `select l.id, l.line_no, l.product_id, l.name, l.sku, l.quantity, l.total, l.tax, l.unit_cost,
       coalesce(r.quantity, 0)::numeric(12,3) as back, coalesce(r.amount, 0)::numeric(16,4) as back_total,
       coalesce(r.tax, 0)::numeric(16,4) as back_tax,
       (select e.unit_cost from stock_entries e where e.document_id = l.invoice_id and e.product_id = l.product_id limit 1) as left_at
     from invoice_items l left join lateral (select sum(quantity) as quantity, sum(amount) as amount, sum(tax) as tax
       from refund_items where invoice_item_id = l.id) r on true
     where l.invoice_id = $1 order by l.line_no for update of l`,
    [invoice]
  )
}

/** How an invoice was paid: each method once, without what was taken back. */
export async function methodsPaid(db: Queryable, invoice: string): Promise<string[]> {
  const rows = await db.query<{ method: string }>(
    `select distinct p.method from payments p where p.direction = 'in' and not exists (select from payments r where r.reverses = p.id)
       and (p.invoice_id = $1 or p.id in (select payment_id from payment_allocations where invoice_id = $1)) order by 1`,
    [invoice]
  )
  return rows.map(({ method }) => method)
}

/** What a seller gave back of a locked invoice alone, without a colleague's approval. */
export async function refundedAlone(db: Queryable, invoice: string, user: string): Promise<string> {
  const [row] = await db.query<{ amount: string }>(
    `select coalesce(sum(amount), 0)::numeric(16, 4) as amount from refunds
     where invoice_id = $1 and processed_by = $2 and approved_by is null`,
    [invoice, user]
  )
  return row!.amount
}

/** Books on a locked invoice what came back of it; `credited` is the part taken off its balance. */
export async function bookRefund(
  db: Queryable,
  invoice: string,
  { amount, credited, status }: { amount: string; credited: string; status: string }
): Promise<void> {
  await db.query(
    `update invoices set refunded = refunded + $2::numeric, credited = credited + $3::numeric, balance = balance - $3::numeric,
       status = $4, version = version + 1, updated_at = clock_timestamp() where id = $1`,
    [invoice, amount, credited, status]
  )
}
