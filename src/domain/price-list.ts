import type { Minor } from './money.ts'

/** A price that a list offers to this customer on this day. */
export interface Offer {
  price_list_id: string
  /** Thousandths; it holds from this quantity on. */
  minQuantity: bigint
  price: Minor
}

/**
 * The lowest price that is offered for a quantity, where it is below the product's own; undefined otherwise. Of equal
 * ones the one that asks for less, then the first by list, so that the same sale always names the same list.
 */
export function bestOffer(own: Minor, quantity: bigint, offers: readonly Offer[]): Offer | undefined {
  const open = offers.filter(({ minQuantity, price }) => minQuantity <= quantity && price < own)
  return open.sort(order)[0]
}

function order(a: Offer, b: Offer): number {
  if (a.price !== b.price) return a.price < b.price ? -1 : 1
  if (a.minQuantity !== b.minQuantity) return a.minQuantity < b.minQuantity ? -1 : 1
  return a.price_list_id < b.price_list_id ? -1 : 1
}
