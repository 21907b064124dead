import type { Queryable } from '../../database/connection.ts'
import { failure } from '../../errors.ts'
import type { Row } from '../projection.ts'
import type { ProductForSale } from './context.ts'

export interface Draft extends Row {
  status: string
  version: number
  /** The whole row as JSON text, for the audit row of what replaces it. */
  whole: string
}

/** Locks an invoice and answers what a draft would be written again from. @throws 404 */
export async function lockDraft(db: Queryable, id: string): Promise<Draft> {
  const [row] = await db.query<Draft>(
    `select i.status, i.version, to_jsonb(i)::text as whole, i.register_id, i.customer_id, i.salesman_id, i.notes, trim_scale(i.discounts)::text as discounts,
       (select json_agg(json_strip_nulls(json_build_object(
          'product_id', case when l.price_source <> 'barcode' then l.product_id end, 'barcode', case when l.price_source = 'barcode' then l.barcode end,
          'quantity', l.quantity,
          'discount', case when l.discount_source = 'given' then trim_scale(l.discount)::text end,
          'unit_price', case when l.price_source = 'override' then trim_scale(l.unit_price)::text end)) order by l.line_no)
        from invoice_items l where l.invoice_id = i.id) as items
     from invoices i where i.id = $1 for update of i`,
    [id]
  )
  if (!row) throw failure('not_found')
  return row
}

/** Takes the lines of a draft away, so that they can be written anew in the same transaction. */
export async function deleteLines(db: Queryable, id: string): Promise<void> {
  await db.query('delete from invoice_items where invoice_id = $1', [id])
}

/** Levels for products a branch never had; only where it may sell below zero, as otherwise there is nothing to sell. */
export async function ensureLevels(
  db: Queryable,
  branch: string,
  products: Pick<ProductForSale, 'product_id' | 'on_hand' | 'kind'>[]
) {
  const missing = products
    .filter(({ on_hand, kind }) => on_hand === null && kind !== 'service')
    .map(({ product_id }) => product_id)
  if (missing.length) await makeLevels(db, branch, missing)
}

export async function makeLevels(db: Queryable, branch: string, products: string[]): Promise<void> {
  await db.query(
    `insert into stock_levels (id, product_id, branch_id, may_go_below_zero)
     select gen_random_uuid(), p, b.id, b.stock_policy <> 'block' from unnest($2::uuid[]) p, branches b where b.id = $1
     order by p on conflict (branch_id, product_id) do nothing`,
    [branch, products]
  )
}
