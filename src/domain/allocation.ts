import { DomainError } from './errors.ts'
import type { Minor } from './money.ts'

export interface Owed {
  id: string
  balance: Minor
}

export interface Allocation {
  id: string
  amount: Minor
}

/**
 * Sets a payment against what is owed, in the given order (oldest first), each in full before the next gets anything.
 * `rest` is what was paid beyond all of it. Throws DomainError `invalid_amount` unless the payment is above 0.
 */
export function allocate(payment: Minor, owed: readonly Owed[]): { parts: Allocation[]; rest: Minor } {
  if (payment <= 0n) throw new DomainError('invalid_amount')
  const parts: Allocation[] = []
  let rest = payment
  for (const { id, balance } of owed) {
    if (rest === 0n) break
    if (balance <= 0n) continue
    // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
    const amount = balance < rest ? balance : rest
    parts.push({ id, amount })
    rest -= amount
  }
  return { parts, rest }
}
