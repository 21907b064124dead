import { businessDate } from '../../domain/dates.ts'
import { formatDecimal } from '../../domain/decimal.ts'
import { DomainError } from '../../domain/errors.ts'
import { formatMoney, type Minor, parseMoney } from '../../domain/money.ts'
import { parsePercent } from '../../domain/percent.ts'
import { type PricedSale, priceSale } from '../../domain/pricing.ts'
import { parseQuantity, quantityToNumber } from '../../domain/quantity.ts'
import { settle, statusOf } from '../../domain/tender.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { currency } from '../../schemas/currency.ts'
import { kinds } from '../../schemas/kinds.ts'
import type { Place, ProductForSale } from './context.sql.ts'

export interface LineInput {
  product_id?: string
  barcode?: string
  sku?: string
  quantity: number
  discount?: string | number
  unit_price?: string | number
}
export interface PaymentInput {
  method: string
  amount: string | number
  tendered?: string | number | null
  reference?: string | null
}
export interface SaleInput {
  items: LineInput[]
  payments: PaymentInput[]
  discounts: string
  expected_total?: string | null
}

interface SoldLine {
  product: ProductForSale
  quantity: bigint
  unitPrice: Minor
  listPrice: Minor
  explicitDiscount: boolean
  discount?: Minor
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

/** An amount that a client sends. @throws 422 invalid_amount at the path */
export const amountOf = (value: string | number, path: (string | number)[]): Minor => {
  try {
    return parseMoney(value, currency.scale)
  } catch (error) {
    throw error instanceof DomainError ? new DomainError(error.code, path) : error
  }
}
const quantityOf = (value: number, path: (string | number)[]): bigint => {
  try {
    return parseQuantity(value)
  } catch (error) {
    throw error instanceof DomainError ? new DomainError(error.code, path) : error
  }
}
export const stored = (value: string): Minor =>
  parseMoney(kinds.money.decode!(value as never, {}) as string, currency.scale)
export const wire = (minor: Minor): string => formatMoney(minor, currency.scale)
export const rateWire = (rate: bigint): string => formatDecimal(rate, 4)

type Index = Record<'product_id' | 'barcode' | 'sku', Map<string, ProductForSale>>

function indexOf(products: ProductForSale[]): Index {
  const by = (key: keyof Index) => new Map(products.map((product) => [product[key] as string, product]))
  return { product_id: by('product_id'), barcode: by('barcode'), sku: by('sku') }
}

/** By which name a line calls its product, and that name. @throws 400 unless it is exactly one */
export function nameOf(line: LineInput, i: number): [kind: keyof Index, name: string] {
  const names = (['product_id', 'barcode', 'sku'] as const).filter((name) => line[name] !== undefined)
  if (names.length !== 1)
    throw fieldFailure('invalid_data', `items.${i}`, 'needs exactly one of product_id, barcode, sku')
  const [kind] = names as [keyof Index]
  return [kind, kind === 'product_id' ? line[kind]!.toLowerCase() : line[kind]!]
}

function productOf(line: LineInput, index: Index, place: Place, i: number): ProductForSale {
  const [name, key] = nameOf(line, i)
  const product = index[name].get(key)
  const elsewhere = product?.product_branch_id && product.product_branch_id !== place.branch_id
  if (!product || elsewhere) throw fieldFailure('unknown_product', `items.${i}.${name}`)
  if (!product.product_active) throw fieldFailure('inactive', `items.${i}.${name}`, 'is not sold any more')
  return product
}

function soldLine(line: LineInput, index: Index, place: Place, i: number): SoldLine {
  const product = productOf(line, index, place, i)
  const listPrice = stored(product.unit_price)
  return {
    product,
    quantity: quantityOf(line.quantity, ['items', i, 'quantity']),
    listPrice,
    unitPrice: line.unit_price === undefined ? listPrice : amountOf(line.unit_price, ['items', i, 'unit_price']),
    explicitDiscount: line.discount !== undefined,
    ...(line.discount !== undefined && { discount: amountOf(line.discount, ['items', i, 'discount']) })
  }
}

/** Computes the whole sale from what the database said; nothing the client sent is taken for a figure. */
export function computeSale(
  input: SaleInput,
  place: Place,
  products: ProductForSale[],
  at: Date = new Date()
): ComputedSale {
  const index = indexOf(products)
  const lines = input.items.map((line, i) => soldLine(line, index, place, i))
  const priced = priceSale({
    scale: currency.scale,
    pricesIncludeTax: place.prices_include_tax,
    taxRounding: place.tax_rounding,
    documentDiscount: amountOf(input.discounts, ['discounts']),
    lines: lines.map(({ product, quantity, unitPrice, discount }) => ({
      quantity,
      unitPrice,
      discount,
      discountPercent: parsePercent(product.discount),
      taxRate: parsePercent(product.tax_rate)
    }))
  })
  if (input.expected_total != null && amountOf(input.expected_total, ['expected_total']) !== priced.total)
    throw failure('total_mismatch', { total: wire(priced.total) })
  return {
    place,
    businessDate: businessDate(at, place.timezone),
    lines,
    priced,
    overridden: lines.some(({ unitPrice, listPrice }) => unitPrice !== listPrice),
    ...settlePayments(input.payments, place, priced.total)
  }
}

/** Checks the tenders against what is owed. `place` says which methods there are and which of them give change. */
export function settlePayments(payments: PaymentInput[], place: Pick<Place, 'methods' | 'cash_methods'>, total: Minor) {
  const tenders = payments.map((input, i) => {
    if (!place.methods.includes(input.method)) throw fieldFailure('unknown_payment_method', `payments.${i}.method`)
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

/** What each product loses, merged and in the order in which rows are locked everywhere: by product id. */
export function stockNeeds({ lines }: ComputedSale): { product: ProductForSale; quantity: bigint }[] {
  const needs = new Map<string, { product: ProductForSale; quantity: bigint }>()
  for (const { product, quantity } of lines) {
    const need = needs.get(product.product_id)
    if (need) need.quantity += quantity
    else needs.set(product.product_id, { product, quantity })
  }
  return [...needs.values()].sort((a, b) => (a.product.product_id < b.product.product_id ? -1 : 1))
}

/** The lines that fall short, for the 409: what was asked for and what there is. */
export function shortages(
  sale: ComputedSale
): { product_id: string; sku: string; name: string; requested: number; available: number }[] {
  return stockNeeds(sale)
    .filter(({ product, quantity }) => quantity > parseQuantity(product.on_hand ?? '0'))
    .map(({ product, quantity }) => ({
      product_id: product.product_id,
      sku: product.sku,
      name: product.name,
      requested: quantityToNumber(quantity),
      available: Number(product.on_hand ?? 0)
    }))
}
