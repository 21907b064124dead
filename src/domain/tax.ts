import { type Minor, roundDivide } from './money.ts'
import { percentOf, WHOLE } from './percent.ts'

/** Tax on top of a net amount, rounded half up. Rates as `parsePercent` gives them. */
export function addedTax(net: Minor, rate: bigint): Minor {
  return percentOf(net, rate)
}

/**
 * Tax contained in a gross amount: gross - gross / (1 + rate). The tax is what is rounded half up and the net is the rest,
 * so the two always make up the price on the shelf. (Rounding the net instead differs only where the tax ends in exactly
 * half a unit: 2.99 at 4 % holds 0.115, here 0.12.)
 */
export function containedTax(gross: Minor, rate: bigint): Minor {
  return roundDivide(gross * rate, WHOLE + rate)
}
