import assert from 'node:assert/strict'
import { assertVerified } from '../support/books.ts'
import { emit, type Json, openShop, type Shop } from '../support/shop.ts'
import { refused, Till } from '../support/till.ts'

describe('Vendor payments', () => {
  let shop: Shop
  let till: Till
  let vendor: Json
  before(async () => {
    shop = await openShop()
    till = await Till.open(shop)
    vendor = (await shop.call('POST', '/vendors', { name: 'Wholesale', contacts: { phone: '12345' } }, shop.admin)).body
    const items = [{ product_id: till.product.id, quantity: 10, unit_cost: '5.00' }]
    const goods = await shop.call('POST', '/stock-receipts', { vendor_id: vendor.id, items }, shop.admin)
    assert.equal(goods.status, 201, JSON.stringify(goods.body))
  })
  after(() => shop.close())

  const pay = (data: Json, as = shop.admin) =>
    shop.call(
      'POST',
      '/vendor-payments',
      { vendor_id: vendor.id, amount: '10.00', method: 'bank_transfer', ...data },
      as
    )
  const owed = async () => (await till.read(`/vendors/${vendor.id}`)).balance

  it('lower what the shop owes, and raise it again when they come back', async () => {
    assert.equal(await owed(), '50.00')
    const { status, body } = await pay({ note: 'delivery note 118' })
    assert.equal(status, 201, JSON.stringify(body))
    assert.match(body.number, /^MAIN-VP000001$/)
    assert.deepEqual([body.balance_after, body.shift_id, await owed()], ['40.00', null, '40.00'])
    const socket = await shop.socket(shop.admin)
    const back = { vendor_id: vendor.id, amount: '4.00', method: 'bank_transfer', direction: 'reverse' }
    const { result } = await emit(socket, 'create', 'vendor-payments', back, {})
    assert.deepEqual([result!.number, result!.balance_after, await owed()], ['MAIN-VP000002', '44.00', '44.00'])
    const { body: entries } = await shop.call(
      'GET',
      `/account-entries?party_id=${vendor.id}&$sort[created_at]=1`,
      undefined,
      shop.admin
    )
    assert.deepEqual(
      entries.data.map(({ amount }: Json) => amount),
      ['50.00', '-10.00', '4.00']
    )
  })

  it('may come before the goods: the balance is below 0', async () => {
    const { body } = await pay({ amount: '60.00' })
    assert.deepEqual([body.balance_after, await owed()], ['-16.00', '-16.00'])
  })

  it('each find the balance that the one before left', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay({ amount: '1.00' })))
    const balances = answers.map(({ body }) => Number(body.balance_after)).sort((a, b) => b - a)
    assert.deepEqual(balances, [-17, -18, -19, -20, -21, -22, -23, -24])
  })

  it('move the drawer when they are cash', async () => {
    const shift = await till.shift()
    const drawer = async () => (await till.read(`/shift-reports/${shift.id}`)).cash
    const { body } = await pay({ method: 'cash', register_id: till.register, amount: '30.00' })
    assert.equal(body.shift_id, shift.id)
    assert.deepEqual((await drawer()).expected, '70.00')
    await pay({ method: 'cash', direction: 'reverse', amount: '5.00' })
    assert.deepEqual([(await drawer()).expected, (await drawer()).movements], ['75.00', '-25.00'])
    assert.deepEqual((await till.close('75.00')).difference, { cash: '0.00' })
    refused(await pay({ method: 'cash', register_id: till.register }), 422, 'no_open_shift')
  })

  it('are refused with their word, and stay as they are', async () => {
    refused(await pay({ amount: '0' }), 422, 'invalid_amount')
    for (const amount of ['-1.00', '1.001', '1000000000000.00']) refused(await pay({ amount }), 400, 'invalid_data')
    refused(await pay({ method: 'shells' }), 422, 'unknown_payment_method')
    refused(await pay({ vendor_id: till.product.id }), 422, 'unknown_reference')
    refused(await pay({}, (await shop.user('cashier')).token), 403, 'not_allowed')
    const { body } = await pay({})
    for (const method of ['PATCH', 'DELETE'])
      refused(await shop.call(method, `/vendor-payments/${body.id}`, {}, shop.admin), 405, 'no_method')
    await shop.call('PATCH', `/vendors/${vendor.id}`, { is_active: false }, shop.admin)
    assert.equal((await pay({})).status, 201, 'a debt to a vendor that the shop left is paid all the same')
  })

  it('leave the books right', () => assertVerified(shop.db.database))
})
