import type { Queryable } from '../../database/connection.ts'
import { movedLevels } from '../stock/levels.sql.ts'

/** One movement of one product at one branch, as a line of the stock ledger. Quantities and costs are decimal texts. */
export interface StockMove {
  id: string
  product_id: string
  branch_id: string
  /** Signed, never 0. */
  qty: string
  /** The signed change of what is kept for orders, where it changes with the stock. */
  reserved?: string
  type: 'IN' | 'OUT' | 'ADJUST'
  reason: string
  /** The document, as people write it. */
  ref: string | null
  document_id: string
  /** Null: what the product costs on average there. */
  unit_cost?: string | null
  vendor_id?: string | null
  location?: string | null
  batch?: string | null
  expiry?: string | null
}

export interface Level {
  product_id: string
  branch_id: string
  on_hand: string
  /** How much of it is kept for orders. */
  reserved: string
  average_cost: string
}

type Place = Pick<StockMove, 'product_id' | 'branch_id'>

const PLACE = 'product_id uuid, branch_id uuid'
const MOVE = `id uuid, ${PLACE}, qty numeric, reserved numeric, type text, reason text, ref text, document_id uuid, unit_cost numeric,
  vendor_id uuid, location text, batch text, expiry date, place int`

/**
 * Locks the levels of these products and branches, making those that were never there. Always by product, then branch:
 * the order in which sales lock them too, so that nobody waits in a circle.
 */
export async function lockLevels(db: Queryable, places: readonly Place[]): Promise<Level[]> {
  const given = JSON.stringify(places.map(({ product_id, branch_id }) => ({ product_id, branch_id })))
  await db.query(
    `insert into stock_levels (id, product_id, branch_id, may_go_below_zero)
     select gen_random_uuid(), g.product_id, g.branch_id, b.stock_policy <> 'block'
     from (select distinct product_id, branch_id from json_to_recordset($1::json) as g(${PLACE})) g
     join branches b on b.id = g.branch_id join products p on p.id = g.product_id
     where p.kind <> 'service'
       and not exists (select from stock_levels l where l.product_id = g.product_id and l.branch_id = g.branch_id)
     order by 2, 3 on conflict (branch_id, product_id) do nothing`,
    [given]
  )
  return db.query<Level>(
    `select l.product_id, l.branch_id, l.on_hand, l.reserved, l.average_cost from stock_levels l
     where (l.product_id, l.branch_id) in (select product_id, branch_id from json_to_recordset($1::json) as g(${PLACE}))
     order by l.product_id, l.branch_id for update`,
    [given]
  )
}

/**
 * Moves levels that are locked and writes their ledger, each entry with the balance after it. `costs` are averages that
 * these moves change. The floor is the constraint stock_levels_on_hand_check. A service has no level, so
 * that nothing of it moves. Answers the moved levels as JSON, for events.
 */
export async function moveStock(
  db: Queryable,
  moves: readonly StockMove[],
  {
    costs = [],
    created_by,
    at
  }: { costs?: readonly (Place & { average_cost: string })[]; created_by: string | null; at?: Date | undefined }
): Promise<unknown> {
  if (!moves.length) return []
  const [row] = await db.query<{ levels: unknown }>(
    `with n as materialized (select * from json_to_recordset($1::json) as n(${MOVE})),
     moved as (update stock_levels l set on_hand = l.on_hand + s.qty, reserved = l.reserved + s.reserved, average_cost = coalesce(c.average_cost, l.average_cost),
         version = l.version + 1, updated_at = clock_timestamp()
       from (select product_id, branch_id, sum(qty) as qty, sum(coalesce(reserved, 0)) as reserved from n group by 1, 2) s
         left join json_to_recordset($2::json) as c(${PLACE}, average_cost numeric) using (product_id, branch_id)
       where l.product_id = s.product_id and l.branch_id = s.branch_id returning l.*, s.qty as moved_by, s.reserved as kept_by),
     made as (insert into stock_entries (id, created_at, product_id, branch_id, qty, type, reason, location, batch, expiry, ref, document_id,
         unit_cost, vendor_id, balance_after, created_by)
       select n.id, coalesce($3::timestamptz, clock_timestamp()), n.product_id, n.branch_id, n.qty, n.type, n.reason, n.location, n.batch, n.expiry,
         n.ref, n.document_id, coalesce(n.unit_cost, m.average_cost), n.vendor_id,
         m.on_hand - m.moved_by + sum(n.qty) over (partition by n.product_id, n.branch_id order by n.place), $4::uuid
       from n join moved m using (product_id, branch_id) order by n.place)
     select ${movedLevels('moved', 'v.on_hand - v.moved_by - v.reserved + v.kept_by')} as levels`,
    [JSON.stringify(moves.map((move, place) => ({ ...move, place }))), JSON.stringify(costs), at ?? null, created_by]
  )
  return row!.levels
}
