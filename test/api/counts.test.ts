import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertVerified, onHand, openBranch, receive } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Stock counts', () => {
  let shop: Shop
  let admin: Caller
  before(async () => {
    shop = await openShop()
    admin = await caller(shop, 'rest', shop.admin)
  })
  after(() => shop.close())

  const made = async (path: string, data: Json, as = admin): Promise<Json> => {
    const { status, body } = await as.create(path, data)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const refused = async (path: string, data: Json, status: number, reason: string, at?: string, as = admin) => {
    const { status: got, body } = await as.create(path, data)
    assert.deepEqual([got, body.data?.reason, at && body.errors?.[0].path], [status, reason, at], JSON.stringify(body))
    return body
  }
  const sell = (product_id: string, quantity: number) =>
    made('invoices', {
      items: [{ product_id, quantity, unit_price: '10.00' }],
      payments: [{ method: 'card', amount: `${quantity * 10}.00` }]
    })
  /** A branch of its own, with who works there. */
  const place = async (transport: 'rest' | 'websocket') => {
    const { branch, register } = await openBranch(shop)
    return { branch, register, clerk: await caller(shop, transport, (await shop.user('employee', branch)).token) }
  }

  for (const transport of transports)
    describe(`over ${transport}`, () => {
      it('book what was counted less what there was at that moment, whatever moved since', async () => {
        const clerk = await caller(shop, transport, (await shop.user('employee')).token)
        const [less, more, equal] = await Promise.all(
          [10, 10, 10].map((qty, i) => stockedProduct(shop, { barcode: `C${transport}${i}` }, qty))
        )
        const count = await made('stock-counts', { note: 'Shelf by shelf' }, clerk)
        assert.match(count.number, /^MAIN-SC\d{6}$/)
        assert.equal(count.status, 'open')
        const line = (given: Json) => made('stock-count-lines', { count_id: count.id, ...given }, clerk)
        assert.equal((await line({ product_id: less!.id, counted: 7 })).expected, 10)
        await sell(less!.id, 2)
        await line({ barcode: more!.barcode, counted: 3 })
        await receive(shop, more!.id, shop.branch, 5)
        // Counted again: the last line holds.
        assert.equal((await line({ sku: more!.sku, counted: 16.5, location: 'Shelf 2' })).expected, 15)
        await line({ product_id: equal!.id, counted: 10 })
        await sell(equal!.id, 1)

        const closing = await made('stock-count-closings', { count_id: count.id }, clerk)
        const told = new Map(closing.items.map((item: Json) => [item.product_id, item]))
        const of = ({ id }: Json) => told.get(id) as Json
        assert.deepEqual([of(less!).difference, of(more!).difference, of(equal!).difference], [-3, 1.5, 0])
        // -3 and 1.5 at 6.00
        assert.deepEqual([of(less!).value, of(more!).value, closing.value], ['-18.00', '9.00', '-9.00'])
        assert.deepEqual(await Promise.all([less, more, equal].map((one) => onHand(shop, one!.id))), [5, 16.5, 9])
        const { body } = await admin.find('stock-entries', { document_id: closing.id })
        assert.deepEqual(
          body.data.map(({ type, reason, ref }: Json) => [type, reason, ref]),
          Array(2).fill(['ADJUST', 'count', count.number])
        )
        assert.equal((await clerk.get('stock-counts', count.id)).body.status, 'closed')
        assert.deepEqual((await clerk.get('stock-count-closings', closing.id)).body, closing)
      })

      it('are one at a time per branch, and closed once', async () => {
        const { clerk, branch } = await place(transport)
        const opened = await Promise.all(Array.from({ length: 3 }, () => clerk.create('stock-counts', {})))
        assert.deepEqual(opened.map(({ status }) => status).sort(), [201, 409, 409])
        for (const { status, body } of opened) if (status === 409) assert.equal(body.data.reason, 'count_open')
        const { id: count_id } = opened.find(({ status }) => status === 201)!.body
        const { id: product_id } = await stockedProduct(shop, {}, 0)
        await made('stock-count-lines', { count_id, product_id, counted: 4 }, clerk)
        const closed = await Promise.all(
          Array.from({ length: 3 }, () => clerk.create('stock-count-closings', { count_id }))
        )
        assert.deepEqual(closed.map(({ status }) => status).sort(), [201, 409, 409])
        for (const { status, body } of closed) if (status === 409) assert.equal(body.data.reason, 'count_closed')
        assert.equal(await onHand(shop, product_id, branch), 4)
        await refused('stock-count-lines', { count_id, product_id, counted: 5 }, 409, 'count_closed', undefined, clerk)
        assert.match((await made('stock-counts', {}, clerk)).number, /-SC000002$/)
      })
    })

  it('take what an offline device counted earlier, at what there was then', async () => {
    const { branch, clerk } = await place('rest')
    const { id: product_id } = await stockedProduct(shop, {}, 0)
    await receive(shop, product_id, branch, 8)
    const moment = async () => {
      await new Promise((done) => setTimeout(done, 5))
      return new Date().toISOString()
    }
    const early = await moment()
    const count = await made('stock-counts', { cut_off: early }, clerk)
    const counted_at = await moment()
    await new Promise((done) => setTimeout(done, 5))
    await receive(shop, product_id, branch, 4)
    const line = { count_id: count.id, product_id, counted: 7, counted_at }
    assert.equal((await made('stock-count-lines', line, clerk)).expected, 8)
    await made('stock-count-closings', { count_id: count.id }, clerk)
    assert.equal(await onHand(shop, product_id, branch), 11)
  })

  it('are refused for what cannot be', async () => {
    const { branch, clerk } = await place('rest')
    const { id: product_id, sku } = await stockedProduct(shop, {}, 0)
    const later = new Date(Date.now() + 60_000).toISOString()
    const before = new Date(Date.now() - 60_000).toISOString()
    await refused('stock-counts', { branch_id: shop.branch }, 403, 'not_allowed', undefined, clerk)
    await refused('stock-counts', { cut_off: later }, 422, 'broken_rule', 'cut_off', clerk)
    const { id: count_id } = await made('stock-counts', {}, clerk)
    const line = { count_id, product_id, counted: 1 }
    const wrong: [Json, number, string, string][] = [
      [{ ...line, counted: -1 }, 400, 'invalid_data', 'counted'],
      [{ ...line, counted: 0.0001 }, 400, 'invalid_data', 'counted'],
      [{ ...line, counted_at: later }, 422, 'broken_rule', 'counted_at'],
      [{ ...line, counted_at: before }, 422, 'broken_rule', 'counted_at'],
      [{ ...line, sku }, 400, 'invalid_data', 'product_id'],
      [{ count_id, counted: 1 }, 400, 'invalid_data', 'product_id'],
      [{ count_id, counted: 1, sku: 'no such' }, 422, 'unknown_product', 'sku'],
      [{ ...line, count_id: uuidv7() }, 422, 'unknown_reference', 'count_id']
    ]
    for (const [data, ...outcome] of wrong) await refused('stock-count-lines', data, ...outcome, clerk)
    const stranger = await caller(shop, 'rest', (await shop.user('employee')).token)
    await refused('stock-count-lines', line, 422, 'unknown_reference', 'count_id', stranger)
    await refused('stock-count-closings', { count_id }, 422, 'unknown_reference', 'count_id', stranger)
    const till = await caller(shop, 'rest', (await shop.user('cashier', branch)).token)
    for (const path of ['stock-counts', 'stock-count-lines', 'stock-count-closings'])
      assert.equal((await till.find(path)).status, 403)
  })

  it('go wrong aloud when more was sold since than was counted', async () => {
    const { id: product_id } = await stockedProduct(shop, {}, 5)
    const { id: count_id } = await made('stock-counts', {})
    await made('stock-count-lines', { count_id, product_id, counted: 2 })
    await sell(product_id, 3)
    await refused('stock-count-closings', { count_id }, 409, 'insufficient_stock')
    await made('stock-count-lines', { count_id, product_id, counted: 2 })
    await made('stock-count-closings', { count_id })
    assert.equal(await onHand(shop, product_id), 2)
  })

  it('respect sales and deliveries made while they go on', async () => {
    const { id: product_id } = await stockedProduct(shop, {}, 100)
    const { id: count_id } = await made('stock-counts', {})
    const work = Array.from({ length: 15 }, (_, i) =>
      i % 5 === 4 ? made('stock-count-lines', { count_id, product_id, counted: 100 }) : sell(product_id, 1)
    )
    await Promise.all(work)
    const [closing] = await Promise.all([
      made('stock-count-closings', { count_id }),
      ...Array.from({ length: 5 }, () => sell(product_id, 1))
    ])
    const [{ expected, difference }] = closing.items
    assert.equal(difference, 100 - expected)
    assert.equal(await onHand(shop, product_id), 100 - 12 - 5 + difference)
  })

  it('are told of', async () => {
    const { branch, clerk } = await place('rest')
    const { id: product_id } = await stockedProduct(shop, {}, 0)
    const socket = await shop.socket((await shop.user('employee', branch)).token)
    const created = nextEvent(socket, 'stock-counts created')
    const count = await made('stock-counts', {}, clerk)
    assert.deepEqual(await created, count)
    const heard = [
      'stock-count-lines created',
      'stock-count-closings created',
      'stock-counts patched',
      'stock-levels patched'
    ].map((name) => nextEvent(socket, name))
    await made('stock-count-lines', { count_id: count.id, product_id, counted: 3 }, clerk)
    await made('stock-count-closings', { count_id: count.id }, clerk)
    const [line, closing, patched, level] = await Promise.all(heard)
    assert.deepEqual([line!.counted, closing!.items.length, patched!.status, level!.on_hand], [3, 1, 'closed', 3])
  })

  it('leave books that agree', async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })
})
