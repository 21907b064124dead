import assert from 'node:assert/strict'
import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertVerified, onHand, openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Goods in and back', () => {
  let shop: Shop
  let admin: Caller
  let vendors = 0
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
  const vendor = (fields: Json = {}) =>
    made('vendors', { name: `Vendor ${++vendors}`, contacts: { phone: '12345' }, ...fields })
  const owed = async ({ id }: Json) => (await admin.get('vendors', id)).body.balance
  const average = async (product_id: string, branch_id = shop.branch) =>
    (await admin.find('stock-levels', { product_id, branch_id })).body.data[0]?.average_cost
  const refused = async (path: string, data: Json, status: number, reason: string, at?: string, as = admin) => {
    const { status: got, body } = await as.create(path, data)
    assert.deepEqual([got, body.data?.reason, at && body.errors?.[0].path], [status, reason, at], JSON.stringify(body))
    return body
  }

  for (const transport of transports)
    describe(`over ${transport}`, () => {
      let employee: Caller
      before(async () => {
        employee = await caller(shop, transport, (await shop.user('employee')).token)
      })

      it('raises stock, average cost and what the vendor is owed, line after line', async () => {
        const { id: vendor_id } = await vendor()
        const [a, b] = [await stockedProduct(shop, { barcode: `B${transport}1` }, 0), await stockedProduct(shop, {}, 0)]
        const line = { sku: b.sku, quantity: 3, unit_cost: '1.0050' }
        const receipt = await made(
          'stock-receipts',
          {
            vendor_id,
            note: 'By lorry',
            date: '2026-02-01',
            items: [
              {
                barcode: a.barcode,
                quantity: 10,
                unit_cost: '2.00',
                batch: 'B1',
                expiry: '2027-01-31',
                location: 'A3'
              },
              line,
              line,
              { product_id: a.id, quantity: 5, unit_cost: '3.50', unit_price: '12.00' }
            ]
          },
          employee
        )
        // 20.00 + 3.015 -> 3.02 twice + 17.50
        assert.equal(receipt.total, '43.54')
        assert.match(receipt.number, /^MAIN-GR\d{6}$/)
        assert.deepEqual(
          receipt.items.map((item: Json) => [item.line_no, item.sku, item.quantity, item.unit_cost, item.total]),
          [
            [1, a.sku, 10, '2.0000', '20.00'],
            [2, b.sku, 3, '1.0050', '3.02'],
            [3, b.sku, 3, '1.0050', '3.02'],
            [4, a.sku, 5, '3.5000', '17.50']
          ]
        )
        assert.deepEqual([await onHand(shop, a.id), await onHand(shop, b.id)], [15, 6])
        assert.deepEqual([await average(a.id), await average(b.id)], ['2.5000', '1.0050'])
        assert.equal(await owed({ id: vendor_id }), '43.54')
        const { body: entries } = await admin.find('stock-entries', { document_id: receipt.id, product_id: b.id })
        assert.deepEqual(
          entries.data.map((entry: Json) => [entry.qty, entry.ref, entry.reason, entry.vendor_id]),
          Array(2).fill([3, receipt.number, 'receipt', vendor_id])
        )
        const { body: marked } = await admin.find('stock-entries', { batch: 'B1', product_id: a.id })
        assert.deepEqual([marked.data[0].expiry, marked.data[0].location], ['2027-01-31', 'A3'])
        const { body: account } = await admin.find('account-entries', { document_id: receipt.id })
        assert.deepEqual(
          [account.total, account.data[0].amount, account.data[0].document],
          [1, '43.54', receipt.number]
        )
        assert.equal((await admin.get('products', a.id)).body.unit_price, '12.00')
        const { body: trail } = await admin.find('audit-logs', { record_id: a.id, action: 'patch' })
        assert.deepEqual([trail.total, trail.data[0].after.unit_price, trail.data[0].before.unit_price], [1, 12, 10])
        assert.deepEqual((await employee.get('stock-receipts', receipt.id)).body, receipt)
      })

      it('goes back to the vendor at the cost given or the average, and is owed no more', async () => {
        const { id: vendor_id } = await vendor()
        const { id: product_id } = await stockedProduct(shop, {}, 0)
        const items = [
          { product_id, quantity: 4, unit_cost: '2' },
          { product_id, quantity: 4, unit_cost: '3' }
        ]
        await made('stock-receipts', { vendor_id, items }, employee)
        const back = await made(
          'stock-returns',
          {
            vendor_id,
            note: 'Torn',
            items: [
              { product_id, quantity: 2 },
              { product_id, quantity: 1, unit_cost: '3' }
            ]
          },
          employee
        )
        assert.match(back.number, /^MAIN-VR\d{6}$/)
        assert.equal(back.total, '8.00')
        assert.deepEqual([await onHand(shop, product_id), await average(product_id)], [5, '2.5000'])
        assert.equal(await owed({ id: vendor_id }), '12.00')
        const body = await refused(
          'stock-returns',
          {
            vendor_id,
            items: [
              { product_id, quantity: 3 },
              { product_id, quantity: 2.001 }
            ]
          },
          409,
          'insufficient_stock',
          undefined,
          employee
        )
        assert.deepEqual([body.data.lines[0].requested, body.data.lines[0].available], [5.001, 5])
        assert.deepEqual([await onHand(shop, product_id), await owed({ id: vendor_id })], [5, '12.00'])
      })

      it('is booked once per id', async () => {
        const { id: vendor_id } = await vendor()
        const { id: product_id } = await stockedProduct(shop, {}, 0)
        const data = { id: uuidv7(), vendor_id, items: [{ product_id, quantity: 2, unit_cost: '5' }] }
        const [first, ...others] = await Promise.all(
          Array.from({ length: 4 }, () => employee.create('stock-receipts', data))
        )
        for (const { body } of others) assert.deepEqual(body, first!.body)
        assert.deepEqual([await onHand(shop, product_id), await owed({ id: vendor_id })], [2, '10.00'])
      })
    })

  it('is refused whole for one wrong line', async () => {
    const { id: vendor_id } = await vendor()
    const { id: product_id, sku } = await stockedProduct(shop, {}, 0)
    const { branch } = await openBranch(shop)
    const elsewhere = await stockedProduct(shop, { branch_id: branch }, 0)
    const given_up = await stockedProduct(shop, { is_active: false }, 0)
    const good = { product_id, quantity: 1, unit_cost: '1' }
    const wrong: [Json, number, string, string][] = [
      [{ ...good, quantity: 0 }, 400, 'invalid_data', 'items.1.quantity'],
      [{ ...good, quantity: -1 }, 400, 'invalid_data', 'items.1.quantity'],
      [{ ...good, quantity: 1e9 }, 400, 'invalid_data', 'items.1.quantity'],
      [{ ...good, quantity: 0.0001 }, 422, 'invalid_quantity', 'items.1.quantity'],
      [{ ...good, unit_cost: '-1' }, 422, 'invalid_amount', 'items.1.unit_cost'],
      [{ ...good, unit_cost: '1.00001' }, 422, 'invalid_amount', 'items.1.unit_cost'],
      [{ ...good, unit_cost: '999999999999', quantity: 2 }, 422, 'invalid_amount', 'items.1.quantity'],
      [{ ...good, unit_price: '-1' }, 422, 'invalid_amount', 'items.1.unit_price'],
      [{ ...good, unit_price: '1.005' }, 422, 'invalid_amount', 'items.1.unit_price'],
      [{ ...good, expiry: '2026-02-30' }, 400, 'invalid_data', 'items.1.expiry'],
      [{ ...good, sku }, 400, 'invalid_data', 'items.1'],
      [{ quantity: 1, unit_cost: '1' }, 400, 'invalid_data', 'items.1'],
      [{ ...good, product_id: uuidv7() }, 422, 'unknown_product', 'items.1.product_id'],
      [{ ...good, product_id: elsewhere.id }, 422, 'unknown_product', 'items.1.product_id'],
      [{ ...good, product_id: given_up.id }, 422, 'inactive', 'items.1.product_id']
    ]
    for (const [line, ...outcome] of wrong)
      await refused('stock-receipts', { vendor_id, items: [good, line] }, ...outcome)
    await refused('stock-receipts', { vendor_id, items: [] }, 400, 'invalid_data', 'items')
    await refused('stock-receipts', { vendor_id: uuidv7(), items: [good] }, 422, 'unknown_reference', 'vendor_id')
    await refused(
      'stock-receipts',
      { vendor_id, branch_id: uuidv7(), items: [good] },
      422,
      'unknown_reference',
      'branch_id'
    )
    const gone = await vendor({ is_active: false })
    await refused('stock-receipts', { vendor_id: gone.id, items: [good] }, 422, 'inactive', 'vendor_id')
    assert.deepEqual([await onHand(shop, product_id), await owed({ id: vendor_id })], [undefined, '0.00'])
  })

  it('is for the own branch, for vendors within reach, and not for the till', async () => {
    const { branch } = await openBranch(shop)
    const { id: product_id } = await stockedProduct(shop, {}, 0)
    const theirs = await vendor({ branch_id: branch })
    const { id: vendor_id } = await vendor()
    const items = [{ product_id, quantity: 1, unit_cost: '1' }]
    const employee = await caller(shop, 'rest', (await shop.user('employee')).token)
    await refused('stock-receipts', { vendor_id, branch_id: branch, items }, 403, 'not_allowed', undefined, employee)
    await refused('stock-receipts', { vendor_id: theirs.id, items }, 422, 'unknown_reference', 'vendor_id', employee)
    const till = await caller(shop, 'rest', (await shop.user('cashier')).token)
    for (const path of ['stock-receipts', 'stock-returns']) {
      await refused(path, { vendor_id, items }, 403, 'not_allowed', undefined, till)
      assert.equal((await till.find(path)).status, 403)
    }
    // Who may receive and not change products sets no price.
    const rules = [
      { action: ['read', 'create'], subject: ['stock-receipts', 'stock-receipt-items'] },
      { action: ['read'], subject: ['vendors', 'products'] }
    ]
    const role = await made('roles', { name: 'storekeeper', permissions: rules })
    const keeper = await shop.user('employee')
    await admin.patch('users', keeper.id, { role_id: role.id })
    const store = await caller(shop, 'rest', await shop.signIn(keeper.username))
    await refused(
      'stock-receipts',
      { vendor_id, items: [{ ...items[0], unit_price: '9.00' }] },
      403,
      'not_allowed',
      'items.0.unit_price',
      store
    )
    assert.equal(await onHand(shop, product_id), undefined)
    await made('stock-receipts', { vendor_id, items }, store)
    assert.equal(await onHand(shop, product_id), 1)
  })

  it('is told of: the document, the levels and the new prices', async () => {
    const { id: vendor_id } = await vendor()
    const { id: product_id } = await stockedProduct(shop, {}, 0)
    const socket = await shop.socket((await shop.user('employee')).token)
    const heard = ['stock-receipts created', 'stock-levels patched', 'products patched'].map((name) =>
      nextEvent(socket, name)
    )
    const receipt = await made('stock-receipts', {
      vendor_id,
      items: [{ product_id, quantity: 2, unit_cost: '1', unit_price: '3.00' }]
    })
    const [document, level, product] = await Promise.all(heard)
    assert.deepEqual(document, receipt)
    assert.equal(level!.on_hand, 2)
    assert.deepEqual([product!.id, product!.unit_price, product!.stock_level], [product_id, '3.00', undefined])
  })

  it('waits for sales of the same goods, in no circle', async () => {
    const { id: vendor_id } = await vendor()
    const products = await Promise.all(Array.from({ length: 6 }, () => stockedProduct(shop, {}, 50)))
    const turned = (list: Json[], i: number) => [...list.slice(i % 6), ...list.slice(0, i % 6)]
    const work = Array.from({ length: 12 }, (_, i) => {
      const lines = i % 2 ? turned(products, i).reverse() : turned(products, i)
      if (i % 3 === 0) {
        const items = lines.map(({ id }) => ({ product_id: id, quantity: 1, unit_cost: '6', unit_price: `${10 + i}` }))
        return admin.create('stock-receipts', { vendor_id, items })
      }
      const items = lines.map(({ id }) => ({ product_id: id, quantity: 1, unit_price: '10.00' }))
      return admin.create('invoices', { items, payments: [{ method: 'card', amount: '60.00' }] })
    })
    assert.deepEqual(
      (await Promise.all(work)).map(({ status }) => status),
      Array(12).fill(201)
    )
    for (const { id } of products) assert.equal(await onHand(shop, id), 46)
    assert.equal(await owed({ id: vendor_id }), '144.00')
  })

  it('keeps the average within the costs that came, and stock the sum of its ledger, whatever the order', async () => {
    const { id: vendor_id } = await vendor()
    const step = fc.oneof(
      fc.record({ quantity: fc.integer({ min: 1, max: 5000 }), cost: fc.integer({ min: 1, max: 99_999 }) }),
      fc.record({ sold: fc.integer({ min: 1, max: 3000 }) })
    )
    const sell = async (product_id: string, wanted: number, stock: number): Promise<number> => {
      const { status } = await admin.create('stock-entries', { product_id, type: 'OUT', qty: -wanted / 1000 })
      assert.equal(status, wanted <= stock ? 201 : 409)
      return status === 201 ? stock - wanted : stock
    }
    const receive = async (product_id: string, thousandths: number, cost: number) => {
      const items = [{ product_id, quantity: thousandths / 1000, unit_cost: (cost / 10_000).toFixed(4) }]
      await made('stock-receipts', { vendor_id, items })
      return Number(await average(product_id)) * 10_000
    }
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const { id: product_id } = await stockedProduct(shop, {}, 0)
        let costs: number[] = []
        let stock = 0
        for (const one of steps) {
          if ('sold' in one) {
            stock = await sell(product_id, one.sold, stock)
            continue
          }
          // With nothing on hand what was there before has no part in the average.
          costs = stock === 0 ? [one.cost] : [...costs, one.cost]
          const cost = await receive(product_id, one.quantity, one.cost)
          stock += one.quantity
          const [least, most] = [Math.min(...costs), Math.max(...costs)]
          assert.ok(Math.round(cost) >= least && Math.round(cost) <= most, `${cost} of ${costs}`)
        }
        assert.equal((await onHand(shop, product_id)) ?? 0, stock / 1000)
      }),
      { numRuns: 15 }
    )
  })

  it('leaves books that agree', async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })
})
