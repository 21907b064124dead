import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { startEmbedded } from '../src/database/embedded.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const ADMIN_PASSWORD = 'a password for the bench'
export const TILLS = 16
/** Brands, and categories, that the products are of. */
const KINDS = 200

export interface Product {
  id: string
  /** In cents. */
  price: number
}

/** What is measured: Regal as a process of its own, a bare server beside it, both on one PostgreSQL with fsync on. */
export interface World {
  database: string
  pool: pg.Pool
  regal: string
  bare: string
  /** Access token of a cashier who may sell at any register of the branch. */
  token: string
  admin: string
  products: Product[]
  registers: string[]
  close(): Promise<void>
}

/** The address that a child says it listens at, once it does. */
export async function listening(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((done, failed) => {
    let text = ''
    const read = (chunk: Buffer) => {
      text += chunk
      const found = pattern.exec(text)?.[1]
      if (!found) return
      // From here on the log is thrown away unread; it still has to be taken out of the pipe.
      for (const stream of [child.stdout, child.stderr]) stream?.off('data', read).resume()
      done(found)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    child.once('exit', (code) => failed(new Error(`ended with ${code} before it listened:\n${text}`)))
  })
}

export const run = (script: string, env: Record<string, string>, cwd = root) =>
  spawn(
    process.execPath,
    [...(process.env.BENCH_PROFILE ? ['--cpu-prof', '--cpu-prof-dir=.tmp'] : []), '--import', 'tsx', script],
    {
      cwd,
      env: { ...process.env, NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe']
    }
  )

async function post(url: string, body: unknown, token?: string): Promise<Record<string, unknown>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body)
  })
  if (!response.ok) throw new Error(`${url}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}

/** Starts everything and fills the shop with `count` products that are in stock, and a till per connection. */
export async function openWorld(count: number): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'regal-bench-'))
  // Root's PostgreSQL runs as another user, who must be able to enter.
  await chmod(folder, 0o711)
  const embedded = process.env.DATABASE_URL ? undefined : await startEmbedded(folder)
  const database = process.env.DATABASE_URL ?? embedded!.url
  const regal = run('src/index.ts', {
    DATABASE_URL: database,
    REGAL_JWT_SECRET: 'the secret of the bench, long enough',
    REGAL_ADMIN_PASSWORD: ADMIN_PASSWORD,
    PORT: '0',
    LOG_LEVEL: process.env.BENCH_LOG ?? 'info',
    NODE_CONFIG: JSON.stringify({
      limits: {
        requests_per_minute_user: 1_000_000,
        requests_per_minute_address: 1_000_000,
        messages_per_second: 100_000
      }
    })
  })
  const url = await listening(regal, /ready at (http:\/\/\S+) /)
  const bare = run('bench/bare-server.ts', { DATABASE_URL: database })
  const bareUrl = await listening(bare, /listening at (\S+)/)
  const admin = (await post(`${url}/auth/login`, { username: 'admin', password: ADMIN_PASSWORD }))
    .access_token as string
  const pool = new pg.Pool({ connectionString: database, max: 4 })
  const registers = await fill(pool, count)
  await post(
    `${url}/users`,
    {
      full_name: 'Bench',
      email: 'bench@example.com',
      username: 'bench',
      password: ADMIN_PASSWORD,
      role_id: (await pool.query(`select id from roles where name = 'cashier'`)).rows[0].id,
      branch_id: (await pool.query('select id from branches limit 1')).rows[0].id
    },
    admin
  )
  const { access_token } = await post(`${url}/auth/login`, { username: 'bench', password: ADMIN_PASSWORD })
  const products = (await pool.query('select id, unit_price from products order by sku limit 5000')).rows.map(
    ({ id, unit_price }) => ({ id, price: Math.round(Number(unit_price) * 100) })
  )
  return {
    database,
    pool,
    regal: url,
    bare: bareUrl,
    token: access_token as string,
    admin,
    products,
    registers,
    async close() {
      await pool.end()
      const ended = [regal, bare].map((child) => new Promise((done) => child.once('exit', done)))
      regal.kill('SIGTERM')
      bare.kill('SIGTERM')
      await Promise.all(ended)
      await embedded?.stop()
      await rm(folder, { recursive: true, force: true })
    }
  }
}

async function fill(pool: pg.Pool, count: number): Promise<string[]> {
  for (const table of ['brands', 'categories'])
    await pool.query(
      `insert into ${table} (id, name) select gen_random_uuid(), '${table} ' || n from generate_series(1, ${KINDS}) n`
    )
  await addProducts(pool, 0, count)
  await pool.query(
    `insert into registers (id, branch_id, code) select gen_random_uuid(), b.id, 'B' || n from branches b, generate_series(1, $1::int) n`,
    [TILLS]
  )
  return (await pool.query(`select id from registers where code like 'B%' order by code`)).rows.map(({ id }) => id)
}

/** Products by SQL, from number `from` up to `to`, each of a brand and a category, and in stock at the first branch. */
export async function addProducts(pool: pg.Pool, from: number, to: number): Promise<void> {
  await pool.query(
    `with b as (select id, row_number() over () - 1 as kind from brands), c as (select id, row_number() over () - 1 as kind from categories),
     made as (
       insert into products (id, sku, name, unit_price, cost_price, tax_rate, barcode, created_at, brand_id, category_id)
       select gen_random_uuid(), 'S' || lpad(n::text, 8, '0'), 'Product number ' || n, (n % 900) + 1.5, 1, 7.5, (2000000000000 + n)::text,
         now() - make_interval(secs => $2 - n), b.id, c.id
       from generate_series($1::int + 1, $2::int) n join b on b.kind = n % ${KINDS} join c on c.kind = n % ${KINDS} returning id)
     insert into stock_levels (id, product_id, branch_id, on_hand, average_cost)
     select gen_random_uuid(), made.id, b.id, 900000000, 1 from made, (select id from branches limit 1) b`,
    [from, to]
  )
  await pool.query('vacuum analyze products')
  await pool.query('vacuum analyze stock_levels')
}
