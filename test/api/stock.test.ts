import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertNoCost, onHand, openBranch, receive } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const faults: { name: string; entry: Json; status: number; reason: string; path: string }[] = [
  ...[
    { name: 'IN below 0', entry: { type: 'IN', qty: -1 } },
    { name: 'OUT above 0', entry: { type: 'OUT', qty: 1 } },
    ...['IN', 'OUT', 'ADJUST'].map((type) => ({ name: `${type} of 0`, entry: { type, qty: 0, reason: 'count' } }))
  ].map((fault) => ({ ...fault, status: 422, reason: 'invalid_quantity', path: 'qty' })),
  {
    name: 'ADJUST without a reason',
    entry: { type: 'ADJUST', qty: 1 },
    status: 422,
    reason: 'broken_rule',
    path: 'reason'
  },
  ...[
    { entry: { type: 'IN', qty: '1' }, path: 'qty' },
    { entry: { type: 'IN', qty: 0.0005 }, path: 'qty' },
    { entry: { type: 'IN', qty: 1e9 }, path: 'qty' },
    { entry: { type: 'IN' }, path: 'qty' },
    { entry: { type: 'MOVE', qty: 1 }, path: 'type' },
    { entry: { type: 'IN', qty: 1, unit_cost: '-1' }, path: 'unit_cost' },
    { entry: { type: 'IN', qty: 1, unit_cost: '1.00001' }, path: 'unit_cost' },
    { entry: { type: 'IN', qty: 1, balance_after: 5 }, path: 'balance_after' },
    { entry: { type: 'IN', qty: 1, document_id: uuidv7() }, path: 'document_id' },
    { entry: { type: 'IN', qty: 1, expiry: '2026-02-30' }, path: 'expiry' }
  ].map((fault) => ({ ...fault, name: JSON.stringify(fault.entry), status: 400, reason: 'invalid_data' })),
  ...['product_id', 'branch_id', 'vendor_id'].map((path) => ({
    name: `an unknown ${path}`,
    entry: { type: 'IN', qty: 1, [path]: uuidv7() },
    status: 422,
    reason: 'unknown_reference',
    path
  }))
]

describe('Stock', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const levelOf = async (product_id: string, branch_id = shop.branch): Promise<Json> =>
    (await shop.call('GET', `/stock-levels?product_id=${product_id}&branch_id=${branch_id}`, undefined, shop.admin))
      .body.data[0]

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      let admin: Caller
      before(async () => {
        admin = await caller(shop, transport, shop.admin)
      })

      it('moves by entries that each tell the balance after it', async () => {
        const { id: product_id } = await stockedProduct(shop, {}, 0)
        const moves = [
          { type: 'IN', qty: 10, unit_cost: '2' },
          { type: 'OUT', qty: -2.5, reason: 'damage' },
          { type: 'ADJUST', qty: 0.125, reason: 'count' },
          { type: 'ADJUST', qty: -1, reason: 'count' }
        ]
        const balances: number[] = []
        for (const move of moves) {
          const { status, body } = await admin.create('stock-entries', { product_id, branch_id: shop.branch, ...move })
          assert.equal(status, 201, JSON.stringify(body))
          assert.equal(body.qty, move.qty)
          balances.push(body.balance_after)
        }
        assert.deepEqual(balances, [10, 7.5, 7.625, 6.625])
        assert.equal(await onHand(shop, product_id), 6.625)
        assert.equal((await admin.get('products', product_id)).body.stock_level, 6.625)
      })

      it('belongs to the first branch where none is named', async () => {
        const { id: product_id } = await stockedProduct(shop, {}, 0)
        const { body } = await admin.create('stock-entries', { product_id, type: 'IN', qty: 1 })
        assert.equal(body.branch_id, shop.branch)
      })

      it('keeps a moving average of what it cost', async () => {
        const { id: product_id } = await stockedProduct(shop, {}, 0)
        const move = async (entry: Json) => {
          const { status, body } = await admin.create('stock-entries', { product_id, branch_id: shop.branch, ...entry })
          assert.equal(status, 201, JSON.stringify(body))
          return [(await levelOf(product_id)).average_cost, body.unit_cost]
        }
        assert.deepEqual(await move({ type: 'IN', qty: 10, unit_cost: '2.00' }), ['2.0000', '2.0000'])
        assert.deepEqual(await move({ type: 'IN', qty: 5, unit_cost: '3.50' }), ['2.5000', '3.5000'])
        // What leaves is valued at the average and leaves it; what comes without a cost does too.
        assert.deepEqual(await move({ type: 'OUT', qty: -5 }), ['2.5000', '2.5000'])
        assert.deepEqual(await move({ type: 'ADJUST', qty: 2, reason: 'found' }), ['2.5000', null])
        assert.deepEqual(await move({ type: 'IN', qty: 3, unit_cost: '1' }), ['2.2000', '1.0000'])
        assert.deepEqual(await move({ type: 'OUT', qty: -15 }), ['2.2000', '2.2000'])
        assert.deepEqual(await move({ type: 'IN', qty: 1, unit_cost: '9.9999' }), ['9.9999', '9.9999'])
        const sale = { items: [{ product_id, quantity: 1 }], payments: [{ method: 'card', amount: '10' }] }
        const { body } = await admin.create('invoices', sale)
        assert.equal(body.items[0].unit_cost, '9.9999')
      })

      for (const { name, entry, status, reason, path } of faults) {
        it(`refuses ${name}: ${status} ${reason}`, async () => {
          const { id: product_id } = await stockedProduct(shop, {}, 0)
          const refused = await admin.create('stock-entries', { product_id, branch_id: shop.branch, ...entry })
          assert.equal(refused.status, status, JSON.stringify(refused.body))
          assert.equal(refused.body.data.reason, reason)
          assert.equal(refused.body.errors[0].path, path)
          assert.ok(!(await onHand(shop, product_id)))
        })
      }

      it('does not fall below zero', async () => {
        const { id: product_id } = await stockedProduct(shop, {}, 3)
        const refused = await admin.create('stock-entries', {
          product_id,
          branch_id: shop.branch,
          type: 'OUT',
          qty: -3.001
        })
        assert.deepEqual([refused.status, refused.body.data.reason], [409, 'insufficient_stock'])
        assert.equal(await onHand(shop, product_id), 3)
      })

      it('has entries that nobody changes or removes', async () => {
        const { id: product_id } = await stockedProduct(shop, {}, 3)
        const { body } = await admin.find('stock-entries', { product_id })
        assert.equal(body.total, 1)
        for (const refused of [
          await admin.patch('stock-entries', body.data[0].id, { qty: 4 }),
          await admin.remove('stock-entries', body.data[0].id),
          await admin.patch('stock-levels', (await levelOf(product_id)).id, { on_hand: 4 }),
          await admin.create('stock-levels', { product_id, branch_id: shop.branch, on_hand: 4 })
        ])
          assert.equal(refused.status, 405, JSON.stringify(refused.body))
      })

      it('is moved once per id', async () => {
        const { id: product_id } = await stockedProduct(shop, {}, 0)
        const entry = { id: uuidv7(), product_id, branch_id: shop.branch, type: 'IN', qty: 2 }
        const [a, b] = await Promise.all([admin.create('stock-entries', entry), admin.create('stock-entries', entry)])
        assert.deepEqual(a.body, b.body)
        const other = await admin.create('stock-entries', { ...entry, qty: 3 })
        assert.deepEqual([other.status, other.body.data.reason], [409, 'id_conflict'])
        assert.equal(await onHand(shop, product_id), 2)
      })

      it('names the products that fall short, merged, with what there is', async () => {
        const plenty = await stockedProduct(shop, {}, 10)
        const few = await stockedProduct(shop, {}, 3)
        const none = await stockedProduct(shop, {}, 0)
        const till = await caller(shop, transport, (await shop.user('cashier')).token)
        const line = (product: Json, quantity: number) => ({ product_id: product.id, quantity })
        const { status, body } = await till.create('invoices', {
          items: [line(plenty, 1), line(few, 2), line(few, 1.5), line(none, 1)],
          payments: [{ method: 'card', amount: '55.00' }]
        })
        assert.equal(status, 409)
        assert.equal(body.data.reason, 'insufficient_stock')
        const short = (product: Json, requested: number, available: number) => ({
          product_id: product.id,
          sku: product.sku,
          name: product.name,
          requested,
          available
        })
        const byId = (a: Json, b: Json) => (a.product_id < b.product_id ? -1 : 1)
        assert.deepEqual(body.data.lines.toSorted(byId), [short(few, 3.5, 3), short(none, 1, 0)].toSorted(byId))
        assertNoCost(body)
        for (const [product, level] of [[plenty, 10] as const, [few, 3] as const])
          assert.equal(await onHand(shop, product.id), level)
      })
    })
  }

  describe('by the policy of a branch', () => {
    for (const stock_policy of ['warn', 'allow']) {
      it(`${stock_policy} sells what is not there, also what never was`, async () => {
        const { branch } = await openBranch(shop, { stock_policy })
        const [had, never] = [await stockedProduct(shop, {}, 0), await stockedProduct(shop, {}, 0)]
        await receive(shop, had.id, branch, 1)
        const till = await caller(shop, 'rest', (await shop.user('cashier', branch)).token)
        const sale = {
          items: [
            { product_id: had.id, quantity: 3 },
            { product_id: never.id, quantity: 1 }
          ],
          payments: [{ method: 'card', amount: '40.00' }]
        }
        const { status, body } = await till.create('invoices', sale)
        assert.equal(status, 201, JSON.stringify(body))
        const short = (product: Json, requested: number, available: number) => ({
          product_id: product.id,
          sku: product.sku,
          name: product.name,
          requested,
          available
        })
        const warned = stock_policy === 'warn' ? [short(had, 3, 1), short(never, 1, 0)] : []
        const byId = (a: Json, b: Json) => (a.product_id < b.product_id ? -1 : 1)
        assert.deepEqual(body.warnings, warned.toSorted(byId))
        assert.equal(await onHand(shop, had.id, branch), -2)
        assert.equal(await onHand(shop, never.id, branch), -1)
        // Goods that come in to a level below zero have nothing to be averaged with.
        await receive(shop, had.id, branch, 1, '9.00')
        assert.equal((await levelOf(had.id, branch)).average_cost, '9.0000')
      })
    }

    it('follows a change of it: allowed, and blocked again as soon as nothing is below zero', async () => {
      const { branch } = await openBranch(shop)
      const product = await stockedProduct(shop, {}, 0)
      await receive(shop, product.id, branch, 1)
      const till = await caller(shop, 'rest', (await shop.user('cashier', branch)).token)
      const sell = (quantity: number) =>
        till.create('invoices', {
          items: [{ product_id: product.id, quantity }],
          payments: [{ method: 'card', amount: `${quantity * 10}.00` }]
        })
      const policy = async (stock_policy: string) =>
        (await shop.call('PATCH', `/branches/${branch}`, { stock_policy }, shop.admin)).status
      assert.equal((await sell(2)).status, 409)
      assert.equal(await policy('allow'), 200)
      assert.equal((await sell(2)).status, 201)
      const refused = await policy('block')
      assert.ok([409, 422].includes(refused), `blocking with a level below zero: ${refused}`)
      await receive(shop, product.id, branch, 3)
      assert.equal(await policy('block'), 200)
      assert.equal((await sell(3)).status, 409)
      assert.equal((await sell(2)).status, 201)
    })
  })

  describe('for those who', () => {
    it('work in another branch: neither their level nor their entry', async () => {
      const { branch } = await openBranch(shop)
      const product = await stockedProduct(shop, {}, 5)
      const { token } = await shop.user('employee', branch)
      const levels = await shop.call('GET', `/stock-levels?product_id=${product.id}`, undefined, token)
      assert.equal(levels.body.total, 0)
      const seen = await shop.call('GET', `/products/${product.id}`, undefined, token)
      assert.equal(seen.body.stock_level, 0)
      const entry = { product_id: product.id, branch_id: shop.branch, type: 'ADJUST', qty: 1, reason: 'count' }
      assert.equal((await shop.call('POST', '/stock-entries', entry, token)).status, 403)
      const own = await shop.call('POST', '/stock-entries', { ...entry, branch_id: branch }, token)
      assert.equal(own.status, 201, JSON.stringify(own.body))
      const receipt = { ...entry, branch_id: branch, type: 'IN' }
      assert.equal((await shop.call('POST', '/stock-entries', receipt, token)).status, 403)
      // Nor goods that are sold elsewhere alone: what is hidden is answered as what is not there.
      const theirs = await stockedProduct(shop, { branch_id: shop.branch }, 0)
      for (const product_id of [theirs.id, uuidv7()]) {
        const wrong = await shop.call('POST', '/stock-entries', { ...entry, branch_id: branch, product_id }, token)
        assert.deepEqual([wrong.status, wrong.body.data.reason], [422, 'unknown_reference'])
        assert.equal(wrong.body.errors[0].path, 'product_id')
      }
    })

    it('are cashiers: levels without cost, and no ledger', async () => {
      const product = await stockedProduct(shop, {}, 5)
      const { token } = await shop.user('cashier')
      const { body } = await shop.call('GET', `/stock-levels?product_id=${product.id}`, undefined, token)
      assert.equal(body.data[0].on_hand, 5)
      assertNoCost(body)
      assert.equal((await shop.call('GET', '/stock-entries', undefined, token)).status, 403)
    })
  })

  describe('afterwards', () => {
    it('the books agree', () => assertBooks(shop.db.database))
  })
})
