import assert from 'node:assert/strict'
import { resources } from '../../src/schemas/index.ts'
import { checkExchange, type Exchange } from '../support/contract.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('answers, held against the OpenAPI document', () => {
  let shop: Shop
  let sale: Json
  before(async () => {
    shop = await openShop()
    const post = async (path: string, body: Json) => {
      const { status, body: record } = await shop.call('POST', path, body, shop.admin)
      assert.equal(status, 201, JSON.stringify(record))
      return record
    }
    const product = await stockedProduct(shop, { tax_rate: 8, discount: '2.5', attributes: { size: 'L' } })
    await post('/categories', { name: 'Coffee' })
    await post('/brands', { name: 'Northwind' })
    await post('/vendors', { name: 'Harbour', contacts: { phone: '12345' } })
    await post('/salesmen', { name: 'Ben', code: 'BO', commission_rate: 2.5 })
    await post('/settings', { key: 'discount_limit_percent', value: 15 })
    const customer = await post('/customers', { name: 'Café', contacts: { phone: '12345' }, credit_limit: 100 })
    sale = await post('/invoices', { customer_id: customer.id, items: [{ product_id: product.id, quantity: 0.07 }] })
    await post('/payments', { invoice_id: sale.id, method: 'cash', amount: '0.10', tendered: '1' })
    const samples = new Samples(shop)
    await samples.imported()
    for (const resource of resources) {
      const { body } = await shop.call('GET', `/${resource.name}?$limit=0`, undefined, shop.admin)
      if (!body.total) await samples.existing(resource)
    }
  })
  after(() => shop.close())

  it('records of every resource are as described, each with all its fields', async () => {
    for (const { name } of resources) {
      const { status, body } = await shop.call('GET', `/${name}`, undefined, shop.admin)
      assert.equal(status, 200, name)
      assert.ok(body.data.length, `${name} has no record to look at`)
      const [{ id }] = body.data
      assert.equal((await shop.call('GET', `/${name}/${id}`, undefined, shop.admin)).status, 200, name)
    }
  })

  it('included records, groups, signing in and operations are as described', async () => {
    const { admin_password: password } = shop.settings.auth
    const { body } = await shop.call('POST', '/auth/login', { username: 'admin', password })
    const calls: [string, string, Json?][] = [
      ['GET', `/invoices/${sale.id}?$include=customer.salesman,register,items.product`],
      ['GET', '/invoices?$group=status&$sum=total'],
      ['GET', '/schema'],
      ['GET', '/auth/me'],
      ['GET', '/openapi.json'],
      ['POST', '/auth/refresh', { refresh_token: body.refresh_token }]
    ]
    for (const [method, path, data] of calls)
      assert.equal((await shop.call(method, path, data, shop.admin)).status, 200, path)
  })

  it('are found at fault where they are not', async () => {
    const { body } = await shop.call('GET', `/products?$limit=1`, undefined, shop.admin)
    const { body: refused } = await shop.call('GET', '/products/1', undefined, shop.admin)
    const [{ sku: _, ...part }] = body.data
    const read = { method: 'GET', path: '/products', status: 200 }
    const page = (record: Json) => ({ ...read, body: { ...body, data: [record] } })
    const sound: Exchange[] = [
      { ...page(part), whole: false },
      { method: 'GET', path: '/nothing', status: 404, body: { ...refused, code: 404 } }
    ]
    const faulty: [RegExp, Exchange][] = [
      [/data\/0 must have required property 'sku'/, { ...page(part), whole: true }],
      [/data\/0 must NOT have additional properties "colour"/, page({ ...part, colour: 'red' })],
      [/data\/0\/unit_price must match pattern/, page({ ...part, unit_price: '4.5' })],
      [/products has no such status/, { ...read, status: 202, body }],
      [/no such address/, { ...read, path: '/nothing', body }],
      [/does not list invalid_id/, { ...read, status: 400, body: refused }]
    ]
    for (const exchange of sound) assert.doesNotThrow(() => checkExchange(exchange))
    for (const [message, exchange] of faulty) assert.throws(() => checkExchange(exchange), message)
  })
})
