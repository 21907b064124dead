import type { Queryable } from '../../database/connection.ts'
import { onceByShape, Template } from '../statement.ts'
import type { Asked, Place, ProductForSale } from './context.ts'

/** Codes that GS1 leaves to the shop, 02 and 20 to 29: those of scales are among them. */
const embedded = ({ barcodes }: Asked): string[] =>
  barcodes.filter((code) => /^(02|2\d)\d{11,}$/.test(code) && code.length === 13)

/** What the text of the statement depends on. */
interface Shape {
  register: boolean
  anywhere: boolean
  ids: boolean
  barcodes: boolean
  skus: boolean
  embedded: boolean
}

type Bind = Template<Asked>['bind']

/** By the digits of the item: the branch's own product before one of all branches, the older of two. */
const embeddedArm = (bind: Bind) =>
  `select distinct on (i.item) p.* from place, jsonb_to_recordset(place.embedded_barcodes) as e (prefix text, item int),
     unnest(${bind(embedded)}::text[]) c (code), lateral (select substr(c.code, length(e.prefix) + 1, e.item) as item) i
     join products p on p.article_no = i.item
   where c.code like e.prefix || '%' and p.is_active and (p.branch_id is null or p.branch_id = place.branch_id)
   order by i.item, p.branch_id nulls last, p.created_at, p.id`

/** One arm per way to name a product: an `or` over three columns would not use their indexes. */
function productArms(shape: Shape, bind: Bind): string {
  const arms = [
    shape.ids && `select * from products where id = any(${bind(({ ids }) => ids)}::uuid[])`,
    shape.barcodes && `select * from products where barcode = any(${bind(({ barcodes }) => barcodes)}::text[])`,
    shape.skus && `select * from products where sku = any(${bind(({ skus }) => skus)}::text[])`,
    shape.embedded && embeddedArm(bind)
  ].filter(Boolean)
  return arms.map((arm) => `(${arm})`).join(' union ')
}

/** A setting of the branch, else of all. */
const settingOf = (key: string) =>
  `(select s.value from settings s where s.key = '${key}' and (s.branch_id = b.id or s.branch_id is null)
    order by s.branch_id nulls last limit 1)`

/** What price lists offer of a product: a probe of an index that is empty where there are none. */
const offers = (customer: string, at: string) =>
  `(select json_agg(json_build_object('price_list_id', o.id, 'min_quantity', i.min_quantity::text, 'price', i.price::text))
     from price_list_items i join price_lists o on o.id = i.price_list_id
     where i.product_id = p.id and o.is_active and (o.customer_id is null or o.customer_id = ${customer})
       and daterange(o.valid_from, o.valid_to, '[]') @> (${at} at time zone place.timezone)::date)`

const party = (table: string, id: string, more = '') =>
  `(select json_build_object('id', id, 'branch_id', branch_id, 'is_active', is_active${more}) from ${table} where id = ${id}::uuid)`

/** The register asked for, else that of the caller's open shift, else the first of the branch: a condition and an order. */
function registerOf({ register, anywhere }: Shape, bind: Bind): [where: string, order: string] {
  if (register) return [`r.id = ${bind(({ register_id }) => register_id)}::uuid`, 'r.id']
  const own = `(select s.register_id from shifts s where s.opened_by = ${bind(({ user_id }) => user_id)}::uuid and s.status = 'open'
    order by s.created_at desc limit 1)`
  const branch = `b.id = ${bind(({ branch_id }) => branch_id)}::uuid`
  return [
    `r.is_active and ${anywhere ? `(${branch} or r.id = ${own})` : branch}`,
    `coalesce(r.id = ${own}, false) desc, r.created_at, r.id`
  ]
}

function build(shape: Shape): { text: string; template: Template<Asked> } {
  const template = new Template<Asked>()
  const { bind } = template
  const [register, order] = registerOf(shape, bind)
  const methods = `any(${bind(({ methods }) => methods)}::text[])`
  const customer = bind(({ customer_id }) => customer_id)
  const at = `coalesce(${bind(({ at }) => at ?? null)}::timestamptz, now())`
  const text = `
    with place as (
      select r.id as register_id, r.code as register_code, r.is_active as register_active,
        b.id as branch_id, b.code as branch_code, b.is_active as branch_active, b.timezone, b.prices_include_tax,
        b.tax_rounding, b.stock_policy,
        ${settingOf('discount_limit_percent')}::float8 as discount_limit, ${settingOf('override_limit_percent')}::float8 as override_limit,
        ${shape.embedded ? `${settingOf('embedded_barcodes')} as embedded_barcodes,` : ''}
        ${party('customers', customer)} as customer,
        ${party(
          'salesmen',
          bind(({ salesman_id }) => salesman_id),
          ", 'commission_rate', commission_rate::text"
        )} as salesman,
        array(select code from payment_methods where is_active and code = ${methods}) as methods,
        array(select code from payment_methods where is_cash and code = ${methods}) as cash_methods
      from registers r join branches b on b.id = r.branch_id
      where ${register} order by ${order} limit 1)
    select place.*, p.id as product_id, p.sku, p.name, p.kind, p.barcode, p.article_no, p.unit_price, p.cost_price, p.tax_rate, p.discount,
      p.is_active as product_active, p.branch_id as product_branch_id, l.on_hand, l.reserved, l.average_cost, ${offers(`${customer}::uuid`, at)} as offers
    from place left join (${productArms(shape, bind)}) p on true
      left join stock_levels l on l.branch_id = place.branch_id and l.product_id = p.id`
  return { text, template }
}

const written = onceByShape(build)

/**
 * Statement one of a sale: the register (asked for, else the first of the branch), its branch, the party, the methods
 * of payment and every product with what is on hand. No row: there is no such register.
 */
export async function readContext(db: Queryable, asked: Asked): Promise<(Place & Partial<ProductForSale>)[]> {
  const { text, template } = written({
    register: asked.register_id !== null,
    anywhere: asked.anywhere,
    ids: asked.ids.length > 0,
    barcodes: asked.barcodes.length > 0,
    skus: asked.skus.length > 0,
    embedded: embedded(asked).length > 0
  })
  return db.query(text, template.valuesOf(asked))
}
