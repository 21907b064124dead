import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

/**
 * The yardstick of the sale: one SQL function that reads prices, locks, moves the stock and writes invoice, lines,
 * ledger, payment, number and audit row, called with prepared statements. Nothing can do the same writes for less.
 */
const FUNCTION = `
create table if not exists bench_products (n int primary key, id uuid not null);
create table if not exists bench_registers (n int primary key, id uuid not null);
create or replace function bench_sale(till int, a int, b int, c int) returns text language plpgsql as $$
declare
  reg registers; bra branches; ids uuid[]; inv uuid := gen_random_uuid(); at timestamptz; no int; doc text; base numeric; vat numeric;
begin
  select * into reg from registers where id = (select id from bench_registers where n = till);
  select * into bra from branches where id = reg.branch_id;
  select array_agg(id order by id) into ids from bench_products where n in (a, b, c);
  select sum(round(2 * unit_price, 2)), sum(round(2 * unit_price * tax_rate / 100, 2)) into base, vat from products where id = any(ids);
  perform 1 from stock_levels where branch_id = bra.id and product_id = any(ids) order by product_id for update;
  update stock_levels set on_hand = on_hand - 2, version = version + 1, updated_at = clock_timestamp()
    where branch_id = bra.id and product_id = any(ids);
  update number_series set last_no = last_no + 1 where register_id = reg.id returning last_no, clock_timestamp() into no, at;
  doc := bra.code || '-' || reg.code || '-' || lpad(no::text, 6, '0');
  insert into invoices (id, created_at, updated_at, issued_at, series_no, invoice_no, branch_id, register_id, business_date, status,
      prices_include_tax, tax_rounding, subtotal, discount, tax, total, paid, change, balance, discounts, taxes, print_count)
    values (inv, at, at, at, no, doc, bra.id, reg.id, current_date, 'paid', false, 'line', base, 0, vat, base + vat, base + vat, 0, 0, 0,
      '[{"rate": "7.5000", "base": "1.00", "tax": "1.00"}]', 0);
  insert into invoice_items (id, created_at, invoice_id, branch_id, business_date, line_no, product_id, name, sku, quantity, unit_price, list_price,
      price_source, unit_cost, discount, discount_source, document_discount, tax_rate, tax, total)
    select gen_random_uuid(), at, inv, bra.id, current_date, row_number() over (), p.id, p.name, p.sku, 2, p.unit_price, p.unit_price, 'list', p.cost_price,
      0, 'product', 0, p.tax_rate, round(2 * p.unit_price * p.tax_rate / 100, 2), 2 * p.unit_price from products p where p.id = any(ids);
  insert into stock_entries (id, created_at, product_id, branch_id, qty, type, reason, ref, document_id, unit_cost, balance_after)
    select gen_random_uuid(), at, l.product_id, bra.id, -2, 'OUT', 'sale', doc, inv, l.average_cost, l.on_hand
      from stock_levels l where l.branch_id = bra.id and l.product_id = any(ids);
  insert into payments (id, created_at, invoice_id, branch_id, register_id, method, amount, tendered, change, direction, business_date)
    values (gen_random_uuid(), at, inv, bra.id, reg.id, 'cash', base + vat, null, 0, 'in', current_date);
  insert into audit_logs (id, action, resource, record_id, branch_id, after)
    select gen_random_uuid(), 'create', 'invoices', i.id, i.branch_id, to_jsonb(i) from invoices i where i.id = inv;
  return doc;
end $$;`

export async function installYardstick(pool: pg.Pool, products: string[], registers: string[]): Promise<void> {
  await pool.query(FUNCTION)
  await pool.query('truncate bench_products, bench_registers')
  await pool.query('insert into bench_products select n, id from unnest($1::uuid[]) with ordinality u (id, n)', [
    products
  ])
  await pool.query('insert into bench_registers select n, id from unnest($1::uuid[]) with ordinality u (id, n)', [
    registers
  ])
}

const pgbenchPath = () =>
  ['/usr/bin/pgbench', ...[18, 17, 16, 15].map((v) => `/usr/lib/postgresql/${v}/bin/pgbench`)].find((path) =>
    existsSync(path)
  )

/** Sales per second of the function at `clients` connections: by pgbench, or where it is missing by an equal loop on pg. */
export async function yardstickSales(
  url: string,
  clients: number,
  seconds: number,
  products: number
): Promise<{ rate: number; by: string }> {
  const tool = pgbenchPath()
  return tool
    ? { rate: await byPgbench(tool, url, clients, seconds, products), by: 'pgbench' }
    : { rate: await byPool(url, clients, seconds, products), by: 'pg loop' }
}

async function byPgbench(
  tool: string,
  url: string,
  clients: number,
  seconds: number,
  products: number
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'regal-pgbench-'))
  const script = join(folder, 'sale.sql')
  const pick =
    products > 1
      ? ['a', 'b', 'c'].map((name) => `\\set ${name} random(1, ${products})`)
      : ['a', 'b', 'c'].map((name) => `\\set ${name} 1`)
  await writeFile(script, `${pick.join('\n')}\n\\set till :client_id + 1\nselect bench_sale(:till, :a, :b, :c);\n`)
  const args = ['-n', '-M', 'prepared', '-c', String(clients), '-j', '2', '-T', String(seconds), '-f', script, url]
  const { stdout } = await promisify(execFile)(tool, args)
  await rm(folder, { recursive: true })
  return Number(/tps = ([\d.]+)/.exec(stdout)![1])
}

async function byPool(url: string, clients: number, seconds: number, products: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: clients })
  const until = Date.now() + seconds * 1000
  let done = 0
  const pick = () => 1 + Math.floor(Math.random() * products)
  const seller = async (till: number) => {
    while (Date.now() < until) {
      await pool.query({
        name: 'sale',
        text: 'select bench_sale($1, $2, $3, $4)',
        values: [till, pick(), pick(), pick()]
      })
      done++
    }
  }
  await Promise.all(Array.from({ length: clients }, (_, i) => seller(i + 1)))
  await pool.end()
  return done / seconds
}
