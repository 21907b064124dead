import { formatDecimal, parseDecimal } from './decimal.ts'
import { DomainError } from './errors.ts'

/** An amount as a whole number of the currency's smallest unit: 12.50 at scale 2 is 1250n. */
export type Minor = bigint

/** The largest amount, 999,999,999,999 major units, in minor units: bounded well inside the database's numeric columns. */
export function maxMoney(scale: number): Minor {
  return 999_999_999_999n * 10n ** BigInt(scale)
}

/** An amount from the wire, a decimal string or a JSON number, with at most `scale` decimals. Throws `invalid_amount`. */
export function parseMoney(text: string | number, scale: number): Minor {
  const amount = parseDecimal(text, scale, maxMoney(scale))
  if (amount === undefined) throw new DomainError('invalid_amount')
  return amount
}

/** The amount as it goes on the wire, always with the currency's decimals: "12.50", "-0.05"; "12" at scale 0. */
export function formatMoney(minor: Minor, scale: number): string {
  return formatDecimal(minor, scale)
}

/**
 * The quotient rounded half up, ties away from zero: 2.5 -> 3 and -2.5 -> -3.
 * So a refund is the exact mirror of its sale, and the figure equals `round(numeric)` of PostgreSQL, which breaks ties
 * away from zero (its manual, 9.3 Mathematical Functions): rules here and checks in SQL agree to the cent.
 */
export function roundDivide(numerator: bigint, denominator: bigint): bigint {
  if (denominator < 0n) return roundDivide(-numerator, -denominator)
  if (numerator < 0n) return -roundDivide(-numerator, denominator)
  return (2n * numerator + denominator) / (2n * denominator)
}

/**
 * Shares of `total` in proportion to `weights` (none negative), by largest remainder: each share is its exact part rounded
 * down, and the units left over go one each to the largest remainders, earlier positions first.
 * The shares add up to `total`, none has the opposite sign, and none exceeds its weight while `total` is at most the sum
 * of the weights: a unit goes only to a share that was rounded down, and a whole weight is not below its exact part.
 * With all weights zero the total is spread evenly. Throws RangeError for a negative weight or no weights at all for a
 * total other than zero, since either is a mistake of the caller.
 */
export function split(total: Minor, weights: bigint[]): Minor[] {
  if (total < 0n) return split(-total, weights).map((share) => -share)
  if (weights.some((weight) => weight < 0n)) throw new RangeError('A weight is not negative')
  if (total === 0n) return weights.map(() => 0n)
  if (weights.length === 0) throw new RangeError('No weights to split a total by')

  const sum = weights.reduce((a, b) => a + b)
  if (sum === 0n) {
    return split(
      total,
      weights.map(() => 1n)
    )
  }

  const shares = weights.map((weight) => (total * weight) / sum)
  let left = shares.reduce((rest, share) => rest - share, total)
  if (left === 0n) return shares

  const remainders = weights.map((weight) => (total * weight) % sum)
  const positions = weights.map((_, position) => position)
  // Array.prototype.sort is stable, so equal remainders keep their order.
  positions.sort((a, b) => Number(remainders[a]! < remainders[b]!) - Number(remainders[a]! > remainders[b]!))
  for (const position of positions) {
    if (left === 0n) break
    shares[position]! += 1n
    left -= 1n
  }
  return shares
}
