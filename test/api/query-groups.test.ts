import assert from 'node:assert/strict'
import { type Asking, asking } from '../support/asking.ts'
import { statementsOf } from '../support/edges.ts'
import { byId, type Market, openMarket, sellAround } from '../support/market.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

let shop: Shop
let asks: Asking
let market: Market
let lines: Json[]
let sales: Json[]
let products: Map<string, Json>

/** An exact sum: amounts as whole numbers of their last decimal. */
const sum = (amounts: string[], scale = 2): string => {
  const total = amounts.reduce((all, amount) => all + BigInt(amount.replace('.', '')), 0n)
  const digits = String(total).padStart(scale + 1, '0')
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Records by the JSON of their key, as plain code groups them. */
function grouped(records: Json[], keyOf: (record: Json) => Json): Map<string, Json[]> {
  const groups = new Map<string, Json[]>()
  for (const record of records) {
    const key = JSON.stringify(keyOf(record))
    groups.set(key, [...(groups.get(key) ?? []), record])
  }
  return groups
}

async function sameGroups(path: string, $group: string[], records: Json[], keyOf: (record: Json) => Json) {
  const { total, data } = await asks.list(path, { $group, $count: true })
  const expected = grouped(records, keyOf)
  assert.equal(total, expected.size)
  const found = new Map(data.map(({ group, count }: Json) => [JSON.stringify(group), count]))
  assert.deepEqual(found, new Map([...expected].map(([key, { length }]) => [key, length])))
}

describe('Groups and sums', () => {
  before(async () => {
    shop = await openShop()
    asks = asking(shop)
    market = await openMarket(shop)
    await sellAround(shop, market)
    lines = await asks.records('invoice-items')
    sales = await asks.records('invoices')
    products = byId(await asks.records('products'))
  })
  after(() => shop.close())

  it('count by fields of any kind, and by what is not there', async () => {
    for (const name of ['branch_id', 'status', 'business_date', 'prices_include_tax', 'customer_id', 'print_count'])
      await sameGroups('invoices', [name], sales, (sale) => ({ [name]: sale[name] }))
    await sameGroups('invoices', ['total'], sales, (sale) => ({ total: sale.totals.total }))
    await sameGroups('invoice-items', ['tax_rate', 'quantity'], lines, (line) => ({
      tax_rate: line.tax_rate,
      quantity: line.quantity
    }))
  })

  it('count by fields of what a record refers to', async () => {
    const categories = byId(market.categories)
    await sameGroups('invoice-items', ['product.category_id', 'branch_id'], lines, (line) => ({
      'product.category_id': products.get(line.product_id)!.category_id,
      branch_id: line.branch_id
    }))
    await sameGroups('invoice-items', ['product.category.name', 'product.is_active'], lines, (line) => ({
      'product.category.name': categories.get(products.get(line.product_id)!.category_id)?.name ?? null,
      'product.is_active': true
    }))
  })

  it('sum, average and bound amounts to the cent, by the groups of plain code', async () => {
    const measures = {
      $sum: ['total', 'tax', 'quantity', 'unit_cost', 'tax_rate'],
      $avg: ['total', 'quantity', 'line_no']
    }
    const asked = {
      $group: ['product_id'],
      ...measures,
      $min: ['unit_price', 'name'],
      $max: ['quantity', 'business_date']
    }
    const { data } = await asks.list('invoice-items', asked)
    const expected = grouped(lines, ({ product_id }) => ({ product_id }))
    assert.equal(data.length, expected.size)
    for (const { group, count, sum: sums, avg, min, max } of data) {
      const of = expected.get(JSON.stringify(group))!
      const values = (name: string) => of.map((line) => line[name])
      const quantities: number[] = values('quantity')
      const quantity = quantities.reduce((a, b) => a + b, 0)
      assert.equal(count, undefined, 'a count only where it is asked for')
      assert.deepEqual(sums, {
        total: sum(values('total')),
        tax: sum(values('tax')),
        quantity,
        unit_cost: sum(values('unit_cost'), 4),
        tax_rate: sum(values('tax_rate'), 4)
      })
      const mean = (total: number) => Math.round((total / of.length) * 1000) / 1000
      assert.match(avg.total, /^\d+\.\d\d$/)
      assert.ok(Math.abs(Number(avg.total) - Number(sums.total) / of.length) <= 0.005 + 1e-9)
      assert.equal(avg.quantity, mean(quantity))
      assert.equal(avg.line_no, mean(values('line_no').reduce((a: number, b: number) => a + b, 0)))
      assert.deepEqual(min, { unit_price: values('unit_price')[0], name: values('name')[0] })
      assert.deepEqual(max, { quantity: Math.max(...quantities), business_date: values('business_date').sort().at(-1) })
    }
  })

  it('answer one group of all without $group, of nothing too', async () => {
    const asked = { $sum: ['total'], $avg: ['paid'], $max: ['issued_at'], $count: true }
    const { total, data } = await asks.list('invoices', asked)
    assert.equal(total, 1)
    assert.deepEqual(data[0].sum, { total: sum(sales.map(({ totals }) => totals.total)) })
    assert.equal(
      data[0].max.issued_at,
      sales
        .map(({ issued_at }) => issued_at)
        .sort()
        .at(-1)
    )
    const nothing = { group: {}, count: 0, sum: { total: null }, avg: { paid: null }, max: { issued_at: null } }
    const none = await asks.list('invoices', { ...asked, notes: 'none has this' })
    assert.deepEqual(none.data, [nothing])
    const empty = await asks.list('invoices', { ...asked, $group: ['status'], notes: 'none has this' })
    assert.deepEqual(empty, { total: 0, limit: 1000, skip: 0, data: [] })
    const missing = await asks.list('stock-entries', {
      $group: ['expiry'],
      $min: ['expiry'],
      $sum: ['unit_cost'],
      type: 'OUT'
    })
    assert.deepEqual(missing.data[0].group, { expiry: null })
    assert.deepEqual(missing.data[0].min, { expiry: null })
  })

  it('are filtered, searched and sorted, and come page by page', async () => {
    const all = await asks.list('invoice-items', {
      $group: ['product_id'],
      $sum: ['total'],
      $sort: { 'sum.total': -1 }
    })
    const totals = all.data.map((row: Json) => Number(row.sum.total))
    assert.deepEqual(
      totals,
      [...totals].sort((a, b) => b - a)
    )
    const query = { $group: ['product_id'], $count: true, $sum: ['total'] }
    const counts = (await asks.list('invoice-items', { ...query, $sort: { count: -1, product_id: 1 } })).data
    const tuples = counts.map(({ group, count }: Json) => [-count, group.product_id])
    assert.deepEqual(
      tuples,
      [...tuples].sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1))
    )
    const { length } = all.data
    const pages = await Promise.all(
      all.data.map((_: Json, $skip: number) => asks.list('invoice-items', { ...query, $skip, $limit: 1 }))
    )
    assert.deepEqual(
      pages.map(({ data }) => data[0].group.product_id),
      all.data.map(({ group }: Json) => group.product_id).sort()
    )
    for (const page of pages) assert.equal(page.total, length)
    for (const asked of [{ $limit: 0 }, { $skip: 1000 }])
      assert.deepEqual(await asks.list('invoice-items', { ...query, ...asked }), {
        total: length,
        limit: 1000,
        skip: 0,
        ...Object.fromEntries(Object.entries(asked).map(([name, value]) => [name.slice(1), value])),
        data: []
      })
    const told = await asks.list('invoice-items', { ...query, $total: false })
    assert.equal('total' in told, false)
    const fruit = await asks.list('invoice-items', { $count: true, 'product.name': 'Apple', quantity: { $gt: 1 } })
    const apples = lines.filter((line) => products.get(line.product_id)!.name === 'Apple' && line.quantity > 1)
    assert.equal(fruit.data[0].count, apples.length)
    assert.equal((await asks.list('products', { $count: true, $search: 'apple' })).data[0].count, 1)
  })

  it('cost one statement', async () => {
    const address = '/invoice-items?$group=product.category_id,created_at:month&$sum=total&$count=true'
    assert.equal(await statementsOf(shop, () => shop.call('GET', address, undefined, shop.admin)), 1)
  })

  it('are refused of what has no period or no sum, and where a query asks for too much', async () => {
    const group = (key: string, at: string) => asks.refused('invoice-items', { $group: [key] }, at)
    await group('product_id:month', '$group.product_id:month')
    for (const key of ['created_at:hour', 'created_at:', 'created_at:day:day', "created_at:day'"])
      await group(key, `$group.${key}`)
    await group('nope', 'nope')
    await group('nope:day', 'nope')
    await group('nope.name', 'nope')
    await group('product.nope', 'product.nope')
    await group('product.vendor.branch.currency.x', 'product.vendor.branch.currency')
    await asks.refused('invoices', { $group: ['items.product_id'] }, '$group.items.product_id')
    await asks.refused('invoices', { $group: ['taxes'] }, '$group.taxes')
    await asks.refused('products', { $group: ['stock_level'] }, 'stock_level')
    await asks.refused('users', { $group: ['password_hash'] }, 'password_hash')
    const keys = ['sku', 'name', 'quantity', 'tax', 'total']
    await asks.refused('invoice-items', { $group: keys }, '$group')
    for (const word of ['$sum', '$avg'])
      for (const name of ['name', 'business_date', 'product_id', 'price_source'])
        await asks.refused('invoice-items', { [word]: [name] }, `${word}.${name}`)
    await asks.refused('products', { $min: ['is_active'] }, '$min.is_active')
    await asks.refused('products', { $max: ['vendor_id'] }, '$max.vendor_id')
    await asks.refused('products', { $max: ['vendor.name'] }, 'vendor.name')
    await asks.refused('users', { $max: ['password_hash'] }, 'password_hash')
    const names = ['quantity', 'unit_price', 'list_price', 'unit_cost', 'discount', 'tax']
    await asks.refused('invoice-items', { $sum: names, $avg: names, $min: names, $max: names }, 'query')
    for (const by of ['total', 'sum.tax', 'count', 'nope'])
      await asks.refused('invoice-items', { $sum: ['total'], $sort: { [by]: 1 } }, `$sort.${by}`)
    for (const [name, value] of Object.entries({ $select: ['id'], $include: ['product'], $after: 'x' }))
      await asks.refused('invoice-items', { $count: true, [name]: value }, name)
    await asks.refused('invoice-items', { $count: 'many' }, '$count')
    await asks.refused('invoice-items', { $count: true, $limit: -1 }, '$limit')
    assert.equal((await asks.list('invoice-items', { $group: ['id'], $limit: 5000 })).limit, 1000)
  })
})
