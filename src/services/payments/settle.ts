import { DomainError } from '../../domain/errors.ts'
import type { Minor } from '../../domain/money.ts'
import { statusOf } from '../../domain/tender.ts'
import { fieldFailure } from '../../errors.ts'
import { type PaymentInput, settlePayments, stored, wire } from '../invoices/price.ts'
import type { Row } from '../projection.ts'
import type { PaidInvoice } from './account.sql.ts'

/** Settles one payment against what is owed; faults are told at the payment's own fields. */
export function settleOne(data: Row, place: { methods: string[]; cash_methods: string[] }, owed: Minor) {
  if (!place.methods.includes(data.method as string)) throw fieldFailure('unknown_payment_method', 'method')
  try {
    const { payments, balance: left } = settlePayments([data as unknown as PaymentInput], place, owed)
    const { amount, change, tendered } = payments[0]!
    return { amount, change: wire(change), tendered: tendered === null ? null : wire(tendered), left }
  } catch (error) {
    if (error instanceof DomainError) throw new DomainError(error.code, error.path?.slice(2))
    throw error
  }
}

/** Where an invoice stands when `amount` more, or less, is paid of it. */
export const statusAfter = ({ total, credited, paid }: PaidInvoice, amount: Minor) =>
  statusOf(stored(total) - stored(credited), stored(paid) + amount)

/** Whether a part of what was paid can be taken back: not what was given back already, and nothing of a void. */
export function isReversible({ status, paid, credited, refunded, amount }: PaidInvoice): boolean {
  const paidOut = stored(refunded) - stored(credited)
  return status !== 'cancelled' && stored(paid) - stored(amount) >= paidOut
}

const OF_THE_FIRST = ['invoice_id', 'customer_id', 'method', 'amount', 'tendered']

/** What a payment must say, by its kind: of an invoice, on account, or one that takes another back. @throws 400 */
export function requireKind(data: Row): void {
  const refuse = (name: string, sentence: string) => {
    throw fieldFailure('invalid_data', name, sentence)
  }
  if (data.reverses != null) {
    for (const name of OF_THE_FIRST) if (data[name] != null) refuse(name, 'is that of the payment taken back')
    if (data.reason == null) refuse('reason', 'is required')
    return
  }
  for (const name of ['method', 'amount']) if (data[name] == null) refuse(name, 'is required')
  if (data.reason != null) refuse('reason', 'is for a payment that takes another back')
  if (data.invoice_id == null && data.customer_id == null) refuse('invoice_id', 'is required, or customer_id')
  if (data.invoice_id != null && data.customer_id != null) refuse('customer_id', 'is that of the invoice')
}
