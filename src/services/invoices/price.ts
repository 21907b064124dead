import { businessDate } from '../../domain/dates.ts'
import { type Minor, roundDivide } from '../../domain/money.ts'
import { parsePercent } from '../../domain/percent.ts'
import { type PricedSale, priceSale, type SaleLine } from '../../domain/pricing.ts'
import { parseQuantity, quantityToNumber } from '../../domain/quantity.ts'
import { settle, statusOf } from '../../domain/tender.ts'
import { traceLine } from '../../domain/trace.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { currency } from '../../schemas/currency.ts'
import { amountOf, rateWire, stored, wire } from './amounts.ts'
import type { Place, ProductForSale } from './context.ts'
import { type LineInput, nameOf, type SoldLine, soldLines } from './lines.ts'

export { amountOf, nameOf, rateWire, stored, wire }

export interface PaymentInput {
  method: string
  /** Left out: what the other payments leave of the total. */
  amount?: string | number
  tendered?: string | number | null
  reference?: string | null
  /** The order whose advance it is: it was taken when it was paid, by a method of that time. */
  order_id?: string
}
export interface SaleInput {
  items: LineInput[]
  payments: PaymentInput[]
  discounts: string
  expected_total?: string | null
}

/** A sale computed but not written: every figure of it, as minor units. */
export interface ComputedSale {
  place: Place
  businessDate: string
  lines: SoldLine[]
  priced: PricedSale
  payments: { input: PaymentInput; amount: Minor; tendered: Minor | null; change: Minor }[]
  paid: Minor
  change: Minor
  balance: Minor
  status: 'issued' | 'partial' | 'paid'
  overridden: boolean
}

/** A line as it is priced. */
const termsOf = ({ product, quantity, unitPrice, discount }: SoldLine): SaleLine => ({
  quantity,
  unitPrice,
  discount,
  discountPercent: parsePercent(product.discount),
  taxRate: parsePercent(product.tax_rate)
})

/** How each line came to its total. */
export const tracesOf = ({ lines, priced }: ComputedSale) =>
  lines.map((line, i) =>
    traceLine(termsOf(line), priced.lines[i]!, line.listPrice, line.fairPrice).map(({ step, amount }) => ({
      step,
      amount: wire(amount)
    }))
  )

/** Computes the whole sale from what the database said; nothing the client sent is taken for a figure. */
export function computeSale(
  input: SaleInput,
  place: Place,
  products: ProductForSale[],
  at: Date = new Date()
): ComputedSale {
  const lines = soldLines(input.items, products, place)
  const priced = priceSale({
    scale: currency.scale,
    pricesIncludeTax: place.prices_include_tax,
    taxRounding: place.tax_rounding,
    documentDiscount: amountOf(input.discounts, ['discounts']),
    lines: lines.map(termsOf)
  })
  if (input.expected_total != null && amountOf(input.expected_total, ['expected_total']) !== priced.total)
    throw failure('total_mismatch', { total: wire(priced.total) })
  return {
    place,
    businessDate: businessDate(at, place.timezone),
    lines,
    priced,
    overridden: lines.some(({ unitPrice, fairPrice }) => unitPrice !== fairPrice),
    ...settlePayments(input.payments, place, priced.total)
  }
}

/**
 * The payments with their amounts: one without takes what the others leave, and is none where there is nothing to pay.
 * @throws 400 for more than one without
 */
function wholePayments(payments: PaymentInput[], total: Minor): (PaymentInput & { amount: string | number })[] {
  const open = payments.flatMap(({ amount }, i) => (amount === undefined ? [i] : []))
  if (open.length > 1)
    throw fieldFailure('invalid_data', `payments.${open[1]}.amount`, 'is left out of one payment at most')
  const given = payments.reduce(
    (sum, { amount }, i) => (amount === undefined ? sum : sum + amountOf(amount, ['payments', i, 'amount'])),
    0n
  )
  const nothing = total === 0n && given === 0n
  return payments
    .filter(({ amount }) => amount !== undefined || !nothing)
    .map((payment) => ({ ...payment, amount: payment.amount ?? wire(total - given) }))
}

/** Checks the tenders against what is owed. `place` says which methods there are and which of them give change. */
export function settlePayments(payments: PaymentInput[], place: Pick<Place, 'methods' | 'cash_methods'>, total: Minor) {
  const tenders = wholePayments(payments, total).map((input, i) => {
    if (!input.order_id && !place.methods.includes(input.method))
      throw fieldFailure('unknown_payment_method', `payments.${i}.method`)
    const tendered = input.tendered == null ? undefined : amountOf(input.tendered, ['payments', i, 'tendered'])
    const method = place.cash_methods.includes(input.method) ? 'cash' : input.method
    return {
      method,
      amount: amountOf(input.amount, ['payments', i, 'amount']),
      ...(tendered !== undefined && { tendered }),
      input
    }
  })
  const settled = settle(total, tenders)
  return {
    payments: settled.payments.map(({ input, amount, tendered, change }) => ({
      input,
      amount,
      tendered: tendered ?? null,
      change
    })),
    paid: settled.paid,
    change: settled.change,
    balance: settled.balance,
    status: statusOf(total, settled.paid)
  }
}

/** Discounts given by hand, in ten-thousandths of a percent of the sale's value: what a limit is compared with. */
export function manualDiscount({ lines, priced }: ComputedSale): bigint {
  if (priced.subtotal === 0n) return 0n
  let given = 0n
  for (const [i, line] of priced.lines.entries()) {
    given += line.documentDiscount + (lines[i]!.explicitDiscount ? line.discount : 0n)
  }
  return (given * 1_000_000n) / priced.subtotal
}

/** What is taken off by hand: discounts given at the till, and prices below the product's own or its list's. */
export function takenOff({ lines, priced }: ComputedSale): Minor {
  return priced.lines.reduce((off, line, i) => {
    const { explicitDiscount } = lines[i]!
    return off + line.documentDiscount + (explicitDiscount ? line.discount : 0n) + cutOf(lines[i]!, line.gross)
  }, 0n)
}

/** By how much a price of its own lowers a line. */
function cutOf({ quantity, unitPrice, fairPrice }: SoldLine, gross: Minor): Minor {
  return unitPrice < fairPrice ? roundDivide(quantity * fairPrice, 1000n) - gross : 0n
}

/** The same in ten-thousandths of a percent of what the sale would come to at the prices before overrides. */
export function shareTakenOff(sale: ComputedSale): bigint {
  const { lines, priced } = sale
  const cut = priced.lines.reduce((sum, { gross }, i) => sum + cutOf(lines[i]!, gross), 0n)
  const whole = priced.subtotal + cut
  return whole === 0n ? 0n : (takenOff(sale) * 1_000_000n) / whole
}

/** What each product on stock loses, merged and in the order in which rows are locked everywhere: by product id. */
export function stockNeeds({ lines }: ComputedSale): { product: ProductForSale; quantity: bigint }[] {
  const needs = new Map<string, { product: ProductForSale; quantity: bigint }>()
  for (const { product, quantity } of lines) {
    if (product.kind === 'service') continue
    const need = needs.get(product.product_id)
    if (need) need.quantity += quantity
    else needs.set(product.product_id, { product, quantity })
  }
  return [...needs.values()].sort((a, b) => (a.product.product_id < b.product.product_id ? -1 : 1))
}

/** What is there and kept for no order, in thousandths. */
const freeOf = ({ on_hand, reserved }: ProductForSale): bigint =>
  parseQuantity(on_hand ?? '0') - parseQuantity(reserved ?? '0')

/** The lines that fall short, for the 409: what was asked for and what there is. */
export function shortages(
  sale: ComputedSale
): { product_id: string; sku: string; name: string; requested: number; available: number }[] {
  return stockNeeds(sale)
    .filter(({ product, quantity }) => quantity > freeOf(product))
    .map(({ product, quantity }) => ({
      product_id: product.product_id,
      sku: product.sku,
      name: product.name,
      requested: quantityToNumber(quantity),
      available: quantityToNumber(freeOf(product))
    }))
}
