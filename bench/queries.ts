import { grow, LARGE, settled } from './large.ts'
import { overHttp } from './load.ts'
import type { World } from './world.ts'

const SECONDS = 4
const ROUNDS = 5

/** Milliseconds of two ways to the same end, or of one thing in two places; `ratio` is the second's to the first's. */
export interface Pair {
  name: string
  first: [what: string, ms: number]
  second: [what: string, ms: number]
  ratio: number
  aim: string
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

interface PageOf {
  next: string | null
}

async function ask<T>(world: World, path: string): Promise<T> {
  const response = await fetch(world.regal + path, { headers: { authorization: `Bearer ${world.admin}` } })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as T
}

/** Walks to the page that follows the first `records`; the size of the pages on the way does not matter to the place. */
async function placeAfter(world: World, records: number): Promise<string> {
  let next = ''
  for (let seen = 0; seen < records; seen += 200) {
    const page = await ask<PageOf>(world, `/products?$limit=200&$select=id&$after=${next}`)
    if (!page.next) throw new Error(`there are only ${seen} products`)
    next = page.next
  }
  return next
}

async function keyset(world: World): Promise<Pair> {
  const far = Math.min(10_000, LARGE / 100)
  const place = await placeAfter(world, far * 50)
  const time = async (after: string) =>
    (
      await overHttp(world.regal, SECONDS, () => ({
        method: 'GET',
        path: `/products?$after=${after}`,
        token: world.admin
      }))
    ).p50
  const rounds = []
  for (let i = 0; i < ROUNDS; i++) rounds.push({ near: await time(''), far: await time(place) })
  const [first, second] = [median(rounds.map(({ near }) => near)), median(rounds.map(({ far }) => far))]
  return {
    name: 'keyset page of 50',
    first: ['page 1', first],
    second: [`page ${far}`, second],
    ratio: second / first,
    aim: '1'
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

/** Alternately, so that both see the same machine. The ratio is of speeds: 1 is as fast as the statement alone. */
async function against(name: string, world: World, path: string, sql: string): Promise<Pair> {
  const rounds = []
  for (let i = 0; i < ROUNDS * 2 + 1; i++)
    rounds.push({ bare: await timed(() => world.pool.query(sql)), ours: await timed(() => ask(world, path)) })
  const bare = median(rounds.map((round) => round.bare))
  const ours = median(rounds.map((round) => round.ours))
  return { name, first: ['the same SQL', bare], second: ['Regal', ours], ratio: bare / ours, aim: '0.9' }
}

/** What queries cost with a million products, invoices and invoice lines. */
export async function queries(world: World): Promise<Pair[]> {
  await grow(world, LARGE)
  await settled(world)
  return [
    await keyset(world),
    await against(
      'sum of all lines by product',
      world,
      '/invoice-items?$group=product_id&$sum=total,quantity',
      `select product_id, sum(total), sum(quantity), count(*) over () from invoice_items group by 1 order by 1 limit 1000`
    ),
    await against(
      'sum of all lines by month',
      world,
      '/invoice-items?$group[]=business_date:month&$sum[]=total&$count=true',
      `select date_trunc('month', business_date::timestamp)::date, count(*), sum(total), count(*) over () from invoice_items group by 1 order by 1 limit 1000`
    )
  ]
}
