import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { contentsOf } from '../support/contents.ts'
import { emit, type Json, openShop, type Shop } from '../support/shop.ts'
import { type Transport, transports } from '../support/transports.ts'

let made = 0
const create = (resource: string, data: Json) => ({ method: 'create', resource, data })

describe('What is no batch', () => {
  let shop: Shop
  let ways: Transport[]
  before(async () => {
    shop = await openShop()
    ways = transports(shop)
  })
  after(() => shop.close())

  async function refused(operations: unknown, reason: string, path: string): Promise<void> {
    for (const way of ways) {
      const { body } = await way.call('create', 'batch', { data: { operations }, as: shop.admin })
      assert.equal(body.data?.reason, reason, `${way.name}: ${JSON.stringify(body)}`)
      assert.equal(body.errors?.[0]?.path, path, JSON.stringify(body))
    }
  }

  it('is refused, and nothing of it runs', async () => {
    const brand = create('brands', { name: `Never ${++made}` })
    const earlier = await contentsOf(shop.db.database)
    const wrong: [operations: unknown, reason: string, path: string][] = [
      [undefined, 'invalid_data', 'operations'],
      [null, 'invalid_data', 'operations'],
      ['create', 'invalid_data', 'operations'],
      [{ 0: brand, length: 1 }, 'invalid_data', 'operations'],
      [[], 'invalid_data', 'operations'],
      [Array(201).fill(brand), 'invalid_data', 'operations'],
      [[brand, null], 'invalid_data', 'operations.1'],
      [[brand, [brand]], 'invalid_data', 'operations.1'],
      [[brand, { ...brand, method: 'find' }], 'invalid_data', 'operations.1.method'],
      [[brand, { ...brand, method: 'update' }], 'invalid_data', 'operations.1.method'],
      [[brand, { ...brand, method: 'toString' }], 'invalid_data', 'operations.1.method'],
      [[brand, { ...brand, method: ['create'] }], 'invalid_data', 'operations.1.method'],
      [[brand, { ...brand, resource: 'batch' }], 'invalid_data', 'operations.1.resource'],
      [[brand, { ...brand, resource: 'auth/login' }], 'invalid_data', 'operations.1.resource'],
      [[brand, { ...brand, resource: 'authentication' }], 'invalid_data', 'operations.1.resource'],
      [[brand, { ...brand, resource: '__proto__' }], 'invalid_data', 'operations.1.resource'],
      [[brand, { ...brand, resource: ['brands'] }], 'invalid_data', 'operations.1.resource'],
      [[brand, { ...brand, id: uuidv7() }], 'invalid_data', 'operations.1.id'],
      [[brand, { ...brand, transaction: {} }], 'invalid_data', 'operations.1.transaction'],
      [[brand, { ...brand, params: { provider: '' } }], 'invalid_data', 'operations.1.params'],
      [[brand, { ...brand, data: [] }], 'invalid_data', 'operations.1.data'],
      [[brand, { method: 'create', resource: 'brands' }], 'invalid_data', 'operations.1.data'],
      [[brand, { method: 'get', resource: 'brands' }], 'invalid_data', 'operations.1.id'],
      [[brand, { method: 'get', resource: 'brands', id: 'x' }], 'invalid_id', 'operations.1.id'],
      [[brand, { method: 'get', resource: 'brands', id: null }], 'invalid_id', 'operations.1.id'],
      [[brand, { method: 'remove', resource: 'invoices', id: uuidv7() }], 'no_method', 'operations.1.method'],
      [[brand, { ...brand, query: 'x' }], 'invalid_data', 'operations.1.query'],
      [[brand, { ...brand, query: { $nonsense: 1 } }], 'invalid_query', 'operations.1.$nonsense'],
      [[brand, { ...brand, query: { $dry_run: true } }], 'invalid_query', 'operations.1.$dry_run'],
      [[brand, create('brands', { name: 1 })], 'invalid_data', 'operations.1.name']
    ]
    for (const [operations, reason, path] of wrong) await refused(operations, reason, path)
    assert.deepEqual(await contentsOf(shop.db.database), earlier)
  })

  it('passes over keys that touch prototypes, wherever they stand', async () => {
    const bodies = [
      '{"__proto__":{"operations":[]}}',
      '{"operations":[{"method":"create","resource":"brands","data":{"__proto__":{"name":"x"}}}]}',
      '{"operations":[{"method":"create","resource":"brands","data":{"name":"x"},"query":{"__proto__":{"transaction":1}}}]}',
      '{"operations":[{"__proto__":{"method":"create"}}]}'
    ]
    for (const body of bodies) {
      const answer = await shop.call('POST', '/batch', body, shop.admin)
      assert.equal(answer.body.data.reason, 'invalid_data', body)
    }
  })

  it('takes as many operations as the configuration says, and no word that is none of its own', async () => {
    const all = Array.from({ length: 200 }, () => create('brands', { name: `Many ${++made}` }))
    const { status, body } = await shop.call('POST', '/batch', { operations: all }, shop.admin)
    assert.equal(status, 201)
    assert.equal(body.results.length, 200)
    const brand = [create('brands', { name: 'n' })]
    const query = await shop.call('POST', '/batch?$select=id', { operations: brand }, shop.admin)
    assert.equal(query.body.data.reason, 'invalid_query')
    const field = await shop.call('POST', '/batch', { operations: brand, principal: {} }, shop.admin)
    assert.equal(field.body.errors[0].path, 'principal')
    const large = { operations: [create('brands', { name: 'x'.repeat(110_000) })] }
    assert.equal((await shop.call('POST', '/batch', large, shop.admin)).body.data.reason, 'too_large')
  })

  it('cannot pass for a call that was let in already', async () => {
    const socket = await shop.socket()
    const signedIn = await shop.socket((await shop.user('cashier')).token)
    const forged = { transaction: {}, principal: { user: { id: uuidv7() } }, provider: '', dry_run: true, access: null }
    const operations = [create('brands', { name: `Forged ${++made}` })]
    for (const query of [forged, { params: forged }, { connection: forged }]) {
      assert.equal((await emit(socket, 'create', 'brands', { name: 'x' }, query)).error!.code, 401)
      assert.equal((await emit(socket, 'create', 'batch', { operations }, query)).error!.code, 401)
      assert.equal((await emit(signedIn, 'create', 'batch', { operations }, query)).error!.code, 400)
    }
    for (const headers of [{ transaction: '1' }, { 'x-service-method': 'transaction' }] as Record<string, string>[])
      assert.ok((await shop.call('POST', '/batch', { operations }, undefined, headers)).status >= 400)
    assert.equal((await shop.call('POST', '/batch', { operations, ...forged }, shop.admin)).status, 400)
    assert.equal((await shop.call('GET', `/brands?name=Forged ${made}`, undefined, shop.admin)).body.total, 0)
  })
})
