import type { Queryable } from '../../database/connection.ts'

/** The methods of payment that are counted by themselves: all but those that lie in the drawer. */
export async function methodNames(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ code: string }>('select code from payment_methods where not is_cash')
  return rows.map(({ code }) => code)
}
