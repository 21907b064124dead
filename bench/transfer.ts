import { execFileSync } from 'node:child_process'
import { listening, run, type World } from './world.ts'

const PRODUCTS = 50_000
const FORMATS = ['csv', 'xlsx', 'jsonl'] as const

export interface Transfer {
  name: string
  seconds: number
  /** How much larger the server's memory was at its peak than before, in MB. */
  growth: number
  aim: string
}

const memoryOf = (pid: number) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024

async function measured(name: string, aim: string, pid: number, work: () => Promise<void>): Promise<Transfer> {
  process.stderr.write(`${name}\n`)
  const before = memoryOf(pid)
  let peak = before
  const watch = setInterval(() => {
    peak = Math.max(peak, memoryOf(pid))
  }, 100)
  const started = performance.now()
  await work().finally(() => clearInterval(watch))
  return { name, aim, seconds: (performance.now() - started) / 1000, growth: Math.max(peak, memoryOf(pid)) - before }
}

function productFile(): string {
  const lines = ['sku,name,unit_price,cost_price,tax_rate,barcode,limited_qty']
  for (let i = 0; i < PRODUCTS; i++)
    lines.push(`T${i},Imported product ${i},${(i % 900) + 1}.50,1.25,7.5,${3_000_000_000_000 + i},5`)
  return lines.join('\n')
}

/** 50,000 products in and out, by a server of its own: what it takes and what it grows by. Leaves nothing behind. */
export async function transfer({ database, admin, pool }: World): Promise<Transfer[]> {
  const server = run('src/index.ts', {
    DATABASE_URL: database,
    REGAL_JWT_SECRET: 'the secret of the bench, long enough',
    PORT: '0',
    LOG_LEVEL: 'warn'
  })
  const url = await listening(server, /ready at (http:\/\/\S+) /)
  const authorization = `Bearer ${admin}`

  async function take(file: string, query: string): Promise<void> {
    const headers = { authorization, 'content-type': 'text/csv' }
    const response = await fetch(`${url}/products/import${query}`, { method: 'POST', headers, body: file })
    const { created, updated, skipped, ...rest } = (await response.json()) as Record<string, unknown>
    const count = [created, updated, skipped].reduce((sum: number, part) => sum + Number(part), 0)
    if (count !== PRODUCTS) throw new Error(`imported ${count} products: ${JSON.stringify(rest).slice(0, 500)}`)
  }

  async function give(format: string): Promise<Uint8Array<ArrayBuffer>> {
    const response = await fetch(`${url}/products/export?$format=${format}`, { headers: { authorization } })
    if (!response.ok) throw new Error(await response.text())
    return new Uint8Array(await response.arrayBuffer())
  }

  try {
    const file = productFile()
    const figures: Transfer[] = []
    const { rows } = await pool.query('select count(*)::int as count from products')
    const total = rows[0].count + PRODUCTS
    const measure = async (name: string, aim: string, work: () => Promise<void>) =>
      void figures.push(await measured(name, aim, server.pid!, work))
    await measure(`import ${PRODUCTS} new products, CSV`, '30 s', () => take(file, ''))
    await measure('import them again by their SKU, one price changed', '30 s', () =>
      take(file.replaceAll(',1.25,', ',1.35,'), '?upsert=sku')
    )
    for (const format of FORMATS)
      await measure(`export all ${total} products, ${format}`, '5 s', async () => void (await give(format)))
    await pool.query(`delete from products where sku >= 'T' and sku < 'U'`)
    return figures
  } finally {
    const ended = new Promise((done) => server.once('exit', done))
    server.kill('SIGTERM')
    await ended
  }
}
