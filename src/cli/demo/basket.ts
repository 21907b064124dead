import type { Minor } from '../../domain/money.ts'
import { parsePercent } from '../../domain/percent.ts'
import { bestOffer } from '../../domain/price-list.ts'
import { priceSale } from '../../domain/pricing.ts'
import { currency } from '../../schemas/currency.ts'
import type { Row } from '../../services/projection.ts'
import { percentOf, priceOf, whole, wire } from './amounts.ts'
import type { Random } from './random.ts'
import { type Client, type Item, onHand, type Shop } from './world.ts'

interface Line {
  item: Item
  quantity: number
  /** By the product or a price list. */
  fair: Minor
  /** Asked for instead. */
  override?: Minor
  discount?: Minor
}

/** What somebody is about to buy, with the total as the till shows it. */
export interface Basket {
  lines: Line[]
  discounts: Minor
  total: Minor
  /** What the seller takes off by hand, and needs to be approved. */
  special?: { action: 'discount' | 'override'; amount: Minor }
}

function quantityOf(item: Item, shop: Shop, team: boolean, random: Random): number {
  const wanted = team && random.chance(0.3) ? random.whole(5, 14) : random.chance(0.85) ? 1 : 2
  return Math.min(wanted, onHand(item, shop))
}

function lineOf(item: Item, shop: Shop, client: Client | undefined, random: Random): Line {
  const quantity = quantityOf(item, shop, client?.team ?? false, random)
  const offers = item.listed.filter(({ customer_id }) => !customer_id || customer_id === client?.id)
  return { item, quantity, fair: bestOffer(item.price, BigInt(quantity) * 1000n, offers)?.price ?? item.price }
}

/** Undefined when there is nothing to be had. */
export function fillBasket(items: Item[], shop: Shop, client: Client | undefined, random: Random): Basket | undefined {
  const demand = items.map((item) => (onHand(item, shop) > 0 ? item.demand : 0))
  const chosen = new Set<Item>()
  for (let n = 1 + random.weighted([45, 30, 15, 10]); n > 0; n--) chosen.add(items[random.weighted(demand)]!)
  const lines = [...chosen].filter((item) => onHand(item, shop) > 0).map((item) => lineOf(item, shop, client, random))
  if (!lines[0]) return undefined
  const basket: Basket = { lines, discounts: 0n, total: 0n }
  reduce(basket, lines[0], shop.rules.discountLimit, random)
  basket.total = totalOf(basket, shop)
  return basket
}

/** Mostly at the full price; some get a discount that any cashier may give, and few one that a colleague must approve. */
function reduce(basket: Basket, first: Line, limit: number, random: Random): void {
  const percent = Math.min(5, limit)
  const value = basket.lines.reduce((sum, { fair, quantity }) => sum + fair * BigInt(quantity), 0n)
  const gross = first.fair * BigInt(first.quantity)
  switch (random.weighted([77, 12, 8, 1.5, 1.5])) {
    case 1:
      basket.discounts = whole(percentOf(value, percent))
      break
    case 2:
      first.discount = percentOf(gross, percent)
      break
    case 3:
      basket.discounts = whole(percentOf(value, 15))
      basket.special = { action: 'discount', amount: basket.discounts }
      break
    case 4:
      first.override = percentOf(first.fair, 80)
      basket.special = { action: 'override', amount: gross - first.override * BigInt(first.quantity) }
  }
  if (basket.special?.amount === 0n) delete basket.special
}

function totalOf({ lines, discounts }: Basket, { rules }: Shop): Minor {
  const { total } = priceSale({
    scale: currency.scale,
    pricesIncludeTax: rules.prices_include_tax,
    taxRounding: rules.tax_rounding,
    documentDiscount: discounts,
    lines: lines.map(({ item, quantity, fair, override, discount }) => ({
      quantity: BigInt(quantity) * 1000n,
      unitPrice: override ?? fair,
      discount,
      discountPercent: parsePercent(item.discount),
      taxRate: parsePercent(item.tax_rate)
    }))
  })
  return total
}

/** The basket as the till sends it: scanned where there is a barcode to scan. */
export const saleOf = ({ lines, discounts, total }: Basket, random: Random): Row => ({
  items: lines.map(({ item, quantity, override, discount }) => ({
    ...(random.chance(0.9) ? { barcode: item.barcode } : { sku: item.sku }),
    quantity,
    ...(override !== undefined && { unit_price: wire(override) }),
    ...(discount !== undefined && { discount: wire(discount) })
  })),
  discounts: wire(discounts),
  expected_total: wire(total)
})

const METHODS = ['cash', 'card', 'wallet', 'bank_transfer']

/** One payment of `amount`; cash is often handed over in notes. */
export function tender(amount: Minor, random: Random): Row {
  const method = METHODS[random.weighted([55, 25, 15, 5])]!
  const note = priceOf(1000)
  const tendered = method === 'cash' && random.chance(0.7) ? ((amount + note - 1n) / note) * note : amount
  return { method, amount: wire(amount), ...(tendered > amount && { tendered: wire(tendered) }) }
}

/** Payments that come to `amount`: one mostly, now and then two. */
export function tenders(amount: Minor, random: Random): Row[] {
  if (amount === 0n) return []
  const part = random.chance(0.06) ? whole(amount / 2n) : 0n
  return [...(part > 0n ? [part] : []), amount - part].map((each) => tender(each, random))
}
