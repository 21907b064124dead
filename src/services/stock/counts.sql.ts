import type { Queryable } from '../../database/connection.ts'
import type { Row } from '../projection.ts'

export interface Count extends Row {
  id: string
  number: string
  branch_id: string
  status: 'open' | 'closed'
  cut_off: Date | string
}

/**
 * Locks a count. `share`: a line is added, as others may be at the same time; `update`: it is closed, and waits for the
 * lines on their way.
 */
export const lockCount = async (db: Queryable, id: unknown, how: 'share' | 'update'): Promise<Count | undefined> =>
  (await db.query<Count>(`select * from stock_counts where id = $1 for ${how}`, [id]))[0]

/** The clock that the ledger is written by. */
export const clock = async (db: Queryable): Promise<Date> =>
  new Date((await db.query<{ now: string }>('select clock_timestamp() as now'))[0]!.now)

/** What moved after an instant: the level, which is locked, less this is what the ledger had then. */
export async function movedSince(db: Queryable, product: string, branch: string, at: Date): Promise<string> {
  const [row] = await db.query<{ moved: string }>(
    'select coalesce(sum(qty), 0.000) as moved from stock_entries where product_id = $1 and branch_id = $2 and created_at > $3',
    [product, branch, at]
  )
  return row!.moved
}

export interface Counted {
  product_id: string
  counted: string
  expected: string
}

/** The line that holds of each product: the last one counted. */
export const lastLines = (db: Queryable, count: string): Promise<Counted[]> =>
  db.query<Counted>(
    `select distinct on (product_id) product_id, counted, expected from stock_count_lines
     where count_id = $1 order by product_id, counted_at desc, created_at desc, id desc`,
    [count]
  )
