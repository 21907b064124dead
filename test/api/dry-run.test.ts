import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { contentsOf } from '../support/contents.ts'
import { rehearse } from '../support/rehearsal.ts'
import { type Answer, emit, type Json, openShop, PASSWORD, type Shop, stockedProduct } from '../support/shop.ts'
import { type Transport, transports, type Verb } from '../support/transports.ts'

const DRY = { prefer: 'dry-run' }
let made = 0

describe('A dry run', () => {
  let shop: Shop
  let ways: Transport[]
  before(async () => {
    shop = await openShop()
    ways = transports(shop)
  })
  after(() => shop.close())

  const rehearsed = (verb: Verb, path: string, asked: Json = {}, as = shop.admin) =>
    rehearse(shop, ways, verb, path, { ...asked, as })

  it('says in the record’s own words what would change', async () => {
    const product = await stockedProduct(shop, { tax_rate: '8' })
    const data = { unit_price: '12.50', is_active: false, attributes: { a: [1] }, version: 1 }
    const { result, changes } = await rehearsed('patch', 'products', { id: product.id, data })
    assert.equal(result.version, 2)
    const [{ before, after }] = changes
    assert.deepEqual(before, {
      updated_at: product.updated_at,
      version: 1,
      unit_price: '10.00',
      attributes: null,
      is_active: true
    })
    assert.deepEqual(after, {
      updated_at: result.updated_at,
      version: 2,
      unit_price: '12.50',
      attributes: { a: [1] },
      is_active: false
    })
    const { id: _, created_at: _c, updated_at: _u, version: _v, stock_level: _s, ...fields } = product
    const copy = await rehearsed('create', 'products', { data: { ...fields, sku: `copy-${++made}` } })
    for (const [field, value] of Object.entries(copy.changes[0].after))
      assert.deepEqual(value, copy.result[field], field)
  })

  describe('over REST', () => {
    const dry = (
      method: string,
      path: string,
      body?: unknown,
      as = shop.admin,
      headers: Record<string, string> = DRY
    ) => shop.call(method, path, body, as, headers)
    const wasDry = ({ body, headers }: Answer) => [body.dry_run === true, headers.get('preference-applied')]

    it('is asked for by the header Prefer, and has the status of the write', async () => {
      const { id } = await stockedProduct(shop)
      const brand = { name: `Dry ${++made}` }
      const created = await dry('POST', '/brands', brand)
      assert.deepEqual([created.status, ...wasDry(created)], [201, true, 'dry-run'])
      const patched = await dry('PATCH', `/products/${id}`, { name: 'x' })
      assert.deepEqual([patched.status, ...wasDry(patched)], [200, true, 'dry-run'])
      const real = await shop.call('POST', '/brands', { ...brand, id: created.body.result.id }, shop.admin)
      assert.deepEqual([real.status, ...wasDry(real)], [201, false, null])
      const removed = await dry('DELETE', `/brands/${real.body.id}`)
      assert.deepEqual([removed.status, ...wasDry(removed)], [200, true, 'dry-run'])
      const replayed = await dry('POST', '/brands', { ...brand, id: real.body.id })
      assert.deepEqual([replayed.status, replayed.headers.get('idempotent-replayed')], [200, 'true'])
      assert.deepEqual(replayed.body, { dry_run: true, result: real.body, changes: [] })
    })

    it('reads Prefer as RFC 7240 has it', async () => {
      for (const [prefer, expected] of [
        ['respond-async, Dry-Run', true],
        ['dry-run; foo=bar', true],
        ['dry-run=true', true],
        ['return=minimal', false],
        ['dry-running', false],
        ['dry-run=false', false]
      ] as const) {
        const answer = await dry('POST', '/brands', { name: `Prefer ${++made}` }, shop.admin, { prefer })
        assert.deepEqual(wasDry(answer), [expected, expected ? 'dry-run' : null], prefer)
      }
      const socket = await shop.socket(shop.admin)
      const { result } = await emit(socket, 'create', 'brands', { name: `Prefer ${++made}` }, { $dry_run: false })
      assert.equal(result!.dry_run, undefined)
    })

    it('does not change how one reads, and is no word of a read', async () => {
      const { body, headers } = await dry('GET', '/brands')
      assert.deepEqual([Array.isArray(body.data), headers.get('preference-applied')], [true, null])
      for (const path of ['/brands?$dry_run=true', `/brands/${uuidv7()}?$dry_run=true`])
        assert.equal((await shop.call('GET', path, undefined, shop.admin)).body.data.reason, 'invalid_query')
      assert.equal(
        (await shop.call('POST', '/brands?$dry_run=1', { name: 'n' }, shop.admin)).body.errors[0].path,
        '$dry_run'
      )
    })

    it('is refused by what takes effect at once, before it does', async () => {
      const { username, token } = await shop.user('cashier')
      const login = { username, password: PASSWORD }
      const { body: tokens } = await shop.call('POST', '/auth/login', login)
      const { refresh_token } = tokens
      const earlier = await contentsOf(shop.db.database)
      for (const [method, path, body] of [
        ['POST', '/auth/login', login],
        ['POST', '/auth/refresh', { refresh_token }],
        ['POST', '/auth/logout', { refresh_token }],
        ['POST', '/authentication', { strategy: 'local', ...login }],
        ['DELETE', `/authentication/${token}`, undefined]
      ] as const) {
        const answer = await dry(method, path, body, token)
        assert.deepEqual([answer.status, answer.body.data.reason], [422, 'no_dry_run'], path)
      }
      assert.deepEqual(await contentsOf(shop.db.database), earlier)
    })

    it('fails as the write would', async () => {
      const { id } = await stockedProduct(shop, {}, 1)
      const { token } = await shop.user('cashier')
      const sale = { items: [{ product_id: id, quantity: 2 }], payments: [{ method: 'cash', amount: '20.00' }] }
      for (const [method, path, body, as] of [
        ['POST', '/invoices', sale, shop.admin],
        ['POST', '/products', { sku: 'x' }, shop.admin],
        ['POST', '/brands', { name: 'x' }, token],
        ['PATCH', `/products/${id}`, { name: 'x', version: 7 }, shop.admin],
        ['DELETE', `/products/${id}`, undefined, shop.admin],
        ['DELETE', `/products/${uuidv7()}`, undefined, shop.admin],
        ['POST', '/brands', { name: 'x' }, undefined]
      ] as const) {
        const [tried, real] = [await dry(method, path, body, as ?? ''), await shop.call(method, path, body, as)]
        assert.ok(real.status >= 400)
        assert.deepEqual([tried.status, tried.body], [real.status, real.body], `${method} ${path}`)
      }
    })
  })

  it('shows a sale with the number it would have, and uses none up', async () => {
    const { id } = await stockedProduct(shop, {}, 5)
    const { token } = await shop.user('cashier')
    const data = { items: [{ product_id: id, quantity: 2 }], payments: [{ method: 'cash', amount: '20.00' }] }
    const { result, changes } = await rehearsed('create', 'invoices', { data }, token)
    assert.equal(result.status, 'paid')
    assert.equal('unit_cost' in result.items[0], false)
    assert.deepEqual(
      changes.map(({ resource, action }: Json) => [resource, action]),
      [['invoices', 'create']]
    )
    assert.deepEqual(changes[0].after.totals, result.totals)
    const sold = await shop.call('POST', '/invoices', data, token)
    assert.equal(sold.body.invoice_no, result.invoice_no)
  })

  it('leaves out what its caller cannot read', async () => {
    const permissions = [
      { action: ['create'], subject: ['products', 'brands'] },
      { action: ['read'], subject: ['products'], fields: ['id', 'sku', 'name'] },
      { action: ['update'], subject: ['products'], fields: ['unit_price', 'name'] }
    ]
    const role = await shop.call('POST', '/roles', { name: `narrow ${++made}`, permissions }, shop.admin)
    const { id, username } = await shop.user('cashier')
    await shop.call('PATCH', `/users/${id}`, { role_id: role.body.id }, shop.admin)
    const token = await shop.signIn(username)
    const brand = await rehearsed('create', 'brands', { data: { id: uuidv7(), name: `N ${++made}` } }, token)
    assert.deepEqual([Object.keys(brand.result), brand.changes], [['id'], []])
    const product = await stockedProduct(shop)
    const patch = { id: product.id, data: { name: 'new', unit_price: '1.00' } }
    const { result, changes } = await rehearsed('patch', 'products', patch, token)
    assert.deepEqual(Object.keys(result).sort(), ['id', 'name', 'sku'])
    assert.deepEqual([changes[0].before, changes[0].after], [{ name: product.name }, { name: 'new' }])
  })

  it('ends no session, moves no socket, changes no right', async () => {
    const { id: user, token } = await shop.user('cashier')
    const { body } = await shop.call('GET', `/sessions?user_id=${user}`, undefined, shop.admin)
    const { result, changes } = await rehearsed('remove', 'sessions', { id: body.data[0].id })
    assert.equal(result.end_reason, 'removed')
    assert.deepEqual(changes[0].after, { end_reason: 'removed' })
    await rehearsed('patch', 'users', { id: user, data: { is_active: false } })
    const { body: role } = await shop.call('POST', '/roles', { name: `held ${++made}`, permissions: [] }, shop.admin)
    await rehearsed('patch', 'users', { id: user, data: { role_id: role.id } })
    assert.equal((await shop.call('GET', '/auth/me', undefined, token)).body.role.name, 'cashier')
    assert.equal((await shop.call('GET', '/products', undefined, token)).status, 200)
  })

  it('shows whether an upsert would make or change', async () => {
    const data = { sku: `dry-${++made}`, name: 'n', unit_price: '1.00', cost_price: '1.00' }
    const query = { $upsert: 'sku' }
    const made_ = await rehearsed('create', 'products', { data, query })
    assert.deepEqual([made_.changes[0].action, made_.result.version], ['create', 1])
    await shop.call('POST', '/products', data, shop.admin)
    const changed = await rehearsed('create', 'products', { data: { ...data, name: 'm' }, query })
    assert.deepEqual([changed.changes[0].action, changed.changes[0].after.name], ['patch', 'm'])
    assert.deepEqual((await rehearsed('create', 'products', { data, query })).changes, [])
  })

  it('is of a whole batch, with every change it would make', async () => {
    const [brand, product] = [uuidv7(), await stockedProduct(shop)]
    const operations = [
      { method: 'create', resource: 'brands', data: { id: brand, name: `Batch ${++made}` } },
      { method: 'patch', resource: 'products', id: product.id, data: { brand_id: brand } },
      { method: 'get', resource: 'products', id: product.id, query: { $include: ['brand'] } }
    ]
    const body = { id: uuidv7(), operations }
    const { result, changes } = await rehearsed('create', 'batch', { data: body })
    assert.equal(result.id, body.id)
    assert.equal(result.results[2].brand.id, brand)
    assert.deepEqual(
      changes.map(({ resource, id, action }: Json) => [resource, id, action]),
      [
        ['brands', brand, 'create'],
        ['products', product.id, 'patch']
      ]
    )
    assert.equal((await shop.call('POST', '/batch', body, shop.admin)).status, 201)
    const failing = { operations: [...operations, { method: 'create', resource: 'brands', data: {} }] }
    const failed = await shop.call('POST', '/batch', failing, shop.admin, DRY)
    assert.deepEqual([failed.body.data.reason, failed.body.data.index], ['invalid_data', 3])
  })
})
