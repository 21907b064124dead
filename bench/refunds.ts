import { saleOf } from './load.ts'
import type { Pair } from './queries.ts'
import type { World } from './world.ts'

const ROUNDS = 200

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** A sale of three lines and the refund of one of them, in turn by one till: the median time of each. */
export async function refunds(world: World): Promise<Pair[]> {
  const times: { sale: number; refund: number }[] = []
  const post = async (path: string, body: unknown): Promise<{ id: string; took: number }> => {
    const start = performance.now()
    const response = await fetch(world.regal + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${world.admin}` },
      body: JSON.stringify(body)
    })
    const { id } = (await response.json()) as { id: string }
    if (!response.ok) throw new Error(`${path}: ${response.status}`)
    return { id, took: performance.now() - start }
  }
  for (let i = 0; i < ROUNDS; i++) {
    const sold = await post('/invoices', saleOf(world, world.products))
    const items = [{ line_no: 1, quantity: 1, condition: 'restock' }]
    const back = await post('/refunds', { invoice_id: sold.id, items, reason: 'bench' })
    times.push({ sale: sold.took, refund: back.took })
  }
  const [sale, refund] = [median(times.map((one) => one.sale)), median(times.map((one) => one.refund))]
  const [first, second]: [Pair['first'], Pair['second']] = [
    ['sale', sale],
    ['refund', refund]
  ]
  return [{ name: 'a refund beside a sale', first, second, ratio: refund / sale, aim: 'none' }]
}
