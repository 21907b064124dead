import assert from 'node:assert/strict'
import { resourceNamed } from '../../src/schemas/index.ts'
import { assertBooks, assertVerified, openBranch, receive } from '../support/books.ts'
import { caller, transports } from '../support/caller.ts'
import { daysAgo, Past } from '../support/past.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { refused } from '../support/till.ts'

describe('Commission', () => {
  let shop: Shop
  let past: Past
  /** 9.99 and 20 % tax on top. */
  let product: Json
  let codes = 0
  before(async () => {
    shop = await openShop()
    product = await stockedProduct(shop, { unit_price: '9.99', tax_rate: '20' }, 1000)
  })
  after(() => shop.close())
  beforeEach(async () => {
    past = await Past.open(shop)
  })
  afterEach(async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })

  const make = async (path: string, data: Json, as = shop.admin): Promise<Json> => {
    const { status, body } = await shop.call('POST', `/${path}`, data, as)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const read = async (path: string, as = shop.admin): Promise<Json> => {
    const { status, body } = await shop.call('GET', path, undefined, as)
    assert.equal(status, 200, JSON.stringify(body))
    return body
  }
  const salesman = (commission_rate: string) => make('salesmen', { name: 'Ben', code: `B${++codes}`, commission_rate })
  const rateOf = (id: string, commission_rate: string) =>
    shop.call('PATCH', `/salesmen/${id}`, { commission_rate }, shop.admin)
  const paid = (quantity: number, fields: Json = {}) => ({
    items: [{ product_id: product.id, quantity }],
    payments: [{ method: 'card' }],
    ...fields
  })
  const entries = async (salesman_id: string) => {
    const { data } = await read(`/commission-entries?salesman_id=${salesman_id}&$sort[created_at]=1`)
    return data.map((one: Json) => [one.kind, one.business_date, one.net, one.commission_rate, one.commission])
  }
  const back = (invoice: Json, quantity: number) => ({
    invoice_id: invoice.id,
    items: [{ line_no: 1, quantity, condition: 'restock' }],
    reason: 'too large'
  })

  it('is of what was sold without tax, at the rate of the sale, given back on the day it comes back', async () => {
    const { id: salesman_id } = await salesman('2.5')
    const [d9, d5, d2] = [9, 5, 2].map(daysAgo) as [string, string, string]
    const first = await past.on(d9, 'invoices', paid(3, { salesman_id }))
    // 29.97 net at 2.5 % is 0.74925.
    assert.deepEqual([first.totals.total, first.commission_rate, first.commission], ['35.96', '2.5000', '0.75'])
    await rateOf(salesman_id, '10')
    const second = await past.on(d5, 'invoices', paid(1, { salesman_id }))
    assert.deepEqual([second.commission_rate, second.commission], ['10.0000', '1.00'])
    const one = await past.on(d5, 'refunds', back(first, 1))
    const rest = await past.on(d2, 'refunds', back(first, 2))
    // 9.99 at 2.5 % is 0.24975, and what is left of 0.75 goes back with the rest.
    assert.deepEqual([one.commission, rest.commission], ['0.25', '0.50'])
    const wrong = await past.on(d2, 'invoices', paid(2, { salesman_id }))
    await past.on(d2, 'invoice-voids', { invoice_id: wrong.id, reason: 'rung up twice' })
    await rateOf(salesman_id, '99')
    assert.deepEqual(await entries(salesman_id), [
      ['sale', d9, '29.97', '2.5000', '0.75'],
      ['sale', d5, '9.99', '10.0000', '1.00'],
      ['refund', d5, '-9.99', '2.5000', '-0.25'],
      ['refund', d2, '-19.98', '2.5000', '-0.50'],
      ['sale', d2, '19.98', '10.0000', '2.00'],
      ['void', d2, '-19.98', '10.0000', '-2.00']
    ])
    const days = await read(
      `/commission-entries?$group=business_date&$sum=net,commission&salesman_id=${salesman_id}&$sort[business_date]=1`
    )
    assert.deepEqual(
      days.data.map(({ group, sum }: Json) => [group.business_date, sum.net, sum.commission]),
      [
        [d9, '29.97', '0.75'],
        [d5, '0.00', '0.75'],
        [d2, '-19.98', '-0.50']
      ]
    )
  })

  for (const transport of transports)
    it(`is a report per salesman, over ${transport}`, async () => {
      const [five, more] = [await salesman('5'), await salesman('7.5')] as [Json, Json]
      const sales: [number, Json][] = [
        [10, five],
        [11, more]
      ]
      for (const ago of [20, 10])
        for (const [pieces, { id: salesman_id }] of sales)
          await past.on(daysAgo(ago), 'invoices', paid(pieces, { salesman_id }))
      const asks = await caller(shop, transport, shop.admin)
      const { status, body } = await asks.find('reports/commission', { business_date: daysAgo(10) })
      assert.equal(status, 200, JSON.stringify(body))
      const ours = body.data.filter(({ group }: Json) => [five.id, more.id].includes(group.salesman_id))
      // 109.89 at 7.5 % is 8.24175, 99.90 at 5 % is 4.995.
      assert.deepEqual(ours, [
        { group: groupOf(more), count: 1, sum: { net: '109.89', commission: '8.24' } },
        { group: groupOf(five), count: 1, sum: { net: '99.90', commission: '5.00' } }
      ])
      const period = `business_date[$gte]=${daysAgo(20)}&business_date[$lt]=${daysAgo(0)}`
      const { data } = await read(`/reports/commission?${period}&salesman_id=${five.id}`)
      assert.deepEqual(data, [{ group: groupOf(five), count: 2, sum: { net: '199.80', commission: '10.00' } }])
    })
  const groupOf = ({ id, code, name }: Json) => ({ salesman_id: id, 'salesman.code': code, 'salesman.name': name })

  it('is kept with what becomes an invoice later, at the rate of then', async () => {
    const { id: salesman_id } = await salesman('1')
    const draft = await make('invoices', { ...paid(1), payments: [], salesman_id, status: 'draft' })
    assert.deepEqual([draft.commission_rate, draft.commission, await entries(salesman_id)], [null, '0.00', []])
    await rateOf(salesman_id, '3')
    const held = { status: 'issued', payments: [{ method: 'card' }] }
    const issued = await shop.call('PATCH', `/invoices/${draft.id}`, held, shop.admin)
    assert.deepEqual([issued.body.commission_rate, issued.body.commission], ['3.0000', '0.30'])

    const samples = new Samples(shop)
    const { category_id } = await samples.create(resourceNamed('order-options'))
    const { id: customer_id } = await samples.create(resourceNamed('customers'))
    const items = [{ category_id, options: { Neck: 'Polo' }, quantity: 2, price: '50.00' }]
    const order = await make('custom-orders', { customer_id, salesman_id, items })
    for (const status of ['in_progress', 'completed'])
      assert.equal((await shop.call('PATCH', `/custom-orders/${order.id}`, { status }, shop.admin)).status, 200)
    await rateOf(salesman_id, '4')
    await make('order-closings', { order_id: order.id, outcome: 'delivered', payments: [{ method: 'card' }] })
    const [, delivered] = await entries(salesman_id)
    const net = Number(delivered[2])
    assert.deepEqual(delivered.slice(3), ['4.0000', (net * 0.04).toFixed(2)])
    assert.ok(net >= 100)
  })

  it('leaves tax out where prices include it, and what was taken off', async () => {
    const { register, branch } = await openBranch(shop, { prices_include_tax: true })
    await receive(shop, product.id, branch, 10)
    const { id: salesman_id } = await salesman('10')
    // 8.99 holds 1.50 of tax.
    const sold = await make('invoices', paid(1, { salesman_id, register_id: register, discounts: '1.00' }))
    assert.deepEqual([sold.totals.total, sold.totals.tax, sold.commission], ['8.99', '1.50', '0.75'])
  })

  it('is of what is sold, paid or not, and of nobody without a salesman', async () => {
    const { id: salesman_id } = await salesman('10')
    const given = { name: 'Club', contacts: { phone: '12345' }, credit_limit: '1000.00' }
    const { id: customer_id } = await make('customers', given)
    const owed = await make('invoices', { ...paid(1, { customer_id, salesman_id }), payments: [] })
    assert.deepEqual([owed.status, owed.commission], ['issued', '1.00'])
    const none = await make('invoices', paid(1))
    assert.deepEqual([none.commission_rate, none.commission], [null, '0.00'])
    assert.equal((await read(`/commission-entries?invoice_id=${none.id}`)).total, 0)
    assert.equal((await make('refunds', back(none, 1))).commission, '0.00')
  })

  it('is of the day at the branch', async () => {
    const { branch, register } = await openBranch(shop, { timezone: 'America/New_York' })
    await receive(shop, product.id, branch, 10)
    const { id: salesman_id } = await salesman('10')
    // Half past eleven in the evening of the fourteenth.
    const late = new Date('2026-01-15T04:30:00Z')
    const sold = await past.at(late, 'invoices', paid(1, { salesman_id, register_id: register }))
    assert.equal(sold.business_date, '2026-01-14')
    const { data } = await read(`/reports/commission?business_date=2026-01-14&salesman_id=${salesman_id}`)
    assert.deepEqual([data.length, data[0].sum.commission], [1, '1.00'])
    assert.deepEqual((await read(`/reports/commission?business_date=2026-01-15&salesman_id=${salesman_id}`)).data, [])
  })

  it('is all for an administrator, that of the branch for an employee, and nothing for a till', async () => {
    const { branch, register } = await openBranch(shop)
    await receive(shop, product.id, branch, 10)
    const { id: salesman_id } = await salesman('10')
    const here = await make('invoices', paid(1, { salesman_id }))
    await make('invoices', paid(2, { salesman_id, register_id: register }))
    const seen = async (as: string) => {
      const { data } = await read(`/reports/commission?salesman_id=${salesman_id}`, as)
      return data[0].sum.commission
    }
    assert.equal(await seen(shop.admin), '3.00')
    assert.equal(await seen((await shop.user('employee')).token), '1.00')
    assert.equal(await seen((await shop.user('employee', branch)).token), '2.00')
    const { token } = await shop.user('cashier')
    for (const path of ['/commission-entries', '/reports/commission', `/commission-entries/${here.id}`])
      refused(await shop.call('GET', path, undefined, token), 403, 'not_allowed')
    const answers = [
      await make('invoices', paid(1, { salesman_id }), token),
      await read(`/invoices/${here.id}`, token),
      await make('refunds', back(here, 1), token)
    ]
    for (const answer of answers)
      assert.deepEqual(
        Object.keys(answer).filter((name) => name.startsWith('commission')),
        []
      )
    refused(await shop.call('GET', '/invoices?commission[$gt]=0', undefined, token), 400, 'invalid_query')
  })

  it('keeps a salesman with sales from being removed', async () => {
    const [sold, none] = [await salesman('1'), await salesman('1')] as [Json, Json]
    await make('invoices', paid(1, { salesman_id: sold.id }))
    refused(await shop.call('DELETE', `/salesmen/${sold.id}`, undefined, shop.admin), 409, 'in_use')
    assert.equal((await shop.call('DELETE', `/salesmen/${none.id}`, undefined, shop.admin)).status, 200)
    const gone = await shop.call('PATCH', `/salesmen/${sold.id}`, { is_active: false }, shop.admin)
    assert.equal(gone.status, 200)
    refused(await shop.call('POST', '/invoices', paid(1, { salesman_id: sold.id }), shop.admin), 422, 'inactive')
    assert.equal((await entries(sold.id)).length, 1)
  })
})
