import type { Queryable } from '../../database/connection.ts'
import { methodsAmong } from './methods.sql.ts'

/** An invoice that a payment changes, and by how much where that is known. Amounts are decimal texts. */
export interface PaidInvoice {
  id: string
  status: string
  invoice_no: string
  branch_id: string
  total: string
  paid: string
  balance: string
  credited: string
  refunded: string
  amount: string
}

const COLUMNS = 'i.id, i.status, i.invoice_no, i.branch_id, i.total, i.paid, i.balance, i.credited, i.refunded'

/** Locks what a customer owes, oldest first: who pays several invoices locks them in this order. */
export function lockOpen(db: Queryable, customer: string): Promise<PaidInvoice[]> {
  return db.query(
    `select ${COLUMNS} from invoices i where i.customer_id = $1 and i.status in ('issued', 'partial')
     order by i.issued_at, i.id for update of i`,
    [customer]
  )
}

/** Locks what a payment paid, each invoice with its part. */
export function lockPaid(db: Queryable, payment: string): Promise<PaidInvoice[]> {
  return db.query(
    `with part as (select invoice_id, amount from payments where id = $1 and invoice_id is not null
       union all select invoice_id, amount from payment_allocations where payment_id = $1)
     select ${COLUMNS}, p.amount from invoices i join part p on p.invoice_id = i.id order by i.issued_at, i.id for update of i`,
    [payment]
  )
}

export interface MadePayment {
  id: string
  invoice_id: string | null
  customer_id: string | null
  branch_id: string
  register_id: string
  method: string
  amount: string
  direction: 'in' | 'out'
}

export async function readPayment(db: Queryable, id: unknown): Promise<MadePayment | undefined> {
  const [payment] = await db.query<MadePayment>(
    'select id, invoice_id, customer_id, branch_id, register_id, method, amount, direction from payments where id = $1',
    [id]
  )
  return payment
}

/** To be asked once the invoices that it paid are locked. */
export async function isReversed(db: Queryable, payment: string): Promise<boolean> {
  return (await db.query('select 1 from payments where reverses = $1', [payment])).length > 0
}

export async function readCustomer(db: Queryable, id: unknown) {
  const [customer] = await db.query<{ id: string; branch_id: string | null }>(
    'select id, branch_id from customers where id = $1',
    [id]
  )
  return customer
}

/** A method of payment by its code, as a sale reads it; none where it is not taken. */
export async function readMethods(db: Queryable, method: unknown) {
  const [row] = await db.query<{ methods: string[]; cash_methods: string[] }>(
    `select m.methods, m.cash_methods from ${methodsAmong('array[$1]')} m`,
    [method]
  )
  return row!
}

/** Books what was paid of locked invoices: below 0 where it is taken back. */
export async function bookPaid(
  db: Queryable,
  invoices: readonly { id: string; amount: string; status: string }[]
): Promise<void> {
  await db.query(
    `update invoices i set paid = i.paid + n.amount, balance = i.balance - n.amount, status = n.status, version = i.version + 1,
       updated_at = clock_timestamp()
     from json_to_recordset($1::json) as n(id uuid, amount numeric, status text) where i.id = n.id`,
    [JSON.stringify(invoices)]
  )
}

/** What a customer's account is below zero by, beside what is owed of invoices. Of a balance that is locked. */
export async function readCredit(db: Queryable, customer: string): Promise<string> {
  const [row] = await db.query<{ credit: string }>(
    `select (coalesce((select sum(balance) from invoices where customer_id = $1 and status in ('issued', 'partial')), 0)
       - coalesce((select balance from account_balances where party_id = $1), 0))::numeric(16, 4) as credit`,
    [customer]
  )
  return row!.credit
}
