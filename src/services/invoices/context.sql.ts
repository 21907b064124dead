import type { Queryable } from '../../database/connection.ts'
import { methodsAmong } from '../payments/methods.sql.ts'
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
  customer: boolean
  salesman: boolean
}

type Bind = Template<Asked>['bind']

/** By the digits of the item: the branch's own product before one of all branches, the older of two. */
const embeddedArm = (bind: Bind) =>
  `select distinct on (i.item) p.* from place, jsonb_to_recordset(place.settings -> 'embedded_barcodes') as e (prefix text, item int),
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

/** What a sale goes by: of the branch, else of all. One subquery, without a sort: each has to be set up for every sale. */
const SETTINGS = `(select coalesce(jsonb_object_agg(key, value) filter (where branch_id is null), '{}')
    || coalesce(jsonb_object_agg(key, value) filter (where branch_id is not null), '{}')
  from settings s where s.key in ('discount_limit_percent', 'override_limit_percent', 'embedded_barcodes')
    and (s.branch_id = b.id or s.branch_id is null))`

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

/** The columns of a product, by their names in the answer; `offered` is what price lists offer. */
const productColumns = (offered: string): Record<keyof ProductForSale, string> => ({
  product_id: 'p.id',
  sku: 'p.sku',
  name: 'p.name',
  kind: 'p.kind',
  barcode: 'p.barcode',
  article_no: 'p.article_no',
  unit_price: 'p.unit_price',
  cost_price: 'p.cost_price',
  tax_rate: 'p.tax_rate',
  discount: 'p.discount',
  product_active: 'p.is_active',
  product_branch_id: 'p.branch_id',
  on_hand: 'l.on_hand',
  reserved: 'l.reserved',
  average_cost: 'l.average_cost',
  offers: offered
})

function placeColumns(shape: Shape, customer: string, bind: Bind): Record<keyof Place, string> {
  const salesman = () =>
    party(
      'salesmen',
      bind(({ salesman_id }) => salesman_id),
      ", 'commission_rate', commission_rate::text"
    )
  return {
    register_id: 'r.id',
    register_code: 'r.code',
    register_active: 'r.is_active',
    branch_id: 'b.id',
    branch_code: 'b.code',
    branch_active: 'b.is_active',
    timezone: 'b.timezone',
    prices_include_tax: 'b.prices_include_tax',
    tax_rounding: 'b.tax_rounding',
    stock_policy: 'b.stock_policy',
    settings: SETTINGS,
    customer: shape.customer ? party('customers', customer) : 'null::json',
    salesman: shape.salesman ? salesman() : 'null::json',
    methods: 'm.methods',
    cash_methods: 'm.cash_methods'
  }
}

/** `r.id as register_id, …` */
const named = (columns: Record<string, string>) =>
  Object.entries(columns)
    .map(([name, sql]) => `${sql} as ${name}`)
    .join(', ')

function build(shape: Shape) {
  const template = new Template<Asked>()
  const { bind } = template
  const [register, order] = registerOf(shape, bind)
  const customer = bind(({ customer_id }) => customer_id)
  const at = `coalesce(${bind(({ at }) => at ?? null)}::timestamptz, now())`
  const [place, product] = [placeColumns(shape, customer, bind), productColumns(offers(`${customer}::uuid`, at))]
  const names = { place: Object.keys(place), product: Object.keys(product) }
  // Cells are read by their place, as everywhere: see projection.ts.
  const cells = [...names.place.map((name) => `place.${name}`), ...Object.values(product)]
  const text = `
    with place as (select ${named(place)} from registers r join branches b on b.id = r.branch_id 
        cross join ${methodsAmong(bind(({ methods }) => methods))} m
      where ${register} order by ${order} limit 1)
    select ${cells.map((cell) => `${cell} as c`).join(', ')}
    from place left join (${productArms(shape, bind)}) p on true
      left join stock_levels l on l.branch_id = place.branch_id and l.product_id = p.id`
  return { text, template, names }
}

const written = onceByShape(build)

/**
 * Statement one of a sale: the register (asked for, else the first of the branch), its branch, the party, the methods
 * of payment and every product with what is on hand. No place: there is no such register.
 */
export async function readContext(
  db: Queryable,
  asked: Asked
): Promise<{ place: Place | undefined; products: ProductForSale[] }> {
  const { text, template, names } = written({
    register: asked.register_id !== null,
    anywhere: asked.anywhere,
    ids: asked.ids.length > 0,
    barcodes: asked.barcodes.length > 0,
    skus: asked.skus.length > 0,
    embedded: embedded(asked).length > 0,
    customer: asked.customer_id !== null,
    salesman: asked.salesman_id !== null
  })
  const rows = await db.rows(text, template.valuesOf(asked))
  const from = names.place.length
  return {
    place: rows[0] && recordOf<Place>(names.place, rows[0], 0),
    // Of no product there is one row, with the place alone.
    products: rows.filter((cells) => cells[from] !== null).map((cells) => recordOf(names.product, cells, from))
  }
}

function recordOf<T>(names: readonly string[], cells: unknown[], from: number): T {
  const record: Record<string, unknown> = {}
  for (let i = 0; i < names.length; i++) record[names[i]!] = cells[from + i]
  return record as T
}
