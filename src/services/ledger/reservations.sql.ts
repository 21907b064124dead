import type { Queryable } from '../../database/connection.ts'
import { movedLevels } from '../stock/levels.sql.ts'

/** Goods of one product that are kept for an order: thousandths as decimal text. */
export interface Held {
  product_id: string
  quantity: string
}

/** What is kept for an order, in the order in which levels are locked; the order is locked. */
export const heldFor = (db: Queryable, order: string): Promise<Held[]> =>
  db.query<Held>(
    `select product_id, sum(quantity)::text as quantity from stock_reservations where order_id = $1
     group by 1 having sum(quantity) <> 0 order by 1`,
    [order]
  )

/** Changes how much of levels, which are locked, is kept for orders. Answers them as JSON, for events. */
export async function keepStock(db: Queryable, branch: string, changes: readonly Held[]): Promise<unknown> {
  const [row] = await db.query<{ levels: unknown }>(
    `with moved as (update stock_levels l set reserved = l.reserved + n.quantity, version = l.version + 1, updated_at = clock_timestamp()
       from json_to_recordset($2::json) as n (product_id uuid, quantity numeric)
       where l.branch_id = $1 and l.product_id = n.product_id returning l.*, n.quantity as kept)
     select ${movedLevels('moved', 'v.on_hand - v.reserved + v.kept')} as levels`,
    [branch, JSON.stringify(changes)]
  )
  return row!.levels
}
