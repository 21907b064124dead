import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertSums, assertVerified, onHand } from '../support/books.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { refused, Till } from '../support/till.ts'

/** What the shop's old system got wrong with goods and money, a test for each. The rest: old-mistakes.test.ts. */
describe('What the old system got wrong with goods and money', () => {
  let shop: Shop
  let till: Till
  let vendor: Json
  before(async () => {
    shop = await openShop()
    till = await Till.open(shop)
    vendor = await make('/vendors', { name: 'Acme', contacts: { phone: '12345' } })
  })
  after(() => shop.close())
  afterEach(async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })

  const post = (path: string, data: Json) => shop.call('POST', path, data, shop.admin)
  const read = async (path: string) => (await shop.call('GET', path, undefined, shop.admin)).body
  async function make(path: string, data: Json): Promise<Json> {
    const { status, body } = await post(path, data)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const cash = (amount: string) => [{ method: 'cash', amount }]
  const customer = () => make('/customers', { name: 'A', contacts: { phone: '12345' }, credit_limit: '100.00' })
  const back = (invoice_id: string, quantity: number, more: Json = {}): Json => {
    return { invoice_id, items: [{ line_no: 1, quantity, condition: 'restock' }], reason: 'returned', ...more }
  }

  it('stock as a counter beside the ledger', async () => {
    const product = await stockedProduct(shop, {}, 10)
    const [level] = (await read(`/stock-levels?product_id=${product.id}`)).data
    refused(await shop.call('PATCH', `/stock-levels/${level.id}`, { on_hand: 99 }, shop.admin), 405, 'no_method')
    refused(await post('/stock-levels', { product_id: product.id, on_hand: 99 }), 405, 'no_method')
    const fields = { stock_level: 99 }
    refused(await shop.call('PATCH', `/products/${product.id}`, fields, shop.admin), 400, 'invalid_data')
    await till.sell(3, { items: [{ product_id: product.id, quantity: 3 }] })
    const entries = (await read(`/stock-entries?product_id=${product.id}&$sort[created_at]=1`)).data
    assert.deepEqual(
      entries.map(({ qty, balance_after }: Json) => [qty, balance_after]),
      [
        [10, 10],
        [-3, 7]
      ]
    )
    assert.equal(await onHand(shop, product.id), 7)
  })

  it('stock below zero while the balance moved in full', async () => {
    const product = await stockedProduct(shop, {}, 2)
    const { id: customer_id } = await customer()
    const items = [{ product_id: product.id, quantity: 3 }]
    refused(await till.call('/invoices', { items, customer_id }), 409, 'insufficient_stock')
    assert.equal(await onHand(shop, product.id), 2)
    assert.equal((await read(`/customers/${customer_id}`)).balance, '0.00')
  })

  it('two equal lines of one delivery dropped as a duplicate', async () => {
    const product = await stockedProduct(shop, {}, 0)
    const line = { product_id: product.id, quantity: 5, unit_cost: '2.00' }
    const receipt = await make('/stock-receipts', { vendor_id: vendor.id, items: [line, line] })
    assert.deepEqual([receipt.items.length, receipt.total], [2, '20.00'])
    assert.equal(await onHand(shop, product.id), 10)
    assert.equal((await read(`/stock-entries?document_id=${receipt.id}`)).data.length, 2)
  })

  it('money as floats', async () => {
    const product = await stockedProduct(shop, { unit_price: '0.10', tax_rate: '0' }, 1000)
    const line = (quantity: number) => ({ product_id: product.id, quantity })
    // 0.1 + 0.2 is 0.30000000000000004 in floats.
    const sold = await make('/invoices', { items: [line(1), line(2)], payments: cash('0.30') })
    assert.deepEqual([sold.totals.total, sold.status], ['0.30', 'paid'])
    const columns = await shop.db.database.query(
      `select table_name, column_name from information_schema.columns
       where table_schema = 'public' and data_type in ('real', 'double precision')`
    )
    assert.deepEqual(columns, [])
  })

  it('client-made prices and totals', async () => {
    const { token } = await shop.user('cashier')
    const line = { product_id: till.product.id, quantity: 2 }
    const sale = (given: Json, more: Json = {}) =>
      shop.call('POST', '/invoices', { items: [{ ...line, ...more }], payments: cash('1.00'), ...given }, token)
    for (const given of [{ total: '1.00' }, { totals: { total: '1.00' } }, { tax: '0.00' }, { subtotal: '1.00' }])
      refused(await sale(given), 400, 'invalid_data')
    refused(await sale({}, { total: '1.00' }), 400, 'invalid_data')
    refused(await sale({}, { unit_price: '0.50' }), 403, 'override_not_allowed')
    refused(await sale({ expected_total: '1.00' }), 409, 'total_mismatch')
    refused(await sale({}), 422, 'payment_required')
  })

  it('discounts recorded and not subtracted', async () => {
    const items = [{ product_id: till.product.id, quantity: 3, discount: '2.00' }]
    const sold = await make('/invoices', { items, discounts: '1.00', payments: cash('27.00') })
    assert.deepEqual([sold.totals.subtotal, sold.totals.discount, sold.totals.total], ['30.00', '3.00', '27.00'])
    assertSums(sold)
  })

  it('overpayment taken as paid', async () => {
    const items = [{ product_id: till.product.id, quantity: 1 }]
    refused(await post('/invoices', { items, payments: cash('11.00') }), 422, 'overpaid')
    const { id: customer_id } = await customer()
    const owed = await make('/invoices', { items, customer_id })
    for (const given of [{ invoice_id: owed.id }, { customer_id }])
      refused(await post('/payments', { ...given, method: 'cash', amount: '10.01' }), 422, 'overpaid')
    const paid = { invoice_id: owed.id, method: 'cash', amount: '10.00', tendered: '20.00' }
    assert.equal((await make('/payments', paid)).change, '10.00')
    assert.equal((await read(`/customers/${customer_id}`)).balance, '0.00')
  })

  it('refunds ignoring discounts and cash', async () => {
    const own = await Till.open(shop)
    await own.shift('0.00')
    const items = [{ product_id: own.product.id, quantity: 2, discount: '5.00' }]
    const sold = await own.sell(2, { items, payments: cash('15.00') })
    const refund = await own.make('/refunds', back(sold.id, 1, { method: 'cash' }))
    assert.deepEqual([refund.amount, refund.paid_out], ['7.50', '7.50'])
    assert.deepEqual((await own.close('7.50')).difference, { cash: '0.00' })
  })

  it('reversals booked as payments', async () => {
    const { id: customer_id } = await customer()
    const owed = await make('/invoices', { items: [{ product_id: till.product.id, quantity: 1 }], customer_id })
    const first = await make('/payments', { invoice_id: owed.id, method: 'card', amount: '4.00' })
    const second = await make('/payments', { reverses: first.id, reason: 'bounced' })
    assert.deepEqual([second.direction, second.amount, second.reverses], ['out', '4.00', first.id])
    assert.deepEqual((await read(`/invoices/${owed.id}`)).totals.balance, '10.00')
    assert.equal((await read(`/customers/${customer_id}`)).balance, '10.00')
    const paid = await make('/vendor-payments', { vendor_id: vendor.id, amount: '5.00', method: 'card' })
    const again = { vendor_id: vendor.id, amount: '5.00', method: 'card', direction: 'reverse' }
    const came = await make('/vendor-payments', again)
    assert.equal(Number(came.balance_after) - Number(paid.balance_after), 5)
  })

  it('numbers found by max + 1', async () => {
    const own = await Till.open(shop)
    const many = Array.from({ length: 12 }, (_, i) =>
      i % 3 ? own.sell() : own.call('/invoices', { items: [{ product_id: own.product.id, quantity: 1 }] })
    )
    await Promise.all(many)
    const { data } = await read(`/invoices?register_id=${own.register}&$sort[series_no]=1&$limit=50`)
    assert.deepEqual(
      data.map(({ series_no }: Json) => series_no),
      [1, 2, 3, 4, 5, 6, 7, 8],
      'those that failed took none'
    )
  })

  it('documents editable and deletable after the fact', async () => {
    const sold = await till.sell(2)
    const path = `/invoices/${sold.id}`
    for (const change of [{ items: [] }, { notes: 'x' }, { discounts: '1.00' }, { status: 'draft' }]) {
      const { status, body } = await shop.call('PATCH', path, change, shop.admin)
      assert.ok(status === 409 || status === 400, JSON.stringify(body))
    }
    assert.ok([403, 405, 409].includes((await shop.call('DELETE', path, undefined, shop.admin)).status))
    const refund = await till.make('/refunds', back(sold.id, 1))
    const payment = sold.payments[0]
    for (const [name, id] of Object.entries({ refunds: refund.id, payments: payment.id }))
      for (const method of ['PATCH', 'DELETE'])
        refused(await shop.call(method, `/${name}/${id}`, { reason: 'x' }, shop.admin), 405, 'no_method')
    for (const table of ['stock_entries', 'refunds', 'payments', 'audit_logs'])
      await assert.rejects(shop.db.database.query(`delete from ${table}`), table)
    assert.deepEqual((await read(path)).items, sold.items)
  })

  it('several commits for one action', async () => {
    const { id: customer_id } = await customer()
    const items = [{ product_id: till.product.id, quantity: 2 }]
    const sold = await till.make('/invoices', { items, customer_id, payments: cash('5.00') })
    const refund = await till.make('/refunds', back(sold.id, 1))
    for (const id of [sold.id, refund.id]) {
      // The transaction that wrote a row is in its xmin.
      const written = await shop.db.database.query(
        `select distinct xmin::text from (
           select xmin from stock_entries where document_id = $1 union all select xmin from account_entries where document_id = $1
           union all select xmin from payments where invoice_id = $1 or refund_id = $1
           union all select xmin from refunds where id = $1 union all select xmin from invoice_items where invoice_id = $1
           union all select xmin from audit_logs where record_id = $1 and action = 'create') t`,
        [id]
      )
      assert.equal(written.length, 1)
    }
  })

  it('retries that doubled documents', async () => {
    const own = await Till.open(shop)
    const id = uuidv7()
    for (let i = 0; i < 3; i++) {
      const data = { id, items: [{ product_id: own.product.id, quantity: 1 }], payments: cash('10.00') }
      assert.equal((await own.call('/invoices', data)).status, i ? 200 : 201)
    }
    assert.equal(await onHand(shop, own.product.id), 999)
    assert.equal((await read(`/payments?invoice_id=${id}`)).data.length, 1)
  })

  it('audit without sales, money and stock', async () => {
    const sold = await till.sell(1)
    const refund = await till.make('/refunds', back(sold.id, 1))
    const entry = { product_id: till.product.id, type: 'ADJUST', qty: -1, reason: 'broken' }
    const adjusted = await make('/stock-entries', entry)
    for (const [resource, { id }] of Object.entries({ invoices: sold, refunds: refund, 'stock-entries': adjusted })) {
      const { data } = await read(`/audit-logs?record_id=${id}&action=create`)
      assert.equal(data.length, 1, resource)
      assert.deepEqual([data[0].resource, data[0].user_id !== null, data[0].after !== null], [resource, true, true])
    }
  })
})
