import assert from 'node:assert/strict'
import { isEan13 } from '../../src/domain/ean.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Barcodes', () => {
  let shop: Shop
  let codes = 0
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  /** A branch with a prefix of its own and its employee. */
  async function branch(barcode_prefix?: string): Promise<{ id: string; token: string }> {
    const code = `BC${'ABCDEFGHIJ'[codes++]}`
    const { status, body } = await shop.call('POST', '/branches', { name: code, code, barcode_prefix }, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return { id: body.id, token: (await shop.user('employee', body.id)).token }
  }

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      const prefix = transport === 'rest' ? '2901' : '2902'
      let clerk: Caller
      let place: { id: string; token: string }
      before(async () => {
        place = await branch(prefix)
        clerk = await caller(shop, transport, place.token)
      })
      const next = async (): Promise<string> => {
        const { status, body } = await clerk.create('barcodes', {})
        assert.equal(status, 201, JSON.stringify(body))
        assert.equal(body.branch_id, place.id)
        return body.code
      }

      it('are EAN-13 of the branch’s prefix, each given out once, also to many at once', async () => {
        const given = await Promise.all(Array.from({ length: 30 }, next))
        assert.equal(new Set(given).size, 30)
        for (const code of given) assert.ok(isEan13(code) && code.startsWith(prefix), code)
      })

      it('pass over what a product has by hand, and are taken by products', async () => {
        const code = await next()
        const after = String(Number(code.slice(0, 12)) + 1)
        const own = [...Array(10).keys()].map((digit) => after + digit).find(isEan13)!
        await stockedProduct(shop, { barcode: own })
        const following = await next()
        assert.notEqual(following, own)
        const product = await stockedProduct(shop, { barcode: following })
        assert.equal(product.barcode, following)
      })

      it('are used up once, and then refused', async () => {
        const small = await branch(transport === 'rest' ? '2999001' : '2999002')
        const own = await caller(shop, transport, small.token)
        await own.create('barcodes', {})
        const series = transport === 'rest' ? '2999001' : '2999002'
        await shop.db.database.query('update barcode_series set next_no = 99998 where prefix = $1', [series])
        const answers = await Promise.all([1, 2, 3].map(() => own.create('barcodes', {})))
        const reasons = answers.map(({ status, body }) => body.data?.reason ?? status).sort()
        assert.deepEqual(reasons, [201, 201, 'barcodes_exhausted'])
      })

      it('are not for the till, nor of another branch', async () => {
        const cashier = await caller(shop, transport, (await shop.user('cashier')).token)
        assert.equal((await cashier.create('barcodes', {})).status, 403)
        const other = await clerk.create('barcodes', { branch_id: shop.branch })
        assert.deepEqual([other.status, other.body.data.reason], [403, 'not_allowed'])
      })
    })
  }
})

describe('Barcodes that hold a weight or a price', () => {
  let shop: Shop
  let meat: Json
  before(async () => {
    shop = await openShop()
    const value = [
      { prefix: '21', item: 5, value: 'weight' },
      { prefix: '22', item: 5, value: 'price' }
    ]
    const setting = { branch_id: shop.branch, key: 'embedded_barcodes', value }
    const { status, body } = await shop.call('POST', '/settings', setting, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    meat = await stockedProduct(shop, { unit_price: '20.00', article_no: '00123' }, 100)
  })
  after(() => shop.close())

  const code = (twelve: string) => [...Array(10).keys()].map((digit) => twelve + digit).find(isEan13)!
  const onHand = async () => {
    const { body } = await shop.call('GET', `/products/${meat.id}`, undefined, shop.admin)
    return body.stock_level
  }

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      let till: Caller
      before(async () => {
        till = await caller(shop, transport, (await shop.user('cashier')).token)
      })
      const sell = (barcode: string, more: Json = {}) =>
        till.create('invoices', { items: [{ barcode, quantity: 1 }], payments: [{ method: 'cash' }], ...more })

      it('sell by the weight', async () => {
        const before = await onHand()
        const { status, body } = await sell(code('210012301250'))
        assert.equal(status, 201, JSON.stringify(body))
        const [{ product_id, quantity, unit_price, price_source, total }] = body.items
        assert.deepEqual(
          [product_id, quantity, unit_price, price_source, total],
          [meat.id, 1.25, '20.00', 'list', '25.00']
        )
        assert.equal(await onHand(), before - 1.25)
        const two = { items: [{ barcode: code('210012301250'), quantity: 2 }] }
        assert.equal((await sell('', two)).body.items[0].quantity, 2.5)
        const half = await sell('', { items: [{ barcode: code('210012301250'), quantity: 0.5 }] })
        assert.deepEqual([half.status, half.body.data.reason], [422, 'invalid_quantity'])
      })

      it('sell at the price on the label, which no permission is asked for', async () => {
        const { status, body } = await sell(code('220012300799'))
        assert.equal(status, 201, JSON.stringify(body))
        const [{ quantity, unit_price, price_source, barcode }] = body.items
        assert.deepEqual([quantity, unit_price, price_source], [1, '7.99', 'barcode'])
        assert.equal(barcode, code('220012300799'))
        assert.deepEqual([body.totals.total, body.payments[0].amount], ['7.99', '7.99'])
      })

      it('keep that price through a held sale', async () => {
        const held = await sell(code('220012300799'), { status: 'draft', payments: [] })
        assert.equal(held.status, 201, JSON.stringify(held.body))
        const issued = await till.patch('invoices', held.body.id, { status: 'issued', payments: [{ method: 'cash' }] })
        assert.deepEqual([issued.status, issued.body.totals?.total], [200, '7.99'], JSON.stringify(issued.body))
      })

      it('are refused when misread, of no weight, or of no product', async () => {
        const good = code('210012301250')
        const wrong = good.slice(0, 12) + ((Number(good[12]) + 1) % 10)
        const refused = await sell(wrong)
        assert.deepEqual([refused.status, refused.body.data.reason], [422, 'invalid_barcode'])
        assert.equal(refused.body.errors[0].path, 'items.0.barcode')
        assert.equal((await sell(code('210012300000'))).body.data.reason, 'invalid_quantity')
        assert.equal((await sell(code('210099901250'))).body.data.reason, 'unknown_product')
        assert.equal((await sell(code('230012301250'))).body.data.reason, 'unknown_product')
      })
    })
  }

  it('give way to a product that has that very code', async () => {
    const barcode = code('210012301999')
    const own = await stockedProduct(shop, { barcode, unit_price: '3.00' })
    const data = { items: [{ barcode, quantity: 1 }], payments: [{ method: 'cash' }] }
    const { body } = await shop.call('POST', '/invoices', data, shop.admin)
    assert.deepEqual([body.items[0].product_id, body.totals.total], [own.id, '3.00'])
  })

  it('are never given out', async () => {
    const { body } = await shop.call('PATCH', `/branches/${shop.branch}`, { barcode_prefix: '210' }, shop.admin)
    assert.equal(body.barcode_prefix, '210')
    const { status, body: refused } = await shop.call('POST', '/barcodes', {}, shop.admin)
    assert.deepEqual([status, refused.data.reason], [422, 'broken_rule'])
  })

  it('have patterns that leave room and are told apart', async () => {
    const { body: branch } = await shop.call('POST', '/branches', { name: 'Far', code: 'FAR' }, shop.admin)
    const wrong: Json[][] = [
      [{ prefix: '2100', item: 10, value: 'weight' }],
      [
        { prefix: '21', item: 5, value: 'weight' },
        { prefix: '210', item: 4, value: 'price' }
      ],
      [{ prefix: '40', item: 5, value: 'weight' }],
      [{ prefix: '21', item: 5, value: 'length' }]
    ]
    for (const value of wrong) {
      const setting = { branch_id: branch.id, key: 'embedded_barcodes', value }
      const { status, body } = await shop.call('POST', '/settings', setting, shop.admin)
      assert.deepEqual([status, body.data.reason], [400, 'invalid_data'], JSON.stringify(value))
    }
  })
})

describe('A payment without an amount', () => {
  let shop: Shop
  let product: Json
  before(async () => {
    shop = await openShop()
    product = await stockedProduct(shop, { unit_price: '10.00' }, 100)
  })
  after(() => shop.close())

  for (const transport of transports) {
    it(`takes what is owed, over ${transport}`, async () => {
      const till = await caller(shop, transport, (await shop.user('cashier')).token)
      const sell = async (payments: Json[], more: Json = {}) => {
        const items = [{ sku: product.sku, quantity: 3 }]
        const { status, body } = await till.create('invoices', { items, payments, ...more })
        return body.data?.reason ?? [status, body.status, ...body.payments.map(({ amount }: Json) => amount)]
      }
      assert.deepEqual(await sell([{ method: 'cash' }]), [201, 'paid', '30.00'])
      assert.deepEqual(await sell([{ method: 'cash', tendered: '50.00' }]), [201, 'paid', '30.00'])
      assert.deepEqual(await sell([{ method: 'cash' }, { method: 'card', amount: '12.50' }]), [
        201,
        'paid',
        '17.50',
        '12.50'
      ])
      assert.equal(await sell([{ method: 'cash' }, { method: 'card' }]), 'invalid_data')
      assert.equal(await sell([{ method: 'cash' }, { method: 'card', amount: '30.00' }]), 'invalid_amount')
      assert.equal(await sell([{ method: 'cash', tendered: '20.00' }]), 'tendered_short')
      // A held sale takes none.
      assert.equal(await sell([{ method: 'cash' }], { status: 'draft' }), 'invalid_data')
    })
  }
})
