import { type Minor, roundDivide } from './money.ts'
import type { PricedLine, SaleLine } from './pricing.ts'

export interface TraceStep {
  step: 'list_price' | 'price_list' | 'override' | 'product_discount' | 'line_discount' | 'document_discount' | 'tax'
  /** What the step adds to the line's total; negative where it takes something off. */
  amount: Minor
}

/**
 * How a line came to its total: steps whose amounts add up to it exactly. Steps that changed nothing are left out, as is
 * tax contained in the price. Apart from `priceSale`, because only who keeps or shows the steps should pay for them.
 * `listPrice` is the unit price before price lists, `offerPrice` the one after them and before an override.
 */
export function traceLine(
  line: SaleLine,
  priced: PricedLine,
  listPrice: Minor = line.unitPrice,
  offerPrice: Minor = listPrice
): TraceStep[] {
  const listed = roundDivide(line.quantity * listPrice, 1000n)
  const offered = roundDivide(line.quantity * offerPrice, 1000n)
  const paidBeforeTax = priced.gross - priced.discount - priced.documentDiscount
  const steps: TraceStep[] = [
    { step: 'list_price', amount: listed },
    { step: 'price_list', amount: offered - listed },
    { step: 'override', amount: priced.gross - offered },
    { step: line.discount === undefined ? 'product_discount' : 'line_discount', amount: -priced.discount },
    { step: 'document_discount', amount: -priced.documentDiscount },
    { step: 'tax', amount: priced.total - paidBeforeTax }
  ]
  return steps.filter(({ step, amount }) => step === 'list_price' || amount !== 0n)
}
