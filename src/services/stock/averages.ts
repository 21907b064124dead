import { movingAverageCost } from '../../domain/cost.ts'
import { parseQuantity } from '../../domain/quantity.ts'
import type { Level } from '../ledger/stock.sql.ts'
import { costText, storedCost } from './goods.ts'

/** Goods that come in at a cost: quantity in thousandths, cost in ten-thousandths. */
export interface Incoming {
  product_id: string
  quantity: bigint
  cost: bigint
}

/**
 * The average costs of locked levels after goods come in, line after line: two equal lines are two entries. A line of
 * nothing leaves the average.
 */
export function averagesAfter(levels: readonly Level[], incoming: readonly Incoming[]) {
  const after = new Map(
    levels.map((level) => [
      level.product_id,
      { branch_id: level.branch_id, onHand: parseQuantity(level.on_hand), average: storedCost(level.average_cost) }
    ])
  )
  for (const { product_id, quantity, cost } of incoming) {
    const level = after.get(product_id)!
    if (quantity === 0n) continue
    level.average = movingAverageCost(level.onHand, level.average, quantity, cost)
    level.onHand += quantity
  }
  return [...after].map(([product_id, { branch_id, average }]) => ({
    product_id,
    branch_id,
    average_cost: costText(average)
  }))
}
