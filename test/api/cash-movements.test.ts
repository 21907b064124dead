import assert from 'node:assert/strict'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { refused, Till } from '../support/till.ts'

describe('Cash movements', () => {
  let shop: Shop
  let till: Till
  let shift: Json
  before(async () => {
    shop = await openShop()
    till = await Till.open(shop)
    shift = await till.shift()
  })
  after(() => shop.close())

  it('move the drawer, each in its direction', async () => {
    const drawer = async () => (await till.read(`/shift-reports/${shift.id}`)).cash.expected
    assert.equal(await drawer(), '100.00')
    const kinds = { paid_in: '110.00', paid_out: '100.00', drop: '90.00', expense: '80.00', deposit: '70.00' }
    for (const [kind, expected] of Object.entries(kinds)) {
      const made = await till.make('/cash-movements', { kind, amount: '10.00', reason: 'a reason' })
      assert.deepEqual([made.shift_id, made.branch_id, made.kind, made.amount], [shift.id, shop.branch, kind, '10.00'])
      assert.equal(await drawer(), expected, kind)
    }
    const opened = await till.make('/cash-movements', { kind: 'no_sale' })
    assert.deepEqual([opened.amount, opened.reason, await drawer()], ['0.00', null, '70.00'])
  })

  it('need an amount and a reason, but for opening the drawer', async () => {
    const move = (data: Json) =>
      till.call('/cash-movements', { kind: 'paid_in', amount: '1.00', reason: 'why', ...data })
    refused(await move({ amount: '0.00' }), 422, 'invalid_amount')
    refused(await move({ amount: undefined }), 422, 'invalid_amount')
    refused(await move({ kind: 'no_sale', amount: '1.00' }), 422, 'invalid_amount')
    refused(await move({ reason: undefined }), 422, 'broken_rule')
    for (const amount of ['-1.00', '1.001', '1000000000000.00', 'much', null])
      refused(await move({ amount }), 400, 'invalid_data')
    refused(await move({ kind: 'gift' }), 400, 'invalid_data')
    refused(await move({ document: 'of mine' }), 400, 'invalid_data')
    refused(await move({ reason: ' ' }), 400, 'invalid_data')
  })

  it('stay as they are, also for who works in the database', async () => {
    const { id } = await till.make('/cash-movements', { kind: 'no_sale' })
    for (const method of ['PATCH', 'DELETE'])
      refused(await shop.call(method, `/cash-movements/${id}`, {}, shop.admin), 405, 'no_method')
    await assert.rejects(
      shop.db.database.query(`update cash_movements set reason = 'x' where id = $1`, [id]),
      /append_only/
    )
    const { payments } = await till.sell()
    const [{ id: payment }] = payments
    await assert.rejects(
      shop.db.database.query(`update payments set shift_id = null where id = $1`, [payment]),
      /append_only/
    )
    await assert.rejects(
      shop.db.database.query(`update payments set amount = 1 where id = $1`, [payment]),
      /append_only/
    )
  })
})
