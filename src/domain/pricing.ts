import { DomainError } from './errors.ts'
import { type Minor, maxMoney, roundDivide, split } from './money.ts'
import { percentOf } from './percent.ts'
import { addedTax, containedTax } from './tax.ts'

export interface SaleLine {
  /** Thousandths, above 0. */
  quantity: bigint
  unitPrice: Minor
  /** The amount taken off this line; when undefined, `discountPercent` applies. */
  discount?: Minor | undefined
  /** The product's own discount. Percents as `parsePercent` gives them. */
  discountPercent: bigint
  taxRate: bigint
}

export interface SaleInput {
  /** Decimals of the currency. */
  scale: number
  pricesIncludeTax: boolean
  taxRounding: 'line' | 'document'
  lines: SaleLine[]
  documentDiscount: Minor
}

export interface PricedLine {
  /** Quantity x unit price. */
  gross: Minor
  /** The line discount. */
  discount: Minor
  /** This line's share of the document discount. */
  documentDiscount: Minor
  /** Taxable base, without tax. */
  net: Minor
  tax: Minor
  /** What the customer pays for this line: net + tax. */
  total: Minor
}

export interface PricedSale {
  lines: PricedLine[]
  /** Sum of `gross`. */
  subtotal: Minor
  /** Line and document discounts together. */
  discount: Minor
  tax: Minor
  total: Minor
  /** One entry per rate, lowest first, zero rates included. */
  taxes: TaxTotal[]
}

export interface TaxTotal {
  rate: bigint
  base: Minor
  tax: Minor
}

type TaxRule = (amount: Minor, rate: bigint) => Minor

/**
 * The figures of a sale, in the order that makes each follow from the one before: line value, line discount, document
 * discount, tax, total. Tax comes last because it is owed on what is really paid (EU directive 2006/112/EC, article 79:
 * discounts given at the time of supply are no part of the taxable amount).
 *
 * Always: lines' totals add up to `total`, lines' tax and `taxes` to `tax`, lines' gross to `subtotal`, and
 * total = subtotal - discount + (tax, unless prices include it).
 *
 * Throws DomainError `invalid_quantity`, `invalid_amount`, `discount_exceeds_line` with the path of the item's field,
 * `discount_exceeds_total` at `discounts`; `invalid_amount` at `items` when the whole exceeds what an amount can hold.
 */
export function priceSale(sale: SaleInput): PricedSale {
  const limit = maxMoney(sale.scale)
  const grosses = sale.lines.map((line, index) => lineValue(line, index, limit))
  const discounts = sale.lines.map((line, index) => lineDiscount(line, index, grosses[index]!))
  const values = grosses.map((gross, index) => gross - discounts[index]!)
  const shares = documentShares(sale.documentDiscount, values)
  const payables = values.map((value, index) => value - shares[index]!)
  const taxes = lineTaxes(sale, payables)

  const lines = payables.map((payable, index): PricedLine => {
    const tax = taxes[index]!
    return {
      gross: grosses[index]!,
      discount: discounts[index]!,
      documentDiscount: shares[index]!,
      net: sale.pricesIncludeTax ? payable - tax : payable,
      tax,
      total: sale.pricesIncludeTax ? payable : payable + tax
    }
  })
  return sumUp(sale, lines, limit)
}

function lineValue(line: SaleLine, index: number, limit: Minor): Minor {
  if (line.quantity <= 0n) throw new DomainError('invalid_quantity', ['items', index, 'quantity'])
  if (line.unitPrice < 0n) throw new DomainError('invalid_amount', ['items', index, 'unit_price'])
  if (line.taxRate < 0n) throw new DomainError('invalid_amount', ['items', index, 'tax_rate'])
  const gross = roundDivide(line.quantity * line.unitPrice, 1000n)
  if (gross > limit) throw new DomainError('invalid_amount', ['items', index, 'quantity'])
  return gross
}

function lineDiscount(line: SaleLine, index: number, gross: Minor): Minor {
  const discount = line.discount ?? percentOf(gross, line.discountPercent)
  if (discount < 0n) throw new DomainError('invalid_amount', ['items', index, 'discount'])
  if (discount > gross) throw new DomainError('discount_exceeds_line', ['items', index, 'discount'])
  return discount
}

function documentShares(discount: Minor, values: Minor[]): Minor[] {
  if (discount < 0n) throw new DomainError('invalid_amount', ['discounts'])
  if (discount > sum(values)) throw new DomainError('discount_exceeds_total', ['discounts'])
  return split(discount, values)
}

function lineTaxes(sale: SaleInput, payables: Minor[]): Minor[] {
  const taxOn: TaxRule = sale.pricesIncludeTax ? containedTax : addedTax
  if (sale.taxRounding === 'document') return taxesRoundedPerRate(sale.lines, payables, taxOn)
  return payables.map((payable, index) => taxOn(payable, sale.lines[index]!.taxRate))
}

/** Rounded once for all lines of a rate, then spread over them by what is paid for each. */
function taxesRoundedPerRate(lines: SaleLine[], payables: Minor[], taxOn: TaxRule): Minor[] {
  const positionsByRate = new Map<bigint, number[]>()
  for (const [index, { taxRate }] of lines.entries()) {
    const positions = positionsByRate.get(taxRate)
    if (positions) positions.push(index)
    else positionsByRate.set(taxRate, [index])
  }
  const taxes: Minor[] = payables.map(() => 0n)
  for (const [rate, positions] of positionsByRate) {
    const weights = positions.map((position) => payables[position]!)
    const shares = split(taxOn(sum(weights), rate), weights)
    for (const [i, position] of positions.entries()) taxes[position] = shares[i]!
  }
  return taxes
}

function sumUp(sale: SaleInput, lines: PricedLine[], limit: Minor): PricedSale {
  const priced: PricedSale = { lines, subtotal: 0n, discount: 0n, tax: 0n, total: 0n, taxes: [] }
  const byRate = new Map<bigint, TaxTotal>()
  for (const [index, line] of lines.entries()) {
    priced.subtotal += line.gross
    priced.discount += line.discount + line.documentDiscount
    priced.tax += line.tax
    priced.total += line.total

    const rate = sale.lines[index]!.taxRate
    const entry = byRate.get(rate) ?? { rate, base: 0n, tax: 0n }
    entry.base += line.net
    entry.tax += line.tax
    byRate.set(rate, entry)
  }
  if (priced.subtotal > limit || priced.total > limit) throw new DomainError('invalid_amount', ['items'])
  priced.taxes = [...byRate.values()].sort((a, b) => Number(a.rate - b.rate))
  return priced
}

function sum(amounts: Minor[]): Minor {
  return amounts.reduce((a, b) => a + b, 0n)
}
