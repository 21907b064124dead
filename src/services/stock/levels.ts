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
  average_cost: number | string
  may_go_below_zero: boolean
}

const instant = (text: string) => new Date(text).toISOString()

/** Stock levels as `json_agg` gives them, as the records that readers know. */
export function levelRecords(moved: unknown): Row[] {
  return ((moved as MovedLevel[] | null | undefined) ?? []).map((level) => ({
    id: level.id,
    created_at: instant(level.created_at),
    updated_at: instant(level.updated_at),
    version: level.version,
    product_id: level.product_id,
    branch_id: level.branch_id,
    on_hand: Number(level.on_hand),
    average_cost: kinds.decimal.clean(Number(level.average_cost).toFixed(4), { scale: 4 }),
    may_go_below_zero: level.may_go_below_zero
  }))
}
