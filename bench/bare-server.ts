import { createServer } from 'node:http'
import pg from 'pg'
import { v7 as uuidv7 } from 'uuid'

/**
 * The yardstick of the generic verbs: node:http and pg, prepared statements, the same queries as Regal sends, no sign-in,
 * no rules, no validation, no hooks. What a careful programmer would write for these routes and nothing else.
 */
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL!, max: 20 })
const columns = `t.id, t.created_at, t.updated_at, t.version, t.sku, t.name, t."desc", t.unit_price, t.cost_price, t.tax_rate, t.discount,
  t.barcode, t.article_no, t.vendor_id, t.category_id, t.brand_id, t.branch_id, t.brand_action, t.attributes, t.limited_qty, t.is_active,
  coalesce((select sum(l.on_hand) from stock_levels l where l.product_id = t.id and ($1::uuid is null or l.branch_id = $1::uuid)), 0) as stock_level`
const GET = { name: 'get', text: `select ${columns} from products t where t.id = $2` }
const LIST = {
  name: 'list',
  text: `select ${columns}, (select count(*) from products t) as total from products t order by t.created_at desc, t.id desc limit $2`
}
const related = (alias: string, names: string[]) =>
  names.map((name) => `${alias}.${name} as ${alias}_${name}`).join(', ')
const SYSTEM = ['id', 'created_at', 'updated_at', 'version', 'name']
/** The same list with two relations: a join each around the page, and an object each in the answer. */
const JOINED = {
  name: 'joined',
  text: `select ${columns}, (select count(*) from products t) as total, ${related('c', [...SYSTEM, 'parent_id'])}, ${related('b', SYSTEM)}
    from (select t.* from products t order by t.created_at desc, t.id desc limit $2) t
    left join categories c on c.id = t.category_id left join brands b on b.id = t.brand_id order by t.created_at desc, t.id desc`
}
type Row = Record<string, unknown>

/** Takes the columns of a relation out of the row and puts their object in. */
function nest(row: Row, alias: string, name: string): void {
  const inner: Row = {}
  for (const key of name === 'category' ? [...SYSTEM, 'parent_id'] : SYSTEM) {
    inner[key] = row[`${alias}_${key}`]
    row[`${alias}_${key}`] = undefined
  }
  row[name] = inner.id === null ? null : inner
}
const CREATE = {
  name: 'create',
  text: `with t as (insert into products (id, sku, name, unit_price, cost_price, tax_rate) values ($2, $3, $4, $5, $6, $7) returning *),
    audit as (insert into audit_logs (id, action, resource, record_id, branch_id, after)
      select $8, 'create', 'products', t.id, t.branch_id, to_jsonb(t) from t) select ${columns} from t`
}

const server = createServer(async (request, response) => {
  const send = (status: number, body: unknown) => {
    const text = JSON.stringify(body)
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    response.end(text)
  }
  try {
    if (request.method === 'POST') {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const { sku, name, unit_price, cost_price, tax_rate } = JSON.parse(Buffer.concat(chunks).toString())
      const values = [null, uuidv7(), sku, name, unit_price, cost_price, tax_rate, uuidv7()]
      send(201, (await pool.query({ ...CREATE, values })).rows[0])
    } else if (request.url === '/products?$include=category,brand') {
      const { rows } = await pool.query({ ...JOINED, values: [null, 50] })
      const total = Number(rows[0]?.total ?? 0)
      for (const row of rows) {
        row.total = undefined
        nest(row, 'c', 'category')
        nest(row, 'b', 'brand')
      }
      send(200, { total, limit: 50, skip: 0, data: rows })
    } else if (request.url!.length > 11) {
      send(200, (await pool.query({ ...GET, values: [null, request.url!.slice(10)] })).rows[0])
    } else {
      const { rows } = await pool.query({ ...LIST, values: [null, 50] })
      const total = Number(rows[0]?.total ?? 0)
      for (const row of rows) row.total = undefined
      send(200, { total, limit: 50, skip: 0, data: rows })
    }
  } catch (error) {
    send(500, { message: (error as Error).message })
  }
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number }
  process.stderr.write(`listening at http://127.0.0.1:${port}\n`)
})
process.on('SIGTERM', () => process.exit(0))
