import type { Queryable } from '../../database/connection.ts'

/** Whether the shift that counts the sale is closed; it is not from here to the end of the transaction, if it was not. */
export async function isShiftClosed(db: Queryable, invoice: string): Promise<boolean> {
  const [shift] = await db.query<{ status: string }>(
    'select s.status from shifts s join invoices i on i.shift_id = s.id where i.id = $1 for key share of s',
    [invoice]
  )
  return shift?.status === 'closed'
}

export interface TakenPayment {
  /** Null: a part of a payment on account, which paid other invoices too. */
  id: string | null
  method: string
  amount: string
}

/** What was taken for an invoice and not reversed since. */
export function paymentsTaken(db: Queryable, invoice: string): Promise<TakenPayment[]> {
  return db.query(
    `select t.id, t.method, t.amount from (
       select p.id, p.id as taken_by, p.method, p.amount, p.created_at from payments p where p.invoice_id = $1 and p.direction = 'in'
       union all
       select null, p.id, p.method, a.amount, p.created_at from payment_allocations a join payments p on p.id = a.payment_id
       where a.invoice_id = $1 and p.direction = 'in') t
     where not exists (select from payments r where r.reverses = t.taken_by) order by t.created_at, t.taken_by`,
    [invoice]
  )
}

/** Cancels a locked invoice: nothing is paid of it, nothing is owed, all of it is credited. */
export async function cancelInvoice(db: Queryable, invoice: string): Promise<void> {
  await db.query(
    `update invoices set paid = 0, balance = 0, credited = total, status = 'cancelled', version = version + 1,
       updated_at = clock_timestamp() where id = $1`,
    [invoice]
  )
}
