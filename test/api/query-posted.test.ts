import assert from 'node:assert/strict'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('A posted query', () => {
  let shop: Shop
  let cashier: string
  const post = (body?: unknown, path = '/products/query', as: string | undefined = shop.admin) =>
    shop.call('POST', path, body, as)

  before(async () => {
    shop = await openShop()
    cashier = (await shop.user('cashier')).token
    for (const name of ['Ant', 'Bee', 'Cow']) await stockedProduct(shop, { name, is_active: name !== 'Bee' }, 0)
  })
  after(() => shop.close())

  it('is the list of the same query, with the types of JSON', async () => {
    const whole = await shop.call('GET', '/products', undefined, shop.admin)
    for (const body of [undefined, {}])
      for (const path of ['/products/query', '/products/query/']) {
        const answer = await post(body, path)
        assert.equal(answer.status, 200)
        assert.deepEqual(answer.body, whole.body)
      }
    const names = async (query: Json) => (await post(query)).body.data.map(({ name }: Json) => name)
    assert.deepEqual(await names({ is_active: false }), ['Bee'])
    assert.deepEqual(await names({ barcode: null, $sort: { name: -1 }, $limit: 2 }), ['Cow', 'Bee'])
    assert.deepEqual(await names({ name: { $in: [] } }), [])
    for (const wrong of [{ is_active: 'false' }, { $limit: '1' }, { limited_qty: '1' }, { name: 1 }])
      assert.equal((await post(wrong)).status, 400, JSON.stringify(wrong))
  })

  it('takes what does not fit an address', async () => {
    const { data } = (await post({})).body
    const ids = [...Array.from({ length: 497 }, (_, i) => data[0].id.replace(/.{12}$/, String(i).padStart(12, '0')))]
    const query = { id: { $in: [...ids, ...data.map(({ id }: Json) => id)] } }
    assert.equal((await post(query)).body.total, 3)
    const address = new URLSearchParams(query.id.$in.map((id): [string, string] => ['id[$in]', id])).toString()
    assert.ok((await shop.call('GET', `/products?${address}`, undefined, shop.admin)).status >= 400)
  })

  it('creates nothing, whatever the header says, and answers 200', async () => {
    const count = async () => (await post({ $limit: 0 })).body.total
    const before = await count()
    const headers = { 'idempotency-key': 'a-key-of-a-client' }
    const { status } = await shop.call('POST', '/products/query', { name: 'Ant' }, shop.admin, headers)
    assert.equal(status, 200)
    assert.equal(await count(), before)
  })

  it('is under the rules of the list', async () => {
    assert.equal((await post({}, '/products/query', undefined as never)).status, 200)
    assert.equal((await shop.call('POST', '/products/query', {})).status, 401)
    assert.equal((await post({}, '/users/query', cashier)).status, 403)
    const { body } = await post({}, '/products/query', cashier)
    assert.ok(body.data.length && body.data.every((record: Json) => !('cost_price' in record)))
    assert.equal((await post({ cost_price: '1' }, '/products/query', cashier)).status, 400)
  })

  it('is refused as anything but one object of JSON', async () => {
    for (const body of ['[]', '"x"', '1', 'false', '[{"name":"Ant"}]', '{"$where":"1"}', '{"name":{"$regex":"x"}}'])
      assert.equal((await post(body)).status, 400, body)
    assert.equal((await post('{"name":')).body.data.reason, 'invalid_json')
    assert.equal((await post('{"__proto__":{"name":"Ant"}}')).status, 400)
    assert.equal((await post('{"name":{"constructor":1}}')).status, 400)
    assert.equal((await post({ name: 'a\u0000' })).status, 400)
    let deep: Json = { name: 'Ant' }
    for (let i = 0; i < 40; i++) deep = { $and: [deep] }
    assert.equal((await post(deep)).status, 400)
    assert.equal((await post({}, '/products/query?$limit=1')).status, 400, 'not two queries')
    const typed = { 'content-type': 'text/plain' }
    assert.equal((await shop.call('POST', '/products/query', '{}', shop.admin, typed)).status, 415)
  })

  it('is there for lists alone', async () => {
    for (const path of ['/nope/query', '/auth/me/query', '/query', '/products/query/query'])
      assert.ok([404, 405].includes((await post({}, path)).status), path)
    for (const method of ['GET', 'PATCH', 'DELETE'])
      assert.equal((await shop.call(method, '/products/query', undefined, shop.admin)).status, 400, method)
  })
})
