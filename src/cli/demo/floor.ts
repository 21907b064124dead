import type { Row } from '../../services/projection.ts'
import type { Agenda } from './agenda.ts'
import { type Basket, fillBasket, type Pricing, saleOf, tender, tenders, whole } from './basket.ts'
import { addDays, instantAt } from './calendar.ts'
import type { Hands, Worker } from './hands.ts'
import type { PlannedCustomer } from './plan.ts'
import type { Random } from './random.ts'
import type { Item } from './stockroom.ts'

/** A customer the shop knows, with what they owe in minor units. */
export interface Client extends PlannedCustomer {
  id: string
  salesman_id: string
  owed: bigint
}

export interface Till {
  register_id: string
  worker: Worker
}

/** All that selling needs. */
export interface Floor {
  hands: Hands
  items: Item[]
  clients: Client[]
  tills: Till[]
  /** The branch, and its time zone. */
  home: string
  zone: string
  pricing: Pricing
  random: Random
  agenda: Agenda
  /** How many were served. */
  sales: number
}

const MINUTE = 60 * 1000

/** Serves one customer at one till: a sale, on account with who may, or now and then goods laid aside. */
export async function serve(floor: Floor, date: string, at: Date): Promise<void> {
  const { random, clients, items, pricing, tills } = floor
  const till = random.pick(tills)
  const client = clients.length && random.chance(0.35) ? random.pick(clients) : undefined
  const basket = fillBasket(items, client?.team ?? false, pricing, random)
  if (!basket) return
  for (const { item, quantity } of basket.lines) item.onHand -= quantity
  const sale = {
    ...saleOf(basket, random),
    register_id: till.register_id,
    ...(client && { customer_id: client.id, salesman_id: client.salesman_id })
  }
  floor.sales++
  if (random.chance(0.03)) return layAside(floor, till, sale, basket, at)
  const trusted = client && client.owed + basket.total <= client.limit && random.chance(0.6)
  const now = trusted ? whole((basket.total * BigInt(random.pick([0, 30, 50]))) / 100n) : basket.total
  const invoice = await floor.hands.make('invoices', { ...sale, payments: tenders(now, random) }, at, till.worker)
  if (client && now < basket.total) {
    client.owed += basket.total - now
    promise(floor, client, invoice.id, basket.total - now, date)
  }
}

/** A draft: fetched and paid later, or given back. */
async function layAside({ hands, random, agenda }: Floor, till: Till, sale: Row, basket: Basket, at: Date) {
  const { id } = await hands.make('invoices', { ...sale, status: 'draft' }, at, till.worker)
  const fetched = random.chance(0.7)
  agenda.note(at.getTime() + random.whole(10, 60) * MINUTE, async (later) => {
    const change = fetched ? { status: 'issued', payments: tenders(basket.total, random) } : { status: 'cancelled' }
    await hands.change('invoices', id as string, change, later, till.worker)
    if (!fetched) for (const { item, quantity } of basket.lines) item.onHand += quantity
  })
}

/** Puts down when what is owed is paid, in one payment or two. */
function promise(
  { agenda, random, tills, hands, zone }: Floor,
  client: Client,
  invoice: unknown,
  owed: bigint,
  date: string
) {
  const half = random.chance(0.3) ? whole(owed / 2n) : 0n
  let day = date
  for (const amount of half > 0n ? [half, owed - half] : [owed]) {
    day = addDays(day, random.whole(2, 15))
    agenda.note(instantAt(day, zone, random.whole(10 * 60, 21 * 60)), async (at) => {
      const payment = { ...tender(amount, random), invoice_id: invoice }
      await hands.make('payments', payment, at, random.pick(tills).worker)
      client.owed -= amount
    })
  }
}
