import type { Minor } from './money.ts'

/** What is open, by the days since its document: of the day itself, up to 30, 60 and 90, and over. */
export const BUCKETS = ['current', 'days_1_30', 'days_31_60', 'days_61_90', 'over_90'] as const

/**
 * What is left of debts, given newest first, when payments were of none in particular: they paid the oldest, so `owed` is of
 * the newest as far as those go. What goes beyond them all is in none.
 */
export function leftOf(owed: Minor, debts: readonly Minor[]): Minor[] {
  let rest = owed > 0n ? owed : 0n
  return debts.map((debt) => {
    const left = debt < rest ? debt : rest
    rest -= left
    return left
  })
}
