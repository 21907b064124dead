import type { Queryable } from '../../database/connection.ts'

export interface StoredGroup {
  name: string
  required?: boolean
  options: { name: string; surcharge?: string }[]
}

export interface StoredOptions {
  category_id: string
  category: string
  product_id: string
  is_active: boolean
  groups: StoredGroup[]
}

/** What can be chosen in these categories; a category without goods made to order has no row. */
export const readOptions = (db: Queryable, categories: readonly unknown[]): Promise<StoredOptions[]> =>
  db.query<StoredOptions>(
    `select o.category_id, c.name as category, o.product_id, o.is_active, o.groups from order_options o
     join categories c on c.id = o.category_id where o.category_id = any($1::uuid[])`,
    [categories]
  )

/** What kind of product this is; undefined where there is none. */
export async function productKind(db: Queryable, id: unknown): Promise<string | undefined> {
  const [product] = await db.query<{ kind: string }>('select kind from products where id = $1', [id])
  return product?.kind
}
