import { overHttp, saleOf } from './load.ts'
import { addProducts, type World } from './world.ts'

const SMALL = 10_000
const LARGE = Number(process.env.BENCH_LARGE ?? 1_000_000)
const SECONDS = 5

export interface Growth {
  name: string
  small: number
  large: number
  ratio: number
}

/** Paid invoices of one line each by SQL, from number `from` up to `to`, in a register of their own. */
async function addInvoices({ pool }: World, from: number, to: number): Promise<void> {
  await pool.query(
    `with reg as (insert into registers (id, branch_id, code)
       select gen_random_uuid(), b.id, 'G' || $1 / 10000 from (select id from branches limit 1) b returning id, branch_id, code),
     made as (insert into invoices (id, created_at, updated_at, issued_at, series_no, invoice_no, branch_id, register_id, business_date, status,
         prices_include_tax, tax_rounding, subtotal, discount, tax, total, paid, change, balance, discounts, taxes, print_count)
       select gen_random_uuid(), t.at, t.at, t.at, n, 'MAIN-' || reg.code || '-' || n, reg.branch_id, reg.id, t.at::date, 'paid', false, 'line',
         10, 0, 0, 10, 10, 0, 0, 0, '[]', 0
       from reg, generate_series($1::int + 1, $2::int) n, lateral (select now() - make_interval(mins => $2 - n) as at) t returning id, branch_id, created_at)
     insert into invoice_items (id, created_at, invoice_id, branch_id, business_date, line_no, product_id, name, sku, quantity, unit_price, list_price,
         price_source, unit_cost, discount, discount_source, document_discount, tax_rate, tax, total)
       select gen_random_uuid(), made.created_at, made.id, made.branch_id, made.created_at::date, 1, p.id, p.name, p.sku, 1, 10, 10, 'list', 5, 0, 'product', 0, 0, 0, 10
       from made, (select id, name, sku from products limit 1) p`,
    [from, to]
  )
  await pool.query('vacuum analyze invoices')
  await pool.query('vacuum analyze invoice_items')
}

/** Waits until PostgreSQL has tidied up after the loading: its vacuum would take one of the two cores. */
async function settled({ pool }: World): Promise<void> {
  await pool.query('checkpoint')
  for (let i = 0; i < 60; i++) {
    const { rows } = await pool.query(`select 1 from pg_stat_activity where backend_type = 'autovacuum worker'`)
    if (!rows.length) return
    await new Promise((done) => setTimeout(done, 1000))
  }
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
  process.stderr.write(`growth: loading ${SMALL} invoices\n`)
  await addInvoices(world, 0, SMALL)
  const small = await measure()
  process.stderr.write(`growth: loading ${LARGE} products and invoices\n`)
  for (let n = SMALL; n < LARGE; n += 100_000) await addProducts(world.pool, n, Math.min(LARGE, n + 100_000))
  for (let n = SMALL; n < LARGE; n += 100_000) await addInvoices(world, n, Math.min(LARGE, n + 100_000))
  const large = await measure()
  return Object.keys(measures).map((name) => ({
    name,
    small: small[name]!,
    large: large[name]!,
    ratio: large[name]! / small[name]!
  }))
}
