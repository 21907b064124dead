import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { boot } from './boot.ts'
import { closing } from './closing.ts'
import { growth } from './growth.ts'
import { type Measured, openSockets, overHttp, overSockets, saleOf } from './load.ts'
import { queries } from './queries.ts'
import { refunds } from './refunds.ts'
import { transfer } from './transfer.ts'
import { openWorld, type Product, TILLS, type World } from './world.ts'
import { installYardstick, yardstickSales } from './yardstick.ts'

const ROUNDS = Number(process.env.BENCH_ROUNDS ?? 3)
const SECONDS = Number(process.env.BENCH_SECONDS ?? 5)
const only = process.argv.slice(2)
const wanted = (name: string) => !only.length || only.includes(name)

interface Figure {
  name: string
  rate: number
  p50: number
  yardstick: number
  by: string
  ratio: number
  aim: string
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** Yardstick and Regal in turn, `ROUNDS` times, so that a machine whose speed drifts drifts for both; medians of the ratios. */
async function compare(
  name: string,
  aim: string,
  ours: () => Promise<Measured>,
  other: () => Promise<{ rate: number; by: string }>
): Promise<Figure> {
  const rounds: { ours: Measured; other: { rate: number; by: string } }[] = []
  for (let i = 0; i < ROUNDS; i++) {
    process.stderr.write(`${name}: round ${i + 1} of ${ROUNDS}\n`)
    rounds.push({ other: await other(), ours: await ours() })
  }
  return {
    name,
    rate: median(rounds.map((round) => round.ours.rate)),
    p50: median(rounds.map((round) => round.ours.p50)),
    yardstick: median(rounds.map((round) => round.other.rate)),
    by: rounds[0]!.other.by,
    ratio: median(rounds.map((round) => round.ours.rate / round.other.rate)),
    aim
  }
}

async function sales(world: World): Promise<Figure[]> {
  const figures: Figure[] = []
  const sell = (products: Product[]) =>
    overHttp(world.regal, SECONDS, () => ({
      method: 'POST',
      path: '/invoices',
      token: world.token,
      body: () => saleOf(world, products)
    }))
  const yardstick = (products: number) => () => yardstickSales(world.database, TILLS, SECONDS, products)
  await installYardstick(
    world.pool,
    world.products.map(({ id }) => id),
    world.registers
  )
  await overHttp(world.regal, 2, () => ({
    method: 'POST',
    path: '/invoices',
    token: world.token,
    body: () => saleOf(world, world.products)
  }))
  if (wanted('sale'))
    figures.push(
      await compare('sale, 3 lines, REST', '0.55', () => sell(world.products), yardstick(world.products.length))
    )
  if (wanted('hot'))
    figures.push(await compare('sale, one hot product', '0.5', () => sell(world.products.slice(0, 1)), yardstick(1)))
  if (wanted('socket')) figures.push(await socketSale(world, () => sell(world.products)))
  return figures
}

/** The same sale over both transports with the same tills listening: what differs is the transport alone. */
async function socketSale(world: World, overRest: () => Promise<Measured>): Promise<Figure> {
  const sockets = await openSockets(world)
  const rest = async () => ({ rate: (await overRest()).rate, by: 'the same over REST' })
  const figure = await compare(
    `sale over websocket, ${TILLS} tills hear it`,
    '1',
    () => overSockets(sockets, SECONDS, () => saleOf(world, world.products)),
    rest
  )
  for (const socket of sockets) socket.disconnect()
  return figure
}

let made = Date.now()

async function verbs(world: World): Promise<Figure[]> {
  const figures: Figure[] = []
  const pick = () => world.products[Math.floor(Math.random() * world.products.length)]!.id
  const product = () => ({
    sku: `B${++made}`,
    name: 'A product made by the bench',
    unit_price: '12.50',
    cost_price: '7.25',
    tax_rate: '7.5'
  })
  const kinds = {
    get: { name: 'get by id', aim: '0.6', request: () => ({ method: 'GET' as const, path: `/products/${pick()}` }) },
    list: { name: 'list of 50 with total', aim: '0.7', request: () => ({ method: 'GET' as const, path: '/products' }) },
    include: {
      name: 'list of 50 with two relations',
      aim: '0.6',
      request: () => ({ method: 'GET' as const, path: '/products?$include=category,brand' })
    },
    create: {
      name: 'create',
      aim: '0.6',
      request: () => ({ method: 'POST' as const, path: '/products', body: product })
    }
  }
  for (const [key, { name, aim, request }] of Object.entries(kinds)) {
    if (!wanted(key)) continue
    const ours = () => overHttp(world.regal, SECONDS, () => ({ ...request(), token: world.admin }))
    const bare = async () => ({ rate: (await overHttp(world.bare, SECONDS, request)).rate, by: 'node:http + pg' })
    await overHttp(world.bare, 1, request)
    await overHttp(world.regal, 1, () => ({ ...request(), token: world.admin }))
    figures.push(await compare(name, aim, ours, bare))
  }
  return figures
}

function table(figures: Figure[]): string {
  const rows = figures.map(({ name, rate, p50, yardstick, by, ratio, aim }) => [
    name,
    rate.toFixed(0),
    `${p50.toFixed(1)} ms`,
    `${yardstick.toFixed(0)} (${by})`,
    ratio.toFixed(2),
    aim
  ])
  const head = ['figure', 'Regal/s', 'p50', 'yardstick/s', 'ratio', 'aim']
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)))
  return [head, ...rows].map((row) => row.map((cell, i) => cell.padEnd(widths[i]!)).join('  ')).join('\n')
}

const world = await openWorld(10_000)
try {
  const figures = [...(await verbs(world)), ...(await sales(world))]
  const grown = wanted('growth') ? await growth(world) : []
  const pairs = [
    ...(wanted('queries') ? await queries(world) : []),
    ...(wanted('refunds') ? await refunds(world) : []),
    ...(wanted('closing') ? await closing(world) : [])
  ]
  const transfers = wanted('transfer') ? await transfer(world) : []
  const booted = wanted('boot') ? await boot() : undefined
  const machine = {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    node: process.version,
    connections: TILLS,
    seconds: SECONDS,
    rounds: ROUNDS
  }
  await mkdir('bench/results', { recursive: true })
  await writeFile(
    `bench/results/${new Date().toISOString().replaceAll(':', '')}.json`,
    JSON.stringify({ machine, figures, grown, pairs, transfers, booted }, null, 2)
  )
  process.stdout.write(`${JSON.stringify(machine)}\n\n${table(figures)}\n`)
  for (const { name, small, large, ratio } of grown)
    process.stdout.write(
      `\n${name}: p50 ${small.toFixed(2)} ms -> ${large.toFixed(2)} ms, ratio ${ratio.toFixed(2)} (aim 1.3)`
    )
  for (const { name, first, second, ratio, aim } of pairs)
    process.stdout.write(
      `\n${name}: ${first[0]} ${first[1].toFixed(1)} ms, ${second[0]} ${second[1].toFixed(1)} ms, ratio ${ratio.toFixed(2)} (aim ${aim})`
    )
  for (const { name, seconds, growth: grew, aim } of transfers)
    process.stdout.write(`\n${name}: ${seconds.toFixed(1)} s (aim ${aim}), memory up by ${grew.toFixed(0)} MB at most`)
  if (booted)
    process.stdout.write(
      `\nstart to ready: ${booted.first.toFixed(1)} s with an empty data folder, ${booted.again.toFixed(1)} s with an existing one (aim 3); ` +
        `${booted.resource.toFixed(2)} ms per resource (aim 20); ` +
        `${booted.sixty.toFixed(1)} s with sixty resources and an existing folder (aim 2)`
    )
  process.stdout.write('\n')
} finally {
  await world.close()
}
