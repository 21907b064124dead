import { DomainError } from './errors.ts'
import type { Minor } from './money.ts'

/**
 * The method that draws on, or adds to, what a customer's account is below zero by. Without a customer it is a paper
 * note, which nobody keeps account of.
 */
export const CREDIT_NOTE = 'credit_note'

export interface Tender {
  /** A payment method by name; `cash` is the one that gives change. */
  method: string
  /** What it settles of the bill, above 0. */
  amount: Minor
  /** What was handed over, where that differs. */
  tendered?: Minor | undefined
}

export interface Settlement<T extends Tender> {
  paid: Minor
  change: Minor
  /** What is still owed. */
  balance: Minor
  payments: (T & { change: Minor })[]
}

/**
 * Sets payments against a total. An amount says what of the bill is settled and never goes above it; cash beyond the
 * amount comes back as change, so nothing is paid that is not owed.
 * Throws DomainError at the payment: `invalid_amount`, `tendered_short`, `change_not_cash`, `overpaid`.
 */
export function settle<T extends Tender>(total: Minor, payments: T[]): Settlement<T> {
  let paid = 0n
  let change = 0n
  const settled = payments.map((payment, index) => {
    const back = changeOf(payment, index)
    paid += payment.amount
    change += back
    if (paid > total) throw new DomainError('overpaid', ['payments', index, 'amount'])
    return { ...payment, change: back }
  })
  return { paid, change, balance: total - paid, payments: settled }
}

function changeOf({ method, amount, tendered = amount }: Tender, index: number): Minor {
  if (amount <= 0n) throw new DomainError('invalid_amount', ['payments', index, 'amount'])
  if (tendered < amount) throw new DomainError('tendered_short', ['payments', index, 'tendered'])
  if (tendered > amount && method !== 'cash') throw new DomainError('change_not_cash', ['payments', index, 'tendered'])
  return tendered - amount
}

/** Where an invoice stands by what is paid of it. Nothing owed is paid: a total of 0 waits for no payment. */
export function statusOf(total: Minor, paid: Minor): 'issued' | 'partial' | 'paid' {
  if (paid >= total) return 'paid'
  return paid > 0n ? 'partial' : 'issued'
}
