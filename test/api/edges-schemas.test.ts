import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { createSchema, defineResource, type Resource, rowSchema } from '../../src/schemas/define.ts'
import { optional, text } from '../../src/schemas/fields.ts'
import { resources } from '../../src/schemas/index.ts'
import { parseQuery } from '../../src/schemas/query.ts'
import { edgesOf, onBoth, statementsOf } from '../support/edges.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { websocket } from '../support/transports.ts'

const { edge, complete } = edgesOf('V', 14)
const source = fileURLToPath(new URL('../../src/', import.meta.url))

describe('Sharp edges of schemas', () => {
  let shop: Shop
  let product: Json
  before(async () => {
    shop = await openShop()
    product = await stockedProduct(shop, { tax_rate: '7', barcode: 'null' })
  })
  after(() => shop.close())

  const admin = () => ({ as: shop.admin })
  const refuses = (path: string, query: Json, as = shop.admin) =>
    onBoth(shop, async ({ name, call }) => {
      const { status, body } = await call('find', path, { query, as })
      assert.deepEqual([status, body.data?.reason], [400, 'invalid_query'], `${name} ${JSON.stringify(query)}`)
    })

  edge('V1', 'one TypeBox, taken from Feathers’ package alone', async () => {
    for (const file of await readdir(source, { recursive: true })) {
      if (!file.endsWith('.ts')) continue
      const imports = (await readFile(source + file, 'utf8')).match(/from '([^']*typebox[^']*)'/g) ?? []
      for (const from of imports) assert.equal(from, "from '@feathersjs/typebox'", file)
    }
  })

  edge('V2', 'what the definitions yield is plain JSON Schema, which any validator takes', () => {
    const ajv = new Ajv({ strict: true, strictTypes: false, allowUnionTypes: true, formats: { decimal: true } })
    addFormats.default(ajv)
    for (const resource of resources)
      for (const schema of [rowSchema(resource), createSchema(resource)])
        assert.equal(typeof ajv.compile(JSON.parse(JSON.stringify(schema))), 'function', resource.name)
  })

  edge('V3', 'a query has no schema to compile, however many resources and fields there are', () => {
    const fields = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}`, optional(text())]))
    for (let n = 0; n < 200; n++) {
      const resource = defineResource(`many-${'abcdefghij'[n % 10]}`, { fields, label: 'f0' }) as unknown as Resource
      const gate = { resource, readable: new Set(resource.readable), textual: true }
      assert.equal(parseQuery(gate, { f59: { $ne: 'x' }, $sort: { f58: '1' } }).sort.length, 2)
    }
  })

  edge('V4', '$and and $or nest in one another, five deep and no more', async () => {
    let deep: Json = { id: product.id }
    for (let depth = 1; depth <= 5; depth++) {
      deep = depth % 2 ? { $and: [deep] } : { $or: [deep] }
      await onBoth(shop, async ({ call }) => {
        const { status, body } = await call('find', 'products', { query: deep, ...admin() })
        assert.deepEqual([status, body.total], [200, 1], `depth ${depth}`)
      })
    }
    await refuses('products', { $and: [deep] })
  })

  edge('V5', 'values are converted for REST alone, by the type of the field, and null is never text', async () => {
    const total = async (query: string) =>
      (await shop.call('GET', `/products?id=${product.id}&${query}`, undefined, shop.admin)).body.total
    assert.equal(await total('is_active=true&limited_qty[$lte]=0.5&limited_qty[$ne]=1&version=1'), 1)
    assert.equal(await total('barcode=null'), 1)
    assert.equal(await total('barcode[$null]=true'), 0)
    assert.equal(await total('article_no[$null]=true'), 1)
    assert.equal((await shop.call('GET', '/products?limited_qty=', undefined, shop.admin)).status, 400)
    const over = websocket(shop)
    const found = (query: Json) => over.call('find', 'products', { query: { id: product.id, ...query }, ...admin() })
    for (const query of [
      { is_active: 'true' },
      { limited_qty: '0' },
      { limited_qty: true },
      { version: '1' },
      { $limit: '1' }
    ])
      assert.equal((await found(query)).status, 400, JSON.stringify(query))
    assert.equal((await found({ limited_qty: null })).body.total, 0)
    assert.equal((await found({ article_no: null })).body.total, 1)
  })

  edge('V6', '$in takes one value or three hundred, written in any way', async () => {
    const ids = [
      product.id,
      ...Array.from({ length: 299 }, (_, i) => `00000000-0000-7000-8000-${String(i).padStart(12, '0')}`)
    ]
    await onBoth(shop, async ({ call }) => {
      const { body } = await call('find', 'products', { query: { id: { $in: ids.slice(0, 250) } }, ...admin() })
      assert.equal(body.total, 1)
    })
    const ways: ((id: string, i: number) => string)[] = [
      (id) => `id[$in]=${id}`,
      (id) => `id[$in][]=${id}`,
      (id, i) => `id[$in][${i}]=${id}`
    ]
    for (const way of ways)
      for (const count of [1, 2, 21, 200]) {
        const { status, body } = await shop.call(
          'GET',
          `/products?${ids.slice(0, count).map(way).join('&')}`,
          undefined,
          shop.admin
        )
        assert.deepEqual(
          [status, body.total],
          [200, 1],
          `${way('x', 0)} ${count}: ${JSON.stringify(body).slice(0, 200)}`
        )
      }
  })

  edge('V7', 'an operator there is not is refused at any depth, also inside lists', async () => {
    for (const query of [
      { name: { $regex: 'x' } },
      { $or: [{ name: { $where: 'x' } }] },
      { $and: [{ $or: [{ name: { $like: 'x' } }] }] },
      { name: { $in: [{ $ne: 'x' }] } },
      { name: { $not: { $in: ['x'] } } },
      { $nor: [{ name: 'x' }] },
      { $expr: { x: 1 } }
    ])
      await refuses('products', query)
  })

  edge(
    'V8',
    'who may not is told so before the query is looked at, and a refused query reaches no database',
    async () => {
      const { token } = await shop.user('cashier')
      await onBoth(shop, async ({ call }) => {
        assert.equal((await call('find', 'users', { query: { nothing: 1 }, as: token })).status, 403)
        const refused = async () => {
          assert.equal((await call('find', 'products', { query: { nothing: 1 }, as: token })).status, 400)
          assert.equal((await call('create', 'invoices', { data: { items: 'x' }, as: token })).status, 400)
        }
        assert.equal(await statementsOf(shop, refused), 0)
      })
    }
  )

  edge('V9', 'all faults of a form are told at once, up to twenty', () =>
    onBoth(shop, async ({ call }) => {
      const data = { sku: '', unit_price: 'x', tax_rate: 101, is_active: 'yes', also: 1 }
      const { body } = await call('create', 'products', { data, ...admin() })
      const paths = body.errors.map(({ path }: Json) => path).sort()
      assert.deepEqual(paths, ['also', 'cost_price', 'is_active', 'name', 'sku', 'tax_rate', 'unit_price'])
      const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`k${i}`, 1]))
      assert.equal((await call('create', 'products', { data: many, ...admin() })).body.errors.length, 20)
    })
  )

  edge('V10', 'a patch fills in no default', () =>
    onBoth(shop, async ({ call }) => {
      const { id } = await stockedProduct(shop, { tax_rate: '7', discount: '3', limited_qty: 4, is_active: false }, 0)
      const { body } = await call('patch', 'products', { id, data: { name: 'Renamed' }, ...admin() })
      assert.deepEqual([body.tax_rate, body.discount, body.limited_qty, body.is_active], ['7.0000', '3.0000', 4, false])
      const logs = await call('find', 'audit-logs', { query: { record_id: id, action: 'patch' }, ...admin() })
      assert.deepEqual(Object.keys(logs.body.data[0].after).sort(), ['name', 'updated_at', 'version'])
    })
  )

  edge('V11', 'a field that is not declared is refused, in every resource', () =>
    onBoth(shop, async ({ call }) => {
      for (const { name, methods } of resources) {
        if (!methods.includes('create')) continue
        const { status, body } = await call('create', name, { data: { is_admin: true }, ...admin() })
        assert.equal(status, 400, name)
        assert.ok(
          body.errors.some(({ path }: Json) => path === 'is_admin'),
          name
        )
      }
    })
  )

  edge('V12', 'an include is one statement, however many records', async () => {
    const { body: category } = await shop.call('POST', '/categories', { name: 'Included' }, shop.admin)
    for (let n = 0; n < 12; n++) await stockedProduct(shop, { category_id: category.id }, 0)
    await onBoth(shop, async ({ call }) => {
      const cost = ($limit: number) =>
        statementsOf(shop, async () => {
          const query = { category_id: category.id, $include: ['category', 'vendor'], $limit }
          const { body } = await call('find', 'products', { query, ...admin() })
          assert.ok(body.data.every((row: Json) => row.category.id === category.id && row.vendor === null))
          assert.equal(body.data.length, $limit)
        })
      assert.equal(await cost(12), await cost(2))
    })
  })

  edge('V13', 'a computed field can be asked for alone, and what is included is pruned like the rest', async () => {
    const { token } = await shop.user('cashier')
    await onBoth(shop, async ({ call }) => {
      const query = { $select: ['stock_level'] }
      const { body } = await call('get', 'products', { id: product.id, query, ...admin() })
      assert.deepEqual(body, { id: product.id, stock_level: 100 })
      const levels = await call('find', 'stock-levels', { query: { $include: ['product'] }, as: token })
      assert.ok(levels.body.data.length > 0)
      for (const { product, ...level } of levels.body.data) {
        assert.equal(product.id, level.product_id)
        for (const name of ['cost_price', 'vendor_id', 'average_cost'])
          assert.ok(!(name in product) && !(name in level), name)
      }
    })
  })

  edge(
    'V14',
    'a field somebody may not see does not exist for them: the answer is that of any unknown name',
    async () => {
      const { token } = await shop.user('cashier')
      const asked = (name: string): Json[] => [
        { [name]: '6.00' },
        { [name]: { $gt: '1' } },
        { [name]: { $null: false } },
        { $sort: { [name]: 1 } },
        { $select: [name] },
        { $or: [{ [name]: '6.00' }, { is_active: true }] }
      ]
      await onBoth(shop, async ({ call }) => {
        const told = async (name: string) =>
          Promise.all(
            asked(name).map(async (query) => {
              const { status, body } = await call('find', 'products', { query, as: token })
              return [status, JSON.stringify(body).replaceAll(name, 'NAME')]
            })
          )
        assert.deepEqual(await told('cost_price'), await told('nonsense'))
        assert.ok((await told('cost_price')).every(([status]) => status === 400))
      })
    }
  )

  complete()
})
