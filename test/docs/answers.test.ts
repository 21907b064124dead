import assert from 'node:assert/strict'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { singularOf } from '../../src/docs/components.ts'
import { openApi } from '../../src/docs/openapi.ts'
import { catalogue } from '../../src/errors.ts'
import { resources } from '../../src/schemas/index.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const document = JSON.parse(JSON.stringify(openApi())) as {
  components: { schemas: Record<string, { properties: Record<string, unknown> }> }
}
const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(document, 'regal')

/** Fails unless the value is as the document says, with nothing in it that the document does not name. */
function assertIs(name: string, value: Json): void {
  const validate = ajv.getSchema(`regal#/components/schemas/${name}`)!
  assert.ok(validate(value), `${name}: ${JSON.stringify(validate.errors)} in ${JSON.stringify(value)}`)
  const known = Object.keys(document.components.schemas[name]!.properties)
  for (const key of Object.keys(value)) assert.ok(known.includes(key), `${name} does not name ${key}`)
}

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
    for (const resource of resources.filter(({ methods }) => methods.includes('create'))) {
      const { body } = await shop.call('GET', `/${resource.name}?$limit=0`, undefined, shop.admin)
      if (!body.total) await samples.create(resource)
    }
  })
  after(() => shop.close())

  it('pages and records of every resource are as described', async () => {
    for (const { name } of resources) {
      const { status, body } = await shop.call('GET', `/${name}`, undefined, shop.admin)
      assert.equal(status, 200, name)
      assertIs(`${singularOf(name)}Page`, body)
      assert.ok(body.data.length, `${name} has no record to look at`)
      for (const record of body.data) assertIs(singularOf(name), record)
    }
  })

  it('a created sale, its lines and its payments are as described', () => {
    assertIs('Invoice', sale)
    for (const line of sale.items) assertIs('InvoiceItem', line)
  })

  it('included records are as described', async () => {
    const { body } = await shop.call('GET', `/invoices/${sale.id}?$include=customer,register`, undefined, shop.admin)
    assertIs('Invoice', body)
    assertIs('Customer', body.customer)
    assertIs('Register', body.register)
  })

  it('signing in, and who one is, are as described', async () => {
    const login = await shop.call('POST', '/auth/login', {
      username: 'admin',
      password: shop.settings.auth.admin_password
    })
    assertIs('LoginAnswer', login.body)
    const { refresh_token } = login.body
    assertIs('Tokens', (await shop.call('POST', '/auth/refresh', { refresh_token })).body)
    assertIs('Me', (await shop.call('GET', '/auth/me', undefined, shop.admin)).body)
    assertIs('Health', (await shop.call('GET', '/health/ready')).body)
  })

  it('errors are as described, with the status of the catalogue', async () => {
    const missing = '01920000-0000-7000-8000-000000000001'
    const line = { sku: 'nothing of the kind', quantity: 1 }
    const calls = [
      ['POST', '/products', { sku: '' }, 'invalid_data'],
      ['GET', '/products?nothing=1', undefined, 'invalid_query'],
      ['GET', '/products/1', undefined, 'invalid_id'],
      ['DELETE', '/products', undefined, 'invalid_id'],
      ['GET', `/products/${missing}`, undefined, 'not_found'],
      ['GET', '/nothing', undefined, 'no_route'],
      ['PUT', `/products/${missing}`, {}, 'no_method'],
      ['POST', '/categories', { name: 'coffee' }, 'duplicate'],
      ['POST', '/invoices', { items: [line] }, 'unknown_product'],
      ['POST', '/invoices', '{', 'invalid_json']
    ] as const
    for (const [method, path, body, reason] of calls) {
      const answer = await shop.call(method, path, body, shop.admin)
      assertIs('Error', answer.body)
      assert.equal(answer.body.data.reason, reason)
      assert.equal(answer.status, catalogue[reason][0], `${method} ${path}`)
    }
  })
})
