import assert from 'node:assert/strict'
import { type Asking, asking } from '../support/asking.ts'
import { statementsOf } from '../support/edges.ts'
import { byId, openMarket, sellAround } from '../support/market.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

const { keys } = Object

describe('Included records', () => {
  let shop: Shop
  let asks: Asking
  /** Every record of a resource as the list alone gives it. */
  const whole: Record<string, Map<string, Json>> = {}

  before(async () => {
    shop = await openShop()
    asks = asking(shop)
    const market = await openMarket(shop)
    await sellAround(shop, market)
    for (const path of ['invoices', 'customers', 'salesmen', 'branches', 'products', 'vendors', 'invoice-items'])
      whole[path] = byId(await asks.records(path))
  })
  after(() => shop.close())

  const one = (path: string, id: string | null) => (id === null ? null : structuredClone(whole[path]!.get(id)!))

  it('stand in the record under the name of their relation, and others in them', async () => {
    const found = await asks.records('invoices', { $include: ['customer.salesman', 'items.product.vendor', 'branch'] })
    assert.equal(found.length, whole.invoices!.size)
    for (const invoice of found) {
      const expected: Json = structuredClone(whole.invoices!.get(invoice.id)!)
      expected.branch = one('branches', invoice.branch_id)
      expected.customer = one('customers', invoice.customer_id)
      if (expected.customer) expected.customer.salesman = one('salesmen', expected.customer.salesman_id)
      for (const item of expected.items) {
        item.product = one('products', item.product_id)
        item.product.vendor = one('vendors', item.product.vendor_id)
      }
      assert.deepEqual(invoice, expected)
    }
    assert.ok(found.some(({ customer }) => customer === null) && found.some(({ customer }) => customer?.salesman))
  })

  it('bring children of what a record refers to', async () => {
    const found = await asks.records('payments', { $include: ['invoice.items.product', 'branch'] })
    assert.ok(found.length)
    for (const { invoice, invoice_id, branch, branch_id } of found) {
      const { items, payments, ...alone } = one('invoices', invoice_id)!
      assert.deepEqual(
        invoice.items.map(({ product, ...item }: Json) => [item, product]),
        items.map((item: Json) => [item, one('products', item.product_id)])
      )
      assert.deepEqual({ ...invoice, items: 0 }, { ...alone, items: 0 })
      assert.deepEqual(branch, one('branches', branch_id))
      assert.ok(payments.length)
    }
  })

  it('come with one record, asked for by itself', async () => {
    const [item] = whole['invoice-items']!.values()
    const address = `/invoice-items/${item!.id}?$include=product.vendor,invoice.customer`
    const { body } = await shop.call('GET', address, undefined, shop.admin)
    const { items, payments, ...invoice } = one('invoices', item!.invoice_id)!
    const product = one('products', item!.product_id)!
    const expected = {
      ...item,
      product: { ...product, vendor: one('vendors', product.vendor_id) },
      invoice: { ...invoice, customer: one('customers', invoice.customer_id) }
    }
    assert.deepEqual(body, expected)
  })

  it('go with $select, $sort, $search and pages', async () => {
    const asked = { $select: ['name'], $sort: { unit_price: -1 }, $include: ['vendor.branch', 'category'], $limit: 3 }
    const pages: Json[] = []
    for (let after: string | null = ''; after !== null; ) {
      const page: Json = await asks.list('products', { ...asked, $after: after })
      pages.push(...page.data)
      after = page.next
    }
    const { data } = await asks.list('products', { ...asked, $limit: 200 })
    assert.deepEqual(pages, data)
    assert.deepEqual(keys(data[0]), ['id', 'name', 'vendor', 'category'])
    const [found] = await asks.records('products', { $search: 'bread', $include: ['vendor'] })
    assert.equal(found!.vendor.name, 'Bolt')
    const [sale] = await asks.records('invoices', { $select: ['total'], $include: ['items'], $limit: 1 })
    assert.deepEqual(keys(sale!), ['id', 'totals', 'items'])
  })

  it('cost no further statement where they are referred to, and one per kind of children', async () => {
    const count = (path: string, $include: string[]) =>
      statementsOf(shop, () => shop.call('GET', `/${path}?$include=${$include}`, undefined, shop.admin))
    assert.equal(await count('products', ['vendor', 'category']), 1)
    assert.equal(await count('customers', ['salesman.branch', 'branch']), 1)
    assert.equal(await count('invoice-items', ['product.vendor', 'invoice.customer.salesman', 'branch']), 1)
    // The children that are part of every invoice, and nothing more for what stands in them.
    assert.equal(await count('invoices', ['customer.salesman', 'items.product.vendor', 'payments.branch']), 3)
    assert.equal(await count('invoice-items', ['invoice.items', 'invoice.payments']), 3)
  })

  it('are refused where there are none, too deep or too many', async () => {
    await asks.refused('products', { $include: ['nope'] }, '$include.nope')
    await asks.refused('products', { $include: ['vendor.nope'] }, '$include.vendor.nope')
    await asks.refused('products', { $include: ['vendor_id'] }, '$include.vendor_id')
    await asks.refused('products', { $include: ['vendor.'] }, '$include.vendor.')
    await asks.refused('products', { $include: ['vendor.constructor'] }, '$include.vendor.constructor')
    const deep = 'items.product.vendor.branch'
    await asks.refused('invoices', { $include: [deep] }, `$include.${deep}`)
    await asks.refused('invoices', { $include: Array.from({ length: 21 }, (_, i) => `r${i}`) }, '$include')
    await asks.refused('invoices', { $include: { items: 1 } }, '$include')
  })
})
