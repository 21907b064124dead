import assert from 'node:assert/strict'
import { assertBooks, assertVerified, openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { daysAgo, Past } from '../support/past.ts'
import { emit, type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const BUCKETS = ['current', 'days_1_30', 'days_31_60', 'days_61_90', 'over_90', 'unallocated', 'balance']
const figures = (row: Json) => BUCKETS.map((name) => row[name])

describe('Balances by age', () => {
  let shop: Shop
  let past: Past
  let product: Json
  const contacts = { phone: '12345' }
  before(async () => {
    shop = await openShop()
    product = await stockedProduct(shop, {}, 1000)
  })
  after(() => shop.close())
  beforeEach(async () => {
    past = await Past.open(shop)
  })
  afterEach(async () => {
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })

  const make = async (path: string, data: Json): Promise<Json> => {
    const { status, body } = await shop.call('POST', `/${path}`, data, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const customer = (fields: Json = {}) =>
    make('customers', { name: 'Club', contacts, credit_limit: '1000.00', branch_id: null, ...fields })
  const vendor = (fields: Json = {}) => make('vendors', { name: 'Wholesale', contacts, branch_id: null, ...fields })
  const pieces = (quantity: number) => [{ product_id: product.id, quantity }]
  const row = async (path: string, id: string): Promise<Json> =>
    (await shop.call('GET', `/${path}/${id}`, undefined, shop.admin)).body

  /** The first and last day of each bucket. */
  const EDGES = [100, 91, 90, 61, 60, 31, 30, 1, 0]

  it('have a customer’s open invoices by their days', async () => {
    const { id: customer_id } = await customer()
    for (const [n, ago] of EDGES.entries())
      await past.on(daysAgo(ago), 'invoices', { customer_id, items: pieces(n + 1) })
    assert.deepEqual(figures(await row('customer-ageing', customer_id)), [
      '90.00',
      '150.00',
      '110.00',
      '70.00',
      '30.00',
      '0.00',
      '450.00'
    ])
    // The oldest first, whatever is paid on account; an invoice that is named is paid itself.
    await make('payments', { customer_id, method: 'cash', amount: '35.00' })
    const { body } = await shop.call(
      'GET',
      `/invoices?customer_id=${customer_id}&$sort[business_date]=-1`,
      undefined,
      shop.admin
    )
    await make('payments', { invoice_id: body.data[0].id, method: 'cash', amount: '90.00' })
    assert.deepEqual(figures(await row('customer-ageing', customer_id)), [
      '0.00',
      '150.00',
      '110.00',
      '65.00',
      '0.00',
      '0.00',
      '325.00'
    ])
  })

  it('have a vendor’s receipts by their days, as far as payments did not come to them', async () => {
    const { id: vendor_id } = await vendor()
    const goods = (ago: number, quantity: number) =>
      past.on(daysAgo(ago), 'stock-receipts', {
        vendor_id,
        items: [{ product_id: product.id, quantity, unit_cost: '10.00' }]
      })
    for (const [n, ago] of EDGES.entries()) await goods(ago, n + 1)
    assert.deepEqual(figures(await row('vendor-ageing', vendor_id)), [
      '90.00',
      '150.00',
      '110.00',
      '70.00',
      '30.00',
      '0.00',
      '450.00'
    ])
    const pay = (amount: string, direction = 'payment') =>
      make('vendor-payments', { vendor_id, amount, method: 'bank_transfer', direction })
    await pay('135.00')
    assert.deepEqual(figures(await row('vendor-ageing', vendor_id)).slice(0, 5), [
      '90.00',
      '150.00',
      '75.00',
      '0.00',
      '0.00'
    ])
    await pay('320.00')
    assert.deepEqual(figures(await row('vendor-ageing', vendor_id)), [...Array(5).fill('0.00'), '-5.00', '-5.00'])
    await pay('5.00')
    await pay('10.00', 'reverse')
    assert.equal((await shop.call('GET', `/vendor-ageing/${vendor_id}`, undefined, shop.admin)).status, 404)
    await pay('458.00', 'reverse')
    // More came back than was ever paid for goods.
    assert.deepEqual(figures(await row('vendor-ageing', vendor_id)), [
      '90.00',
      '150.00',
      '110.00',
      '70.00',
      '30.00',
      '8.00',
      '458.00'
    ])
  })

  it('count days where the document is', async () => {
    const { id: customer_id } = await customer()
    const { id: vendor_id } = await vendor()
    // It is never the same day in both.
    const dates: string[] = []
    for (const timezone of ['Pacific/Kiritimati', 'Etc/GMT+12']) {
      const { branch, register } = await openBranch(shop, { timezone })
      const goods = {
        vendor_id,
        branch_id: branch,
        items: [{ product_id: product.id, quantity: 2, unit_cost: '6.00' }]
      }
      const { business_date } = await make('stock-receipts', goods)
      const sold = await make('invoices', { customer_id, items: pieces(1), register_id: register })
      assert.equal(sold.business_date, business_date)
      dates.push(business_date)
    }
    assert.notEqual(dates[0], dates[1])
    assert.deepEqual(figures(await row('customer-ageing', customer_id)).slice(0, 2), ['20.00', '0.00'])
    assert.deepEqual(figures(await row('vendor-ageing', vendor_id)).slice(0, 2), ['24.00', '0.00'])
  })

  describe('are a list like others', () => {
    let other: { branch: string; register: string }
    const names = ['here', 'there', 'shared'] as const
    const ids: Record<string, Record<(typeof names)[number], string>> = { customers: {}, vendors: {} } as never
    before(async () => {
      other = await openBranch(shop)
      const branches = { here: shop.branch, there: other.branch, shared: null }
      for (const [n, name] of names.entries()) {
        const branch_id = branches[name]
        const { id: customer_id } = await customer({ name, branch_id })
        const { id: vendor_id } = await vendor({ name, branch_id })
        await make('invoices', { customer_id, items: pieces(n + 1) })
        const items = [{ product_id: product.id, quantity: n + 1, unit_cost: '10.00' }]
        await make('stock-receipts', { vendor_id, items })
        ids.customers![name] = customer_id
        ids.vendors![name] = vendor_id
      }
    })

    for (const transport of transports)
      for (const [path, party] of [
        ['customer-ageing', 'customer'],
        ['vendor-ageing', 'vendor']
      ] as const)
        it(`of ${party}s within reach, over ${transport}`, async () => {
          const mine = ids[`${party}s`]!
          const list = async (as: Caller) => {
            const { status, body } = await as.find(path)
            assert.equal(status, 200, JSON.stringify(body))
            const rows = body.data.filter((one: Json) => Object.values(mine).includes(one.id))
            return rows.map((one: Json) => [one[`${party}_id`], one.balance]).sort()
          }
          const expected = (...seen: (typeof names)[number][]) =>
            seen.map((name) => [mine[name], `${names.indexOf(name) + 1}0.00`]).sort()
          assert.deepEqual(await list(await caller(shop, transport, shop.admin)), expected(...names))
          const here = await caller(shop, transport, (await shop.user('employee')).token)
          assert.deepEqual(await list(here), expected('here', 'shared'))
          assert.equal((await here.get(path, mine.there)).status, 404)
          const till = await caller(shop, transport, (await shop.user('cashier')).token)
          assert.equal((await till.find(path)).status, 403)
          assert.equal((await till.get(path, mine.here)).status, 403)
        })

    it('with names, filters, sums and files', async () => {
      const { result } = await emit(await shop.socket(shop.admin), 'find', 'customer-ageing', {
        'customer.name': { $in: [...names] },
        $include: ['customer'],
        $sort: { balance: -1 }
      })
      assert.deepEqual(
        result!.data.map((one: Json) => [one.customer.name, one.current, one.customer.balance]),
        [
          ['shared', '30.00', '30.00'],
          ['there', '20.00', '20.00'],
          ['here', '10.00', '10.00']
        ]
      )
      const sums = await shop.call(
        'GET',
        '/customer-ageing?$sum=current,over_90,balance&$count=true',
        undefined,
        shop.admin
      )
      const [balances] = await shop.db.database.query<{ sum: string }>(
        `select trim_scale(sum(amount))::text as sum from account_entries where party = 'customer'`
      )
      assert.equal(Number(sums.body.data[0].sum.balance), Number(balances!.sum))
      const path = `/customer-ageing/export?$format=csv&$select=balance,current&customer_id=${ids.customers!.here}`
      const file = await fetch(shop.url + path, { headers: { authorization: `Bearer ${shop.admin}` } })
      assert.equal(file.status, 200)
      assert.match(await file.text(), /10\.00/)
    })
  })
})
