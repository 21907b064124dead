import { grow, LARGE, SMALL, settled } from './large.ts'
import { overHttp, saleOf } from './load.ts'
import type { World } from './world.ts'

const SECONDS = 5

export interface Growth {
  name: string
  small: number
  large: number
  ratio: number
}

/** What a sale and lists cost with ten thousand rows and with a million: medians of the same closed loop. */
export async function growth(world: World): Promise<Growth[]> {
  const sale = {
    method: 'POST' as const,
    path: '/invoices',
    token: world.token,
    body: () => saleOf(world, world.products)
  }
  const get = (path: string) => ({ method: 'GET' as const, path, token: world.admin })
  const measures = {
    sale: () => overHttp(world.regal, SECONDS, () => sale),
    'list of 50 products': () => overHttp(world.regal, SECONDS, () => get('/products?$total=false')),
    'list of 50 invoices': () => overHttp(world.regal, SECONDS, () => get('/invoices?$total=false')),
    'list of 50 products with exact total': () => overHttp(world.regal, SECONDS, () => get('/products'))
  }
  const measure = async () => {
    await settled(world)
    await overHttp(world.regal, 3, () => sale)
    const p50: Record<string, number> = {}
    for (const [name, run] of Object.entries(measures)) p50[name] = (await run()).p50
    return p50
  }
  await grow(world, SMALL)
  const small = await measure()
  await grow(world, LARGE)
  const large = await measure()
  return Object.keys(measures).map((name) => ({
    name,
    small: small[name]!,
    large: large[name]!,
    ratio: large[name]! / small[name]!
  }))
}
