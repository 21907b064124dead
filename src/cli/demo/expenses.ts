import { priceOf, wire } from './amounts.ts'
import { instantAt, weekday } from './calendar.ts'
import type { Worker } from './hands.ts'
import { ensureCash } from './tills.ts'
import type { Place, Shop, World } from './world.ts'

/** What money is spent on beside goods. */
export const EXPENSE_TYPES = ['Tea', 'Electricity', 'Rent', 'Cleaning', 'Fuel']
const [SATURDAY, MONDAY] = [6, 1]

/** Once in so many days, from the day of the demo named: what is paid every month. */
const MONTH = 30

/** Puts down what a shop pays on a day: tea and cleaning out of the drawer, bills and rent by bank. */
export function planExpenses(world: World, shop: Shop, date: string, day: number): void {
  const { agenda, random } = world
  const at = (hour: number, work: (at: Date) => Promise<void>) => agenda.note(instantAt(date, shop, hour), work)
  const till = shop.tills.at(-1)!
  const fromDrawer = (type: string, rupees: number) => async (when: Date) => {
    await ensureCash(world, till, priceOf(rupees), when)
    await spend(world, shop, till.worker, { type, rupees, method: 'cash' }, when)
  }
  at(16.5, fromDrawer('Tea', random.whole(8, 20) * 20))
  if (weekday(date) === SATURDAY) at(20.5, fromDrawer('Cleaning', 500))
  if (day % MONTH === 2) at(12, (when) => spend(world, shop, world.manager, { type: 'Rent', rupees: 85_000 }, when))
  if (day % MONTH === 8)
    at(13, (when) =>
      spend(world, shop, shop.keeper, { type: 'Electricity', rupees: random.whole(180, 260) * 100 }, when)
    )
}

/** The van. */
export function planFuel(world: World, date: string): void {
  const { agenda, random, warehouse } = world
  if (weekday(date) !== MONDAY) return
  const rupees = random.whole(20, 40) * 100
  agenda.note(instantAt(date, warehouse, 9.5), (at) =>
    spend(world, warehouse, warehouse.keeper, { type: 'Fuel', rupees, method: 'card' }, at)
  )
}

async function spend(
  { hands, expenseTypes, manager }: World,
  place: Place,
  worker: Worker,
  { type, rupees, method = 'bank_transfer' }: { type: string; rupees: number; method?: string },
  at: Date
): Promise<void> {
  const expense = { type_id: expenseTypes.get(type), branch_id: place.id, amount: wire(priceOf(rupees)), method }
  // What the manager pays, rent and wages, is nobody else's to see.
  await hands.make('expenses', { ...expense, admin_only: worker === manager }, at, worker)
}
