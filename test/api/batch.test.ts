import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertVerified } from '../support/books.ts'
import { contentsOf } from '../support/contents.ts'
import { type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { type Transport, transports } from '../support/transports.ts'

let made = 0
const product = (fields: Json = {}) => {
  const n = `${process.pid}-${++made}`
  return { id: uuidv7(), sku: `B-${n}`, name: `Batch ${n}`, unit_price: '10.00', cost_price: '6.00', ...fields }
}
const create = (resource: string, data: Json) => ({ method: 'create', resource, data })

describe('A batch', () => {
  let shop: Shop
  let ways: Transport[]
  before(async () => {
    shop = await openShop()
    ways = transports(shop)
  })
  after(async () => {
    await assertVerified(shop.db.database)
    await shop.close()
  })

  const send = ({ call }: Transport, operations: unknown, as = shop.admin, more: Json = {}) =>
    call('create', 'batch', { data: { operations, ...more }, as })
  const read = (path: string) => shop.call('GET', path, undefined, shop.admin)
  const audited = async (id: string) => (await read(`/audit-logs?record_id=${id}&$sort[seq]=1`)).body.data as Json[]

  /** Both are refused alike, and nothing is written. */
  async function refused(operations: unknown, reason: string, path?: string, as?: string): Promise<Json> {
    const earlier = await contentsOf(shop.db.database)
    const answers: Json[] = []
    for (const way of ways) {
      const { body } = await send(way, operations, as)
      assert.equal(body.data?.reason, reason, `${way.name}: ${JSON.stringify(body)}`)
      if (path !== undefined) assert.equal(body.errors?.[0]?.path, path, JSON.stringify(body))
      delete body.data.request_id
      answers.push(body)
    }
    assert.deepEqual(answers[0], answers[1])
    assert.deepEqual(await contentsOf(shop.db.database), earlier)
    return answers[0]!
  }

  it('does all of its operations, over several resources, each seeing those before it', async () => {
    for (const way of ways) {
      const [brand, goods] = [{ id: uuidv7(), name: `Brand ${way.name}` }, product()]
      const { status, body } = await send(way, [
        create('brands', brand),
        create('products', { ...goods, brand_id: brand.id }),
        { method: 'patch', resource: 'products', id: goods.id, data: { unit_price: '12.00', version: 1 } },
        create('stock-entries', { product_id: goods.id, branch_id: shop.branch, qty: 5, type: 'IN', unit_cost: '6' }),
        create('invoices', {
          items: [{ sku: goods.sku, quantity: 2 }],
          payments: [{ method: 'cash', amount: '24.00' }]
        }),
        { method: 'get', resource: 'products', id: goods.id, query: { $include: ['brand'] } },
        { method: 'remove', resource: 'brands', id: (await brandToRemove()).id }
      ])
      assert.equal(status, 200, JSON.stringify(body))
      const [made, , patched, entry, sale, got] = body.results
      assert.equal(made.name, brand.name)
      assert.equal(patched.version, 2)
      assert.equal(entry.balance_after, 5)
      assert.equal(sale.status, 'paid')
      assert.equal(got.brand.id, brand.id)
      assert.equal(got.unit_price, '12.00')
      assert.deepEqual(
        (await audited(goods.id)).map(({ action }) => action),
        ['create', 'patch']
      )
      assert.equal((await audited(sale.id)).length, 1)
      assert.equal((await read(`/stock-levels?product_id=${goods.id}`)).body.data[0].on_hand, 3)
    }
  })

  async function brandToRemove(): Promise<Json> {
    return (await shop.call('POST', '/brands', { name: `Gone ${++made}` }, shop.admin)).body
  }

  it('leaves nothing behind when an operation fails, and names it', async () => {
    const [first, last] = [product(), product()]
    const operations = [
      create('products', first),
      create('invoices', {
        items: [{ product_id: first.id, quantity: 1 }],
        payments: [{ method: 'card', amount: '10' }]
      }),
      create('products', last)
    ]
    const error = await refused(operations, 'insufficient_stock')
    assert.equal(error.data.index, 1)
    assert.equal(error.code, 409)
    assert.equal(error.data.lines[0].product_id, first.id)
    const twice = await refused(
      [create('products', first), create('products', product({ sku: first.sku }))],
      'duplicate'
    )
    assert.deepEqual(twice.errors[0].path, 'operations.1.sku')
    assert.equal(twice.data.index, 1)
  })

  it('gives no number away to a batch that fails', async () => {
    const goods = await stockedProduct(shop)
    const sale = create('invoices', {
      items: [{ product_id: goods.id, quantity: 1 }],
      payments: [{ method: 'card', amount: '10' }]
    })
    const number = async () => (await shop.call('POST', '/invoices', sale.data, shop.admin)).body.series_no
    const earlier = await number()
    await refused([sale, sale, create('brands', {})], 'invalid_data', 'operations.2.name')
    assert.equal(await number(), earlier + 1)
  })

  it('holds each operation to what its caller may do', async () => {
    const { token } = await shop.user('cashier')
    const { body: brand } = await shop.call('POST', '/brands', { name: `Own ${++made}` }, shop.admin)
    const ok = create('customers', { id: uuidv7(), name: 'Ann', contacts: { phone: '12345' } })
    const notAllowed = await refused([ok, create('products', product())], 'not_allowed', undefined, token)
    assert.equal(notAllowed.data.index, 1)
    await refused(
      [ok, { method: 'patch', resource: 'brands', id: brand.id, data: { name: 'x' } }],
      'not_allowed',
      undefined,
      token
    )
    await refused(
      [create('customers', { ...ok.data, credit_limit: '5' })],
      'invalid_data',
      'operations.0.credit_limit',
      token
    )
    await refused([{ method: 'get', resource: 'users', id: uuidv7() }], 'not_allowed', undefined, token)
    const goods = await stockedProduct(shop)
    for (const way of ways) {
      const { body } = await send(way, [{ method: 'get', resource: 'products', id: goods.id }], token)
      assert.equal('cost_price' in body.results[0], false)
      assert.equal(body.results[0].id, goods.id)
    }
  })

  it('prunes what a write answers', async () => {
    const { token } = await shop.user('cashier')
    const salesman = await shop.call('POST', '/salesmen', { name: 'Ben', code: `BO${++made}` }, shop.admin)
    for (const way of ways) {
      const data = { id: uuidv7(), name: 'Ann', contacts: { phone: '12345' }, salesman_id: salesman.body.id }
      const { body } = await send(way, [create('customers', data)], token)
      assert.equal(body.results[0].name, 'Ann')
      assert.equal('credit_limit' in body.results[0], false)
    }
  })

  it('is for those who signed in', async () => {
    for (const way of ways) {
      const { status } = await way.call('create', 'batch', { data: { operations: [create('brands', { name: 'n' })] } })
      assert.equal(status, 401)
    }
  })

  it('tells live readers after the commit, in order; and nobody of what failed', async () => {
    const screen = await shop.socket(shop.admin)
    const heard: string[] = []
    screen.onAny((name: string, record: Json) => heard.push(`${name} ${record.id}`))
    const [brand, goods] = [{ id: uuidv7(), name: `Heard ${++made}` }, product()]
    const entry = { id: uuidv7(), product_id: goods.id, branch_id: shop.branch, qty: 1, type: 'IN', unit_cost: '1' }
    const operations = [
      create('brands', brand),
      create('products', goods),
      { method: 'patch', resource: 'brands', id: brand.id, data: { name: `${brand.name}!` } },
      create('stock-entries', entry),
      { method: 'get', resource: 'brands', id: brand.id }
    ]
    const failed = await shop.call('POST', '/batch', { operations: [...operations, create('brands', {})] }, shop.admin)
    assert.equal(failed.status, 400)
    const last = nextEvent(screen, 'stock-entries created')
    assert.equal((await shop.call('POST', '/batch', { operations }, shop.admin)).status, 201)
    await last
    const { body } = await read(`/stock-levels?product_id=${goods.id}`)
    assert.deepEqual(heard, [
      `brands created ${brand.id}`,
      `products created ${goods.id}`,
      `brands patched ${brand.id}`,
      `stock-levels patched ${body.data[0].id}`,
      `stock-entries created ${entry.id}`
    ])
  })

  it('honours the rules of services of their own', async () => {
    const { id: user, token } = await shop.user('cashier')
    const { body } = await shop.call('GET', `/sessions?user_id=${user}`, undefined, shop.admin)
    const end = { method: 'remove', resource: 'sessions', id: body.data[0].id }
    await refused([end, create('brands', {})], 'invalid_data', 'operations.1.name')
    assert.equal((await shop.call('GET', '/auth/me', undefined, token)).status, 200)
    const draft = create('invoices', {
      id: uuidv7(),
      status: 'draft',
      items: [{ product_id: (await stockedProduct(shop)).id, quantity: 1 }]
    })
    const issue = { method: 'patch', resource: 'invoices', id: draft.data.id, data: { status: 'cancelled' } }
    await refused([draft, issue, create('brands', {})], 'invalid_data', 'operations.2.name')
    const { body: done } = await shop.call('POST', '/batch', { operations: [end, draft, issue] }, shop.admin)
    assert.equal(done.results[0].end_reason, 'removed')
    assert.equal(done.results[2].status, 'cancelled')
    assert.equal((await shop.call('GET', '/auth/me', undefined, token)).body.data.reason, 'session_ended')
  })
})
