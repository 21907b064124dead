import assert from 'node:assert/strict'
import { type Asking, asking } from '../support/asking.ts'
import { byId, type Market, openMarket, sellAround } from '../support/market.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

let shop: Shop
let asks: Asking
let market: Market
/** Every record, by its resource and id, with what it refers to found by hand. */
const whole: Record<string, Json[]> = {}
const of = (path: string, id: string | null): Json | undefined => whole[path]!.find((record) => record.id === id)
const vendorOf = (product: Json | undefined) => of('vendors', product?.vendor_id ?? null)
const productOf = (line: Json) => of('products', line.product_id)
const customerOf = (sale: Json) => of('customers', sale.customer_id)

type Case = [title: string, path: string, query: () => Json, holds: (record: Json) => boolean]

/** What a query must find, as plain code finds it in the whole lists. */
const CASES: Case[] = [
  ['equal', 'products', () => ({ 'vendor.name': 'Acme' }), (p) => vendorOf(p)?.name === 'Acme'],
  [
    'in a list',
    'invoice-items',
    () => ({ 'product.category_id': { $in: [market.categories[0]!.id] } }),
    (line) => productOf(line)?.category_id === market.categories[0]!.id
  ],
  [
    'two relations away',
    'invoice-items',
    () => ({ 'product.vendor.name': { $gt: 'Acme' } }),
    (line) => (vendorOf(productOf(line))?.name ?? '') > 'Acme'
  ],
  [
    'of any child',
    'invoices',
    () => ({ 'items.quantity': { $gte: 3 } }),
    (sale) => sale.items.some((line: Json) => line.quantity >= 3)
  ],
  [
    'three relations away, through children',
    'invoices',
    () => ({ 'items.product.vendor.name': 'Bolt' }),
    (sale) => sale.items.some((line: Json) => vendorOf(productOf(line))?.name === 'Bolt')
  ],
  [
    'of money below a bound',
    'invoices',
    () => ({ 'items.product.unit_price': { $lt: '1.00' } }),
    (sale) => sale.items.some((line: Json) => Number(productOf(line)!.unit_price) < 1)
  ],
  [
    'another than one value: of a record that is there',
    'customers',
    () => ({ 'salesman.name': { $ne: 'Ada' } }),
    (customer) => customer.salesman_id !== null && of('salesmen', customer.salesman_id)!.name !== 'Ada'
  ],
  [
    'null in a record that is there',
    'invoices',
    () => ({ 'customer.branch_id': { $null: true } }),
    (sale) => customerOf(sale)?.branch_id === null
  ],
  [
    'beside conditions of its own, and in $or',
    'products',
    () => ({ tax_rate: '7.5', $or: [{ 'vendor.name': 'Bolt' }, { 'category.name': 'Drink' }] }),
    (p) =>
      Number(p.tax_rate) === 7.5 && (vendorOf(p)?.name === 'Bolt' || of('categories', p.category_id)?.name === 'Drink')
  ],
  [
    'of one and the same child, in one object',
    'invoices',
    () => ({ 'items.quantity': 3, 'items.product.name': 'Apple' }),
    (sale) => sale.items.some((line: Json) => line.quantity === 3 && productOf(line)!.name === 'Apple')
  ],
  [
    'of any two children, in two objects',
    'invoices',
    () => ({ $and: [{ 'items.quantity': 3 }, { 'items.product.name': 'Apple' }] }),
    (sale) =>
      sale.items.some((line: Json) => line.quantity === 3) &&
      sale.items.some((line: Json) => productOf(line)!.name === 'Apple')
  ],
  [
    'either of two of one child',
    'invoices',
    () => ({ 'items.$or': [{ quantity: 3 }, { 'product.name': 'Eggs' }] }),
    (sale) => sale.items.some((line: Json) => line.quantity === 3 || productOf(line)!.name === 'Eggs')
  ],
  ['that none has', 'products', () => ({ 'vendor.name': 'Nobody' }), () => false]
]

describe('Filters by related records', () => {
  before(async () => {
    shop = await openShop()
    asks = asking(shop)
    market = await openMarket(shop)
    await sellAround(shop, market)
    for (const path of ['products', 'vendors', 'categories', 'salesmen', 'customers', 'invoices', 'invoice-items'])
      whole[path] = await asks.records(path)
  })
  after(() => shop.close())

  for (const [title, path, query, holds] of CASES)
    it(`find ${path} by a value ${title}`, async () => {
      const expected = whole[path]!.filter(holds).map(({ id }) => id)
      const { total, data } = await asks.list(path, { ...query(), $limit: 200 })
      assert.deepEqual(data.map(({ id }: Json) => id).sort(), expected.sort())
      assert.equal(total, expected.length)
      if (title !== 'that none has')
        assert.ok(total > 0 && total < whole[path]!.length, 'the case tells some from others')
    })

  it('hold for one record, and for what a write may touch', async () => {
    const acme = byId(whole.products!.filter((p) => vendorOf(p)?.name === 'Acme'))
    for (const { id } of whole.products!) {
      const address = `/products/${id}?vendor.name=Acme`
      assert.equal((await shop.call('GET', address, undefined, shop.admin)).status, acme.has(id) ? 200 : 404)
      const { status } = await shop.call('PATCH', address, { desc: 'of Acme' }, shop.admin)
      assert.equal(status, acme.has(id) ? 200 : 404)
    }
    const changed = await asks.records('products', { desc: 'of Acme' })
    assert.deepEqual(changed.map(({ id }) => id).sort(), [...acme.keys()].sort())
  })

  it('name the whole path of what they refuse', async () => {
    for (const path of ['nope.name', 'vendor.nope', 'vendor.', 'vendor.constructor', 'items.x', 'vendor_id.name'])
      await asks.refused('products', { [path]: 'x' }, path)
    await asks.refused('products', { 'vendor.branch.nope': 'x' }, 'vendor.branch.nope')
    await asks.refused('products', { 'vendor.id': 'x' }, 'vendor.id')
    await asks.refused('products', { 'vendor.name': { $nope: 'x' } }, 'vendor.name.$nope')
    await asks.refused('products', { 'vendor.balance': '1' }, 'vendor.balance')
    await asks.refused('products', { 'vendor.contacts': 'x' }, 'vendor.contacts')
    for (const $in of ['x', Array(501).fill(market.branch)]) {
      const { body } = await shop.call('POST', '/products/query', { 'vendor.id': { $in } }, shop.admin)
      assert.equal(body.errors[0].path, 'vendor.id')
    }
    await asks.refused('products', { $sort: { 'vendor.name': 1 } }, 'vendor.name')
    await asks.refused('products', { $select: ['vendor.name'] }, 'vendor.name')
    await asks.refused('users', { 'role.permissions': 'x' }, 'role.permissions')
  })

  it('are bounded in how far they reach, and in how many there are', async () => {
    const path = 'items.product.vendor.branch.name'
    await asks.refused('invoices', { [path]: 'x' }, path)
    const six = ['branch', 'register', 'customer', 'salesman', 'items', 'payments'].map((name) => `${name}.id`)
    const query = Object.fromEntries(six.map((name) => [name, market.branch]))
    assert.equal((await asks.list('invoices', query)).total, 0)
    await asks.refused('invoices', { ...query, $or: [{ 'branch.name': 'x' }] }, 'query')
    await asks.refused('invoices', { ...query, 'items.product.name': 'x' }, 'query')
    const many = Array.from({ length: 100 }, () => ({ 'branch.name': 'x' }))
    await asks.refused('invoices', { $or: many }, 'query')
  })
})
