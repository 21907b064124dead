import assert from 'node:assert/strict'
import type { Socket } from 'socket.io-client'
import { v7 as uuidv7 } from 'uuid'
import { assertVerified } from '../support/books.ts'
import { contentsOf } from '../support/contents.ts'
import { emit, type Json, openShop, type Shop } from '../support/shop.ts'
import { type Outcome, type Transport, transports } from '../support/transports.ts'

let made = 0
const product = (fields: Json = {}): Json => {
  const n = `${process.pid}-${++made}`
  return { sku: `U-${n}`, name: `Upsert ${n}`, unit_price: '10.00', cost_price: '6.00', ...fields }
}

describe('An upsert', () => {
  let shop: Shop
  let ways: Transport[]
  let screen: Socket
  let heard: string[]
  before(async () => {
    shop = await openShop()
    ways = transports(shop)
    screen = await shop.socket(shop.admin)
    screen.onAny((name: string) => heard.push(name))
  })
  beforeEach(() => {
    heard = []
  })
  after(async () => {
    await assertVerified(shop.db.database)
    await shop.close()
  })

  const upsert = (way: Transport, path: string, key: string, data: Json, as = shop.admin): Promise<Outcome> =>
    way.call('create', path, { data, query: { $upsert: key }, as })
  const rest = (path: string, key: string, data: Json, as = shop.admin) =>
    shop.call('POST', `/${path}?$upsert=${key}`, data, as)
  const actions = async (id: string) => {
    const { body } = await shop.call('GET', `/audit-logs?record_id=${id}&$sort[seq]=1`, undefined, shop.admin)
    return body.data.map(({ action }: Json) => action)
  }
  /** What was heard so far: an answer over the same socket is behind it. */
  const events = async () => {
    await emit(screen, 'find', 'brands', {})
    return heard
  }

  for (const name of ['REST', 'websocket'])
    it(`makes the record, then changes it, then finds nothing to change, over ${name}`, async () => {
      const way = ways.find((candidate) => candidate.name === name)!
      const data = product({ tax_rate: '8', discount: 2.5, attributes: { b: 1, a: [2] }, is_active: false })
      const created = await upsert(way, 'products', 'sku', data)
      assert.equal(created.status, 200, JSON.stringify(created.body))
      assert.equal(created.body.version, 1)
      const changed = await upsert(way, 'products', 'sku', { ...data, unit_price: '12.00', name: 'New name' })
      assert.deepEqual(changed.body, {
        ...created.body,
        unit_price: '12.00',
        name: 'New name',
        version: 2,
        updated_at: changed.body.updated_at
      })
      const again = await upsert(way, 'products', 'sku', { ...data, unit_price: 12, name: 'New name' })
      assert.deepEqual(again.body, changed.body)
      assert.deepEqual(await actions(created.body.id), ['create', 'patch'])
      assert.deepEqual(await events(), ['products created', 'products patched'])
    })

  it('says over REST which of the two it was', async () => {
    const data = product({ id: uuidv7() })
    const statuses = []
    for (const unit_price of ['10.00', '11.00', '11.00'])
      statuses.push((await rest('products', 'sku', { ...data, unit_price })).status)
    assert.deepEqual(statuses, [201, 200, 200])
    const { status, body } = await rest('products', 'sku', { ...data, id: uuidv7(), unit_price: '12.00' })
    assert.deepEqual([status, body.id], [200, data.id])
  })

  it('patches the fields given and leaves the others, defaults too', async () => {
    const data = product({ barcode: `4006381${++made}`, tax_rate: '8' })
    const { body } = await rest('products', 'sku', data)
    await shop.call('PATCH', `/products/${body.id}`, { is_active: false, desc: 'kept' }, shop.admin)
    const { sku, name, unit_price } = data
    const changed = await rest('products', 'sku', { sku, name, unit_price, cost_price: '7.00' })
    assert.deepEqual(
      [changed.body.is_active, changed.body.desc, changed.body.tax_rate, changed.body.cost_price],
      [false, 'kept', '8.0000', '7.00']
    )
    assert.equal((await rest('products', 'sku', { sku })).body.data.reason, 'invalid_data')
  })

  it('goes by keys that ignore case, and by keys of several fields', async () => {
    const { body: brand } = await rest('brands', 'name', { name: `Coffee ${++made}` })
    const louder = await rest('brands', 'name', { name: `COFFEE ${made}` })
    assert.deepEqual([louder.status, louder.body.id, louder.body.name], [200, brand.id, `COFFEE ${made}`])
    const till = { branch_id: shop.branch, code: 'U1', name: 'Till' }
    const { body: register } = await rest('registers', 'branch_id,code', till)
    const renamed = await rest('registers', 'code,branch_id', { code: 'U1', name: 'Other' })
    assert.deepEqual([renamed.status, renamed.body.id, renamed.body.name], [200, register.id, 'Other'])
    const key = 'discount_limit_percent'
    for (const [value, status] of [
      [10, 201],
      [11, 200],
      [11, 200]
    ])
      assert.equal((await rest('settings', 'branch_id,key', { key, value })).status, status)
    const { body } = await shop.call('GET', `/settings?key=${key}`, undefined, shop.admin)
    assert.deepEqual(
      body.data.map((setting: Json) => [setting.value, setting.version]),
      [[11, 2]]
    )
  })

  it('goes by a key that is set once and for all', async () => {
    const method = { code: `cheque${'abcdefgh'[++made % 8]}`, name: 'Cheque' }
    assert.equal((await rest('payment-methods', 'code', method)).status, 201)
    assert.equal((await rest('payment-methods', 'code', { ...method, name: 'Check' })).status, 200)
  })

  it('is refused where nothing unique is named, and by every other method', async () => {
    const data = product()
    const { body: one } = await shop.call('POST', '/products', data, shop.admin)
    const earlier = await contentsOf(shop.db.database)
    for (const way of ways) {
      const wrong: [path: string, key: unknown, data: Json][] = [
        ['products', 'name', data],
        ['products', 'id', data],
        ['products', 'sku,barcode', data],
        ['products', 'sku,sku', data],
        ['products', '', data],
        ['products', '__proto__', data],
        ['products', ['sku'], data],
        ['products', { sku: 1 }, data],
        ['registers', 'code', { code: 'U2' }],
        ['invoices', 'invoice_no', { items: [{ product_id: one.id, quantity: 1 }] }],
        ['invoices', 'register_id,series_no', { items: [{ product_id: one.id, quantity: 1 }] }],
        ['payments', 'id', { invoice_id: one.id, method: 'cash', amount: '1' }],
        ['stock-entries', 'id', { product_id: one.id, branch_id: shop.branch, qty: 1, type: 'IN' }]
      ]
      for (const [path, $upsert, given] of wrong) {
        const { body } = await way.call('create', path, { data: given, query: { $upsert }, as: shop.admin })
        assert.equal(body.data?.reason, 'invalid_query', `${way.name} ${path} ${JSON.stringify($upsert)}`)
        assert.match(body.errors[0].path, /^\$upsert/)
      }
      for (const verb of ['find', 'get', 'patch', 'remove'] as const) {
        const asked = { id: one.id, data: { name: 'x' }, query: { $upsert: 'sku' }, as: shop.admin }
        const { body } = await way.call(verb, 'products', verb === 'find' ? { ...asked, id: undefined } : asked)
        assert.deepEqual(
          [body.data?.reason, body.errors?.[0].path],
          ['invalid_query', '$upsert'],
          `${way.name} ${verb}`
        )
      }
      const empty = await upsert(way, 'products', 'barcode', product())
      assert.deepEqual([empty.body.data?.reason, empty.body.errors?.[0].path], ['invalid_data', 'barcode'])
    }
    assert.deepEqual(await contentsOf(shop.db.database), earlier)
  })

  it('takes the right to create and the right to update', async () => {
    const { token } = await shop.user('cashier')
    const { token: employee } = await shop.user('employee')
    for (const way of ways) {
      const name = `Rights ${++made}`
      assert.equal((await upsert(way, 'brands', 'name', { name }, token)).body.data.reason, 'not_allowed')
      assert.equal((await upsert(way, 'brands', 'name', { name }, employee)).status, 200)
      assert.equal(
        (await way.call('create', 'brands', { data: { name: 'x' }, query: { $upsert: 'name' } })).status,
        401
      )
    }
  })

  it('tells of a record out of reach no more than a create does', async () => {
    const { body: other } = await shop.call('POST', '/branches', { name: 'Far', code: 'FAR' }, shop.admin)
    const { token: stranger } = await shop.user('employee', other.id)
    const data = product({ branch_id: shop.branch })
    await shop.call('POST', '/products', data, shop.admin)
    const own = { ...data, branch_id: other.id }
    const earlier = await contentsOf(shop.db.database)
    for (const way of ways) {
      const plain = await way.call('create', 'products', { data: own, as: stranger })
      const upserted = await upsert(way, 'products', 'sku', own, stranger)
      assert.equal(plain.body.data.reason, 'duplicate')
      assert.deepEqual(upserted.body, plain.body)
      const beyond = await upsert(way, 'products', 'sku', product({ branch_id: shop.branch }), stranger)
      assert.equal(beyond.body.data.reason, 'not_allowed')
    }
    assert.deepEqual(await contentsOf(shop.db.database), earlier)
  })

  it('does not move a record out of its caller’s reach', async () => {
    const { token } = await shop.user('employee')
    const { body: other } = await shop.call('POST', '/branches', { name: 'Out', code: 'OUT' }, shop.admin)
    const data = product({ branch_id: shop.branch })
    assert.equal((await rest('products', 'sku', data, token)).status, 201)
    assert.equal((await rest('products', 'sku', { ...data, branch_id: other.id }, token)).status, 403)
  })

  it('is held to the fields that both rights allow', async () => {
    const permissions = [
      { action: ['read', 'create'], subject: ['products'] },
      { action: ['update'], subject: ['products'], fields: ['unit_price', 'name'] }
    ]
    const role = await shop.call('POST', '/roles', { name: `pricer ${++made}`, permissions }, shop.admin)
    const { id, username } = await shop.user('cashier')
    await shop.call('PATCH', `/users/${id}`, { role_id: role.body.id }, shop.admin)
    const token = await shop.signIn(username)
    const refused = await rest('products', 'sku', product(), token)
    assert.deepEqual([refused.body.data.reason, refused.body.errors[0].path], ['invalid_data', 'cost_price'])
  })

  it('goes through the rules of users', async () => {
    const { body: roles } = await shop.call('GET', '/roles', undefined, shop.admin)
    const role_id = roles.data.find(({ name }: Json) => name === 'cashier').id
    const user = {
      full_name: 'U',
      email: `u${++made}@shop.test`,
      username: `upsert_${made}`,
      password: 'a long pass phrase',
      role_id
    }
    const created = await rest('users', 'username', user)
    assert.equal(created.status, 201, JSON.stringify(created.body))
    const changed = await rest('users', 'username', {
      ...user,
      username: user.username.toUpperCase(),
      password: 'another pass phrase'
    })
    assert.deepEqual([changed.status, changed.body.id], [200, created.body.id])
    await shop.signIn(changed.body.username, 'another pass phrase')
    const admin = {
      full_name: 'A',
      email: 'admin@localhost.local',
      username: 'admin',
      password: 'a long pass phrase',
      role_id
    }
    assert.equal((await rest('users', 'username', admin)).body.data.reason, 'own_account')
  })

  it('makes one record when many send it at once, and changes it for the others', async () => {
    for (const barcode of [undefined, `400638${++made}`]) {
      const data = product({ ...(barcode && { barcode }) })
      const answers = await Promise.all(
        Array.from({ length: 16 }, (_, i) => rest('products', 'sku', { ...data, unit_price: `${10 + i}.00` }))
      )
      const statuses = answers.map(({ status }) => status).sort()
      assert.deepEqual(statuses, [...Array(15).fill(200), 201])
      const ids = new Set(answers.map(({ body }) => body.id))
      assert.equal(ids.size, 1)
      const { body } = await shop.call('GET', `/products/${[...ids][0]}`, undefined, shop.admin)
      assert.equal(body.version, 16)
      assert.equal((await actions(body.id)).length, 16)
      assert.equal(new Set(answers.map((answer) => answer.body.version)).size, 16)
    }
  })

  it('is one operation of a batch like others', async () => {
    const data = product()
    const operation = (unit_price: string) => ({
      method: 'create',
      resource: 'products',
      data: { ...data, unit_price },
      query: { $upsert: 'sku' }
    })
    const { status, body } = await shop.call(
      'POST',
      '/batch',
      { operations: ['1.00', '2.00', '2.00'].map(operation) },
      shop.admin
    )
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual(
      body.results.map(({ version }: Json) => version),
      [1, 2, 2]
    )
    assert.deepEqual(await events(), ['products created', 'products patched'])
  })
})
