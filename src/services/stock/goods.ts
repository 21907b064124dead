import type { Queryable } from '../../database/connection.ts'
import { formatDecimal, parseDecimal } from '../../domain/decimal.ts'
import { DomainError } from '../../domain/errors.ts'
import { type Minor, maxMoney, roundDivide } from '../../domain/money.ts'
import { parseQuantity, quantityToNumber } from '../../domain/quantity.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import type { Call } from '../../policy/call.ts'
import { currency } from '../../schemas/currency.ts'
import { nameOf, wire } from '../invoices/price.ts'
import { type AccountPost, postAccounts } from '../ledger/account.sql.ts'
import type { Branch } from '../ledger/document.sql.ts'
import type { Writing } from '../ledger/document.ts'
import type { Level } from '../ledger/stock.sql.ts'
import { type Product, readProducts, readVendor } from './goods.sql.ts'
import { reaches } from './states.ts'

const COST_SCALE = 4
const COST_LIMIT = 10n ** 16n - 1n
const QUANTITY_SCALE = 3

/** A line of goods as a client sends it. */
export interface GoodsInput {
  product_id?: string
  barcode?: string
  sku?: string
  quantity: number
  batch?: string | null
  expiry?: string | null
  location?: string | null
}

/** A product and how many thousandths of it. */
export interface Goods {
  product: Product
  quantity: bigint
}

export const quantityText = (quantity: bigint): string => formatDecimal(quantity, QUANTITY_SCALE)
export const costText = (cost: bigint): string => formatDecimal(cost, COST_SCALE)
/** A cost that the database holds, in ten-thousandths. */
export const storedCost = (text: string): bigint => parseDecimal(text, COST_SCALE, COST_LIMIT)!

/** A cost that a client sends. @throws 422 invalid_amount */
export function givenCost(value: string | number, path: (string | number)[]): bigint {
  const cost = parseDecimal(value, COST_SCALE, COST_LIMIT)
  if (cost === undefined || cost < 0n) throw new DomainError('invalid_amount', path)
  return cost
}

export function givenQuantity(value: number, path: (string | number)[]): bigint {
  try {
    return parseQuantity(value)
  } catch {
    throw new DomainError('invalid_quantity', path)
  }
}

/** Quantity times cost in the currency, half up. @throws 422 invalid_amount where that is no amount any more */
export function lineValue(quantity: bigint, cost: bigint, path: (string | number)[]): Minor {
  const value = roundDivide(quantity * cost, 10n ** BigInt(QUANTITY_SCALE + COST_SCALE - currency.scale))
  return requireAmount(value, path)
}

export function requireAmount(value: Minor, path: (string | number)[]): Minor {
  if (value > maxMoney(currency.scale)) throw new DomainError('invalid_amount', path)
  return value
}

/** What lines ask for, line by line; of these branches or of all. @throws 422 for a product that is not there, or given up */
export async function goodsOf(
  db: Queryable,
  items: readonly GoodsInput[],
  branches: readonly string[],
  { sold = false } = {}
): Promise<Goods[]> {
  const names = items.map(nameOf)
  const products = await productsOf(db, names, branches, (i) => `items.${i}.${names[i]![0]}`)
  return items.map(({ quantity }, i) => {
    const product = products[i]!
    if (sold && !product.is_active) throw fieldFailure('inactive', `items.${i}.${names[i]![0]}`, 'is not sold any more')
    return { product, quantity: givenQuantity(quantity, ['items', i, 'quantity']) }
  })
}

type Name = ReturnType<typeof nameOf>

/** The products of these names, in their order. @throws 422 unknown_product at the path of a name */
export async function productsOf(
  db: Queryable,
  names: readonly Name[],
  branches: readonly string[],
  path: (i: number) => string
): Promise<Product[]> {
  const by = (wanted: string) => names.filter(([kind]) => kind === wanted).map(([, name]) => name)
  const found = await readProducts(db, { ids: by('product_id'), barcodes: by('barcode'), skus: by('sku') })
  return names.map(([kind, name], i) => {
    const product = found.find((one) => one[kind === 'product_id' ? 'id' : kind] === name)
    const elsewhere = product?.branch_id && branches.some((branch) => branch !== product.branch_id)
    if (!product || elsewhere) throw fieldFailure('unknown_product', path(i))
    if (product.kind === 'service') throw fieldFailure('unknown_product', path(i), 'is a service, never on stock')
    return product
  })
}

/** A vendor within the caller's reach (hidden equals missing) and, unless that does not matter, active. @throws 422 */
export async function requireVendor(db: Queryable, id: unknown, call: Call, { active = true } = {}): Promise<void> {
  const vendor = await readVendor(db, id)
  if (!vendor || !reaches('vendors', vendor, call)) throw fieldFailure('unknown_reference', 'vendor_id')
  if (active && !vendor.is_active) throw fieldFailure('inactive', 'vendor_id')
}

/** Puts a document on a vendor's account, whose balance is locked: above 0 the shop owes more. Nothing for 0. */
export async function postVendor(
  writing: Writing,
  post: Pick<AccountPost, 'party_id' | 'branch_id' | 'business_date' | 'document'>,
  amount: Minor
): Promise<void> {
  if (amount === 0n) return
  const entry: AccountPost = { ...post, id: newId(), party: 'vendor', amount: wire(amount), document_id: writing.id }
  await postAccounts(writing.db, [entry], writing)
}

export const levelOf = (levels: readonly Level[], product: string): Level =>
  levels.find(({ product_id }) => product_id === product)!

/** Of a level, in thousandths: all that is there, and what of it is kept for no order. */
export const onHand = ({ on_hand }: Level): bigint => parseQuantity(on_hand)
export const freeOf = ({ on_hand, reserved }: Pick<Level, 'on_hand' | 'reserved'>): bigint =>
  parseQuantity(on_hand) - parseQuantity(reserved)

/**
 * Refuses to take more than is free, or than `available` says, naming the products. The levels are locked.
 * @throws 409 insufficient_stock
 */
export function requireStock(
  { stock_policy }: Branch,
  levels: readonly Level[],
  goods: readonly Goods[],
  available: (level: Level) => bigint = freeOf
): void {
  if (stock_policy !== 'block') return
  const needs = new Map<Product, bigint>()
  for (const { product, quantity } of goods) needs.set(product, (needs.get(product) ?? 0n) + quantity)
  const lines = [...needs]
    .map(([product, quantity]) => ({ product, quantity, there: available(levelOf(levels, product.id)) }))
    .filter(({ quantity, there }) => quantity > there)
    .map(({ product: { id, sku, name }, quantity, there }) => ({
      product_id: id,
      sku,
      name,
      requested: quantityToNumber(quantity),
      available: quantityToNumber(there)
    }))
  if (lines.length) throw failure('insufficient_stock', { lines })
}

/** The columns of a kept line. */
export const goodsColumns = ({ product, quantity }: Goods, cost: bigint, line_no: number, input: GoodsInput) => ({
  line_no,
  product_id: product.id,
  name: product.name,
  sku: product.sku,
  quantity: quantityText(quantity),
  unit_cost: costText(cost),
  ...marksOf(input)
})

export const marksOf = ({ batch, expiry, location }: Partial<GoodsInput>) => ({
  batch: batch ?? null,
  expiry: expiry ?? null,
  location: location ?? null
})
