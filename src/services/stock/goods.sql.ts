import type { Queryable } from '../../database/connection.ts'
import type { Resource } from '../../schemas/define.ts'
import { projectionOf, type Row } from '../projection.ts'
import type { Author } from '../resource.sql.ts'
import { Statement } from '../statement.ts'

/** A product as it stands in its table. */
export interface Product extends Row {
  id: string
  sku: string
  name: string
  barcode: string | null
  kind: 'goods' | 'service'
  branch_id: string | null
  is_active: boolean
}

/** The products of these names: one arm per kind of name, so that each uses its index. */
export function readProducts(
  db: Queryable,
  { ids, barcodes, skus }: { ids: string[]; barcodes: string[]; skus: string[] }
): Promise<Product[]> {
  return db.query<Product>(
    `select * from products where id in (
       select id from products where id = any($1::uuid[])
       union select id from products where barcode = any($2::text[])
       union select id from products where sku = any($3::text[]))`,
    [ids, barcodes, skus]
  )
}

export const readVendor = async (db: Queryable, id: unknown): Promise<(Row & { is_active: boolean }) | undefined> =>
  (await db.query<Row & { is_active: boolean }>('select * from vendors where id = $1', [id]))[0]

/**
 * New selling prices, each with its audit row, where they differ. Locked by id and without `for update`: that would wait
 * for every sale that refers to the product, in the order of its lines. Answers the changed products.
 */
export async function changePrices(
  db: Queryable,
  products: Resource,
  prices: readonly { product_id: string; unit_price: string; audit_id: string }[],
  author: Author
): Promise<Row[]> {
  if (!prices.length) return []
  const statement = new Statement()
  const given = statement.bind(JSON.stringify(prices))
  const { bind } = statement
  const who = `${bind(author.user_id)}::uuid, ${bind(author.session_id)}::uuid, ${bind(author.request_id)}::text`
  const audit = `audit as (insert into audit_logs (id, action, resource, record_id, branch_id, user_id, session_id, request_id, before, after)
    select g.audit_id, 'patch', '${products.id}', t.id, t.branch_id, ${who},
      regal_changed(to_jsonb(o), to_jsonb(t)), regal_changed(to_jsonb(t), to_jsonb(o))
    from changed t join old o on o.id = t.id join given g on g.product_id = t.id)`
  const projection = projectionOf(products, products.readable)
  const cells = await db.rows(
    `with given as materialized (select * from json_to_recordset(${given}::json) as g(product_id uuid, unit_price numeric, audit_id uuid)),
     old as materialized (select p.* from products p where exists
       (select from given g where g.product_id = p.id and g.unit_price <> p.unit_price) order by p.id for no key update),
     changed as (update products p set unit_price = g.unit_price, version = p.version + 1, updated_at = clock_timestamp()
       from given g where g.product_id = p.id and p.id in (select id from old) returning p.*), ${audit}
     select ${projection.sql('t', () => 'null::uuid')} from changed t`,
    statement.values
  )
  return cells.map((row) => projection.decode(row))
}
