import type { Row } from '../../services/projection.ts'
import { minorOf, percentOf, priceOf, whole, wire } from './amounts.ts'
import { tender } from './basket.ts'
import { addDays, instantAt, visit, weekday } from './calendar.ts'
import type { Made } from './made-to-order.ts'
import { tierPrice } from './made-to-order.ts'
import { ensureCash } from './tills.ts'
import { type Client, type Item, MINUTE, move, onHand, type Shop, type Till, type World } from './world.ts'

/** Goods made to order, and how many orders and quotations there were: their fates go by turns. */
export interface Workshop {
  made: Made[]
  orders: number
  quotations: number
}

const TUESDAY = 2

/** An order every third day at each shop, and a quotation every Tuesday. */
export function planOrders(world: World, workshop: Workshop, shop: Shop, date: string, day: number): void {
  const { agenda, random } = world
  if (!shop.clients.length) return
  const turn = world.shops.indexOf(shop)
  if ((day + turn) % 3 === 0) agenda.note(visit(date, shop, random), (at) => takeOrder(world, workshop, shop, date, at))
  if (weekday(date) === TUESDAY)
    agenda.note(instantAt(date, shop, 12.5 + turn / 10), (at) => quote(world, workshop, shop, date, at))
}

function clientOf({ random }: World, shop: Shop): Client {
  const teams = shop.clients.filter(({ team }) => team)
  return random.pick(teams.length ? teams : shop.clients)
}

/** A dozen or two of shirts, now and then with tracksuits to go with them. */
function linesOf({ random }: World, { made }: Workshop): Row[] {
  const chosen = made.length > 1 && random.chance(0.3) ? made.slice(0, 2) : made.slice(0, 1)
  const quantity = random.whole(8, 25)
  return chosen.map(({ category_id, groups, base }) => ({
    category_id,
    options: Object.fromEntries(
      groups
        .filter(({ required }) => required !== false || random.chance(0.7))
        .map(({ name, options }) => [name, random.pick(options).name])
    ),
    quantity,
    price: wire(tierPrice(base, quantity)),
    notes: 'Names and numbers as on the list'
  }))
}

async function takeOrder(world: World, workshop: Workshop, shop: Shop, date: string, at: Date): Promise<void> {
  const { hands, random } = world
  const till = random.pick(shop.tills)
  const client = clientOf(world, shop)
  const order = await hands.make(
    'custom-orders',
    {
      customer_id: client.id,
      salesman_id: client.salesman_id,
      ...(client.team && { team_name: client.name }),
      items: linesOf(world, workshop),
      required_by: addDays(date, random.whole(10, 15)),
      ...(random.chance(0.15) && { rush_surcharge: wire(priceOf(100)) })
    },
    at,
    till.worker
  )
  await follow(world, workshop, shop, { order, client, till, date }, at)
}

interface Taken {
  order: Row
  client: Client
  till: Till
  date: string
  /** What of the shelf goes with it. */
  kept?: Item
}

/** An advance at once; then it is made and delivered, or, one in five, cancelled. */
async function follow(world: World, workshop: Workshop, shop: Shop, taken: Taken, at: Date): Promise<void> {
  const { hands, random, agenda } = world
  const { order, till, date } = taken
  const id = order.id as string
  const advance = whole(percentOf(minorOf((order.totals as Row).total), random.pick([30, 40, 50])))
  const { method } = tender(advance, random)
  if (advance > 0n) {
    const payment = { order_id: id, method, amount: wire(advance), register_id: till.register_id }
    await hands.make('order-payments', payment, at, till.worker)
  }
  const turn = workshop.orders++ % 10
  const state = (days: number, hour: number, status: string) =>
    agenda.note(instantAt(addDays(date, days), shop, hour), (when) =>
      hands.change('custom-orders', id, { status }, when, shop.keeper).then(() => undefined)
    )
  state(1, 11.5, 'in_progress')
  if (turn % 2 === 1) agenda.note(instantAt(addDays(date, 1), shop, 12), (when) => keepGoods(world, shop, taken, when))
  if (turn === 3 || turn === 8) {
    const credit = turn === 8 && advance > 0n
    agenda.note(visit(addDays(date, 2), shop, random), (when) =>
      cancel(world, shop, taken, { credit, advance, method }, when)
    )
    return
  }
  const ready = random.whole(3, 7)
  state(ready, 17.5, 'completed')
  agenda.note(visit(addDays(date, ready + random.whole(1, 2)), shop, random), (when) =>
    deliver(world, shop, taken, when)
  )
}

const KEPT = 2

/** What the shelf has most of is kept for the order, to go with it. */
async function keepGoods({ hands, items }: World, shop: Shop, taken: Taken, at: Date): Promise<void> {
  const [item] = items.toSorted((a, b) => onHand(b, shop) - onHand(a, shop))
  if (!item || onHand(item, shop) <= KEPT) return
  const goods = { order_id: taken.order.id, product_id: item.id, quantity: KEPT }
  await hands.make('stock-reservations', goods, at, shop.keeper)
  taken.kept = item
  move(item, shop, -KEPT)
}

/** The customer pays the rest, or has it put on account where that fits their limit. */
async function deliver(world: World, shop: Shop, { order, client, till }: Taken, at: Date): Promise<void> {
  const { hands, random } = world
  const { totals } = await hands.read('custom-orders', order.id as string)
  const rest = minorOf((totals as Row).balance)
  const owed = minorOf((await hands.read('customers', client.id)).balance)
  const later = owed + rest <= client.limit && random.chance(0.3)
  if (later) client.owes = true
  const payments = later || rest === 0n ? [] : [tender(rest, random)]
  const closing = { order_id: order.id, outcome: 'delivered', register_id: till.register_id, payments }
  await hands.make('order-closings', closing, at, shop.keeper)
}

async function cancel(
  world: World,
  shop: Shop,
  { order, client, till, kept }: Taken,
  { credit, advance, method }: { credit: boolean; advance: bigint; method: unknown },
  at: Date
): Promise<void> {
  if (!credit && method === 'cash') await ensureCash(world, till, advance, at)
  const closing = {
    order_id: order.id,
    outcome: 'cancelled',
    reason: 'The tournament was called off',
    ...(advance > 0n && { advance: credit ? 'credit' : 'refund' }),
    register_id: till.register_id
  }
  await world.hands.make('order-closings', closing, at, shop.keeper)
  if (kept) move(kept, shop, KEPT)
  if (credit) client.credit = true
}

/** Drafted and sent on one day; two days later approved and ordered, or rejected, or still without an answer. */
async function quote(world: World, workshop: Workshop, shop: Shop, date: string, at: Date): Promise<void> {
  const { hands, agenda, random } = world
  const client = clientOf(world, shop)
  const items = linesOf(world, workshop)
  const data = { customer_id: client.id, salesman_id: client.salesman_id, items, valid_until: addDays(date, 14) }
  const id = (await hands.make('quotations', data, at, shop.keeper)).id as string
  const state = (status: string, when: Date) => hands.change('quotations', id, { status }, when, shop.keeper)
  agenda.note(at.getTime() + 45 * MINUTE, async (when) => void (await state('sent', when)))
  const turn = workshop.quotations++ % 4
  if (turn === 3) return
  const answered = addDays(date, 2)
  agenda.note(visit(answered, shop, random), async (when) => {
    await state(turn === 1 ? 'rejected' : 'approved', when)
    if (turn === 1) return
    const order = await hands.make('custom-orders', { customer_id: client.id, quotation_id: id }, when, shop.keeper)
    await follow(world, workshop, shop, { order, client, till: random.pick(shop.tills), date: answered }, when)
  })
}
