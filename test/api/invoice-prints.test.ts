import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Printed bills', () => {
  let shop: Shop
  let product: Json
  before(async () => {
    shop = await openShop()
    product = await stockedProduct(shop, { unit_price: '10.00' }, 1000)
  })
  after(() => shop.close())

  async function sold(more: Json = {}): Promise<Json> {
    const items = [{ product_id: product.id, quantity: 2 }]
    const sale = { items, payments: [{ method: 'cash', tendered: '50.00' }], ...more }
    const { status, body } = await shop.call('POST', '/invoices', sale, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      let till: Caller
      let cashier: { id: string; token: string }
      before(async () => {
        cashier = await shop.user('cashier')
        till = await caller(shop, transport, cashier.token)
      })
      const print = async (data: Json): Promise<Json> => {
        const { status, body } = await till.create('invoice-prints', data)
        assert.equal(status, 201, JSON.stringify(body))
        return body
      }

      it('are marked as duplicates from the second on, and keep who printed them', async () => {
        const { id, invoice_no, totals } = await sold()
        const first = await print({ invoice_id: id })
        assert.deepEqual([first.print_no, first.mark, first.created_by], [1, null, cashier.id])
        assert.deepEqual(
          [first.bill.invoice_no, first.bill.total, first.bill.change],
          [invoice_no, totals.total, totals.change]
        )
        assert.deepEqual(first.bill.items[0].name, product.name)
        assert.ok(!JSON.stringify(first).includes('cost'))
        const second = await print({ invoice_no })
        assert.deepEqual([second.invoice_id, second.print_no, second.mark], [id, 2, 'DUPLICATE 1'])
        assert.equal((await print({ invoice_id: id })).mark, 'DUPLICATE 2')
        const read = await shop.call('GET', `/invoices/${id}`, undefined, shop.admin)
        assert.deepEqual([read.body.print_count, read.body.version], [3, 4])
      })

      it('are each counted once, also at once, and once per id', async () => {
        const { id } = await sold()
        const prints = await Promise.all(Array.from({ length: 6 }, () => print({ invoice_id: id })))
        assert.deepEqual(prints.map(({ print_no }) => print_no).sort(), [1, 2, 3, 4, 5, 6])
        const own = uuidv7()
        const once = await print({ id: own, invoice_id: id })
        assert.deepEqual((await till.create('invoice-prints', { id: own, invoice_id: id })).body, once)
        assert.equal((await print({ invoice_id: id })).print_no, 8)
      })

      it('are of issued sales, named in one way', async () => {
        const held = await sold({ status: 'draft', payments: [] })
        const { id, invoice_no } = await sold()
        const wrong: [Json, number, string][] = [
          [{ invoice_id: held.id }, 409, 'not_issued'],
          [{ invoice_id: uuidv7() }, 422, 'unknown_reference'],
          [{ invoice_no: 'MAIN-01-999999' }, 422, 'unknown_reference'],
          [{ invoice_id: id, invoice_no }, 400, 'invalid_data'],
          [{}, 400, 'invalid_data']
        ]
        for (const [data, status, reason] of wrong) {
          const refused = await till.create('invoice-prints', data)
          assert.deepEqual([refused.status, refused.body.data.reason], [status, reason], JSON.stringify(data))
        }
      })

      it('reach bills that the till does not find any more, and none of another branch', async () => {
        const old = await sold()
        await shop.db.database.query(`update invoices set business_date = business_date - 30 where id = $1`, [old.id])
        assert.equal((await till.get('invoices', old.id)).status, 404)
        assert.equal((await print({ invoice_no: old.invoice_no })).bill.invoice_no, old.invoice_no)
        const code = transport === 'rest' ? 'FARA' : 'FARB'
        const { body: branch } = await shop.call('POST', '/branches', { name: code, code }, shop.admin)
        const far = await caller(shop, transport, (await shop.user('cashier', branch.id)).token)
        const refused = await far.create('invoice-prints', { invoice_id: old.id })
        assert.deepEqual([refused.status, refused.body.data.reason], [422, 'unknown_reference'])
      })
    })
  }
})

describe('A bill of another day', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  for (const transport of transports)
    it(`is found at the till by number, customer and day, printed and refunded, over ${transport}`, async () => {
      const { branch, register } = await openBranch(shop, { timezone: 'Pacific/Kiritimati', stock_policy: 'allow' })
      const { id: product_id } = await stockedProduct(shop, {}, 0)
      const party = { name: 'A', contacts: { phone: '12345' }, branch_id: branch }
      const { body: customer } = await shop.call('POST', '/customers', party, shop.admin)
      const items = [{ product_id, quantity: 2 }]
      const sale = { items, register_id: register, customer_id: customer.id, payments: [{ method: 'cash' }] }
      const { body: sold } = await shop.call('POST', '/invoices', sale, shop.admin)
      await shop.call('POST', '/invoices', { items, register_id: register, status: 'draft' }, shop.admin)
      // Yesterday, from now on.
      await shop.call('PATCH', `/branches/${branch}`, { timezone: 'Etc/GMT+12' }, shop.admin)
      const till = await caller(shop, transport, (await shop.user('cashier', branch)).token)
      assert.equal((await till.get('invoices', sold.id)).status, 404)
      const { invoice_no, business_date, customer_id } = sold
      for (const query of [{}, { invoice_no }, { business_date }, { customer_id }]) {
        const { body } = await till.find('bills', query)
        assert.deepEqual(
          body.data.map(({ id, total, status }: Json) => [id, total, status]),
          [[sold.id, '20.00', 'paid']],
          JSON.stringify(query)
        )
        assert.ok(!('items' in body.data[0]))
      }
      const { body: printed } = await till.create('invoice-prints', { invoice_id: sold.id })
      assert.equal(printed.bill.invoice_no, invoice_no)
      const back = { invoice_id: sold.id, items: [{ line_no: 1, quantity: 1, condition: 'restock' }], reason: 'torn' }
      assert.equal((await till.create('refunds', back)).status, 201)
      const other = await caller(shop, transport, (await shop.user('cashier')).token)
      assert.deepEqual((await other.find('bills', { invoice_no })).body.data, [])
    })
})

describe('A held sale', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  for (const transport of transports)
    it(`is resumed by one of two tills, over ${transport}`, async () => {
      const product = await stockedProduct(shop, { unit_price: '10.00' }, 100)
      const tills = await Promise.all(
        [1, 2, 3].map(async () => caller(shop, transport, (await shop.user('cashier')).token))
      )
      const data = { items: [{ product_id: product.id, quantity: 1 }], status: 'draft' }
      const { body: held } = await tills[0]!.create('invoices', data)
      const resumed = await Promise.all(
        tills.map((till) => till.patch('invoices', held.id, { version: held.version, status: 'draft' }))
      )
      const won = resumed.filter(({ status }) => status === 200)
      const lost = resumed.filter(({ body }) => body.data?.reason === 'stale_version')
      assert.deepEqual([won.length, lost.length], [1, 2])
      const { version } = won[0]!.body
      const late = await tills[1]!.patch('invoices', held.id, {
        version: held.version,
        status: 'issued',
        payments: [{ method: 'cash' }]
      })
      assert.equal(late.body.data.reason, 'stale_version')
      const issue = { version, status: 'issued', payments: [{ method: 'cash' }] }
      assert.equal((await tills[0]!.patch('invoices', held.id, issue)).body.status, 'paid')
    })
})
