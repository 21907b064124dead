import { type EmbeddedCode, type EmbeddedPattern, parseEmbedded } from '../../domain/embedded-barcode.ts'
import { DomainError } from '../../domain/errors.ts'
import type { Minor } from '../../domain/money.ts'
import { bestOffer, type Offer } from '../../domain/price-list.ts'
import { parseQuantity } from '../../domain/quantity.ts'
import { fieldFailure } from '../../errors.ts'
import { amountOf, quantityOf, stored } from './amounts.ts'
import type { Place, ProductForSale } from './context.ts'

export interface LineInput {
  product_id?: string
  barcode?: string
  sku?: string
  quantity: number
  discount?: string | number
  unit_price?: string | number
}

/** A line as it will be sold, before discounts and tax. */
export interface SoldLine {
  product: ProductForSale
  /** What was scanned, where it holds a weight or a price. */
  embedded?: string
  quantity: bigint
  unitPrice: Minor
  /** What a unit costs by itself, or by its barcode; and where the price before an override comes from. */
  listPrice: Minor
  priceSource: 'list' | 'price_list' | 'barcode'
  /** The price list that it is from, where one is below the product's own price. */
  offer: Offer | undefined
  /** Per unit, before an override. */
  fairPrice: Minor
  explicitDiscount: boolean
  discount?: Minor
}

type Name = 'product_id' | 'barcode' | 'sku'
type Index = Record<Name | 'article_no', Map<string, ProductForSale>>

function indexOf(products: ProductForSale[]): Index {
  const by = (key: keyof Index) => new Map(products.map((product) => [product[key] as string, product]))
  return { product_id: by('product_id'), barcode: by('barcode'), sku: by('sku'), article_no: by('article_no') }
}

/** By which name a line calls its product, and that name. @throws 400 unless it is exactly one */
export function nameOf(line: LineInput, i: number): [kind: Name, name: string] {
  const names = (['product_id', 'barcode', 'sku'] as const).filter((name) => line[name] !== undefined)
  if (names.length !== 1)
    throw fieldFailure('invalid_data', `items.${i}`, 'needs exactly one of product_id, barcode, sku')
  const [kind] = names as [Name]
  return [kind, kind === 'product_id' ? line[kind]!.toLowerCase() : line[kind]!]
}

/** What is sold by that line, and what its barcode holds where that is more than a product. */
function productOf(line: LineInput, index: Index, place: Place, i: number) {
  const [name, key] = nameOf(line, i)
  const known = index[name].get(key)
  const code = known || name !== 'barcode' ? undefined : readCode(key, place.settings.embedded_barcodes ?? [], i)
  const product = known ?? (code && index.article_no.get(code.item))
  const elsewhere = product?.product_branch_id && product.product_branch_id !== place.branch_id
  if (!product || elsewhere) throw fieldFailure('unknown_product', `items.${i}.${name}`)
  if (!product.product_active) throw fieldFailure('inactive', `items.${i}.${name}`, 'is not sold any more')
  return { product, code }
}

/** @throws 422 invalid_barcode for one that was misread */
function readCode(code: string, patterns: readonly EmbeddedPattern[], i: number): EmbeddedCode | undefined {
  try {
    return parseEmbedded(code, patterns)
  } catch (error) {
    throw error instanceof DomainError ? new DomainError(error.code, ['items', i, 'barcode']) : error
  }
}

/** Pieces, times the weight that each of them has by its label. */
function quantityIn(line: LineInput, code: EmbeddedCode | undefined, i: number): bigint {
  const quantity = quantityOf(line.quantity, ['items', i, 'quantity'])
  if (code?.kind !== 'weight') return quantity
  if (quantity % 1000n) throw fieldFailure('invalid_quantity', `items.${i}.quantity`, 'counts labels: whole ones')
  return (quantity / 1000n) * code.value
}

const offersOf = ({ offers }: ProductForSale): Offer[] =>
  (offers ?? []).map(({ price_list_id, min_quantity, price }) => ({
    price_list_id,
    minQuantity: parseQuantity(min_quantity),
    price: stored(price)
  }))

function soldLine(line: LineInput, index: Index, place: Place, i: number): SoldLine {
  const { product, code } = productOf(line, index, place, i)
  const listPrice = code?.kind === 'price' ? code.value : stored(product.unit_price)
  const quantity = quantityIn(line, code, i)
  const offer = code?.kind === 'price' ? undefined : bestOffer(listPrice, quantity, offersOf(product))
  const fairPrice = offer?.price ?? listPrice
  return {
    product,
    ...(code && { embedded: line.barcode! }),
    priceSource: code?.kind === 'price' ? 'barcode' : offer ? 'price_list' : 'list',
    offer,
    fairPrice,
    quantity,
    listPrice,
    unitPrice: line.unit_price === undefined ? fairPrice : amountOf(line.unit_price, ['items', i, 'unit_price']),
    explicitDiscount: line.discount !== undefined,
    ...(line.discount !== undefined && { discount: amountOf(line.discount, ['items', i, 'discount']) })
  }
}

/** The lines of a sale with what each of them sells. @throws 400, 422 at the line */
export function soldLines(items: LineInput[], products: ProductForSale[], place: Place): SoldLine[] {
  const index = indexOf(products)
  return items.map((line, i) => soldLine(line, index, place, i))
}
