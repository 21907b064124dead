import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertVerified, onHand, openBranch, receive } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Transfers between branches', () => {
  let shop: Shop
  let admin: Caller
  let warehouse: string
  before(async () => {
    shop = await openShop()
    admin = await caller(shop, 'rest', shop.admin)
    warehouse = (await openBranch(shop, { is_warehouse: true })).branch
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
  /** Goods at the warehouse. */
  const stored = async (qty: number, cost = '6.00') => {
    const product = await stockedProduct(shop, {}, 0)
    await receive(shop, product.id, warehouse, qty, cost)
    return product
  }
  const average = async (product_id: string, branch_id: string) =>
    (await admin.find('stock-levels', { product_id, branch_id })).body.data[0]?.average_cost
  const send = (items: Json[], as = admin, to_branch_id = shop.branch) =>
    made('stock-transfers', { from_branch_id: warehouse, to_branch_id, items }, as)

  for (const transport of transports)
    describe(`over ${transport}`, () => {
      let store: Caller
      let till: Caller
      before(async () => {
        store = await caller(shop, transport, (await shop.user('employee', warehouse)).token)
        till = await caller(shop, transport, (await shop.user('employee')).token)
      })

      it('leave the one branch, are under way, and arrive in the other at the cost they left with', async () => {
        const product = await stored(10, '4.00')
        await receive(shop, product.id, shop.branch, 6, '7.00')
        const transfer = await made(
          'stock-transfers',
          { to_branch_id: shop.branch, note: 'Van', items: [{ sku: product.sku, quantity: 3, batch: 'B7' }] },
          store
        )
        assert.match(transfer.number, /-TR\d{6}$/)
        assert.deepEqual([transfer.status, transfer.from_branch_id], ['sent', warehouse])
        assert.equal(transfer.items[0].unit_cost, '4.0000')
        assert.deepEqual([await onHand(shop, product.id, warehouse), await onHand(shop, product.id)], [7, 6])
        assert.deepEqual((await till.get('stock-transfers', transfer.id)).body, transfer)

        const receipt = await made('stock-transfer-receipts', { transfer_id: transfer.id }, till)
        assert.deepEqual(
          receipt.items.map(({ sent, quantity, difference }: Json) => [sent, quantity, difference]),
          [[3, 3, 0]]
        )
        assert.deepEqual([await onHand(shop, product.id, warehouse), await onHand(shop, product.id)], [7, 9])
        // (6 x 7.00 + 3 x 4.00) / 9
        assert.equal(await average(product.id, shop.branch), '6.0000')
        const { body } = await store.get('stock-transfers', transfer.id)
        assert.deepEqual([body.status, body.version], ['received', 2])
        const { body: entries } = await admin.find('stock-entries', { document_id: receipt.id })
        assert.deepEqual(
          entries.data.map(({ qty, type, reason, ref, batch }: Json) => [qty, type, reason, ref, batch]),
          [[3, 'IN', 'transfer', transfer.number, 'B7']]
        )
      })

      it('name what was lost or found on the way', async () => {
        const [a, b, c] = [await stored(10, '4.00'), await stored(10), await stored(10)]
        const transfer = await send(
          [
            { product_id: a.id, quantity: 5 },
            { product_id: b.id, quantity: 2 },
            { product_id: c.id, quantity: 1 }
          ],
          store
        )
        const came = [3.5, 0, 2]
        const items = transfer.items.map(({ id }: Json, i: number) => ({ item_id: id, quantity: came[i] }))
        const receipt = await made('stock-transfer-receipts', { transfer_id: transfer.id, items, note: 'Torn' }, till)
        assert.deepEqual(
          receipt.items.map(({ difference }: Json) => difference),
          [-1.5, -2, 1]
        )
        assert.deepEqual(await Promise.all([a, b, c].map(({ id }) => onHand(shop, id))), came)
        assert.equal(await average(a.id, shop.branch), '4.0000')
        const { body } = await admin.find('stock-entries', { document_id: receipt.id, type: 'ADJUST' })
        assert.deepEqual(body.data.map(({ reason, qty }: Json) => `${reason} ${qty}`).sort(), [
          'found in transit 1',
          'lost in transit -1.5',
          'lost in transit -2'
        ])
        assert.deepEqual((await store.get('stock-transfer-receipts', receipt.id)).body, receipt)
      })

      it('arrive once', async () => {
        const product = await stored(4)
        const transfer = await send([{ product_id: product.id, quantity: 4 }], store)
        const tries = await Promise.all(
          Array.from({ length: 4 }, () => till.create('stock-transfer-receipts', { transfer_id: transfer.id }))
        )
        assert.deepEqual(tries.map(({ status }) => status).sort(), [201, 409, 409, 409])
        for (const { status, body } of tries) if (status === 409) assert.equal(body.data.reason, 'transfer_received')
        assert.equal(await onHand(shop, product.id), 4)
      })

      it('are sent from the own branch and received at the own one', async () => {
        const product = await stored(4)
        const items = [{ product_id: product.id, quantity: 1 }]
        const there = { from_branch_id: warehouse, to_branch_id: shop.branch, items }
        await refused('stock-transfers', there, 403, 'not_allowed', undefined, till)
        const transfer = await send(items, store)
        await refused('stock-transfer-receipts', { transfer_id: transfer.id }, 403, 'not_allowed', undefined, store)
        const { branch } = await openBranch(shop)
        const stranger = await caller(shop, transport, (await shop.user('employee', branch)).token)
        const hidden = { transfer_id: transfer.id }
        await refused('stock-transfer-receipts', hidden, 422, 'unknown_reference', 'transfer_id', stranger)
        assert.equal((await stranger.get('stock-transfers', transfer.id)).status, 404)
        const cashier = await caller(shop, transport, (await shop.user('cashier')).token)
        await refused('stock-transfer-receipts', hidden, 403, 'not_allowed', undefined, cashier)
        await made('stock-transfer-receipts', hidden, till)
      })
    })

  it('are refused for what cannot be', async () => {
    const product = await stored(4)
    const items = [{ product_id: product.id, quantity: 1 }]
    const there = { from_branch_id: warehouse, to_branch_id: shop.branch, items }
    await refused('stock-transfers', { ...there, to_branch_id: warehouse }, 422, 'broken_rule', 'to_branch_id')
    await refused('stock-transfers', { ...there, to_branch_id: uuidv7() }, 422, 'unknown_reference', 'to_branch_id')
    const { branch: closed } = await openBranch(shop, { is_active: false })
    await refused('stock-transfers', { ...there, to_branch_id: closed }, 422, 'inactive', 'to_branch_id')
    const local = await stockedProduct(shop, { branch_id: shop.branch }, 1)
    const back = {
      from_branch_id: shop.branch,
      to_branch_id: warehouse,
      items: [{ product_id: local.id, quantity: 1 }]
    }
    await refused('stock-transfers', back, 422, 'unknown_product', 'items.0.product_id')
    const more = await refused(
      'stock-transfers',
      { ...there, items: [...items, { ...items[0], quantity: 3.5 }] },
      409,
      'insufficient_stock'
    )
    assert.deepEqual([more.data.lines[0].requested, more.data.lines[0].available], [4.5, 4])
    assert.equal(await onHand(shop, product.id, warehouse), 4)

    const {
      id: transfer_id,
      items: [line]
    } = await send(items)
    const arrival = (...given: Json[]) => ({ transfer_id, items: given })
    const whole = { item_id: line.id, quantity: 1 }
    await refused('stock-transfer-receipts', arrival(whole, whole), 422, 'unknown_reference', 'items.1.item_id')
    await refused(
      'stock-transfer-receipts',
      arrival({ ...whole, item_id: uuidv7() }),
      422,
      'unknown_reference',
      'items.0.item_id'
    )
    await refused(
      'stock-transfer-receipts',
      arrival({ ...whole, quantity: -1 }),
      400,
      'invalid_data',
      'items.0.quantity'
    )
    await refused(
      'stock-transfer-receipts',
      arrival({ ...whole, quantity: 0.0001 }),
      422,
      'invalid_quantity',
      'items.0.quantity'
    )
    const two = await send([...items, { ...items[0] }])
    const one = { transfer_id: two.id, items: [{ item_id: two.items[0].id, quantity: 1 }] }
    await refused('stock-transfer-receipts', one, 422, 'broken_rule', 'items')
    assert.equal(await onHand(shop, product.id), undefined)
  })

  it('are told of at both branches', async () => {
    const product = await stored(2)
    const [there, here] = await Promise.all(
      [warehouse, shop.branch].map(async (branch) => shop.socket((await shop.user('employee', branch)).token))
    )
    const sent = [there, here].map((socket) => nextEvent(socket!, 'stock-transfers created'))
    const transfer = await send([{ product_id: product.id, quantity: 2 }])
    for (const record of await Promise.all(sent)) assert.deepEqual(record, transfer)
    const events = ['stock-transfer-receipts created', 'stock-transfers patched', 'stock-levels patched']
    const heard = events.map((name) => nextEvent(here!, name))
    const sender = nextEvent(there!, 'stock-transfers patched')
    await made('stock-transfer-receipts', { transfer_id: transfer.id })
    const [, patched, level] = await Promise.all(heard)
    assert.deepEqual([patched!.status, patched!.items, (await sender).status], ['received', transfer.items, 'received'])
    assert.deepEqual([level!.branch_id, level!.on_hand], [shop.branch, 2])
  })

  it('go both ways at once, sent and received, in no circle', async () => {
    const products = await Promise.all(
      Array.from({ length: 5 }, async () => {
        const product = await stockedProduct(shop, {}, 40)
        await receive(shop, product.id, warehouse, 40)
        return product.id as string
      })
    )
    const way = async (i: number) => {
      const ids = i % 2 ? products : products.toReversed()
      const ends = i % 3 ? [warehouse, shop.branch] : [shop.branch, warehouse]
      const items = ids.map((product_id) => ({ product_id, quantity: 1 }))
      const { id } = await made('stock-transfers', { from_branch_id: ends[0], to_branch_id: ends[1], items })
      return made('stock-transfer-receipts', { transfer_id: id })
    }
    await Promise.all(Array.from({ length: 12 }, (_, i) => way(i)))
    for (const id of products) assert.deepEqual([await onHand(shop, id), await onHand(shop, id, warehouse)], [44, 36])
  })

  it('leave books that agree', async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })
})
