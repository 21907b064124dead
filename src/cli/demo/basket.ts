import { parsePercent } from '../../domain/percent.ts'
import { priceSale } from '../../domain/pricing.ts'
import { currency } from '../../schemas/currency.ts'
import type { Row } from '../../services/projection.ts'
import { priceOf } from './plan.ts'
import type { Random } from './random.ts'
import { type Item, wire } from './stockroom.ts'

/** How the branch prices: what a till has to know to show a total. */
export interface Pricing {
  prices_include_tax: boolean
  tax_rounding: 'line' | 'document'
}

interface Line {
  item: Item
  quantity: number
  discount?: bigint
}

/** What somebody is about to buy, with the total as the till shows it. */
export interface Basket {
  lines: Line[]
  discounts: bigint
  total: bigint
}

const percentOf = (amount: bigint, percent: number) => (amount * BigInt(percent)) / 100n
/** Cut to whole units of the currency, as people agree on a discount or a part payment. */
export const whole = (amount: bigint) => amount - (amount % 10n ** BigInt(currency.scale))

function quantityOf(item: Item, team: boolean, random: Random): number {
  const wanted = team && random.chance(0.3) ? random.whole(5, 11) : random.chance(0.85) ? 1 : 2
  return Math.min(wanted, item.onHand)
}

/** Undefined when there is nothing to be had. */
export function fillBasket(items: Item[], team: boolean, pricing: Pricing, random: Random): Basket | undefined {
  const demand = items.map((item) => (item.onHand > 0 ? item.demand : 0))
  const chosen = new Set<Item>()
  for (let n = 1 + random.weighted([45, 30, 15, 10]); n > 0; n--) chosen.add(items[random.weighted(demand)]!)
  const lines: Line[] = [...chosen]
    .filter(({ onHand }) => onHand > 0)
    .map((item) => ({ item, quantity: quantityOf(item, team, random) }))
  const first = lines[0]
  if (!first) return undefined
  const value = lines.reduce((sum, { item, quantity }) => sum + item.price * BigInt(quantity), 0n)
  // Under the tenth that a cashier may give away.
  const kind = random.weighted([80, 12, 8])
  const discounts = kind === 1 ? whole(percentOf(value, 5)) : 0n
  if (kind === 2) first.discount = percentOf(first.item.price * BigInt(first.quantity), 5)
  const { total } = priceSale({
    scale: currency.scale,
    pricesIncludeTax: pricing.prices_include_tax,
    taxRounding: pricing.tax_rounding,
    documentDiscount: discounts,
    lines: lines.map(({ item, quantity, discount }) => ({
      quantity: BigInt(quantity) * 1000n,
      unitPrice: item.price,
      discount,
      discountPercent: parsePercent(item.discount),
      taxRate: parsePercent(item.tax_rate)
    }))
  })
  return { lines, discounts, total }
}

/** The basket as the till sends it: scanned where there is a barcode to scan. */
export const saleOf = ({ lines, discounts, total }: Basket, random: Random): Row => ({
  items: lines.map(({ item, quantity, discount }) => ({
    ...(random.chance(0.9) ? { barcode: item.barcode } : { sku: item.sku }),
    quantity,
    ...(discount !== undefined && { discount: wire(discount) })
  })),
  discounts: wire(discounts),
  expected_total: wire(total)
})

const METHODS = ['cash', 'card', 'wallet', 'bank_transfer']

/** One payment of `amount`; cash is often handed over in notes. */
export function tender(amount: bigint, random: Random): Row {
  const method = METHODS[random.weighted([55, 25, 15, 5])]!
  const note = priceOf(1000)
  const tendered = method === 'cash' && random.chance(0.7) ? ((amount + note - 1n) / note) * note : amount
  return { method, amount: wire(amount), ...(tendered > amount && { tendered: wire(tendered) }) }
}

/** Payments that come to `amount`: one mostly, now and then two. */
export function tenders(amount: bigint, random: Random): Row[] {
  if (amount === 0n) return []
  const part = random.chance(0.06) ? whole(amount / 2n) : 0n
  return [...(part > 0n ? [part] : []), amount - part].map((each) => tender(each, random))
}
