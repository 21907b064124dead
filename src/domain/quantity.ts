import { parseDecimal } from './decimal.ts'
import { DomainError } from './errors.ts'

const SCALE = 3
const LIMIT = 999_999_999_000n

/** A quantity from the wire in thousandths (1.5 -> 1500n), at most 3 decimals, within ±999,999,999. Throws `invalid_quantity`. */
export function parseQuantity(value: number | string): bigint {
  const quantity = parseDecimal(value, SCALE, LIMIT)
  if (quantity === undefined) throw new DomainError('invalid_quantity')
  return quantity
}

/** Thousandths as the JSON number of the wire: exact, for within the bounds no two quantities share a double. */
export function quantityToNumber(quantity: bigint): number {
  return Number(quantity) / 1000
}
