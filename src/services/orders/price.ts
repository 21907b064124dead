import { DomainError } from '../../domain/errors.ts'
import { type ChosenOption, chooseOptions, pieceOf } from '../../domain/made-to-order.ts'
import { type Minor, parseMoney } from '../../domain/money.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import { type Call, momentOf } from '../../policy/call.ts'
import { currency } from '../../schemas/currency.ts'
import { readContext } from '../invoices/context.sql.ts'
import { requireParty, requirePermission } from '../invoices/permission.ts'
import { type ComputedSale, computeSale, rateWire, wire } from '../invoices/price.ts'
import type { Row } from '../projection.ts'
import { requireImages } from './images.ts'
import { readOptions, type StoredOptions } from './options.sql.ts'
import { groupsOf } from './options.ts'

/** A line as a client sends it. */
export interface OrderLineInput {
  category_id: string
  options: Record<string, string>
  quantity: number
  price: string | number
  discount?: string | number
  notes?: string | null
  images?: string[]
}

/** A line whose options and prices are settled: new, or as it was agreed earlier. */
export interface AgreedLine {
  category_id: string
  product_id: string
  name: string
  options: ChosenOption[]
  quantity: number
  price: Minor
  discount: string | number
  notes: string | null
  /** Files, in their order. */
  images: string[]
}

export interface OrderTerms {
  branch_id: string
  customer_id: string
  salesman_id: string | null
  rush_surcharge: string
  discounts: string
}

/** A priced order or quotation: columns of its header, and its lines but for the document they belong to. */
export interface PricedOrder {
  header: Row
  lines: Row[]
}

const amountAt = (given: string | number, path: (string | number)[]): Minor => {
  try {
    const amount = parseMoney(given, currency.scale)
    if (amount >= 0n) return amount
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
  }
  throw new DomainError('invalid_amount', path)
}

/** Settles the options of the lines sent. @throws 422 at the line for a category, option or picture that cannot be ordered */
export async function agreedLines(
  db: Parameters<typeof readOptions>[0],
  items: readonly OrderLineInput[],
  call: Call
): Promise<AgreedLine[]> {
  await requireImages(db, items, call)
  const categories = [...new Set(items.map(({ category_id }) => category_id.toLowerCase()))]
  const known = new Map((await readOptions(db, categories)).map((options) => [options.category_id, options]))
  return items.map((line, i) => agreedLine(line, known.get(line.category_id.toLowerCase()), i))
}

function agreedLine(line: OrderLineInput, category: StoredOptions | undefined, i: number): AgreedLine {
  const path = `items.${i}.category_id`
  if (!category) throw fieldFailure('unknown_reference', path, 'is no category of goods made to order')
  if (!category.is_active) throw fieldFailure('inactive', path, 'is not made to order any more')
  return {
    category_id: category.category_id,
    product_id: category.product_id,
    name: category.category,
    options: chosenAt(category, line.options, i),
    quantity: line.quantity,
    price: amountAt(line.price, ['items', i, 'price']),
    discount: line.discount ?? '0',
    notes: line.notes ?? null,
    images: line.images?.map((id) => id.toLowerCase()) ?? []
  }
}

function chosenAt({ groups }: StoredOptions, options: Record<string, string>, i: number): ChosenOption[] {
  try {
    return chooseOptions(groupsOf(groups), options)
  } catch (error) {
    throw error instanceof DomainError
      ? new DomainError(error.code, ['items', i, 'options', ...(error.path ?? [])])
      : error
  }
}

/**
 * The figures of an order, by the rules of a sale: line by line, discounts, tax, total. @throws 422 for a customer, product,
 * amount or discount that a sale could not have either; 403 discount_above_limit
 */
export async function priceOrder(
  db: Parameters<typeof readContext>[0],
  agreed: readonly AgreedLine[],
  terms: OrderTerms,
  call: Call
): Promise<PricedOrder> {
  const rush = parseMoney(terms.rush_surcharge, currency.scale)
  const items = agreed.map(({ product_id, quantity, price, options, discount }, i) => ({
    product_id,
    quantity,
    unit_price: wire(amountAt(wire(pieceOf(price, options, rush)), ['items', i, 'price'])),
    discount
  }))
  const { place, products } = await readContext(db, {
    register_id: null,
    branch_id: terms.branch_id,
    user_id: null,
    anywhere: false,
    customer_id: terms.customer_id,
    salesman_id: terms.salesman_id,
    methods: [],
    ids: [...new Set(items.map(({ product_id }) => product_id))],
    barcodes: [],
    skus: []
  })
  if (!place?.branch_active) throw failure('unknown_register')
  requireParty('customer', place.customer, call)
  if (terms.salesman_id) requireParty('salesman', place.salesman, call)
  const input = { items, payments: [], discounts: terms.discounts }
  const sale = computeSale(input, place, products, momentOf(call))
  // Prices of an order are agreed on as it is taken; discounts have the limit of a sale.
  requirePermission({ ...sale, overridden: false }, undefined, call)
  return { header: headerOf(sale), lines: linesOf(sale, agreed) }
}

const headerOf = ({ place, priced }: ComputedSale): Row => ({
  prices_include_tax: place.prices_include_tax,
  tax_rounding: place.tax_rounding,
  subtotal: wire(priced.subtotal),
  discount: wire(priced.discount),
  tax: wire(priced.tax),
  total: wire(priced.total),
  taxes: priced.taxes.map(({ rate, base, tax }) => ({ rate: rateWire(rate), base: wire(base), tax: wire(tax) }))
})

const linesOf = ({ place, lines, priced }: ComputedSale, agreed: readonly AgreedLine[]): Row[] =>
  agreed.map(({ category_id, product_id, name, options, quantity, price, notes, images }, i) => ({
    id: newId(),
    branch_id: place.branch_id,
    line_no: i + 1,
    category_id,
    product_id,
    name,
    options: options.map(({ surcharge, ...rest }) => ({ ...rest, surcharge: wire(surcharge) })),
    quantity,
    price: wire(price),
    unit_price: wire(lines[i]!.unitPrice),
    discount: wire(priced.lines[i]!.discount),
    document_discount: wire(priced.lines[i]!.documentDiscount),
    tax_rate: lines[i]!.product.tax_rate,
    tax: wire(priced.lines[i]!.tax),
    total: wire(priced.lines[i]!.total),
    notes,
    images
  }))
