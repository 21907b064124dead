import type { Minor } from '../../domain/money.ts'
import type { Offer } from '../../domain/price-list.ts'
import type { Agenda } from './agenda.ts'
import type { Hands, Worker } from './hands.ts'
import type { PlannedCustomer, PlannedProduct } from './plan.ts'
import type { Random } from './random.ts'

/** What a price list offers of a product, to one customer or to all. */
export interface ListedPrice extends Offer {
  customer_id: string | null
}

/** A product, with what is on hand of it by branch. */
export interface Item extends PlannedProduct {
  id: string
  vendor_id: string
  onHand: Map<string, number>
  listed: ListedPrice[]
}

export const onHand = (item: Item, { id }: Place): number => item.onHand.get(id) ?? 0
export const move = (item: Item, { id }: Place, quantity: number): void =>
  void item.onHand.set(id, (item.onHand.get(id) ?? 0) + quantity)

/** A customer the shop knows. */
export interface Client extends PlannedCustomer {
  id: string
  salesman_id: string
  /** Bought on account, so may owe something. */
  owes: boolean
  /** The shop owes them, for an order they cancelled. */
  credit: boolean
}

/** A branch, with who works there beside the cashiers. */
export interface Place {
  id: string
  code: string
  zone: string
  keeper: Worker
  /** The keeper's user name. */
  keeperName: string
}

export interface Till {
  register_id: string
  worker: Worker
  /** The newest shift, open by day; none before the first. */
  shift?: string | undefined
}

/** How a shop prices, and what its cashiers may give without asking. */
export interface Rules {
  prices_include_tax: boolean
  tax_rounding: 'line' | 'document'
  /** In whole percent. */
  discountLimit: number
  refundLimit: Minor
}

export interface Shop extends Place {
  rules: Rules
  tills: Till[]
  clients: Client[]
}

/** All that a day of business needs. */
export interface World {
  hands: Hands
  random: Random
  agenda: Agenda
  items: Item[]
  warehouse: Place
  shops: Shop[]
  manager: Worker
  managerName: string
  /** With which a colleague approves. */
  pin: string
  /** Ids of expense types by name. */
  expenseTypes: Map<string, string>
}

export const MINUTE = 60 * 1000
