import type { Queryable } from '../../database/connection.ts'
import type { CashMovement } from '../../domain/drawer.ts'

/** Amounts are decimal texts as columns keep them. */
interface Sum {
  count: number
  total: string
}

/** What a shift's ledgers say, as the database adds it up. */
export interface Summed {
  float: string
  sales: Sum & { subtotal: string; discount: string; tax: string }
  late: Sum
  voids: Sum
  refunds: Sum
  numbers: { first: string | null; last: string | null }
  taxes: { rate: string; base: string; tax: string }[]
  payments: { method: string; is_cash: boolean; count: number; in: string; out: string }[]
  movements: { kind: CashMovement; count: number; amount: string }[]
  /** Whether the branch counts blind. */
  blind: boolean
}

const sum = (value: string, filter = '') => `coalesce(sum(${value})${filter}, 0)::numeric(24, 4)::text`
const object = (parts: Record<string, string>) =>
  `json_build_object(${Object.entries(parts)
    .map(([name, sql]) => `'${name}', ${sql}`)
    .join(', ')})`
const list = (row: Record<string, string>, source: string, order: string) =>
  `coalesce((select json_agg(${object(row)} order by ${order}) from (${source}) g), '[]')`

/** What went through the shift's drawer and terminals. Advances count when they are paid, not again on the invoice of their order. */
const MONEY = `select method, direction, amount from payments where shift_id = $1 and order_id is null
  union all select method, direction, amount from order_payments where shift_id = $1`

const money = (direction: string) => sum('p.amount', ` filter (where p.direction = '${direction}')`)

/** Adds a shift up in one statement, whatever it sold. Its closing holds the shift locked; others get what is there now. */
export async function sumShift(db: Queryable, shift: string): Promise<Summed> {
  const [figures] = await db.query<Summed>(
    `with sold as materialized (select series_no, invoice_no, subtotal, discount, tax, total, taxes, late,
         status = 'cancelled' as void from invoices where shift_id = $1)
     select s.float,
       (select ${object({ count: 'count(*)', subtotal: sum('subtotal'), discount: sum('discount'), tax: sum('tax'), total: sum('total') })}
         from sold where not void) as sales,
       (select ${object({ count: 'count(*)', total: sum('total') })} from sold where late and not void) as late,
       (select ${object({ count: 'count(*)', total: sum('total') })} from sold where void) as voids,
       (select ${object({ count: 'count(distinct refund_id)', total: sum('amount') })} from payments
         where shift_id = $1 and refund_id is not null) as refunds,
       json_build_object('first', (select invoice_no from sold order by series_no limit 1),
         'last', (select invoice_no from sold order by series_no desc limit 1)) as numbers,
       ${list(
         { rate: 'rate::numeric(24, 4)::text', base: 'base', tax: 'tax' },
         `select t.rate, ${sum('t.base')} as base, ${sum('t.tax')} as tax from sold i,
            jsonb_to_recordset(i.taxes) as t (rate numeric, base numeric, tax numeric) where not i.void group by 1`,
         'rate'
       )} as taxes,
       ${list(
         { method: 'method', is_cash: 'is_cash', count: 'n', in: 'came', out: 'went' },
         `select p.method, m.is_cash, count(*) as n, ${money('in')} as came, ${money('out')} as went
            from (${MONEY}) p join payment_methods m on m.code = p.method group by 1, 2`,
         'method'
       )} as payments,
       ${list(
         { kind: 'kind', count: 'n', amount: 'amount' },
         `select kind, count(*) as n, ${sum('amount')} as amount from cash_movements where shift_id = $1 group by 1`,
         'kind'
       )} as movements,
       coalesce((select value = 'true'::jsonb from settings where key = 'blind_count' and (branch_id = s.branch_id or branch_id is null)
         order by branch_id nulls last limit 1), false) as blind
     from shifts s where s.id = $1`,
    [shift]
  )
  return figures!
}
