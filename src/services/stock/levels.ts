import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { kinds } from '../../schemas/kinds.ts'
import type { Row } from '../projection.ts'

interface MovedLevel {
  id: string
  created_at: string
  updated_at: string
  version: number
  product_id: string
  branch_id: string
  on_hand: number
  reserved: number
  average_cost: number | string
  may_go_below_zero: boolean
  /** What was free before the movement, and the level below which the product is to be restocked. */
  was: number
  limited_qty: number
}

const instant = (text: string) => new Date(text).toISOString()

/**
 * Tells readers of stock what moved: `stock-levels patched` with each level, and `stock-levels low` beside it when it fell
 * below the product's limit by this movement. Once per crossing, as the movement that finds it below already crosses
 * nothing. To be called after the commit.
 */
export function tellMoved(publisher: Publisher, moved: unknown): void {
  const resource = resourceNamed('stock-levels')
  const rows = (moved as MovedLevel[] | null | undefined) ?? []
  for (const [i, record] of levelRecords(rows).entries()) {
    const { was, on_hand, reserved, limited_qty } = rows[i]!
    publisher.publish(resource, 'patched', record)
    if (was >= limited_qty && on_hand - reserved < limited_qty) publisher.publish(resource, 'low', record)
  }
}

/** Stock levels as `json_agg` gives them, as the records that readers know. */
function levelRecords(moved: MovedLevel[]): Row[] {
  return moved.map((level) => ({
    id: level.id,
    created_at: instant(level.created_at),
    updated_at: instant(level.updated_at),
    version: level.version,
    product_id: level.product_id,
    branch_id: level.branch_id,
    on_hand: Number(level.on_hand),
    reserved: Number(level.reserved),
    average_cost: kinds.decimal.clean(Number(level.average_cost).toFixed(4), { scale: 4 }),
    may_go_below_zero: level.may_go_below_zero
  }))
}
