import type { Progress } from '../progress.ts'
import { percentOf, wire } from './amounts.ts'
import type { Hands } from './hands.ts'
import type { Keeper } from './keeper.ts'
import { type PlannedProduct, planCustomers, planSalesmen } from './plan.ts'
import type { Random } from './random.ts'
import type { Client, Item, ListedPrice, Shop } from './world.ts'

/** Makes the products, with what they refer to. */
export async function makeProducts(
  hands: Hands,
  { keep }: Keeper,
  plan: PlannedProduct[],
  at: Date,
  progress: Progress
): Promise<Item[]> {
  const items: Item[] = []
  for (const product of plan) {
    const terms = { contacts: { phone: '042-35710000' }, terms: 'Payment within 30 days' }
    const vendor_id = await keep('vendors', product.vendor, terms)
    const { sku, name, barcode, tax_rate, discount, limited_qty } = product
    const made = await hands.make(
      'products',
      {
        ...{ sku, name, barcode, tax_rate, discount, limited_qty, vendor_id },
        unit_price: wire(product.price),
        cost_price: wire(product.cost),
        category_id: await keep('categories', product.category),
        brand_id: await keep('brands', product.brand)
      },
      at
    )
    items.push({ ...product, id: made.id as string, vendor_id, onHand: new Map(), listed: [] })
    progress('Products', items.length, plan.length)
  }
  return items
}

const SALESMEN = 3

/** Makes the customers, each of one shop and looked after by one of the salesmen; two in three are the larger shop's. */
export async function makeCustomers(
  { hands, keeper, random, codes }: { hands: Hands; keeper: Keeper; random: Random; codes: Set<string> },
  shops: Omit<Shop, 'clients'>[],
  count: number,
  at: Date,
  progress: Progress
): Promise<Client[][]> {
  const salesmen: string[] = []
  let number = 1
  for (const { name, ...salesman } of planSalesmen(SALESMEN, random)) {
    while (codes.has(`s${number}`)) number++
    salesmen.push(await keeper.keep('salesmen', name, { ...salesman, code: `S${number++}`, branch_id: null }))
  }
  const clients: Client[][] = shops.map(() => [])
  for (const [i, customer] of planCustomers(count, random).entries()) {
    const { name, contacts, billing_addr, limit } = customer
    const place = i % 3 === 1 ? 1 : 0
    const salesman_id = random.pick(salesmen)
    const data = { name, contacts, billing_addr, credit_limit: wire(limit), salesman_id, branch_id: shops[place]!.id }
    const { id } = await hands.make('customers', data, at)
    clients[place]!.push({ ...customer, id: id as string, salesman_id, owes: false, credit: false })
    progress('Customers', i + 1, count)
  }
  return clients
}

/** Below the product's own price: from ten pieces on for everybody, and from the first for the oldest team. */
export async function makePriceLists(
  hands: Hands,
  { keep, unused }: Keeper,
  { items, team }: { items: Item[]; team: Client | undefined },
  at: Date
): Promise<void> {
  const worn = items.filter(({ sized }) => sized).slice(0, 60)
  const list = async (name: string, customer_id: string | null, min_quantity: number, percent: number) => {
    const price_list_id = await keep('price-lists', unused('price-lists', name), { customer_id })
    for (const item of worn) {
      const price = percentOf(item.price, percent)
      await hands.make('price-list-items', { price_list_id, product_id: item.id, min_quantity, price: wire(price) }, at)
      const offer: ListedPrice = { price_list_id, minQuantity: BigInt(min_quantity) * 1000n, price, customer_id }
      item.listed.push(offer)
    }
  }
  await list('Ten pieces and more', null, 10, 90)
  if (team) await list(`Prices for ${team.name}`, team.id, 0, 93)
}
