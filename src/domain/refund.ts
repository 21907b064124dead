import { DomainError } from './errors.ts'
import { type Minor, roundDivide } from './money.ts'

/** A line as it was sold, and what of it came back so far. Quantities in thousandths. */
export interface SoldPart {
  quantity: bigint
  /** What was paid for the whole line: discounts taken off, tax in it. */
  total: Minor
  tax: Minor
  refundedQuantity: bigint
  refundedTotal: Minor
  refundedTax: Minor
}

export interface RefundedPart {
  amount: Minor
  tax: Minor
}

/** What a quantity of the line is worth, counted from its first piece: rounded once, so that parts add up to the whole. */
const worthOf = (whole: Minor, quantity: bigint, sold: bigint): Minor => roundDivide(whole * quantity, sold)

/**
 * What comes back for `quantity` of a sold line: the part of what was really paid for it. Each refund is the difference
 * between two points on one straight line from nothing to the whole, so that any sequence of refunds that brings back
 * everything brings back exactly what was paid: the last piece takes the remainder.
 *
 * Throws DomainError `invalid_quantity` unless above 0, `refund_exceeds_sold` when more than is left.
 */
export function refundOf(line: SoldPart, quantity: bigint): RefundedPart {
  if (quantity <= 0n) throw new DomainError('invalid_quantity')
  const after = line.refundedQuantity + quantity
  if (after > line.quantity) throw new DomainError('refund_exceeds_sold')
  return {
    amount: worthOf(line.total, after, line.quantity) - line.refundedTotal,
    tax: worthOf(line.tax, after, line.quantity) - line.refundedTax
  }
}
