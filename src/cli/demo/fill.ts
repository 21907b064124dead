import { randomBytes } from 'node:crypto'
import type { Regal } from '../../app.ts'
import { businessDate } from '../../domain/dates.ts'
import type { Row } from '../../services/projection.ts'
import { CommandError } from '../command.ts'
import type { Progress } from '../progress.ts'
import { Agenda } from './agenda.ts'
import { addDays, instantAt, salesOf, weekday } from './calendar.ts'
import { type Floor, serve } from './floor.ts'
import { handsOf, signIn, type Worker } from './hands.ts'
import { CASHIERS, type Hired, hire, openTills, welcome } from './people.ts'
import { planProducts } from './plan.ts'
import { randomOf } from './random.ts'
import { fillShelves, keeperOf, restock, writeOff } from './stockroom.ts'

export interface DemoOptions {
  products: number
  customers: number
  days: number
  seed: number
  /** Adds to a shop that has products. */
  force: boolean
}

export interface DemoResult {
  products: number
  customers: number
  sales: number
  staff: Hired[]
  /** Of all the staff; made by chance and not by the seed, shown once. */
  password: string
}

const MONDAY = 1
const MINUTE = 60 * 1000
const LOCK = 7_263_548_016

export const hasProducts = async ({ database }: Pick<Regal, 'database'>): Promise<boolean> =>
  (await database.query('select 1 from products limit 1')).length > 0

/**
 * Fills a shop with believable data through its services, so that checks, ledgers, numbers and audit are the real ones.
 * Documents carry the instants at which they would have been made, up to now; the audit log keeps those at which they
 * were written. The same seed at the same time makes the same shop, but for ids and the password.
 * @throws CommandError when there are products already, unless forced
 */
export async function fillShop(regal: Regal, options: DemoOptions, progress: Progress): Promise<DemoResult> {
  // Nodes that start together must not all find the shop empty.
  const client = await regal.database.pool.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    if (!options.force && (await hasProducts(regal)))
      throw new CommandError('This shop has products already. With --force the demo is added to them.')
    return await fill(regal, options, progress)
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK])
    client.release()
  }
}

async function fill(regal: Regal, options: DemoOptions, progress: Progress): Promise<DemoResult> {
  const random = randomOf(options.seed)
  const hands = handsOf(regal)
  const [branch] = (await regal.app.service('branches').find({ query: { $limit: 1 } })).data as Row[]
  const [home, zone] = [branch!.id as string, branch!.timezone as string]
  const today = businessDate(new Date(), zone)
  const first = addDays(today, 1 - options.days)
  const before = new Date(instantAt(addDays(first, -1), zone, 20 * 60))
  const keep = keeperOf(hands, await knownNames(regal), before)

  const password = randomBytes(12).toString('base64url')
  const staff = await hire(regal, hands, home, password, before)
  const workers: Worker[] = []
  for (const { username } of staff) workers.push(await signIn(regal, username, password, { home, today }))
  const [{ count }] = (await regal.database.query('select count(*) from products')) as [{ count: number }]
  const floor: Floor = {
    hands,
    tills: await openTills(regal, hands, home, workers.slice(0, CASHIERS)),
    items: await fillShelves(hands, keep, planProducts(options.products, count + 1, random), home, before, progress),
    clients: await welcome(regal, hands, keep, options.customers, home, random, before),
    home,
    zone,
    pricing: branch as unknown as Floor['pricing'],
    random,
    agenda: new Agenda(),
    sales: 0
  }
  await trade(floor, workers.at(-1)!, first, options, progress)
  for (const { principal } of workers) await regal.auth.sessions.endSession(principal.session_id, 'logout')
  return { products: floor.items.length, customers: floor.clients.length, sales: floor.sales, staff, password }
}

/** Day after day: deliveries on Mondays, sales by the rhythm of the day, a look over the shelves every third evening. */
async function trade(
  floor: Floor,
  employee: Worker,
  first: string,
  { days, products }: DemoOptions,
  progress: Progress
): Promise<void> {
  const { agenda, random, zone, items } = floor
  // A minute ago: the next sale of the running shop comes later, by whichever clock.
  const now = Date.now() - MINUTE
  for (let day = 0; day < days; day++) {
    const date = addDays(first, day)
    if (weekday(date) === MONDAY) agenda.note(instantAt(date, zone, 9 * 60), (at) => restock(floor, at))
    for (const time of salesOf(date, zone, Math.max(4, products / 5), random))
      agenda.note(time, (at) => serve(floor, date, at))
    if (day % 3 === 0)
      agenda.note(instantAt(date, zone, 22 * 60), async (at) => {
        const found = items.filter(({ onHand }) => onHand > 2)
        if (found.length) await writeOff(floor, random.pick(found), at, employee)
      })
    await agenda.run(Math.min(now, instantAt(addDays(date, 1), zone, 0)))
    progress('Days of business', day + 1, days)
  }
}

/** Ids by lower-case name of what the demo shares with what is there. */
async function knownNames({ database }: Regal): Promise<Record<string, Map<string, string>>> {
  const known: Record<string, Map<string, string>> = {}
  for (const table of ['categories', 'brands', 'vendors', 'salesmen']) {
    const rows = await database.query<{ id: string; name: string }>(`select id, lower(name) as name from ${table}`)
    known[table] = new Map(rows.map(({ id, name }) => [name, id]))
  }
  return known
}
