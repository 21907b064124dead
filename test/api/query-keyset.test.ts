import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Asking, asking } from '../support/asking.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

const encode = (list: unknown) => Buffer.from(JSON.stringify(list)).toString('base64url')
const decode = (text: string): unknown[] => JSON.parse(Buffer.from(text, 'base64url').toString())

/** A value of every kind that lists are sorted by; few, so that many records are equal but for their ids. */
const product = fc.record({
  name: fc.constantFrom<string>('a', 'B', 'ä', 'a b', '10', '"\\'),
  desc: fc.option(fc.constantFrom<string>('x', 'Y', 'é')),
  unit_price: fc.constantFrom('0.00', '0.05', '10.00', '9.99'),
  tax_rate: fc.constantFrom('0', '7.5', '19.0001'),
  limited_qty: fc.constantFrom(0, 0.001, 2.5, 10),
  is_active: fc.boolean(),
  created_at: fc.constantFrom('2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00.000Z'),
  category: fc.option(fc.integer({ min: 0, max: 2 }))
})
type Product = typeof product extends fc.Arbitrary<infer P> ? P : never

const COLUMNS = [
  'name',
  'desc',
  'unit_price',
  'tax_rate',
  'limited_qty',
  'is_active',
  'created_at',
  'category_id',
  'id'
]
const order = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...COLUMNS), fc.constantFrom(1, -1)), {
    selector: ([name]) => name,
    maxLength: 4
  })
  .map((fields) => Object.fromEntries(fields))

describe('Pages that follow each other by a cursor', () => {
  let shop: Shop
  let asks: Asking
  let categories: string[]
  let made = 0

  const put = (records: Product[]) =>
    shop.db.database.query<{ id: string }>(
      `insert into products (id, sku, cost_price, name, "desc", unit_price, tax_rate, limited_qty, is_active, created_at, category_id)
       select gen_random_uuid(), 'K' || p.sku, 0, p.name, p.desc, p.unit_price, p.tax_rate, p.limited_qty, p.is_active, p.created_at, p.category_id
       from jsonb_to_recordset($1) p (sku int, name text, "desc" text, unit_price numeric, tax_rate numeric, limited_qty numeric,
         is_active boolean, created_at timestamptz, category_id uuid) returning id`,
      [
        JSON.stringify(
          records.map(({ category, ...record }) => ({
            ...record,
            sku: ++made,
            category_id: category === null ? null : categories[category]
          }))
        )
      ]
    )

  /** All pages, one after another; `between` runs after each. */
  async function walk(query: Json, between: (seen: string[]) => Promise<unknown> = async () => {}): Promise<Json[]> {
    const records: Json[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page: Json = await asks.list('products', { ...query, $after: after })
      assert.ok(!('total' in page) && page.data.length <= query.$limit)
      assert.ok(page.next === null || page.data.length === query.$limit, 'only the last page is short')
      records.push(...page.data)
      after = page.next
      await between(records.map(({ id }) => id))
    }
    return records
  }

  before(async () => {
    shop = await openShop()
    asks = asking(shop)
    const made = await Promise.all(
      ['one', 'two', 'three'].map((name) => shop.call('POST', '/categories', { name }, shop.admin))
    )
    categories = made.map(({ body }) => body.id)
  })
  beforeEach(() => shop.db.database.query('delete from products'))
  after(() => shop.close())

  it('make the whole list, in its order, whatever it is sorted by', async function () {
    this.timeout(60_000)
    const sized = fc.integer({ min: 1, max: 9 })
    await fc.assert(
      fc.asyncProperty(fc.array(product, { maxLength: 25 }), order, sized, async (records, $sort, $limit) => {
        await shop.db.database.query('delete from products')
        await put(records)
        const whole = await asks.records('products', { $sort })
        assert.equal(whole.length, records.length)
        assert.deepEqual(await walk({ $sort, $limit }), whole)
      }),
      { numRuns: 40 }
    )
  })

  it('neither repeat nor miss a record while others come and go', async function () {
    this.timeout(60_000)
    const wave = fc.array(product, { maxLength: 3 })
    await fc.assert(
      fc.asyncProperty(
        fc.array(product, { minLength: 4, maxLength: 15 }),
        fc.array(wave, { maxLength: 6 }),
        order,
        fc.integer({ min: 1, max: 4 }),
        async (records, waves, $sort, $limit) => {
          const { database } = shop.db
          await database.query('delete from products')
          const stay = new Set((await put(records)).map(({ id }) => id))
          const [wave = []] = waves
          await put(wave)
          const seen = await walk({ $sort, $limit }, async (ids) => {
            // The last one seen goes, and so the cursor points to what is no longer there.
            const last = ids.at(-1)
            if (last && !stay.has(last)) await database.query('delete from products where id = $1', [last])
            const next = waves.shift()
            if (next) await put(next)
          })
          const ids = seen.map(({ id }) => id)
          assert.equal(new Set(ids).size, ids.length, 'none twice')
          const left = (await asks.records('products', { $sort })).map(({ id }) => id).filter((id) => stay.has(id))
          assert.deepEqual(
            ids.filter((id) => stay.has(id)),
            left,
            'all that stayed, in their order'
          )
        }
      ),
      { numRuns: 30 }
    )
  })

  it('go with filters, a search, an exact total and the order of the resource itself', async () => {
    await put(fc.sample(product, 60).map((record, i) => ({ ...record, name: i % 2 ? 'even one' : 'odd one' })))
    for (const query of [{}, { is_active: true }, { $search: 'even' }, { $select: ['name'], is_active: true }]) {
      const whole = await asks.records('products', { ...query, $sort: { created_at: -1 } })
      assert.deepEqual(await walk({ ...query, $limit: 7 }), whole)
      const page = await asks.list('products', { ...query, $after: '', $limit: 5, $total: 'exact' })
      const { next } = page
      assert.equal(page.total, whole.length)
      const past = { ...query, $after: next, $limit: 200 }
      assert.equal((await asks.list('products', { ...past, $total: true })).total, whole.length)
      assert.equal((await asks.list('products', { ...past, $total: 'estimated' })).total, whole.length)
    }
    assert.deepEqual(await asks.list('products', { $after: '', $limit: 0 }), {
      limit: 0,
      skip: 0,
      next: null,
      data: []
    })
  })

  it('go on after a text as long as a field holds', async () => {
    const [first, second, third] = fc.sample(product, 3)
    const desc = 'ä"'.repeat(1000)
    await put([first!, second!, third!].map((record) => ({ ...record, desc })))
    const $sort = { desc: -1, created_at: 1 }
    const way = async (query: Json) => (await shop.call('POST', '/products/query', query, shop.admin)).body
    const ids: string[] = []
    for (let $after: string | null = ''; $after !== null; ) {
      const page: Json = await way({ $sort, $after, $limit: 1 })
      ids.push(...page.data.map(({ id }: Json) => id))
      $after = page.next
    }
    assert.deepEqual(
      ids,
      (await way({ $sort })).data.map(({ id }: Json) => id)
    )
  })

  it('refuse a cursor that is none, of another order, or made up', async () => {
    await put(fc.sample(product, 4))
    const $sort = { unit_price: 1, desc: -1 }
    const { next } = await asks.list('products', { $sort, $after: '', $limit: 1 })
    const [signature, price, desc, id] = decode(next)
    assert.equal(signature, 'unit_price,-desc,id')
    const refused = (query: Json, at?: string) => asks.refused('products', { $sort, ...query }, at)
    for (const text of ['x', '1', 'null', 'é', next.slice(2), encode({}), encode(null), 'x'.repeat(16_001)])
      await asks.refused('products', { $sort, $after: text }, '$after').catch(async (error) => {
        // Beyond what an address takes REST refuses before anybody reads the query.
        if (text.length < 16_000) throw error
        assert.equal((await shop.call('POST', '/products/query', { $sort, $after: text }, shop.admin)).status, 400)
      })
    await asks.refused('products', { $sort, $after: ['x'] }, '$after')
    for (const other of [{}, { unit_price: 1 }, { unit_price: -1, desc: -1 }, { desc: -1, unit_price: 1 }])
      await refused({ $sort: other, $after: next }, '$after')
    await asks.refused('products', { $after: next }, '$after')
    await refused({ $after: next, $skip: 1 }, '$skip')
    await refused({ $after: encode([signature, price, desc]) }, '$after')
    await refused({ $after: encode([signature, price, desc, id, id]) }, '$after')
    await refused({ $after: encode([signature, null, desc, id]) }, '$after')
    await refused({ $after: encode([signature, price, desc, null]) }, '$after')
    for (const wrong of ['much', 1e30, true, [], {}, '1.001', 'NaN'])
      await refused({ $after: encode([signature, wrong, desc, id]) })
    for (const wrong of [1, true, [], { $gt: 1 }, 'a\u0000b', '\ud800'])
      await refused({ $after: encode([signature, price, wrong, id]) })
    for (const wrong of ['x', 1, `${id}' or true --`])
      await refused({ $after: encode([signature, price, desc, wrong]) })
    await refused({ $after: encode(['cost_price,id', '1', id]), $sort: { unit_price: 1 } }, '$after')
    await refused({ $sort: { created_at: 1 }, $after: encode(['created_at,id', '0000-01-01T00:00:00Z', id]) })
  })
})
