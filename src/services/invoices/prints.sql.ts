import type { Queryable } from '../../database/connection.ts'

export interface Printable {
  id: string
  branch_id: string
  invoice_no: string | null
}

/** The invoice of that id or number, locked, so that prints are counted one after the other. */
export async function lockPrinted(
  db: Queryable,
  { id, number }: { id: unknown; number: unknown }
): Promise<Printable | undefined> {
  const [found] = await db.query<Printable>(
    `select id, branch_id, invoice_no from invoices where ${id ? 'id' : 'invoice_no'} = $1 for update`,
    [id ?? number]
  )
  return found
}

/** Counts a print of a locked invoice; answers which one it is. */
export async function countPrint(db: Queryable, id: string): Promise<number> {
  const [counted] = await db.query<{ print_count: number }>(
    `update invoices set print_count = print_count + 1, version = version + 1, updated_at = clock_timestamp()
     where id = $1 returning print_count`,
    [id]
  )
  return counted!.print_count
}
