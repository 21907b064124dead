import assert from 'node:assert/strict'
import { type Asking, asking } from '../support/asking.ts'
import { type Market, openMarket, sellAround } from '../support/market.ts'
import { type Json, openShop, PASSWORD, type Shop } from '../support/shop.ts'

const decode = (text: string): unknown[] => JSON.parse(Buffer.from(text, 'base64url').toString())

describe('Queries of a role that an administrator made', () => {
  let shop: Shop
  let asks: Asking
  let market: Market
  let count = 0

  before(async () => {
    shop = await openShop()
    asks = asking(shop)
    market = await openMarket(shop)
    await sellAround(shop, market)
  })
  after(() => shop.close())

  /** The token of somebody with these rules. */
  async function holder(...permissions: Json[]): Promise<string> {
    const name = `maker-${++count}`
    const role = await market.make('roles', { name, permissions })
    const user = { full_name: name, email: `${name}@shop.test`, username: name, password: PASSWORD }
    await market.make('users', { ...user, role_id: role.id, branch_id: shop.branch })
    return shop.signIn(name)
  }
  const reads = (subject: string, fields?: string[], conditions?: Json) => ({
    action: ['read'],
    subject: [subject],
    ...(fields && { fields }),
    ...(conditions && { conditions })
  })

  it('are put in no order of a hidden field, and their cursor tells none', async () => {
    const token = await holder(
      reads('products', ['name']),
      reads('invoices', ['status']),
      reads('invoice-items', ['name'])
    )
    // The other way round than the ids, which are of the order of time.
    await shop.db.database.query(
      "update products set created_at = '2026-01-01'::timestamptz - (created_at - '2026-01-01')"
    )
    const list = await asks.list('products', { $after: '', $limit: 3 }, token)
    assert.deepEqual(decode(list.next), ['-id', list.data.at(-1).id])
    const { data } = await asks.list('products', {}, token)
    const ids = data.map(({ id }: Json) => id)
    assert.deepEqual(ids, [...ids].sort().reverse())
    assert.deepEqual(
      list.data.map(({ id }: Json) => id),
      ids.slice(0, 3)
    )
    for (const { items } of await asks.records('invoices', {}, token)) {
      const lines = items.map(({ id }: Json) => id)
      assert.deepEqual(lines, [...lines].sort())
      for (const item of items) assert.deepEqual(Object.keys(item), ['id', 'name'])
    }
  })

  it('search the fields they see, and are ranked by those alone', async () => {
    const data = { unit_price: '1.00', cost_price: '0.50' }
    await market.make('products', { ...data, sku: 'ZZ-1', name: 'kappa mug' })
    await market.make('products', { ...data, sku: 'kappa', name: 'large mug of kappa ware', barcode: '40063813' })
    const token = await holder(reads('products', ['name', 'unit_price']))
    const names = async ($search: string, as?: string) =>
      (await asks.list('products', { $search }, as)).data.map(({ name }: Json) => name)
    assert.equal((await names('kappa'))[0], 'large mug of kappa ware', 'the code is what was typed')
    assert.deepEqual(await names('kappa', token), ['kappa mug', 'large mug of kappa ware'])
    for (const hidden of ['ZZ-1', 'zz', '40063813', '400638', 'kappa 40063813']) {
      assert.ok((await names(hidden)).length, hidden)
      assert.deepEqual(await names(hidden, token), [], hidden)
      const counted = await asks.list('products', { $search: hidden, $count: true }, token)
      assert.equal(counted.data[0].count, 0)
    }
    // One letter off: what is spelt alike is looked for in the same fields.
    assert.ok((await names('400638133')).length)
    assert.deepEqual(await names('400638133', token), [])
    assert.deepEqual((await names('kapppa', token)).sort(), ['kappa mug', 'large mug of kappa ware'])
    const blind = await holder(reads('products', ['unit_price']))
    assert.equal((await asks.ask('products', { $search: 'kappa' }, blind)).status, 400)
  })

  it('do not follow a relation to rows that a rule keeps out, nor to resources without a rule', async () => {
    const acme = market.vendors[0]!
    const token = await holder(reads('products'), reads('vendors', ['name'], { name: { $ne: 'Acme' } }))
    const all = await asks.records('products')
    const shown = all.filter(({ vendor_id }) => vendor_id !== null && vendor_id !== acme.id).length
    const total = async (query: Json) => (await asks.list('products', query, token)).total
    assert.equal(await total({ 'vendor.name': 'Acme' }), 0)
    assert.equal(await total({ 'vendor.name': { $ne: 'Bolt' }, 'vendor.id': acme.id }), 0)
    assert.equal(await total({ 'vendor.id': { $null: false } }), shown)
    // The reference itself is a field of the product.
    assert.ok((await total({ vendor_id: acme.id })) > 0)
    const groups = (await asks.list('products', { $group: ['vendor.name'], $count: true }, token)).data
    assert.deepEqual(
      groups.map(({ group }: Json) => group['vendor.name']),
      ['Bolt', 'Cargo', null]
    )
    assert.equal(groups[2].count, all.length - shown)
    for (const { vendor } of await asks.records('products', { $include: ['vendor'] }, token))
      assert.ok(vendor === null || (vendor.name !== 'Acme' && Object.keys(vendor).length === 2))
    for (const query of [{ $include: ['category'] }, { 'category.name': 'Food' }, { $group: ['category.name'] }])
      assert.equal((await asks.ask('products', query, token)).status, 403, JSON.stringify(query))
    for (const query of [
      { 'vendor.balance': '1' },
      { $group: ['vendor.created_at:day'] },
      { 'vendor.branch.name': 'x' }
    ])
      assert.equal((await asks.ask('products', query, token)).status, 400, JSON.stringify(query))
  })

  it('take days from the branch of a record only where they see it', async () => {
    const at = '2026-01-31T11:30:00.000Z'
    await shop.db.database.query('update invoices set issued_at = $1 where branch_id = $2', [at, market.branch])
    const query = { $group: ['issued_at:month'], $count: true, issued_at: at }
    const months = async (fields: string[]) => {
      const token = await holder(reads('invoices', fields))
      const { data } = await asks.list('invoices', query, token)
      return data.map(({ group }: Json) => group['issued_at:month'])
    }
    assert.deepEqual(await months(['issued_at', 'branch_id']), ['2026-02-01'], 'it is February in Auckland')
    assert.deepEqual(await months(['issued_at']), ['2026-01-01'])
  })

  it('do not reach children that they have no rule for', async () => {
    const token = await holder(reads('invoices'))
    const [invoice] = await asks.records('invoices', {}, token)
    assert.ok(invoice && !('items' in invoice) && !('payments' in invoice))
    for (const query of [{ 'items.quantity': 1 }, { 'payments.amount': '1' }, { $include: ['items'] }])
      assert.equal((await asks.ask('invoices', query, token)).status, 403)
  })

  it('of a write tell nothing of what they may change and not read', async () => {
    const token = await holder({ action: ['update'], subject: ['products'] })
    const [product] = await asks.records('products', { name: 'Apple' })
    for (const asked of [`cost_price=${product!.cost_price}`, 'cost_price[$gt]=0', 'nope=1', 'vendor.name=Acme']) {
      const { status, body } = await shop.call('PATCH', `/products/${product!.id}?${asked}`, { desc: 'x' }, token)
      assert.equal(status, 400, `${asked}: ${JSON.stringify(body)}`)
    }
    const changed = await shop.call('PATCH', `/products/${product!.id}`, { desc: 'x' }, token)
    assert.deepEqual([changed.status, changed.body], [200, { id: product!.id }])
  })
})
