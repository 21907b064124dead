import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertVerified } from '../support/books.ts'
import { type Answer, emit, type Json, nextEvent, openShop, type Shop } from '../support/shop.ts'
import { refused, Till } from '../support/till.ts'

const cents = (amount: string) => Math.round(Number(amount) * 100)

describe('Closing a shift', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  it('counts what its ledgers say, freezes it and closes the shift', async () => {
    const till = await Till.open(shop)
    const shift = await till.shift('100.00')
    const first = await till.sell(2, {
      discounts: '1.00',
      payments: [{ method: 'cash', amount: '19.00', tendered: '50.00' }]
    })
    const last = await till.sell(3, {
      payments: [
        { method: 'card', amount: '20.00' },
        { method: 'cash', amount: '10.00' }
      ]
    })
    await till.make('/cash-movements', { kind: 'paid_in', amount: '5.00', reason: 'change' })
    await till.make('/cash-movements', { kind: 'drop', amount: '40.00', reason: 'to the safe' })
    await till.make('/cash-movements', { kind: 'no_sale' })
    const report = await till.read(`/shift-reports/${shift.id}`)

    const socket = await shop.socket(shop.admin)
    const told = [nextEvent(socket, 'shift-closings created'), nextEvent(socket, 'shifts patched')]
    const note = 'a coin fell under the counter'
    const z = await till.make('/shift-closings', { counted: { cash: '93.50', card: '20.00' }, note })
    assert.match(z.number, /-Z000001$/)
    assert.deepEqual(z.expected, { cash: '94.00', card: '20.00' })
    assert.deepEqual(z.counted, { cash: '93.50', card: '20.00' })
    assert.deepEqual(z.difference, { cash: '-0.50', card: '0.00' })
    assert.deepEqual([z.shift_id, z.register_id, z.note, z.series_no], [shift.id, till.register, note, 1])
    assert.deepEqual(z.content, {
      sales: { count: 2, subtotal: '50.00', discount: '1.00', tax: '0.00', total: '49.00' },
      late: { count: 0, total: '0.00' },
      voids: { count: 0, total: '0.00' },
      refunds: { count: 0, total: '0.00' },
      numbers: { first: first.invoice_no, last: last.invoice_no },
      taxes: [{ rate: '0.0000', base: '49.00', tax: '0.00' }],
      payments: [
        { method: 'card', count: 1, in: '20.00', out: '0.00' },
        { method: 'cash', count: 2, in: '29.00', out: '0.00' }
      ],
      movements: [
        { kind: 'drop', count: 1, amount: '40.00' },
        { kind: 'no_sale', count: 1, amount: '0.00' },
        { kind: 'paid_in', count: 1, amount: '5.00' }
      ],
      cash: { float: '100.00', sales: '29.00', refunds: '0.00', movements: '-35.00', expected: '94.00' }
    })
    const { id, shift: _, expected, ...content } = report
    assert.deepEqual([id, expected, content], [shift.id, z.expected, z.content], 'X says what Z will say')
    const closed = await till.read(`/shifts/${shift.id}`)
    assert.deepEqual([closed.status, closed.closed_at, closed.version], ['closed', z.created_at, 2])
    assert.deepEqual(await Promise.all(told), [z, closed])
    assert.deepEqual(await till.read(`/shift-closings/${z.id}`), z)
  })

  it('leaves what was not counted uncounted, but always counts the drawer', async () => {
    const till = await Till.open(shop)
    const { id: shift_id } = await till.shift()
    await till.sell(1, { payments: [{ method: 'card', amount: '10.00' }] })
    const close = (data: Json) => shop.call('POST', '/shift-closings', { shift_id, ...data }, shop.admin)
    refused(await close({ counted: { card: '10.00' } }), 400, 'invalid_data')
    refused(await close({ counted: { cash: '1.00', shells: '4.00' } }), 422, 'unknown_payment_method')
    for (const cash of ['-1.00', '1.001', '1000000000000.00', 'much'])
      refused(await close({ counted: { cash } }), 422, 'invalid_amount')
    refused(await close({ counted: { cash: { much: true } } }), 400, 'invalid_data')
    const { body } = await close({ counted: { cash: 100 } })
    assert.deepEqual([body.counted, body.difference], [{ cash: '100.00' }, { cash: '0.00' }])
    assert.deepEqual(body.expected, { cash: '100.00', card: '10.00' })
  })

  it('is done once: of two closings at once one is kept, and a repeated one is answered again', async () => {
    const till = await Till.open(shop)
    for (const named of ['shift_id', 'register_id']) {
      const shift = await till.shift()
      const data = { [named]: named === 'shift_id' ? shift.id : till.register, counted: { cash: '100.00' } }
      const race = await Promise.all(
        Array.from({ length: 4 }, () => shop.call('POST', '/shift-closings', data, shop.admin))
      )
      const [made, ...others] = race.sort((a, b) => a.status - b.status)
      assert.equal(made!.status, 201)
      for (const other of others) refused(other, 409, 'shift_closed')
    }
    await till.shift()
    const data = { id: uuidv7(), register_id: till.register, counted: { cash: '1.00' } }
    const twins: Answer[] = []
    for (let i = 0; i < 2; i++) twins.push(await shop.call('POST', '/shift-closings', data, shop.admin))
    assert.deepEqual(
      twins.map(({ status }) => status),
      [201, 200]
    )
    assert.deepEqual(twins[1]!.body, twins[0]!.body)
    const { body } = await shop.call(
      'GET',
      `/shift-closings?register_id=${till.register}&$sort[series_no]=1`,
      undefined,
      shop.admin
    )
    assert.deepEqual(
      body.data.map((z: Json) => z.series_no),
      [1, 2, 3]
    )
  })

  it('gives the next shift what was counted, and what was sold meanwhile as late', async () => {
    const till = await Till.open(shop)
    await till.shift()
    await till.close('77.30')
    const party = { name: 'On account', contacts: { phone: '12345' }, credit_limit: '100.00' }
    const { body: customer } = await shop.call('POST', '/customers', party, shop.admin)
    const cash = await till.sell()
    const owed = await till.sell(2, { customer_id: customer.id, payments: [] })
    const { body: paid } = await shop.call(
      'POST',
      '/payments',
      { invoice_id: owed.id, method: 'card', amount: '3.00' },
      shop.admin
    )
    assert.deepEqual([cash.shift_id, paid.shift_id], [null, null])
    const held = await till.sell(1, { status: 'draft', payments: [] })
    const shift = await till.make('/shifts')
    assert.equal(shift.float, '77.30')
    for (const { id } of [cash, owed]) {
      const invoice = await till.read(`/invoices/${id}`)
      assert.deepEqual([invoice.shift_id, invoice.late, invoice.version], [shift.id, true, id === owed.id ? 3 : 2])
    }
    assert.equal((await till.read(`/payments/${paid.id}`)).shift_id, shift.id)
    assert.equal((await till.read(`/invoices/${held.id}`)).shift_id, null, 'a draft is no sale')
    const z = await till.close('87.30')
    assert.deepEqual(z.content.late, { count: 2, total: '30.00' })
    assert.deepEqual([z.expected, z.difference], [{ cash: '87.30', card: '3.00' }, { cash: '0.00' }])
  })

  it('takes what was given back off the drawer', async () => {
    const till = await Till.open(shop)
    await till.shift()
    const { id: invoice_id } = await till.sell(3)
    const items = [{ line_no: 1, quantity: 1, condition: 'restock' }]
    await till.make('/refunds', { invoice_id, items, reason: 'too many', method: 'cash' })
    const z = await till.close('120.00')
    assert.deepEqual(
      [z.expected, z.difference, z.content.refunds],
      [{ cash: '120.00' }, { cash: '0.00' }, { count: 1, total: '10.00' }]
    )
    // Between two shifts: it belongs to the next.
    await till.make('/refunds', { invoice_id, items, reason: 'again', method: 'cash' })
    await till.make('/shifts')
    assert.deepEqual((await till.close('110.00')).difference, { cash: '0.00' })
  })

  it('counts each of 30 sales that race with it once: in the Z, or late in the next', async () => {
    const till = await Till.open(shop)
    const shift = await till.shift('0.00')
    const selling = Array.from({ length: 30 }, async (_, i) => {
      await new Promise((done) => setTimeout(done, i * 4))
      return till.sell()
    })
    await new Promise((done) => setTimeout(done, 50))
    const z = await till.close('0.00')
    const sales = await Promise.all(selling)
    const inside = sales.filter(({ shift_id }) => shift_id === shift.id)
    assert.ok(sales.every(({ shift_id }) => shift_id === null || shift_id === shift.id))
    assert.deepEqual(z.content.sales.count, inside.length)
    assert.equal(cents(z.expected.cash), inside.length * 1000)
    await till.make('/shifts')
    const next = await till.close('0.00')
    assert.equal(next.content.late.count, 30 - inside.length)
    assert.equal(cents(next.expected.cash), (30 - inside.length) * 1000)
  })

  it('takes no more: a movement or a second closing of a closed shift is refused', async () => {
    const till = await Till.open(shop)
    refused(await till.call('/shift-closings', { counted: { cash: '0' } }), 422, 'no_open_shift')
    refused(await till.call('/cash-movements', { kind: 'no_sale' }), 422, 'no_open_shift')
    const { id: shift_id } = await till.shift()
    const z = await till.close('100.00')
    refused(await till.call('/shift-closings', { shift_id, counted: { cash: '0' } }), 409, 'shift_closed')
    refused(await till.call('/cash-movements', { shift_id, kind: 'no_sale' }), 409, 'shift_closed')
    refused(await till.call('/cash-movements', { kind: 'no_sale' }), 422, 'no_open_shift')
    for (const method of ['PATCH', 'DELETE'])
      refused(await shop.call(method, `/shift-closings/${z.id}`, { note: 'x' }, shop.admin), 405, 'no_method')
  })

  it('is for who opened the shift', async () => {
    const [ada, ben] = [await shop.user('cashier'), await shop.user('cashier')]
    const till = await Till.open(shop, ada.token)
    const { id: shift_id } = await till.shift()
    const counted = { cash: '100.00' }
    refused(await till.call('/shift-closings', { counted }, ben.token), 403, 'not_allowed')
    refused(await till.call('/cash-movements', { kind: 'no_sale' }, ben.token), 403, 'not_allowed')
    for (const path of ['/shift-closings', '/cash-movements']) {
      const data = path === '/shift-closings' ? { counted } : { kind: 'no_sale' }
      refused(await shop.call('POST', path, { shift_id, ...data }, ben.token), 422, 'unknown_reference')
    }
    refused(await shop.call('GET', `/shift-reports/${shift_id}`, undefined, ben.token), 404, 'not_found')
    const socket = await shop.socket(ada.token)
    const { result } = await emit(socket, 'create', 'shift-closings', { counted }, {})
    assert.equal(result!.shift_id, shift_id, 'their own is closed where none is named')
  })

  it('is blind where the branch wants it, until the closing is there', async () => {
    const ada = await shop.user('cashier')
    const till = await Till.open(shop, ada.token)
    const { id } = await till.shift()
    await till.sell()
    const { body: setting } = await shop.call(
      'POST',
      '/settings',
      { branch_id: shop.branch, key: 'blind_count', value: true },
      shop.admin
    )
    const x = await till.read(`/shift-reports/${id}`)
    assert.deepEqual([x.expected, x.payments, x.cash, x.sales.count], [undefined, undefined, undefined, 1])
    assert.deepEqual((await till.read(`/shift-reports/${id}`, shop.admin)).expected, { cash: '110.00' })
    const z = await till.close('109.00')
    assert.deepEqual([z.expected, z.difference], [{ cash: '110.00' }, { cash: '-1.00' }])
    assert.deepEqual((await till.read(`/shift-reports/${id}`)).expected, { cash: '110.00' })
    await shop.call('DELETE', `/settings/${setting.id}`, undefined, shop.admin)
  })

  it('reports over both transports, and refuses what is no shift', async () => {
    const till = await Till.open(shop)
    const { id } = await till.shift()
    const socket = await shop.socket(shop.admin)
    const { result } = await emit(socket, 'get', 'shift-reports', id, {})
    assert.deepEqual(result, await till.read(`/shift-reports/${id}`))
    refused(await shop.call('GET', '/shift-reports/none', undefined, shop.admin), 400, 'invalid_id')
    refused(await shop.call('GET', `/shift-reports/${uuidv7()}`, undefined, shop.admin), 404, 'not_found')
    refused(await shop.call('GET', `/shift-reports/${id}?a=1`, undefined, shop.admin), 400, 'invalid_query')
    refused(await shop.call('GET', `/shift-reports/${id}`), 401, 'not_signed_in')
  })

  it('leaves the books right', async () => {
    await assertVerified(shop.db.database)
    await assertBooks(shop.db.database)
  })
})
