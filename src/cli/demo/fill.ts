import { randomBytes, randomInt } from 'node:crypto'
import type { Regal } from '../../app.ts'
import { businessDate } from '../../domain/dates.ts'
import { CommandError } from '../command.ts'
import type { Progress } from '../progress.ts'
import { collect } from './accounts.ts'
import { Agenda } from './agenda.ts'
import { openBranches } from './branches.ts'
import { addDays, instantAt, salesOf, weekday } from './calendar.ts'
import { planCount } from './count.ts'
import { EXPENSE_TYPES, planExpenses, planFuel } from './expenses.ts'
import { serve } from './floor.ts'
import { makeCustomers, makePriceLists, makeProducts } from './goods.ts'
import { handsOf } from './hands.ts'
import { keeperOf } from './keeper.ts'
import { openWorkshop } from './made-to-order.ts'
import { planOrders } from './orders.ts'
import { type Hired, staffBranches } from './people.ts'
import { planProducts } from './plan.ts'
import { randomOf } from './random.ts'
import { openWarehouse, planSupply } from './supply.ts'
import { planTills } from './tills.ts'
import { MINUTE, type World } from './world.ts'

export interface DemoOptions {
  products: number
  customers: number
  days: number
  seed: number
  /** Adds to a shop that has products. */
  force: boolean
}

export interface DemoResult {
  /** How many records of a resource were made; of invoices those that were issued at a till. */
  made(path: string): number
  staff: Hired[]
  /** Of all the staff, and of those who approve; made by chance and not by the seed, shown once. */
  password: string
  pin: string
}

const LOCK = 7_263_548_016
/** How the sales of an average day go over the shops. */
const SHARES = [0.6, 0.4]
const SATURDAY = 6

export const hasProducts = async ({ database }: Pick<Regal, 'database'>): Promise<boolean> =>
  (await database.query('select 1 from products limit 1')).length > 0

/**
 * Fills a shop with believable data through its services, so that checks, ledgers, numbers and audit are the real ones.
 * Documents carry the instants at which they would have been made, up to `now`: a minute ago, so that the next sale of the
 * running shop comes later by whichever clock. The audit log keeps those at which they were written. The same seed at the
 * same time makes the same shop, but for ids, password and PIN.
 * @throws CommandError when there are products already, unless forced
 */
export async function fillShop(
  regal: Regal,
  options: DemoOptions,
  progress: Progress,
  now = new Date(Date.now() - MINUTE)
): Promise<DemoResult> {
  // Nodes that start together must not all find the shop empty.
  const client = await regal.database.pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    if (!options.force && (await hasProducts(regal)))
      throw new CommandError('This shop has products already. With --force the demo is added to them.')
    return await fill(regal, options, progress, now)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK])
    client.release()
  }
}

async function fill(regal: Regal, options: DemoOptions, progress: Progress, now: Date): Promise<DemoResult> {
  const { database } = regal
  const random = randomOf(options.seed)
  const hands = handsOf(regal)
  const branches = await openBranches(database, hands)
  const zone = branches.shops[0]!.timezone
  const first = addDays(businessDate(now, zone), 1 - options.days)
  const before = new Date(instantAt(addDays(first, -4), { zone }, 20))
  const keeper = await keeperOf(database, hands, before)
  const secrets = { password: randomBytes(12).toString('base64url'), pin: String(randomInt(100_000, 1_000_000)) }
  const { staff, shops, ...others } = await staffBranches(regal, hands, branches, secrets, before)
  const [known] = await database.query<{ products: number; codes: string[] }>(
    'select (select count(*) from products) as products, array(select lower(code) from salesmen) as codes'
  )
  const plan = planProducts(options.products, known!.products + 1, random)
  const items = await makeProducts(hands, keeper, plan, before, progress)
  const parts = { hands, keeper, random, codes: new Set(known!.codes) }
  const clients = await makeCustomers(parts, shops, options.customers, before, progress)
  const expenseTypes = new Map<string, string>()
  for (const name of EXPENSE_TYPES) expenseTypes.set(name, await keeper.keep('expense-types', name))
  await makePriceLists(hands, keeper, { items, team: clients[0]![0] }, before)
  const workshop = { made: await openWorkshop(regal, hands, keeper, before), orders: 0, quotations: 0 }
  const world: World = {
    ...{ hands, random, items, expenseTypes, ...others },
    agenda: new Agenda(),
    pin: secrets.pin,
    shops: shops.map((shop, i) => ({ ...shop, clients: clients[i]! }))
  }
  await openWarehouse(world, first, (done) => progress('Opening stock', done, shops.length))
  for (let day = 0; day < options.days; day++) planDay(world, workshop, addDays(first, day), day, options, progress)
  await world.agenda.run(now.getTime())
  progress('Days of business', options.days, options.days)
  for (const worker of workersOf(world)) await regal.auth.sessions.endSession(worker.principal.session_id, 'logout')
  return { made: hands.made, staff, ...secrets }
}

const workersOf = ({ shops, warehouse, manager }: World) => [
  ...shops.flatMap(({ tills, keeper }) => [...tills.map(({ worker }) => worker), keeper]),
  warehouse.keeper,
  manager
]

/** Puts down a day, by the clock of each place. */
function planDay(
  world: World,
  workshop: Parameters<typeof planOrders>[1],
  date: string,
  day: number,
  { days, products }: DemoOptions,
  progress: Progress
): void {
  const { agenda, random, shops, warehouse } = world
  planSupply(world, date)
  planFuel(world, date)
  for (const [i, shop] of shops.entries()) {
    planTills(world, shop, date)
    for (const time of salesOf(date, shop, Math.max(6, products / 5) * SHARES[i]!, random))
      agenda.note(time, (at) => serve(world, shop, date, at))
    planExpenses(world, shop, date, day)
    planOrders(world, workshop, shop, date, day)
    if (weekday(date) === SATURDAY) agenda.note(instantAt(date, shop, 18.5), (at) => collect(world, shop, at))
  }
  if (day === Math.floor(days / 2)) planCount(world, shops.at(-1)!, date)
  agenda.note(instantAt(addDays(date, 1), warehouse, 0), async () => progress('Days of business', day + 1, days))
}
