import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { resourceNamed } from '../../src/schemas/index.ts'
import { assertVerified, openBranch, receive } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { Samples } from '../support/samples.ts'
import { type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Stock reservations', () => {
  let shop: Shop
  let samples: Samples
  let both: Caller[]
  let rest: Caller
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    both = await Promise.all(transports.map((way) => caller(shop, way, shop.admin)))
    rest = both[0]!
  })
  after(() => shop.close())
  afterEach(() => assertVerified(shop.db.database))

  const order = (fields: Json = {}) => samples.create(resourceNamed('custom-orders'), fields)
  const reserve = (order_id: string, product_id: string, quantity: number, as = rest) =>
    as.create('stock-reservations', { order_id, product_id, quantity })
  const sell = (product_id: string, quantity: number, as = rest) =>
    as.create('invoices', {
      items: [{ product_id, quantity }],
      payments: [{ method: 'cash', amount: `${quantity * 10}.00` }]
    })
  const level = async (product_id: string, branch_id = shop.branch): Promise<[number, number]> => {
    const { on_hand, reserved } = (await rest.find('stock-levels', { product_id, branch_id })).body.data[0]
    return [on_hand, reserved]
  }
  const kept = async (one: { status: number; body: Json }): Promise<Json> => {
    assert.equal(one.status, 201, JSON.stringify(one.body))
    return one.body
  }
  const refused = ({ status, body }: { status: number; body: Json }, code: number, reason: string, path?: string) => {
    assert.deepEqual([status, body.data?.reason], [code, reason], JSON.stringify(body))
    if (path) assert.equal(body.errors?.[0]?.path, path)
  }
  const short = (answer: { status: number; body: Json }, requested: number, available: number) => {
    refused(answer, 409, 'insufficient_stock')
    const { lines } = answer.body.data
    assert.deepEqual([lines?.[0].requested, lines?.[0].available], [requested, available])
  }
  const move = async (id: string, ...states: string[]) => {
    for (const status of states) assert.equal((await rest.patch('custom-orders', id, { status })).status, 200, status)
  }

  it('keep goods for an order, and let them go, entry by entry', async () => {
    for (const one of both) {
      const [{ id }, product] = [await order(), await stockedProduct(shop, {}, 10)]
      const first = await kept(await reserve(id, product.id, 4.5, one))
      assert.deepEqual([first.quantity, first.reserved_after, first.reason], [4.5, 4.5, 'reserved'])
      assert.equal(first.branch_id, shop.branch)
      const second = await kept(await reserve(id, product.id, 2, one))
      assert.equal(second.reserved_after, 6.5)
      const third = await kept(await reserve(id, product.id, -1.5, one))
      assert.deepEqual([third.quantity, third.reserved_after, third.reason], [-1.5, 5, 'released'])
      assert.deepEqual(await level(product.id), [10, 5])
      refused(await reserve(id, product.id, -5.001, one), 422, 'reservation_exceeded', 'quantity')
      short(await reserve(id, product.id, 5.001, one), 5.001, 5)
      const { body } = await one.find('custom-orders', { id, $include: 'reservations' })
      assert.equal(body.data[0].reservations.length, 3)
    }
  })

  it('refuse what cannot be kept, at the field', async () => {
    const [{ id }, product] = [await order(), await stockedProduct(shop, {}, 10)]
    const service = await samples.create(resourceNamed('products'), { kind: 'service' })
    const old = await stockedProduct(shop, { is_active: false }, 10)
    const { branch } = await openBranch(shop)
    const theirs = await stockedProduct(shop, { branch_id: branch }, 0)
    for (const one of both) {
      refused(await reserve(id, product.id, 0, one), 422, 'invalid_quantity', 'quantity')
      refused(await reserve(id, product.id, 1.0005, one), 400, 'invalid_data', 'quantity')
      refused(await reserve(id, product.id, 1e12, one), 400, 'invalid_data', 'quantity')
      refused(await reserve(uuidv7(), product.id, 1, one), 422, 'unknown_reference', 'order_id')
      refused(await reserve(id, uuidv7(), 1, one), 422, 'unknown_product', 'product_id')
      refused(await reserve(id, service.id, 1, one), 422, 'unknown_product', 'product_id')
      refused(await reserve(id, theirs.id, 1, one), 422, 'unknown_product', 'product_id')
      refused(await reserve(id, old.id, 1, one), 422, 'inactive', 'product_id')
    }
    assert.deepEqual(await level(product.id), [10, 0])
  })

  it('are nobody else’s to sell, send, give back, take out or keep', async () => {
    const [{ id }, product] = [await order(), await stockedProduct(shop, {}, 10)]
    await kept(await reserve(id, product.id, 8))
    const { branch } = await openBranch(shop)
    const vendor_id = (await samples.parent('vendors')).id
    const items = [{ product_id: product.id, quantity: 3 }]
    for (const one of both) {
      short(await sell(product.id, 3, one), 3, 2)
      short(await one.create('stock-transfers', { from_branch_id: shop.branch, to_branch_id: branch, items }), 3, 2)
      short(await one.create('stock-returns', { vendor_id, items }), 3, 2)
      short(await reserve((await order()).id, product.id, 3, one), 3, 2)
      const out = { product_id: product.id, branch_id: shop.branch, qty: -3, type: 'OUT', reason: 'gift' }
      refused(await one.create('stock-entries', out), 409, 'insufficient_stock')
    }
    await kept(await sell(product.id, 2))
    assert.deepEqual(await level(product.id), [8, 8])
    short(await sell(product.id, 1), 1, 0)
    // A draft takes nothing; issuing it does.
    const draft = await kept(
      await rest.create('invoices', { items: [{ product_id: product.id, quantity: 1 }], status: 'draft' })
    )
    const payments = [{ method: 'cash', amount: '10.00' }]
    short(await rest.patch('invoices', draft.id, { status: 'issued', payments }), 1, 0)
  })

  it('do not bind a branch that sells below zero', async () => {
    const policy = async (stock_policy: string) =>
      assert.equal((await rest.patch('branches', shop.branch, { stock_policy })).status, 200)
    await policy('allow')
    const [{ id }, product] = [await order(), await stockedProduct(shop, {}, 0)]
    await kept(await reserve(id, product.id, 3))
    assert.deepEqual(await level(product.id), [0, 3])
    await kept(await sell(product.id, 1))
    assert.deepEqual(await level(product.id), [-1, 3])
    await receive(shop, product.id, shop.branch, 5)
    await policy('block')
    short(await sell(product.id, 2), 2, 1)
  })

  it('leave the stock with the delivery, at average cost and in the order’s name', async () => {
    for (const one of both) {
      const [{ id, order_no }, product, cloth] = [
        await order(),
        await stockedProduct(shop, {}, 10),
        await stockedProduct(shop, {}, 10)
      ]
      await kept(await reserve(id, product.id, 4))
      await kept(await reserve(id, cloth.id, 0.75))
      await kept(await reserve(id, cloth.id, 0.5))
      await move(id, 'in_progress', 'completed')
      const payments = [{ method: 'cash' }]
      const closing = await kept(await one.create('order-closings', { order_id: id, outcome: 'delivered', payments }))
      assert.deepEqual(
        [await level(product.id), await level(cloth.id)],
        [
          [6, 0],
          [8.75, 0]
        ]
      )
      const { body } = await rest.find('stock-entries', { document_id: closing.id, '$sort[qty]': '1' })
      assert.deepEqual(
        body.data.map(({ qty, type, reason, ref, unit_cost }: Json) => [qty, type, reason, ref, unit_cost]),
        [
          [-4, 'OUT', 'order', order_no, '6.0000'],
          [-1.25, 'OUT', 'order', order_no, '6.0000']
        ]
      )
      const { body: last } = await rest.find('stock-reservations', {
        order_id: id,
        reason: 'delivered',
        '$sort[quantity]': '1'
      })
      assert.deepEqual(
        last.data.map(({ quantity, reserved_after }: Json) => [quantity, reserved_after]),
        [
          [-4, 0],
          [-1.25, 0]
        ]
      )
      refused(await reserve(id, product.id, 1, one), 409, 'order_closed')
    }
  })

  it('are let go with a cancelled order', async () => {
    const [{ id }, product] = [await order(), await stockedProduct(shop, {}, 10)]
    await kept(await reserve(id, product.id, 10))
    short(await sell(product.id, 1), 1, 0)
    await kept(await rest.create('order-closings', { order_id: id, outcome: 'cancelled', reason: 'no game' }))
    assert.deepEqual(await level(product.id), [10, 0])
    await kept(await sell(product.id, 10))
  })

  it('give way to what a count or an adjustment finds, and the delivery says what is missing', async () => {
    const [{ id }, product] = [await order(), await stockedProduct(shop, {}, 10)]
    await kept(await reserve(id, product.id, 10))
    const lost = { product_id: product.id, branch_id: shop.branch, qty: -4, type: 'ADJUST', reason: 'Water damage' }
    await kept(await rest.create('stock-entries', lost))
    assert.deepEqual(await level(product.id), [6, 10])
    await move(id, 'in_progress', 'completed')
    const deliver = () =>
      rest.create('order-closings', { order_id: id, outcome: 'delivered', payments: [{ method: 'cash' }] })
    short(await deliver(), 10, 6)
    await kept(await reserve(id, product.id, -4))
    await kept(await deliver())
    assert.deepEqual(await level(product.id), [0, 0])
  })

  it('are made once, whoever is fastest: what is free is never promised twice', async () => {
    const product = await stockedProduct(shop, {}, 10)
    const orders = await Promise.all(Array.from({ length: 6 }, () => order()))
    const answers = await Promise.all([
      ...orders.map(({ id }) => reserve(id, product.id, 2)),
      ...Array.from({ length: 6 }, () => sell(product.id, 2))
    ])
    assert.equal(answers.filter(({ status }) => status === 201).length, 5)
    for (const answer of answers.filter(({ status }) => status !== 201)) refused(answer, 409, 'insufficient_stock')
    const [onHand, reserved] = await level(product.id)
    assert.equal(onHand, reserved)
    const again = {
      id: uuidv7(),
      order_id: orders[0]!.id,
      product_id: (await stockedProduct(shop, {}, 1)).id,
      quantity: 1
    }
    const twins = await Promise.all(Array.from({ length: 4 }, () => rest.create('stock-reservations', again)))
    assert.deepEqual(twins.map(({ status }) => status).sort(), [200, 200, 200, 201])
  })

  it('count as gone for what is to be restocked, and tell it once', async () => {
    const { branch } = await openBranch(shop, { is_warehouse: true })
    const product = await stockedProduct(shop, { limited_qty: 8 }, 10)
    await receive(shop, product.id, branch, 5)
    const socket = await shop.socket(shop.admin)
    const low: Json[] = []
    socket.on('stock-levels low', (record) => low.push(record))
    const told = nextEvent(socket, 'stock-levels patched')
    const { id } = await order()
    await kept(await reserve(id, product.id, 4))
    assert.equal((await told)!.reserved, 4)
    const { body } = await rest.find('restock-levels', { product_id: product.id })
    const [{ on_hand, deficit, warehouse_on_hand, coverable }] = body.data
    assert.deepEqual([on_hand, deficit, warehouse_on_hand, coverable], [10, 2, 5, 2])
    await move(id, 'in_progress', 'completed')
    const delivered = nextEvent(socket, 'stock-levels patched')
    await kept(
      await rest.create('order-closings', { order_id: id, outcome: 'delivered', payments: [{ method: 'cash' }] })
    )
    assert.deepEqual([(await delivered)!.on_hand, low.length], [6, 1])
  })

  it('belong to the branch of the order: employees there make them, tills none', async () => {
    const [{ id }, product] = [await order(), await stockedProduct(shop, {}, 10)]
    const { branch } = await openBranch(shop)
    const [employee, stranger, till] = await Promise.all(
      [shop.user('employee'), shop.user('employee', branch), shop.user('cashier')].map(async (user) =>
        caller(shop, 'rest', (await user).token)
      )
    )
    await kept(await reserve(id, product.id, 1, employee))
    refused(await reserve(id, product.id, 1, stranger), 422, 'unknown_reference', 'order_id')
    refused(await reserve(id, product.id, 1, till), 403, 'not_allowed')
    assert.equal((await stranger!.find('stock-reservations')).body.total, 0)
    assert.equal((await till!.find('stock-reservations')).status, 403)
    refused(await till!.find('custom-orders', { $include: 'reservations' }), 403, 'not_allowed')
  })
})
