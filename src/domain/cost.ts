import { DomainError } from './errors.ts'
import { roundDivide } from './money.ts'

/**
 * The average cost after goods came in: the weighted average, recomputed at each receipt (IAS 2, paragraph 27), half up.
 * Quantities in thousandths, costs in ten-thousandths of a major unit. Throws `invalid_quantity` unless goods come in.
 *
 * With nothing or less on hand the new cost is the unit cost. A negative balance is goods sold before they were booked in:
 * there is no value on the shelf to average with, and a negative weight pushes the average out of the range of the costs it
 * is made of (-9 at 10.00 and +10 at 12.00 would give 30.00). Odoo's average costing does the same
 * (`product_price_update_before_done`: quantity <= 0 takes the price of the receipt).
 */
export function movingAverageCost(onHand: bigint, averageCost: bigint, qtyIn: bigint, unitCost: bigint): bigint {
  if (qtyIn <= 0n) throw new DomainError('invalid_quantity')
  if (onHand <= 0n) return unitCost
  return roundDivide(onHand * averageCost + qtyIn * unitCost, onHand + qtyIn)
}
