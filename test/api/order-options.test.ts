import assert from 'node:assert/strict'
import { resourceNamed } from '../../src/schemas/index.ts'
import { assertVerified } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Options of goods made to order', () => {
  let shop: Shop
  let samples: Samples
  let admin: Caller[]
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    admin = await Promise.all(transports.map((way) => caller(shop, way, shop.admin)))
  })
  after(() => shop.close())

  const fresh = async (groups: unknown): Promise<Json> => ({
    category_id: (await samples.create(resourceNamed('categories'))).id,
    product_id: (await samples.create(resourceNamed('products'), { kind: 'service' })).id,
    groups
  })

  it('keep their order, their surcharges as amounts and their names tidy', async () => {
    const groups = [
      { name: ' Neck ', options: [{ name: 'Round' }, { name: ' Polo', surcharge: 2 }] },
      { name: 'Fabric', required: false, options: [{ name: 'Cotton', surcharge: '0.5' }] }
    ]
    for (const one of admin) {
      const { status, body } = await one.create('order-options', await fresh(groups))
      assert.equal(status, 201, JSON.stringify(body))
      assert.deepEqual(body.groups, [
        { name: 'Neck', options: [{ name: 'Round' }, { name: 'Polo', surcharge: '2.00' }] },
        { name: 'Fabric', required: false, options: [{ name: 'Cotton', surcharge: '0.50' }] }
      ])
    }
  })

  it('refuse what could not be chosen from, at the field', async () => {
    const of = (name: string, ...options: Json[]) => ({ name, options })
    const wrong: [unknown, string, string][] = [
      [[], 'invalid_data', 'groups'],
      [[of('Neck')], 'invalid_data', 'groups.0.options'],
      [[of(' ', { name: 'Round' })], 'invalid_data', 'groups.0.name'],
      [[of('Neck', { name: 'Round|Polo' })], 'invalid_data', 'groups.0.options.0.name'],
      [[of('Neck', { name: 'Round' }, { name: 'ROUND ' })], 'duplicate', 'groups.0.options.1.name'],
      [[of('Neck', { name: 'Round' }), of('neck', { name: 'Polo' })], 'duplicate', 'groups.1.name'],
      [[of('Neck', { name: 'Round', surcharge: '-1' })], 'invalid_amount', 'groups.0.options.0.surcharge'],
      [[of('Neck', { name: 'Round', surcharge: '1.005' })], 'invalid_amount', 'groups.0.options.0.surcharge'],
      [[of('Neck', { name: 'Round', surcharge: '9'.repeat(15) })], 'invalid_amount', 'groups.0.options.0.surcharge']
    ]
    for (const one of admin)
      for (const [groups, reason, path] of wrong) {
        const { body } = await one.create('order-options', await fresh(groups))
        assert.deepEqual([body.data?.reason, body.errors?.[0]?.path], [reason, path], JSON.stringify(groups))
      }
  })

  it('belong to a service, which is sold without stock and never gets any', async () => {
    const goods = await stockedProduct(shop, {}, 1)
    const groups = [{ name: 'Neck', options: [{ name: 'Round' }] }]
    for (const one of admin) {
      const { body } = await one.create('order-options', { ...(await fresh(groups)), product_id: goods.id })
      assert.deepEqual([body.data?.reason, body.errors?.[0]?.path], ['broken_rule', 'product_id'])

      const service = await samples.create(resourceNamed('products'), {
        kind: 'service',
        unit_price: '8.00',
        tax_rate: '0'
      })
      const entry = { product_id: service.id, branch_id: shop.branch, qty: 5, type: 'IN' }
      assert.equal((await one.create('stock-entries', entry)).body.errors[0].path, 'product_id')
      const sold = await one.create('invoices', {
        items: [
          { product_id: service.id, quantity: 2, discount: '0' },
          { product_id: goods.id, quantity: 0.5 }
        ],
        payments: [{ method: 'cash', amount: '21.00' }]
      })
      assert.equal(sold.status, 201, JSON.stringify(sold.body))
      const { body: entries } = await one.find('stock-entries', { document_id: sold.body.id })
      assert.deepEqual(
        entries.data.map(({ product_id }: Json) => product_id),
        [goods.id]
      )
      const refund = {
        invoice_id: sold.body.id,
        items: [{ line_no: 1, quantity: 1, condition: 'restock' }],
        reason: 'torn'
      }
      assert.equal((await one.create('refunds', refund)).body.amount, '8.00')
      assert.equal((await one.find('stock-entries', { product_id: service.id })).body.total, 0)
      assert.equal((await one.patch('products', service.id, { kind: 'goods' })).status, 400)
    }
    await assertVerified(shop.db.database)
  })

  it('have ideal prices for their combinations and tiers, looked up by a query', async () => {
    const groups = [
      { name: 'Neck', options: [{ name: 'Round' }, { name: 'Polo' }] },
      { name: 'Print', required: false, options: [{ name: 'Back' }] }
    ]
    const { category_id } = await samples.create(resourceNamed('order-options'), await fresh(groups))
    const [rest] = admin as [Caller]
    const price = (combination: string, min_quantity: number, amount: string) =>
      rest.create('ideal-prices', { category_id, combination, min_quantity, price: amount })
    assert.equal((await price(' Polo | Back', 1, '12.00')).body.combination, 'Polo|Back')
    assert.equal((await price('Polo|Back', 10, '11.00')).status, 201)
    assert.equal((await price('Polo|', 1, '9.00')).body.combination, 'Polo|')
    assert.equal((await price('Polo|Back', 10, '10.50')).body.data.reason, 'duplicate')
    assert.equal((await price('Polo|Front', 1, '1')).body.data.reason, 'unknown_option')
    assert.equal((await price('|Back', 1, '1')).body.data.reason, 'option_required')
    assert.equal((await price('Polo', 1, '1')).body.errors[0].path, 'combination')
    const plain = await samples.create(resourceNamed('categories'))
    const elsewhere = { category_id: plain.id, combination: 'Polo|Back', price: '1' }
    assert.equal((await rest.create('ideal-prices', elsewhere)).body.errors[0].path, 'category_id')

    for (const one of admin) {
      const hint = async (pieces: number) => {
        const query = {
          category_id,
          combination: 'Polo|Back',
          'min_quantity[$lte]': pieces,
          '$sort[min_quantity]': -1,
          $limit: 1
        }
        const typed = { ...query, min_quantity: { $lte: pieces }, $sort: { min_quantity: -1 } }
        const { 'min_quantity[$lte]': _, '$sort[min_quantity]': __, ...socket } = typed
        const { body } = await one.find('ideal-prices', one === rest ? query : socket)
        return body.data[0]?.price
      }
      assert.deepEqual(
        [await hint(0.5), await hint(9), await hint(10), await hint(500)],
        [undefined, '12.00', '11.00', '11.00']
      )
    }
    const { token } = await shop.user('cashier')
    const till = await caller(shop, 'rest', token)
    assert.equal((await till.find('ideal-prices', { category_id })).body.total, 3)
    assert.equal((await till.create('ideal-prices', { category_id, combination: 'Round|', price: '1' })).status, 403)
  })
})
