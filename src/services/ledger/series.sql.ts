import type { Queryable } from '../../database/connection.ts'

/** Documents that are numbered beside invoices, each kind in a series of its own per register or branch. */
export type SeriesKind =
  | 'refund'
  | 'closing'
  | 'receipt'
  | 'return'
  | 'transfer'
  | 'count'
  | 'expense'
  | 'vendor_payment'
  | 'order'
  | 'quotation'

const LETTERS: Record<SeriesKind, string> = {
  refund: 'R',
  closing: 'Z',
  receipt: 'GR',
  return: 'VR',
  transfer: 'TR',
  count: 'SC',
  expense: 'EX',
  vendor_payment: 'VP',
  order: 'CO',
  quotation: 'QU'
}

/**
 * The next number of a series, `MAIN-01-Z000001`: the last lock that a document takes, as all of its kind wait for it.
 * Gapless, as the row goes back with the transaction. `owner` is the register or branch that the series is of.
 */
export async function nextNumber(
  db: Queryable,
  kind: SeriesKind,
  owner: string,
  prefix: string
): Promise<{ n: number; number: string }> {
  const [row] = await db.query<{ last_no: number }>(
    `insert into document_series as s (kind, owner_id, last_no) values ($1, $2, 1)
     on conflict (kind, owner_id) do update set last_no = s.last_no + 1 returning last_no`,
    [kind, owner]
  )
  const n = row!.last_no
  return { n, number: `${prefix}-${LETTERS[kind]}${String(n).padStart(6, '0')}` }
}
