import { ean13CheckDigit } from '../../domain/ean.ts'
import { currency } from '../../schemas/currency.ts'
import { priceOf } from './amounts.ts'
import { BRANDS, COLOURS, FIRST_NAMES, GRADES, LAST_NAMES, SIZES, STREETS, STYLES, TEAMS, VENDORS } from './names.ts'
import type { Random } from './random.ts'

export interface PlannedProduct {
  sku: string
  name: string
  barcode: string
  category: string
  brand: string
  vendor: string
  /** In minor units. */
  price: bigint
  cost: bigint
  tax_rate: string
  discount: string
  limited_qty: number
  /** Worn, so in sizes. */
  sized: boolean
  /** How often it is asked for, against the others. */
  demand: number
  opening: number
}

export interface PlannedCustomer {
  name: string
  contacts: { phone: string; email?: string }
  billing_addr: string
  /** In minor units; 0 pays at once. */
  limit: bigint
  team: boolean
}

/** 20 to 29 are the prefixes a shop may use for itself (GS1 General Specifications, 2.1.11). */
function barcode(number: number): string {
  const twelve = `200${String(number).padStart(9, '0')}`
  return twelve + ean13CheckDigit(twelve)
}

/** Products numbered from `first`: every style in turn, then in the next colour and size. */
export function planProducts(count: number, first: number, random: Random): PlannedProduct[] {
  return Array.from({ length: count }, (_, i) => {
    const style = STYLES[i % STYLES.length]!
    const variant = Math.floor(i / STYLES.length)
    const colour = COLOURS[variant % COLOURS.length]!
    const kind = (style.sized ? SIZES : GRADES)[Math.floor(variant / COLOURS.length) % SIZES.length]!
    const price = priceOf(style.rupees)
    const initials = style.name.replace(/[^A-Z]/g, '').padEnd(2, 'X')
    return {
      sku: `${initials}-${String(first + i).padStart(4, '0')}`,
      name: style.sized ? `${style.name} ${colour} ${kind}` : `${kind} ${style.name} ${colour}`,
      barcode: barcode(first + i),
      category: style.category,
      brand: random.pick(BRANDS),
      vendor: random.pick(VENDORS),
      price,
      cost: (price * BigInt(random.whole(55, 70))) / 100n,
      tax_rate: style.category === 'Cricket' ? '10' : '18',
      discount: random.chance(0.08) ? random.pick(['5', '10', '15']) : '0',
      limited_qty: random.whole(4, 10),
      sized: style.sized,
      demand: random.next() ** 2 + 0.05,
      opening: random.whole(12, 40)
    }
  })
}

const phone = (random: Random) => `03${random.whole(0, 4)}${random.whole(0, 9)}-${random.whole(1_000_000, 9_999_999)}`
const person = (random: Random) => `${random.pick(FIRST_NAMES)} ${random.pick(LAST_NAMES)}`
const rounded = (value: bigint, unit: bigint) => (value / unit) * unit

/** One customer in five is a team; teams and some of the others may buy on account. */
export function planCustomers(count: number, random: Random): PlannedCustomer[] {
  return Array.from({ length: count }, (_, i) => {
    const team = i % 5 === 0
    const turn = Math.floor(i / 5 / TEAMS.length)
    const name = team ? TEAMS[(i / 5) % TEAMS.length]! + (turn ? ` ${turn + 1}` : '') : person(random)
    const email = `${name.toLowerCase().replace(/[^a-z0-9]+/g, '.')}@example.com`
    const limit = team ? random.whole(50, 150) * 1000 : random.chance(0.4) ? random.whole(10, 40) * 1000 : 0
    return {
      name,
      contacts: { phone: phone(random), ...(random.chance(0.5) && { email }) },
      billing_addr: `${random.whole(1, 240)} ${random.pick(STREETS)}`,
      limit: rounded(priceOf(limit), 10n ** BigInt(currency.scale)),
      team
    }
  })
}

export const planSalesmen = (count: number, random: Random) =>
  Array.from({ length: count }, () => ({
    name: person(random),
    commission_rate: random.pick(['1', '1.5', '2']),
    phone: phone(random)
  }))
