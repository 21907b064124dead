import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { resourceNamed } from '../../src/schemas/index.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { upload, webp } from '../support/images.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'

describe('Pictures of the lines of orders and quotations', () => {
  let shop: Shop
  let samples: Samples
  let ways: Caller[]
  let till: Caller
  let category_id: string
  let customer: Json
  let pictures: string[]
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    ways = await Promise.all(transports.map((way) => caller(shop, way, shop.admin)))
    till = await caller(shop, transports[0]!, (await shop.user('cashier')).token)
    const service = await samples.create(resourceNamed('products'), { kind: 'service' })
    const options = await samples.create(resourceNamed('order-options'), { product_id: service.id })
    category_id = options.category_id
    customer = await samples.create(resourceNamed('customers'))
    pictures = await Promise.all(Array.from({ length: 4 }, async () => (await samples.uploaded()).id))
  })
  after(() => shop.close())

  const line = (images?: unknown): Json => ({
    category_id,
    options: { Neck: 'Polo' },
    quantity: 2,
    price: '10.00',
    ...(images !== undefined && { images })
  })
  const order = (...lines: Json[]): Json => ({ customer_id: customer.id, items: lines })
  const quotation = (...lines: Json[]): Json => ({ ...order(...lines), valid_until: '2099-12-31' })
  const imagesOf = ({ items }: Json) => items.map(({ images }: Json) => images)
  const make = async (way: Caller, path: string, data: Json): Promise<Json> => {
    const { status, body } = await way.create(path, data)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const remove = async (id: string) => {
    const { status, body } = await shop.call('DELETE', `/files/${id}`, undefined, shop.admin)
    return [status, body.data?.reason]
  }

  it('are kept in their order, up to three a line, by whoever takes the order', async () => {
    const [a, b, c] = pictures as [string, string, string]
    for (const way of [...ways, till])
      for (const [path, data] of [
        ['custom-orders', order(line([c, a, b]), line(), line([a.toUpperCase()]))],
        ['quotations', quotation(line([c, a, b]), line(), line([a]))]
      ] as const) {
        if (way === till && path === 'quotations') continue
        const made = await make(way, path, data)
        assert.deepEqual(imagesOf(made), [[c, a, b], [], [a]])
        assert.deepEqual(imagesOf((await way.get(path, made.id)).body), [[c, a, b], [], [a]])
      }
    const { body } = await till.get('custom-orders', (await make(till, 'custom-orders', order(line([b])))).id)
    assert.deepEqual(imagesOf(body), [[b]])
    const lines = await shop.call('GET', `/custom-order-items?order_id=${body.id}`, undefined, shop.admin)
    assert.deepEqual(lines.body.data[0].images, [b])
  })

  it('must be there, be seen by who names them, and be no more than three', async () => {
    const [a, b, c, d] = pictures as [string, string, string, string]
    const branch = await samples.create(resourceNamed('branches'))
    const theirs = await upload(shop, webp(), { query: `branch_id=${branch.id}` })
    const refused = async (way: Caller, images: unknown) => {
      const { status, body } = await way.create('custom-orders', order(line(), line(images)))
      return [status, body.data?.reason, body.errors?.[0].path]
    }
    const unknown = [422, 'unknown_reference', 'items.1.images.1']
    assert.deepEqual(await refused(till, [a, uuidv7()]), unknown)
    assert.deepEqual(await refused(till, [a, theirs.body.id]), unknown)
    assert.deepEqual(await refused(till, [a, category_id]), unknown)
    assert.equal((await ways[0]!.create('custom-orders', order(line([theirs.body.id])))).status, 201)
    for (const images of [[a, b, c, d], [a, a], ['../x.png'], a, [null], [{ id: a }]])
      assert.deepEqual((await refused(till, images)).slice(0, 2), [400, 'invalid_data'], JSON.stringify(images))
  })

  it('follow the lines through a change, a quotation into its order, and an order to its end', async () => {
    const [a, b] = pictures as [string, string]
    const [rest] = ways as [Caller]
    const quoted = await make(rest, 'quotations', quotation(line([a]), line([b, a])))
    for (const status of ['sent', 'approved'])
      assert.equal((await rest.patch('quotations', quoted.id, { status })).status, 200)
    const made = await make(rest, 'custom-orders', { customer_id: customer.id, quotation_id: quoted.id })
    assert.deepEqual(imagesOf(made), [[a], [b, a]])
    // Priced anew, the lines are written anew.
    const dearer = await rest.patch('custom-orders', made.id, { rush_surcharge: '1.00' })
    assert.deepEqual(imagesOf(dearer.body), [[a], [b, a]])
    const changed = await rest.patch('custom-orders', made.id, { items: [line([b]), line()] })
    assert.deepEqual(imagesOf(changed.body), [[b], []])
    const unknown = await rest.patch('custom-orders', made.id, { items: [line([uuidv7()])] })
    assert.deepEqual([unknown.status, unknown.body.errors[0].path], [422, 'items.0.images.0'])
    for (const status of ['in_progress', 'completed']) await rest.patch('custom-orders', made.id, { status })
    await make(rest, 'order-closings', {
      order_id: made.id,
      outcome: 'delivered',
      payments: [{ method: 'cash' }]
    })
    assert.deepEqual(imagesOf((await rest.get('custom-orders', made.id)).body), [[b], []])
  })

  it('cannot be removed while a line has them', async () => {
    const [rest] = ways as [Caller]
    const { id } = await samples.uploaded()
    const made = await make(rest, 'custom-orders', order(line([id])))
    const quoted = await make(rest, 'quotations', quotation(line([id])))
    assert.deepEqual(await remove(id), [409, 'in_use'])
    await rest.patch('custom-orders', made.id, { items: [line()] })
    assert.deepEqual(await remove(id), [409, 'in_use'])
    await rest.patch('quotations', quoted.id, { items: [line()] })
    assert.deepEqual(await remove(id), [200, undefined])
    const late = await rest.create('custom-orders', order(line([id])))
    assert.deepEqual([late.status, late.body.data.reason], [422, 'unknown_reference'])
  })

  it('are either removed or taken by an order that comes at once, and never both', async () => {
    const [rest] = ways as [Caller]
    for (let i = 0; i < 8; i++) {
      const { id } = await samples.uploaded()
      const [taken, [removed]] = await Promise.all([rest.create('custom-orders', order(line([id]))), remove(id)])
      assert.deepEqual([taken.status, removed], taken.status === 201 ? [201, 409] : [422, 200])
      if (taken.status === 201) assert.deepEqual(imagesOf(taken.body), [[id]])
      else assert.equal(taken.body.data.reason, 'unknown_reference')
    }
  })

  it('leave nothing of a dry run, and are part of what makes two orders one', async () => {
    const [rest] = ways as [Caller]
    const [a, b] = pictures as [string, string]
    const data = { id: uuidv7(), ...order(line([a, b])) }
    const dry = await shop.call('POST', '/custom-orders?$dry_run=true', data, shop.admin)
    assert.deepEqual([dry.status, imagesOf(dry.body.result)], [201, [[a, b]]])
    assert.equal((await rest.get('custom-orders', data.id)).status, 404)
    const made = await make(rest, 'custom-orders', data)
    const again = await rest.create('custom-orders', data)
    assert.deepEqual([again.status, again.body], [200, made])
    const other = await rest.create('custom-orders', { ...data, ...order(line([b, a])) })
    assert.deepEqual([other.status, other.body.data.reason], [409, 'id_conflict'])
  })
})
