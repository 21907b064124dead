import { addProducts, type World } from './world.ts'

export const SMALL = 10_000
export const LARGE = Number(process.env.BENCH_LARGE ?? 1_000_000)
const STEP = 100_000

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
export async function settled({ pool }: World): Promise<void> {
  await pool.query('checkpoint')
  for (let i = 0; i < 60; i++) {
    const { rows } = await pool.query(`select 1 from pg_stat_activity where backend_type = 'autovacuum worker'`)
    if (!rows.length) return
    await new Promise((done) => setTimeout(done, 1000))
  }
}

let products = SMALL
let invoices = 0

/** Loads products, and invoices of one line each, until there are `count` of both; the world opens with ten thousand products. */
export async function grow(world: World, count: number): Promise<void> {
  if (products >= count && invoices >= count) return
  process.stderr.write(`loading ${count} products and invoices\n`)
  for (; products < count; products = Math.min(count, products + STEP))
    await addProducts(world.pool, products, Math.min(count, products + STEP))
  for (; invoices < count; invoices = Math.min(count, invoices + STEP))
    await addInvoices(world, invoices, Math.min(count, invoices + STEP))
}
