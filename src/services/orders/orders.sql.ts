import type { Queryable } from '../../database/connection.ts'
import { parseMoney } from '../../domain/money.ts'
import type { OrderState, QuotationState } from '../../domain/moves.ts'
import { currency } from '../../schemas/currency.ts'
import { kinds } from '../../schemas/kinds.ts'
import { takeShift } from '../cash/shift.sql.ts'
import type { AgreedLine } from './price.ts'

/** What an order and a quotation have in common, as it is stored; amounts are on the scale of the currency. */
export interface StoredTerms {
  id: string
  version: number
  branch_id: string
  branch_code: string
  timezone: string
  customer_id: string
  salesman_id: string | null
  team_name: string | null
  required_by: string | null
  notes: string | null
  rush_surcharge: string
  discounts: string
  total: string
}

export interface StoredOrder extends StoredTerms {
  order_no: string
  status: OrderState
  paid: string
  balance: string
}

export interface StoredQuotation extends StoredTerms {
  status: QuotationState
  valid_until: string
}

const AMOUNTS = ['rush_surcharge', 'discounts', 'total', 'paid', 'balance']

async function lockOne<T extends StoredTerms>(db: Queryable, table: string, id: unknown): Promise<T | undefined> {
  const [row] = await db.query<Record<string, unknown>>(
    `select o.*, b.code as branch_code, b.timezone from ${table} o join branches b on b.id = o.branch_id where o.id = $1 for update of o`,
    [id]
  )
  if (!row) return undefined
  for (const name of AMOUNTS) if (row[name] !== undefined) row[name] = kinds.money.decode!(row[name] as never, {})
  return row as unknown as T
}

/** Locks an order: it stays as it is until the transaction ends. Undefined where there is none. */
export const lockOrder = (db: Queryable, id: unknown) => lockOne<StoredOrder>(db, 'custom_orders', id)
export const lockQuotation = (db: Queryable, id: unknown) => lockOne<StoredQuotation>(db, 'quotations', id)

export const LINES_OF = {
  'custom-orders': { table: 'custom_order_items', key: 'order_id', images: 'custom_order_item_images' },
  quotations: { table: 'quotation_items', key: 'quotation_id', images: 'quotation_item_images' }
} as const
export type Ordered = keyof typeof LINES_OF

interface StoredLine {
  category_id: string
  product_id: string
  name: string
  options: { group: string; option: string; surcharge: string }[]
  quantity: string
  price: string
  discount: string
  notes: string | null
  images: string[]
}

/** The lines as they were agreed, in their order. */
export async function storedLines(db: Queryable, of: Ordered, id: string): Promise<AgreedLine[]> {
  const { table, key, images } = LINES_OF[of]
  const rows = await db.query<StoredLine>(
    `select category_id, product_id, name, options, quantity, price, discount, notes,
       array(select i.file_id from ${images} i where i.item_id = t.id order by i.place) as images
     from ${table} t where ${key} = $1 order by line_no`,
    [id]
  )
  const money = (value: string) => kinds.money.decode!(value as never, {}) as string
  return rows.map((line) => ({
    ...line,
    options: line.options.map((one) => ({ ...one, surcharge: parseMoney(one.surcharge, currency.scale) })),
    quantity: Number(line.quantity),
    price: parseMoney(money(line.price), currency.scale),
    discount: money(line.discount)
  }))
}

/** Takes the lines away, so that they can be written anew in the same transaction. */
export async function deleteLines(db: Queryable, of: Ordered, id: string): Promise<void> {
  const { table, key } = LINES_OF[of]
  await db.query(`delete from ${table} where ${key} = $1`, [id])
}

/** What is sold on the invoice of an order, as a sale takes it. */
export async function invoiceLines(db: Queryable, order: string) {
  const rows = await db.query<{ product_id: string; quantity: string; unit_price: string; discount: string }>(
    'select product_id, quantity, unit_price, discount from custom_order_items where order_id = $1 order by line_no',
    [order]
  )
  const money = (value: string) => kinds.money.decode!(value as never, {}) as string
  return rows.map(({ product_id, quantity, unit_price, discount }) => ({
    product_id,
    quantity: Number(quantity),
    unit_price: money(unit_price),
    discount: money(discount)
  }))
}

/** What was paid on an order and not given back, by method; amounts above 0. */
export async function advancesOf(db: Queryable, order: string): Promise<{ method: string; amount: string }[]> {
  const rows = await db.query<{ method: string; amount: string }>(
    `select method, sum(case direction when 'in' then amount else -amount end) as amount from order_payments
     where order_id = $1 group by 1 having sum(case direction when 'in' then amount else -amount end) <> 0 order by 1`,
    [order]
  )
  return rows.map(({ method, amount }) => ({ method, amount: kinds.money.decode!(amount as never, {}) as string }))
}

/**
 * Where money is taken: the register asked for, else that of the user's open shift at the branch, else the branch's first;
 * and its open shift, which stays open until the transaction ends. Undefined unless the register is active and there.
 */
export async function tillOf(
  db: Queryable,
  { register, branch_id, user_id }: { register: unknown; branch_id: string; user_id: string | null }
): Promise<{ register_id: string; shift_id: string | null } | undefined> {
  const [row] = await db.query<{ id: string }>(
    `select id from registers where branch_id = $1 and is_active and ($2::uuid is null or id = $2) order by created_at, id limit 1`,
    [branch_id, register ?? null]
  )
  if (!row) return undefined
  const shift = await takeShift(db, { user_id: register ? null : user_id, branch_id, register_id: row.id })
  return { register_id: shift?.register_id ?? row.id, shift_id: shift?.id ?? null }
}

export async function isMethod(db: Queryable, code: unknown): Promise<boolean> {
  return (await db.query('select 1 from payment_methods where code = $1 and is_active', [code])).length > 0
}
