import type { Row } from '../../services/projection.ts'
import { lesser, minorOf, percentOf, priceOf, whole, wire } from './amounts.ts'
import { addDays, instantAt, weekday } from './calendar.ts'
import { cashIn } from './tills.ts'
import { type Item, move, onHand, type Shop, type World } from './world.ts'

const [SUNDAY, MONDAY, WEDNESDAY, THURSDAY, FRIDAY] = [0, 1, 3, 4, 5]
/** How much of what a shop opens with each shop gets, in percent: the first is the larger one. */
const SHARES = [100, 60]
/** Lines of one document. */
const MOST_LINES = 200

/** What the shops open with: bought by the warehouse, and sent to them two days before the first one. */
export async function openWarehouse(world: World, first: string, progress: (done: number) => void): Promise<void> {
  const { items, shops, warehouse } = world
  const at = (days: number, hour: number) => new Date(instantAt(addDays(first, -days), warehouse, hour))
  await buy(world, items, (item) => item.opening * 4, at(3, 11))
  for (const [i, shop] of shops.entries()) {
    const wanted = (item: Item) => Math.max(1, Math.floor((item.opening * SHARES[i]!) / 100))
    for (const part of parts(items)) {
      const transfer = await send(world, shop, part, wanted, at(2, 14 + i))
      if (transfer) await receive(world, shop, transfer, at(1, 9 + i))
    }
    progress(i + 1)
  }
}

const parts = <T>(list: T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / MOST_LINES) }, (_, i) =>
    list.slice(i * MOST_LINES, (i + 1) * MOST_LINES)
  )

const vendorsOf = (items: Item[]) => [...new Set(items.map(({ vendor_id }) => vendor_id))]

/** Puts down what the warehouse does on a day of the week. */
export function planSupply(world: World, date: string): void {
  const { agenda, warehouse, items, shops, random } = world
  const at = (hour: number, work: (at: Date) => Promise<void>) => agenda.note(instantAt(date, warehouse, hour), work)
  const day = weekday(date)
  if (day === MONDAY)
    at(11, (when) => {
      const low = items.filter((item) => onHand(item, warehouse) < item.opening * 2)
      return buy(world, low, (item) => item.opening * 2, when)
    })
  if (day === MONDAY || day === THURSDAY)
    for (const [i, shop] of shops.entries()) at(15 + i, (when) => restock(world, shop, date, when))
  if (day === WEDNESDAY && items.length) at(16.5, (when) => giveBack(world, random.pick(items), when))
  if (day === FRIDAY) at(15.5, (when) => payVendors(world, when))
  if (day === SUNDAY) for (const shop of shops) at(22, (when) => writeOff(world, shop, when))
}

/** A delivery of each vendor, at a cost that moves a little from one to the next. */
async function buy(world: World, items: Item[], wanted: (item: Item) => number, at: Date): Promise<void> {
  const { hands, random, warehouse } = world
  for (const vendor_id of vendorsOf(items)) {
    for (const part of parts(items.filter((item) => item.vendor_id === vendor_id))) {
      const lines = part.map((item) => ({
        product_id: item.id,
        quantity: wanted(item),
        unit_cost: wire(percentOf(item.cost, random.whole(97, 103)))
      }))
      const note = `Delivery note ${random.whole(1000, 9999)}`
      await hands.make('stock-receipts', { vendor_id, items: lines, note }, at, warehouse.keeper)
      for (const [i, item] of part.entries()) move(item, warehouse, lines[i]!.quantity)
    }
  }
}

/** Sends what the warehouse has of what is wanted. */
async function send(
  { hands, warehouse }: World,
  shop: Shop,
  items: Item[],
  wanted: (item: Item) => number,
  at: Date
): Promise<Row | undefined> {
  const lines = items
    .map((item) => ({ item, quantity: Math.min(wanted(item), onHand(item, warehouse)) }))
    .filter(({ quantity }) => quantity > 0)
  if (!lines.length) return undefined
  const sent = lines.map(({ item, quantity }) => ({ product_id: item.id, quantity }))
  const transfer = await hands.make('stock-transfers', { to_branch_id: shop.id, items: sent }, at, warehouse.keeper)
  for (const { item, quantity } of lines) move(item, warehouse, -quantity)
  return transfer
}

/** Unpacks a transfer; of one in four a piece is missing. */
async function receive({ hands, items, random }: World, shop: Shop, transfer: Row, at: Date): Promise<void> {
  const lines = (transfer.items as { id: string; product_id: string; quantity: number }[]).map(
    ({ id, product_id, quantity }) => ({ item_id: id, product_id, quantity })
  )
  const missing = random.chance(0.25)
  if (missing) random.pick(lines).quantity--
  const arrived = lines.map(({ item_id, quantity }) => ({ item_id, quantity }))
  const found = missing ? { items: arrived, note: 'One piece was not in the carton' } : {}
  await hands.make('stock-transfer-receipts', { transfer_id: transfer.id, ...found }, at, shop.keeper)
  const byId = new Map(items.map((item) => [item.id, item]))
  for (const { product_id, quantity } of lines) move(byId.get(product_id)!, shop, quantity)
}

/** What a shop has less of than its limit comes with the next van, up to what it opened with; it arrives next morning. */
async function restock(world: World, shop: Shop, date: string, at: Date): Promise<void> {
  const low = world.items.filter((item) => onHand(item, shop) < item.limited_qty)
  const wanted = (item: Item) => item.opening - onHand(item, shop)
  for (const part of parts(low)) {
    const transfer = await send(world, shop, part, wanted, at)
    if (!transfer) continue
    const morning = Math.max(instantAt(addDays(date, 1), shop, 9), at.getTime())
    world.agenda.note(morning, (when) => receive(world, shop, transfer, when))
  }
}

/** Pieces of a faulty batch go back to who made them. */
async function giveBack({ hands, random, warehouse }: World, item: Item, at: Date): Promise<void> {
  const quantity = Math.min(random.whole(1, 4), onHand(item, warehouse))
  if (!quantity) return
  const data = { vendor_id: item.vendor_id, items: [{ product_id: item.id, quantity }], note: 'Faulty stitching' }
  await hands.make('stock-returns', data, at, warehouse.keeper)
  move(item, warehouse, -quantity)
}

/** By bank mostly, a part of what is owed; the first also sends somebody who takes cash from a drawer. */
async function payVendors(world: World, at: Date): Promise<void> {
  const { hands, random, items, warehouse, manager, shops } = world
  for (const [i, vendor_id] of vendorsOf(items).entries()) {
    const owed = minorOf((await hands.read('vendors', vendor_id)).balance)
    const amount = whole(percentOf(owed, random.whole(30, 60)))
    if (amount <= 0n) continue
    const payment = { vendor_id, method: 'bank_transfer', amount: wire(amount) }
    await hands.make('vendor-payments', payment, at, warehouse.keeper)
    const till = shops[0]!.tills[0]!
    const cash = i === 0 ? lesser(whole((await cashIn(world, till)) / 3n), priceOf(10_000)) : 0n
    if (cash <= 0n || amount + cash > owed) continue
    const handed = {
      vendor_id,
      method: 'cash',
      amount: wire(cash),
      register_id: till.register_id,
      branch_id: shops[0]!.id
    }
    await hands.make('vendor-payments', handed, at, manager)
  }
}

/** Something on the shelf turns out damaged. */
async function writeOff({ hands, items, random }: World, shop: Shop, at: Date): Promise<void> {
  const there = items.filter((item) => onHand(item, shop) > 2)
  if (!there.length) return
  const item = random.pick(there)
  const entry = { product_id: item.id, qty: -1, type: 'ADJUST', reason: 'Damaged on the shelf' }
  await hands.make('stock-entries', entry, at, shop.keeper)
  move(item, shop, -1)
}
