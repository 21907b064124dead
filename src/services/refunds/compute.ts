import { commissionBack } from '../../domain/commission.ts'
import { DomainError } from '../../domain/errors.ts'
import { type Minor, parseMoney } from '../../domain/money.ts'
import { parsePercent } from '../../domain/percent.ts'
import { parseQuantity } from '../../domain/quantity.ts'
import { refundOf, type SoldPart } from '../../domain/refund.ts'
import { statusOf } from '../../domain/tender.ts'
import { fieldFailure } from '../../errors.ts'
import { currency } from '../../schemas/currency.ts'
import { stored } from '../invoices/price.ts'
import type { SoldInvoice, SoldLine } from './refunds.sql.ts'

export interface ReturnedInput {
  invoice_item_id?: string
  line_no?: number
  quantity: number
  condition: 'restock' | 'damaged'
}

/** A part of a line that comes back, and what it was really paid. */
export interface Returned {
  line: SoldLine
  quantity: bigint
  condition: ReturnedInput['condition']
  amount: Minor
  tax: Minor
}

/** A refund computed but not written. */
export interface ComputedRefund {
  parts: Returned[]
  amount: Minor
  tax: Minor
  /** What of it is taken off the balance; the rest is paid out. */
  credited: Minor
  paidOut: Minor
  /** What the salesman gives back. */
  commission: Minor
  /** What becomes of the invoice. */
  status: 'issued' | 'partial' | 'paid' | 'refunded'
}

const soldPart = (line: SoldLine): SoldPart => ({
  quantity: parseQuantity(line.quantity),
  total: stored(line.total),
  tax: stored(line.tax),
  refundedQuantity: parseQuantity(line.back),
  refundedTotal: stored(line.back_total),
  refundedTax: stored(line.back_tax)
})

function lineOf(input: ReturnedInput, lines: SoldLine[], i: number): SoldLine {
  const { invoice_item_id: id, line_no } = input
  if ((id === undefined) === (line_no === undefined))
    throw fieldFailure('invalid_data', `items.${i}`, 'needs exactly one of invoice_item_id, line_no')
  const line = lines.find((sold) => (id === undefined ? sold.line_no === line_no : sold.id === id.toLowerCase()))
  if (!line) throw fieldFailure('unknown_reference', `items.${i}.${id === undefined ? 'line_no' : 'invoice_item_id'}`)
  return line
}

/** The rule of the domain, its refusal told at the line as it was sent. */
function partOf(sold: SoldPart, input: ReturnedInput, i: number) {
  try {
    const quantity = parseQuantity(input.quantity)
    return { quantity, ...refundOf(sold, quantity) }
  } catch (error) {
    throw error instanceof DomainError ? new DomainError(error.code, ['items', i, 'quantity']) : error
  }
}

const sum = (amounts: Minor[]) => amounts.reduce((total, amount) => total + amount, 0n)

/**
 * What comes back of the lines, and how it is settled: what is still owed is taken off first, and only what was paid is
 * paid out. One line may be named twice: one piece for the shelf, one damaged.
 */
export function computeRefund(
  items: readonly ReturnedInput[],
  invoice: Pick<SoldInvoice, 'total' | 'paid' | 'balance' | 'credited' | 'commission_rate'>,
  lines: SoldLine[]
): ComputedRefund {
  const sold = new Map(lines.map((line) => [line, soldPart(line)]))
  const parts = items.map((input, i): Returned => {
    const line = lineOf(input, lines, i)
    const before = sold.get(line)!
    const { quantity, amount, tax } = partOf(before, input, i)
    sold.set(line, {
      ...before,
      refundedQuantity: before.refundedQuantity + quantity,
      refundedTotal: before.refundedTotal + amount,
      refundedTax: before.refundedTax + tax
    })
    return { line, quantity, condition: input.condition, amount, tax }
  })
  const amount = sum(parts.map((part) => part.amount))
  const balance = stored(invoice.balance)
  // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
  const credited = amount < balance ? amount : balance
  const whole = [...sold.values()].every(({ quantity, refundedQuantity }) => quantity === refundedQuantity)
  const owed = stored(invoice.total) - stored(invoice.credited) - credited
  const tax = sum(parts.map((part) => part.tax))
  const before = sum(lines.map(({ back_total, back_tax }) => stored(back_total) - stored(back_tax)))
  const rate = parsePercent(invoice.commission_rate ?? 0)
  return {
    parts,
    amount,
    tax,
    credited,
    paidOut: amount - credited,
    commission: commissionBack(amount - tax, before, rate),
    status: whole ? 'refunded' : statusOf(owed, stored(invoice.paid))
  }
}

/** A setting's amount in minor units; finer decimals than the currency has are cut. */
export function limitOf(setting: string): Minor {
  const [whole, fraction = ''] = setting.split('.')
  const kept = fraction.slice(0, currency.scale)
  return parseMoney(kept ? `${whole}.${kept}` : whole!, currency.scale)
}
