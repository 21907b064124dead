import { settled } from './large.ts'
import type { Pair } from './queries.ts'
import type { World } from './world.ts'

const SALES = 30_000
const ROUNDS = 3

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!

async function post(world: World, path: string, body: unknown): Promise<{ id: string }> {
  const response = await fetch(world.regal + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${world.admin}` },
    body: JSON.stringify(body)
  })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as { id: string }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** Sales of a shift by SQL, each paid by one payment, by card or cash in turn. */
async function sellInto({ pool }: World, shift: string): Promise<void> {
  await pool.query(
    `with s as (select s.*, r.code, b.code as branch from shifts s join registers r on r.id = s.register_id join branches b on b.id = s.branch_id
       where s.id = $1),
     made as (insert into invoices (id, issued_at, series_no, invoice_no, branch_id, register_id, shift_id, business_date, status,
         prices_include_tax, tax_rounding, subtotal, discount, tax, total, paid, change, balance, discounts, taxes, print_count)
       select gen_random_uuid(), now(), n, s.branch || '-' || s.code || '-' || n, s.branch_id, s.register_id, s.id, s.business_date, 'paid', false,
         'line', 10, 0, 0.75, 10.75, 10.75, 0, 0, 0, '[{"rate": "7.5000", "base": "10.00", "tax": "0.75"}]', 0
       from s, generate_series(1, $2::int) n returning id, branch_id, register_id, shift_id, business_date, series_no)
     insert into payments (id, invoice_id, branch_id, register_id, shift_id, method, amount, change, direction, business_date)
       select gen_random_uuid(), id, branch_id, register_id, shift_id, case series_no % 2 when 0 then 'cash' else 'card' end, 10.75, 0, 'in',
         business_date from made`,
    [shift, SALES]
  )
}

/** Closing a shift with 30,000 sales, over REST, beside the plainest sum of them in SQL. */
export async function closing(world: World): Promise<Pair[]> {
  const rounds: [number, number][] = []
  for (let i = 0; i < ROUNDS; i++) {
    process.stderr.write(`closing a shift: round ${i + 1} of ${ROUNDS}\n`)
    const { rows } = await world.pool.query(
      `insert into registers (id, branch_id, code) select gen_random_uuid(), id, 'Z' || $1 from (select id from branches limit 1) b returning id`,
      [i]
    )
    const { id } = await post(world, '/shifts', { register_id: rows[0].id, float: '100.00' })
    await sellInto(world, id)
    await world.pool.query('vacuum analyze invoices, payments')
    await settled(world)
    const sum = await timed(() =>
      world.pool.query('select count(*), sum(total) from invoices where shift_id = $1', [id])
    )
    const close = await timed(() => post(world, '/shift-closings', { shift_id: id, counted: { cash: '100.00' } }))
    rounds.push([sum, close])
  }
  const [sum, close] = [median(rounds.map(([first]) => first)), median(rounds.map(([, second]) => second))]
  return [
    {
      name: `closing a shift with ${SALES} sales`,
      first: ['sum of its sales', sum],
      second: ['closing', close],
      ratio: close / sum,
      aim: 'under 1 s'
    }
  ]
}
