import assert from 'node:assert/strict'
import { resourceNamed } from '../../src/schemas/index.ts'
import { Samples } from '../support/samples.ts'
import { emit, type Json, openShop, type Shop } from '../support/shop.ts'

const PATH = 'reports/sales-by-day'

describe('A report', () => {
  let shop: Shop
  let total: number
  before(async () => {
    shop = await openShop()
    const samples = new Samples(shop)
    const sales: Json[] = []
    for (let n = 0; n < 3; n++) sales.push(await samples.create(resourceNamed('invoices')))
    total = sales.reduce((sum, sale) => sum + Number(sale.totals.total), 0)
    await samples.changeable(resourceNamed('invoices'))
  })
  after(() => shop.close())

  it('groups and sums what its conditions let through', async () => {
    const { status, body } = await shop.call('GET', `/${PATH}`, undefined, shop.admin)
    assert.equal(status, 200, JSON.stringify(body))
    assert.equal(body.data.length, 1)
    assert.deepEqual([body.data[0].count, Number(body.data[0].sum.total)], [3, total])
    assert.deepEqual((await emit(await shop.socket(shop.admin), 'find', PATH, {})).result, body)
  })

  it('is narrowed by conditions of the caller, and not widened', async () => {
    const ask = async (query: string) => (await shop.call('GET', `/${PATH}?${query}`, undefined, shop.admin)).body.data
    assert.deepEqual(await ask('business_date[$lt]=2000-01-01'), [])
    assert.deepEqual(await ask('status=draft'), [])
    assert.deepEqual(await ask('$or[0][status]=draft&$or[1][status]=cancelled'), [])
    assert.equal((await ask('status=paid'))[0].count, 3)
    assert.deepEqual(await ask('$limit=0'), [])
  })

  it('takes no other groups or measures, and nothing that is hidden', async () => {
    for (const query of ['$group=customer_id', '$sum=tax', '$select=id', '$include=customer', 'no_such_field=1']) {
      const { status, body } = await shop.call('GET', `/${PATH}?${query}`, undefined, shop.admin)
      assert.deepEqual([status, body.data.reason], [400, 'invalid_query'], query)
    }
  })

  it('counts for each what they may read', async () => {
    const branch = await shop.call('POST', '/branches', { name: 'Other', code: 'OTH', timezone: 'UTC' }, shop.admin)
    const { token } = await shop.user('cashier', branch.body.id)
    const { status, body } = await shop.call('GET', `/${PATH}`, undefined, token)
    assert.deepEqual([status, body.data], [200, []])
    const { token: here } = await shop.user('cashier')
    assert.equal((await shop.call('GET', `/${PATH}`, undefined, here)).body.data[0].count, 3)
    assert.equal((await shop.call('GET', `/${PATH}`)).status, 401)
  })

  it('is refused to who may not read what it is made of', async () => {
    const role = await shop.call(
      'POST',
      '/roles',
      { name: 'packer', permissions: [{ action: ['read'], subject: ['invoices'], fields: ['invoice_no', 'status'] }] },
      shop.admin
    )
    assert.equal(role.status, 201, JSON.stringify(role.body))
    const { id } = await shop.user('cashier')
    assert.equal((await shop.call('PATCH', `/users/${id}`, { role_id: role.body.id }, shop.admin)).status, 200)
    const { body: user } = await shop.call('GET', `/users/${id}`, undefined, shop.admin)
    const { status, body } = await shop.call('GET', `/${PATH}`, undefined, await shop.signIn(user.username))
    assert.deepEqual([status, body.data.reason], [403, 'not_allowed'])
  })
})
