import type { Minor } from './money.ts'
import { percentOf } from './percent.ts'

/** What a salesman earns by a document: that percent of what was sold without tax, rounded half up, once per document. */
export const commissionOf = (net: Minor, rate: bigint): Minor => percentOf(net, rate)

/**
 * What of it goes back with `net` of the sale, of which `before` came back already. The difference between two points of one
 * line, so that a sale that comes back in any number of parts gives back exactly what it earned.
 */
export const commissionBack = (net: Minor, before: Minor, rate: bigint): Minor =>
  percentOf(before + net, rate) - percentOf(before, rate)
