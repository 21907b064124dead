import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertVerified, openBranch } from '../support/books.ts'
import { emit, type Json, nextEvent, openShop, type Shop } from '../support/shop.ts'
import { refused, Till } from '../support/till.ts'

describe('Expenses', () => {
  let shop: Shop
  let till: Till
  let shift: Json
  let type_id: string
  let cashier: { id: string; token: string }
  before(async () => {
    shop = await openShop()
    cashier = await shop.user('cashier')
    till = await Till.open(shop, cashier.token)
    shift = await till.shift()
    type_id = (await shop.call('POST', '/expense-types', { name: 'Cleaning' }, shop.admin)).body.id
  })
  after(() => shop.close())

  const drawer = async () => (await till.read(`/shift-reports/${shift.id}`)).cash.expected
  const spend = (data: Json, as = shop.admin) =>
    shop.call('POST', '/expenses', { type_id, amount: '10.00', ...data }, as)

  it('take cash out of the drawer of the register named, and say so once they are written', async () => {
    const socket = await shop.socket(shop.admin)
    const told = [nextEvent(socket, 'expenses created'), nextEvent(socket, 'cash-movements created')]
    const { status, body } = await spend({ register_id: till.register, note: 'window cleaner' })
    assert.equal(status, 201, JSON.stringify(body))
    assert.deepEqual(
      [body.shift_id, body.method, body.direction, body.branch_id],
      [shift.id, 'cash', 'expense', shop.branch]
    )
    assert.equal(body.register_id, undefined)
    assert.equal(await drawer(), '90.00')
    const [expense, movement] = await Promise.all(told)
    assert.deepEqual(expense, body)
    assert.deepEqual(
      [movement!.kind, movement!.amount, movement!.document_id, movement!.reason],
      ['expense', '10.00', body.id, 'Cleaning']
    )
    assert.deepEqual(await till.read(`/cash-movements/${movement!.id}`), movement)
  })

  it('take it from the caller’s own drawer where none is named, over a websocket too, and are taken once', async () => {
    const before = await drawer()
    const data = { id: uuidv7(), type_id, amount: '1.00' }
    const socket = await shop.socket(cashier.token)
    const { result } = await emit(socket, 'create', 'expenses', data, {})
    assert.equal(result!.shift_id, shift.id)
    const again = await shop.call('POST', '/expenses', data, cashier.token)
    assert.deepEqual([again.status, again.body], [200, result])
    assert.equal(Number(before) - Number(await drawer()), 1)
    const reverse = await spend({ amount: '1.00', direction: 'reverse' }, cashier.token)
    assert.equal(reverse.status, 201)
    assert.equal(await drawer(), before)
  })

  it('leave drawers alone that are not named, and whatever is not cash', async () => {
    const before = await drawer()
    assert.equal((await spend({})).body.shift_id, null)
    assert.equal((await spend({ method: 'card', register_id: till.register })).body.shift_id, null)
    assert.equal(await drawer(), before)
  })

  it('are refused with their word', async () => {
    const { register } = await openBranch(shop)
    refused(await spend({ register_id: register }), 422, 'no_open_shift')
    refused(await spend({ amount: '0.00' }), 422, 'invalid_amount')
    for (const amount of ['-1.00', '1.001', '1000000000000.00']) refused(await spend({ amount }), 400, 'invalid_data')
    refused(await spend({ method: 'shells' }), 422, 'unknown_payment_method')
    refused(await spend({ type_id: uuidv7() }), 422, 'unknown_reference')
    const { body: old } = await shop.call('POST', '/expense-types', { name: 'Candles', is_active: false }, shop.admin)
    refused(await spend({ type_id: old.id }), 422, 'inactive')
    refused(await shop.call('POST', '/expense-types', { name: 'CLEANING' }, shop.admin), 409, 'duplicate')
    const ben = await shop.user('cashier')
    refused(await spend({ register_id: till.register }, ben.token), 403, 'not_allowed')
    refused(await spend({ date: '2020-01-01' }, ben.token), 403, 'not_allowed')
  })

  it('keep amount, day and method; what they were for may be set right', async () => {
    const { body } = await spend({ note: 'brooms' })
    const patch = (data: Json) => shop.call('PATCH', `/expenses/${body.id}`, data, shop.admin)
    for (const data of [{ amount: '1.00' }, { date: '2020-01-01' }, { method: 'card' }, { direction: 'reverse' }])
      refused(await patch(data), 400, 'invalid_data')
    assert.equal((await patch({ note: 'two brooms' })).body.note, 'two brooms')
  })

  it('of administrators are hidden from everybody else', async () => {
    const employee = await shop.user('employee')
    const { body: rent } = await spend({ admin_only: true, note: 'rent', method: 'bank_transfer' })
    for (const { token } of [employee, cashier]) {
      refused(await shop.call('GET', `/expenses/${rent.id}`, undefined, token), 404, 'not_found')
      const { body } = await shop.call('GET', '/expenses?$limit=200', undefined, token)
      assert.ok(body.data.every((expense: Json) => !expense.admin_only))
      refused(await spend({ admin_only: true }, token), 403, 'not_allowed')
    }
    const { body: mine } = await spend({ method: 'card' }, employee.token)
    const hide = await shop.call('PATCH', `/expenses/${mine.id}`, { admin_only: true }, employee.token)
    refused(hide, 403, 'not_allowed')
    refused(await shop.call('DELETE', `/expenses/${mine.id}`, undefined, employee.token), 403, 'not_allowed')
  })

  it('are removed by an administrator until their shift is counted', async () => {
    const before = await drawer()
    const { body: wrong } = await spend({ register_id: till.register })
    assert.equal((await shop.call('DELETE', `/expenses/${wrong.id}`, undefined, shop.admin)).status, 200)
    assert.equal(await drawer(), before)
    const { body: counted } = await spend({ register_id: till.register })
    await till.close('70.00')
    refused(await shop.call('DELETE', `/expenses/${counted.id}`, undefined, shop.admin), 409, 'shift_closed')
    assert.equal((await shop.call('GET', `/expenses/${counted.id}`, undefined, shop.admin)).status, 200)
  })

  it('leave the books right', () => assertVerified(shop.db.database))
})
