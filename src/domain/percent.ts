import { parseDecimal } from './decimal.ts'
import { DomainError } from './errors.ts'
import { type Minor, roundDivide } from './money.ts'

const SCALE = 4
const LIMIT = 9_999_999n

/** 100 % in the unit of `parsePercent`, ten-thousandths of a percent. */
export const WHOLE = 1_000_000n

/** A percent with at most 4 decimals, 0 to 999.9999, in ten-thousandths of a percent: 15 -> 150000n. Throws `invalid_percent`. */
export function parsePercent(value: string | number): bigint {
  const percent = parseDecimal(value, SCALE, LIMIT)
  if (percent === undefined || percent < 0n) throw new DomainError('invalid_percent')
  return percent
}

/** That part of an amount, rounded half up. */
export function percentOf(amount: Minor, percent: bigint): Minor {
  return roundDivide(amount * percent, WHOLE)
}
