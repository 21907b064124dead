import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { contentsOf } from '../support/contents.ts'
import { type Json, openShop, PASSWORD, type Shop, stockedProduct } from '../support/shop.ts'
import { type Transport, transports } from '../support/transports.ts'

let made = 0
const brand = (fields: Json = {}): { method: string; resource: string; data: Json } => ({
  method: 'create',
  resource: 'brands',
  data: { name: `Once ${++made}`, ...fields }
})
const rename = (id: string, name = `Renamed ${++made}`) => ({ method: 'patch', resource: 'brands', id, data: { name } })

describe('A batch that is sent again', () => {
  let shop: Shop
  let ways: Transport[]
  before(async () => {
    shop = await openShop()
    ways = transports(shop)
  })
  after(() => shop.close())

  const send = (body: Json, as = shop.admin, headers = {}) => shop.call('POST', '/batch', body, as, headers)
  const newBrand = async () => (await shop.call('POST', '/brands', { name: `Brand ${++made}` }, shop.admin)).body.id
  const count = async (table: string) =>
    (await shop.db.database.query<{ n: number }>(`select count(*) as n from ${table}`))[0]!.n

  it('is answered as the first time, over both transports, and changes nothing', async () => {
    for (const way of ways) {
      const one = brand()
      const patched = rename(await newBrand())
      const data = { id: uuidv7(), operations: [one, patched, { method: 'get', resource: 'brands', id: patched.id }] }
      const first = await way.call('create', 'batch', { data, as: shop.admin })
      assert.equal(first.status, 200, JSON.stringify(first.body))
      assert.equal(first.body.id, data.id)
      await shop.call('PATCH', `/brands/${patched.id}`, { name: `Later ${++made}` }, shop.admin)
      const earlier = await contentsOf(shop.db.database)
      for (const again of ways)
        assert.deepEqual((await again.call('create', 'batch', { data, as: shop.admin })).body, first.body)
      assert.deepEqual(await contentsOf(shop.db.database), earlier)
    }
  })

  it('says over REST that it was there before, by id or by Idempotency-Key', async () => {
    const operations = [brand()]
    const key = { 'idempotency-key': `delivery ${process.pid}` }
    for (const [body, headers] of [
      [{ id: uuidv7(), operations: [brand()] }, {}],
      [{ operations }, key]
    ] as const) {
      const first = await send(body, shop.admin, headers)
      assert.deepEqual([first.status, first.headers.get('idempotent-replayed')], [201, null])
      const again = await send(body, shop.admin, headers)
      assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [200, 'true'])
      assert.deepEqual(again.body, first.body)
    }
    const other = await send({ operations: [brand()] }, shop.admin, key)
    assert.equal(other.body.data.reason, 'id_conflict')
    const { token } = await shop.user('employee')
    // A key is the user's own; so is an id, but of those there is one for all.
    assert.equal((await send({ operations: [brand()] }, token, key)).status, 201)
  })

  it('is told apart by its content, not by the order of its names; and by its user', async () => {
    const id = uuidv7()
    const { method, resource, data } = brand()
    assert.equal((await send({ id, operations: [{ method, resource, data }] })).status, 201)
    assert.equal((await send({ operations: [{ data, resource, method }], id: id.toUpperCase() })).status, 200)
    for (const operations of [
      [brand()],
      [{ method, resource, data }, brand()],
      [{ method, resource, data, query: {} }]
    ])
      assert.equal((await send({ id, operations })).body.data.reason, 'id_conflict')
    const { token } = await shop.user('admin')
    assert.equal((await send({ id, operations: [{ method, resource, data }] }, token)).body.data.reason, 'id_conflict')
  })

  it('takes effect once when twins are in flight', async () => {
    const goods = await stockedProduct(shop, {}, 1)
    const sale = { items: [{ product_id: goods.id, quantity: 1 }], payments: [{ method: 'cash', amount: '10.00' }] }
    const data = { id: uuidv7(), operations: [{ method: 'create', resource: 'invoices', data: sale }, brand()] }
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(data)))
    assert.deepEqual(answers.map(({ status }) => status).sort(), [...Array(7).fill(200), 201])
    for (const { body } of answers) assert.deepEqual(body, answers[0]!.body)
  })

  it('runs once more after it failed: nothing stayed of it, nor its id', async () => {
    const taken = brand()
    const data = { id: uuidv7(), operations: [taken, brand()] }
    const { body: rival } = await shop.call('POST', '/brands', taken.data, shop.admin)
    assert.equal((await send(data)).body.data.reason, 'duplicate')
    await shop.call('DELETE', `/brands/${rival.id}`, undefined, shop.admin)
    assert.equal((await send(data)).status, 201)
  })

  it('keeps no password', async () => {
    const { body: roles } = await shop.call('GET', '/roles?name=cashier', undefined, shop.admin)
    const user = { full_name: 'N', email: `n${++made}@shop.test`, username: `new_${made}`, role_id: roles.data[0].id }
    const operation = (password: string) => ({ method: 'create', resource: 'users', data: { ...user, password } })
    const data = { id: uuidv7(), operations: [operation(PASSWORD)] }
    assert.equal((await send(data)).status, 201)
    const kept = await shop.db.database.query<{ answer: Json[] }>('select answer from batches where id = $1', [data.id])
    assert.equal('password_hash' in kept[0]!.answer[0]!, false)
    // So two that differ in a password alone are the same: the first one's stays.
    assert.equal((await send({ ...data, operations: [operation('another pass phrase')] })).status, 200)
    await shop.signIn(user.username)
  })

  it('is answered with ids alone to one whose rights are others by now', async () => {
    const { body: roles } = await shop.call('GET', '/roles', undefined, shop.admin)
    const id = (name: string) => roles.data.find((role: Json) => role.name === name).id
    const { id: user, username } = await shop.user('employee')
    const goods = await stockedProduct(shop)
    const data = { id: uuidv7(), operations: [{ method: 'get', resource: 'products', id: goods.id }] }
    const first = await send(data, await shop.signIn(username))
    assert.equal(first.body.results[0].cost_price, '6.00')
    await shop.call('PATCH', `/users/${user}`, { role_id: id('cashier') }, shop.admin)
    const again = await send(data, await shop.signIn(username))
    assert.equal(again.status, 200)
    assert.deepEqual(again.body, { id: data.id, results: [{ id: goods.id }] })
  })

  it('finds a create that an earlier call made, and aborts for one of other content', async () => {
    const [one, other] = [brand({ id: uuidv7() }), brand({ id: uuidv7() })]
    await shop.call('POST', '/brands', one.data, shop.admin)
    const rows = await count('audit_logs')
    const { status, body } = await send({ operations: [one, other, other] })
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual(
      body.results.map((record: Json) => record.id),
      [one.data.id, other.data.id, other.data.id]
    )
    assert.equal(await count('audit_logs'), rows + 1)
    const conflict = await send({ operations: [brand(), brand({ id: one.data.id })] })
    assert.deepEqual([conflict.body.data.reason, conflict.body.data.index], ['id_conflict', 1])
  })

  it('is not disturbed by a single call with the id of one of its creates at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      const goods = await stockedProduct(shop, {}, 1)
      const sale = {
        id: uuidv7(),
        items: [{ product_id: goods.id, quantity: 1 }],
        payments: [{ method: 'cash', amount: '10.00' }]
      }
      const operations = [brand(), { method: 'create', resource: 'invoices', data: sale }]
      const [batch, single] = await Promise.all([
        send({ operations }),
        shop.call('POST', '/invoices', sale, shop.admin)
      ])
      assert.equal(batch.status, 201, JSON.stringify(batch.body))
      assert.ok(single.status < 300, JSON.stringify(single.body))
      assert.equal(batch.body.results[1].invoice_no, single.body.invoice_no)
    }
  })

  it('is forgotten after thirty days', async () => {
    const [old, recent] = [uuidv7(), uuidv7()]
    await send({ id: old, operations: [brand()] })
    await send({ id: recent, operations: [brand()] })
    await shop.db.database.query(`update batches set created_at = now() - interval '31 days' where id = $1`, [old])
    await shop.db.database.query('select regal_forget_batches()')
    const kept = await shop.db.database.query<{ id: string }>('select id from batches where id = any($1)', [
      [old, recent]
    ])
    assert.deepEqual(kept, [{ id: recent }])
  })
})

describe('The limits of batches', () => {
  it('count ten operations as one request', async () => {
    const shop = await openShop({ limits: { requests_per_minute_user: 10, batch_operations: 60 } })
    try {
      const { token } = await shop.user('admin')
      const send = (n: number) =>
        shop.call('POST', '/batch', { operations: Array.from({ length: n }, () => brand()) }, token)
      const left = async (n: number) => Number((await send(n)).headers.get('ratelimit-remaining'))
      assert.equal(await left(1), 9)
      assert.equal(await left(10), 8)
      assert.equal(await left(41), 3)
      const refused = await send(31)
      assert.equal(refused.status, 429)
      assert.equal((await shop.call('GET', '/brands', undefined, shop.admin)).body.total, 52)
    } finally {
      await shop.close()
    }
  })
})
