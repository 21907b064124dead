import { formatMoney } from '../../domain/money.ts'
import { currency } from '../../schemas/currency.ts'
import type { Row } from '../../services/projection.ts'
import type { Progress } from '../progress.ts'
import type { Hands, Worker } from './hands.ts'
import type { PlannedProduct } from './plan.ts'
import type { Random } from './random.ts'

export const wire = (minor: bigint): string => formatMoney(minor, currency.scale)

/** A product on the shelf. */
export interface Item extends PlannedProduct {
  id: string
  vendor_id: string
  onHand: number
}

/** Where the shelves are, and who works on them. */
interface Stockroom {
  hands: Hands
  items: Item[]
  /** The branch. */
  home: string
  random: Random
}

/** Makes what names call for, once per name, and answers its id; what is there already is used as it is. */
export function keeperOf(hands: Hands, known: Record<string, Map<string, string>>, at: Date) {
  return async (path: string, name: string, more: Row = {}): Promise<string> => {
    const ids = known[path]!
    const id = ids.get(name.toLowerCase()) ?? ((await hands.make(path, { name, ...more }, at)).id as string)
    ids.set(name.toLowerCase(), id)
    return id
  }
}

export type Keeper = ReturnType<typeof keeperOf>

/** Makes the products, and receives what the shop opens with. */
export async function fillShelves(
  hands: Hands,
  keep: Keeper,
  plan: PlannedProduct[],
  branch: string,
  at: Date,
  progress: Progress
): Promise<Item[]> {
  const items: Item[] = []
  for (const product of plan) {
    const vendor_id = await keep('vendors', product.vendor, {
      contacts: { phone: '042-35710000' },
      terms: 'Payment within 30 days'
    })
    const made = await hands.make(
      'products',
      {
        sku: product.sku,
        name: product.name,
        barcode: product.barcode,
        unit_price: wire(product.price),
        cost_price: wire(product.cost),
        tax_rate: product.tax_rate,
        discount: product.discount,
        limited_qty: product.limited_qty,
        category_id: await keep('categories', product.category),
        brand_id: await keep('brands', product.brand),
        vendor_id
      },
      at
    )
    const item: Item = { ...product, id: made.id as string, vendor_id, onHand: 0 }
    await receive(hands, item, product.opening, branch, 'Opening stock', at)
    items.push(item)
    progress('Products', items.length, plan.length)
  }
  return items
}

async function receive(hands: Hands, item: Item, qty: number, branch_id: string, reason: string, at: Date) {
  const { id: product_id, vendor_id, cost } = item
  await hands.make(
    'stock-entries',
    { product_id, branch_id, qty, type: 'IN', reason, vendor_id, unit_cost: wire(cost) },
    at
  )
  item.onHand += qty
}

/** A delivery of everything that runs low. */
export async function restock({ hands, items, home, random }: Stockroom, at: Date): Promise<void> {
  for (const item of items) {
    if (item.onHand <= item.limited_qty) await receive(hands, item, random.whole(10, 30), home, 'Weekly delivery', at)
  }
}

/** Something on the shelf turns out damaged. */
export async function writeOff({ hands, home }: Stockroom, item: Item, at: Date, worker: Worker): Promise<void> {
  const entry = { product_id: item.id, branch_id: home, qty: -1, type: 'ADJUST', reason: 'Damaged on the shelf' }
  await hands.make('stock-entries', entry, at, worker)
  item.onHand--
}
