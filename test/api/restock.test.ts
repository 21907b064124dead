import assert from 'node:assert/strict'
import type { Socket } from 'socket.io-client'
import { assertBooks, assertNoCost, assertVerified, openBranch, receive } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { emit, type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Restocking', () => {
  let shop: Shop
  let admin: Caller
  let warehouse: string
  before(async () => {
    shop = await openShop()
    admin = await caller(shop, 'rest', shop.admin)
    warehouse = (await openBranch(shop, { is_warehouse: true })).branch
  })
  after(() => shop.close())

  const made = async (path: string, data: Json): Promise<Json> => {
    const { status, body } = await admin.create(path, data)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const sell = (product_id: string, quantity: number) =>
    made('invoices', {
      items: [{ product_id, quantity }],
      payments: [{ method: 'card', amount: `${quantity * 10}.00` }]
    })
  const rows = async (path: string, product_id: string, as = admin): Promise<Json[]> =>
    (await as.find(path, { product_id })).body.data

  for (const transport of transports)
    describe(`over ${transport}`, () => {
      it('lists what is below its limit, what the warehouse covers, and what must be bought', async () => {
        const { branch: other } = await openBranch(shop)
        const product = await stockedProduct(shop, { limited_qty: 10 }, 4)
        await receive(shop, product.id, other, 9.5)
        await receive(shop, product.id, warehouse, 3)
        const reader = await caller(shop, transport, shop.admin)
        const lines = await rows('restock-levels', product.id, reader)
        const figures = (line: Json) => [
          line.branch_id,
          line.on_hand,
          line.deficit,
          line.warehouse_on_hand,
          line.coverable
        ]
        assert.deepEqual(lines.map(figures), [
          [shop.branch, 4, 6, 3, 3],
          [other, 9.5, 0.5, 3, 0.5]
        ])
        const [buy] = await rows('urgent-buys', product.id, reader)
        assert.deepEqual([buy!.deficit, buy!.warehouse_on_hand, buy!.to_buy], [6.5, 3, 3.5])
        assert.deepEqual((await reader.get('restock-levels', lines[0]!.id)).body, lines[0])
        assert.deepEqual((await reader.get('urgent-buys', product.id)).body, buy)

        const clerk = await caller(shop, transport, (await shop.user('employee', other)).token)
        assert.deepEqual((await rows('restock-levels', product.id, clerk)).map(figures), [[other, 9.5, 0.5, 3, 0.5]])
        assert.equal((await clerk.get('restock-levels', lines[0]!.id)).status, 404)
        const till = await caller(shop, transport, (await shop.user('cashier')).token)
        for (const path of ['restock-levels', 'urgent-buys']) assert.equal((await till.find(path)).status, 403)

        await receive(shop, product.id, warehouse, 3.5)
        assert.deepEqual(await rows('urgent-buys', product.id, reader), [])
      })
    })

  it('knows nothing of what has no limit, is at it, was given up, or was never in the branch', async () => {
    const none = await stockedProduct(shop, {}, 0)
    await receive(shop, none.id, shop.branch, 1)
    const at = await stockedProduct(shop, { limited_qty: 5 }, 5)
    const never = await stockedProduct(shop, { limited_qty: 5 }, 0)
    const gone = await stockedProduct(shop, { limited_qty: 5 }, 1)
    await admin.patch('products', gone.id, { is_active: false })
    for (const { id } of [none, at, never, gone])
      for (const path of ['restock-levels', 'urgent-buys']) assert.deepEqual(await rows(path, id), [], path)
    await sell(at.id, 5)
    assert.deepEqual(
      (await rows('restock-levels', at.id)).map(({ deficit, warehouse_on_hand, coverable }) => [
        deficit,
        warehouse_on_hand,
        coverable
      ]),
      [[5, 0, 0]]
    )
  })

  it('is sorted, filtered and joined like every list', async () => {
    const { id: vendor_id } = await made('vendors', { name: 'Harbour', contacts: { phone: '12345' } })
    const products = [
      await stockedProduct(shop, { limited_qty: 20, vendor_id }, 4),
      await stockedProduct(shop, { limited_qty: 30, vendor_id }, 4)
    ]
    const query = `product.vendor_id=${vendor_id}&$include[]=product&deficit[$gt]=1`
    const { body } = await shop.call('GET', `/restock-levels?${query}`, undefined, shop.admin)
    assert.deepEqual(
      body.data.map((line: Json) => [line.product.sku, line.deficit]),
      [
        [products[1]!.sku, 26],
        [products[0]!.sku, 16]
      ]
    )
  })

  describe('tells who reads levels of a branch that one fell below its limit', () => {
    /** What a socket hears of `low` while work is done. */
    const heard = async (socket: Socket, work: () => Promise<unknown>): Promise<Json[]> => {
      const events: Json[] = []
      const note = (record: Json) => void events.push(record)
      socket.on('stock-levels low', note)
      await work()
      await emit(socket, 'find', 'branches', {})
      socket.off('stock-levels low', note)
      return events
    }

    it('once per crossing, by any movement', async () => {
      const { id: product_id } = await stockedProduct(shop, { limited_qty: 10 }, 12)
      const { id: vendor_id } = await made('vendors', { name: 'Harbour 2', contacts: { phone: '12345' } })
      const socket = await shop.socket((await shop.user('employee')).token)
      const back = () => receive(shop, product_id, shop.branch, 10)
      const movements: (() => Promise<unknown>)[] = [
        () => sell(product_id, 3),
        () =>
          made('stock-entries', { product_id, branch_id: shop.branch, type: 'ADJUST', qty: -10, reason: 'Damaged' }),
        () => made('stock-returns', { vendor_id, items: [{ product_id, quantity: 10 }] }),
        () =>
          made('stock-transfers', {
            from_branch_id: shop.branch,
            to_branch_id: warehouse,
            items: [{ product_id, quantity: 10 }]
          }),
        async () => {
          const { id: count_id } = await made('stock-counts', {})
          await made('stock-count-lines', { count_id, product_id, counted: 9 })
          await made('stock-count-closings', { count_id })
        }
      ]
      for (const move of movements) {
        const events = await heard(socket, move)
        assert.deepEqual(
          events.map((level) => [level.product_id, level.on_hand < 10]),
          [[product_id, true]],
          move.toString()
        )
        // It is below already: nothing is crossed until it was above again.
        assert.deepEqual(await heard(socket, () => sell(product_id, 1)), [])
        assert.deepEqual(await heard(socket, back), [])
      }
    })

    it('to the branch alone, to a till without the cost, after the commit', async () => {
      const { id: product_id } = await stockedProduct(shop, { limited_qty: 10 }, 10)
      const { branch: other } = await openBranch(shop)
      const [till, stranger] = await Promise.all([
        shop.socket((await shop.user('cashier')).token),
        shop.socket((await shop.user('employee', other)).token)
      ])
      const told = nextEvent(till, 'stock-levels low')
      const elsewhere = await heard(stranger, () => sell(product_id, 1))
      assert.deepEqual(elsewhere, [])
      assertNoCost(await told)
      assert.equal((await told).on_hand, 9)
      const { id: once } = await stockedProduct(shop, { limited_qty: 10 }, 10)
      const refused = await heard(till, () =>
        admin.create('invoices', { items: [{ product_id: once, quantity: 11 }], payments: [] })
      )
      assert.deepEqual(refused, [])
    })
  })

  it('leaves books that agree', async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })
})
