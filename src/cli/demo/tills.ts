import type { Minor } from '../../domain/money.ts'
import type { Row } from '../../services/projection.ts'
import { minorOf, priceOf, whole, wire } from './amounts.ts'
import { instantAt } from './calendar.ts'
import type { Shop, Till, World } from './world.ts'

/** What a drawer begins with, in rupees. */
const FLOAT = 5000
const FULL = 25_000

/** What must be there by the till's X report: by method, cash among them. */
const expected = async ({ hands }: World, till: Till): Promise<Record<string, string>> =>
  (await hands.read('shift-reports', till.shift!)).expected as Record<string, string>

export const cashIn = async (world: World, till: Till): Promise<Minor> => minorOf((await expected(world, till)).cash)

async function moveCash({ hands }: World, till: Till, kind: string, amount: Minor, reason: string, at: Date) {
  if (amount <= 0n) return
  await hands.make('cash-movements', { shift_id: till.shift, kind, amount: wire(amount), reason }, at, till.worker)
}

/** Sees to it that so much can be paid out of the drawer. */
export async function ensureCash(world: World, till: Till, amount: Minor, at: Date): Promise<void> {
  const there = await cashIn(world, till)
  if (there >= amount) return
  await moveCash(world, till, 'paid_in', whole(amount - there) + priceOf(1000), 'Cash from the safe', at)
}

/** Puts down a day of a shop's tills: opened in the morning, emptied when they fill up, counted in the evening. */
export function planTills(world: World, shop: Shop, date: string): void {
  const { agenda, random } = world
  for (const [i, till] of shop.tills.entries()) {
    const at = (hour: number, work: (at: Date) => Promise<void>) =>
      agenda.note(instantAt(date, shop, hour + i / 30), work)
    at(9.6, (when) => open(world, till, when))
    at(17, async (when) => {
      const there = await cashIn(world, till)
      if (there > priceOf(FULL)) await drop(world, till, there, when)
    })
    if (random.chance(0.25)) at(12 + random.whole(0, 5), (when) => odd(world, till, when))
    at(22.4, async (when) => drop(world, till, await cashIn(world, till), when))
    at(22.5, (when) => close(world, till, when))
  }
}

/** The first float is counted in; later ones are what the last count left. */
async function open(world: World, till: Till, at: Date): Promise<void> {
  const first = till.shift === undefined
  const shift = { register_id: till.register_id, ...(first && { float: wire(priceOf(FLOAT)) }) }
  till.shift = (await world.hands.make('shifts', shift, at, till.worker)).id as string
  const there = await cashIn(world, till)
  if (there < priceOf(FLOAT / 2)) await moveCash(world, till, 'paid_in', priceOf(FLOAT / 2), 'Change from the bank', at)
}

const drop = (world: World, till: Till, there: bigint, at: Date) =>
  moveCash(world, till, 'drop', whole(there - priceOf(FLOAT)), 'To the safe', at)

/** What happens at a drawer beside sales. */
async function odd(world: World, till: Till, at: Date): Promise<void> {
  if (world.random.chance(0.4))
    await world.hands.make('cash-movements', { shift_id: till.shift, kind: 'no_sale' }, at, till.worker)
  else await moveCash(world, till, 'paid_out', priceOf(world.random.whole(1, 6) * 50), 'Rickshaw for a parcel', at)
}

/** Counted right mostly, now and then off by a note. */
async function close(world: World, till: Till, at: Date): Promise<void> {
  const { hands, random } = world
  const must = await expected(world, till)
  const off = random.chance(0.12) ? priceOf(random.pick([-100, -50, -20, -10, 10, 20, 50])) : 0n
  const cash = minorOf(must.cash) + off
  // More was given back by card than came by it: the slip of the terminal tells, and there is nothing to count.
  const counted: Row = Object.fromEntries(Object.entries(must).filter(([, amount]) => minorOf(amount) >= 0n))
  counted.cash = wire(cash < 0n ? 0n : cash)
  const note = off === 0n ? {} : { note: off < 0n ? 'Short, counted twice' : 'Too much, counted twice' }
  await hands.make('shift-closings', { shift_id: till.shift, counted, ...note }, at, till.worker)
}
