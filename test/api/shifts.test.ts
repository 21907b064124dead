import assert from 'node:assert/strict'
import { assertVerified, openBranch } from '../support/books.ts'
import { type Answer, emit, type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Shifts', () => {
  let shop: Shop
  let product: Json
  let codes = 10
  before(async () => {
    shop = await openShop()
    product = await stockedProduct(shop, {}, 1000)
  })
  after(() => shop.close())

  const make = async (path: string, data: Json, as = shop.admin): Promise<Json> => {
    const { status, body } = await shop.call('POST', path, data, as)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const register = async (branch = shop.branch): Promise<string> =>
    (await make('/registers', { branch_id: branch, code: String(++codes) })).id
  const sell = (fields: Json, as = shop.admin): Promise<Json> =>
    make(
      '/invoices',
      { items: [{ product_id: product.id, quantity: 1 }], payments: [{ method: 'cash', amount: '10.00' }], ...fields },
      as
    )
  const refused = ({ status, body }: Answer, code: number, reason: string) =>
    assert.deepEqual([status, body.data?.reason], [code, reason], JSON.stringify(body))

  it('opens a register with the cash that was counted, and tells who listens', async () => {
    const register_id = await register()
    const { id, token } = await shop.user('cashier')
    const socket = await shop.socket(shop.admin)
    const told = nextEvent(socket, 'shifts created')
    const shift = await make('/shifts', { register_id, float: '120.50' }, token)
    assert.deepEqual(
      [shift.register_id, shift.branch_id, shift.float, shift.status, shift.opened_by, shift.closed_at, shift.version],
      [register_id, shop.branch, '120.50', 'open', id, null, 1]
    )
    assert.deepEqual(await told, shift)
  })

  it('takes the first register of the branch where none is named, and nothing for the float', async () => {
    const { branch, register: first } = await openBranch(shop)
    const { token } = await shop.user('cashier', branch)
    const socket = await shop.socket(token)
    const { result } = await emit(socket, 'create', 'shifts', {}, {})
    assert.deepEqual([result!.register_id, result!.float], [first, '0.00'])
  })

  it('opens one at a time per register: of six at once one is opened', async () => {
    const register_id = await register()
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => shop.call('POST', '/shifts', { register_id }, shop.admin))
    )
    const [made, ...others] = answers.sort((a, b) => a.status - b.status)
    assert.equal(made!.status, 201)
    for (const other of others) refused(other, 409, 'shift_open')
  })

  it('refuses a register that is not there, not active or of another branch, and amounts that are none', async () => {
    const { register: elsewhere } = await openBranch(shop)
    const { token } = await shop.user('cashier')
    const closed = await register()
    await shop.call('PATCH', `/registers/${closed}`, { is_active: false }, shop.admin)
    const open = (data: Json, as = token) => shop.call('POST', '/shifts', data, as)
    refused(await open({ register_id: elsewhere }), 403, 'not_allowed')
    refused(await open({ register_id: product.id }), 422, 'unknown_register')
    refused(await open({ register_id: closed }), 422, 'unknown_register')
    const register_id = await register()
    for (const float of ['-1.00', '1.005', '1000000000000.00', 'much'])
      refused(await open({ register_id, float }), 400, 'invalid_data')
    refused(await open({ register_id, status: 'closed' }), 400, 'invalid_data')
  })

  it('is neither changed nor removed by a client', async () => {
    const { id } = await make('/shifts', { register_id: await register() })
    refused(await shop.call('PATCH', `/shifts/${id}`, { status: 'closed' }, shop.admin), 405, 'no_method')
    refused(await shop.call('DELETE', `/shifts/${id}`, undefined, shop.admin), 405, 'no_method')
  })

  it('counts what its register sells and is paid', async () => {
    const register_id = await register()
    const before = await sell({ register_id })
    assert.deepEqual([before.shift_id, before.late], [null, false])
    const shift = await make('/shifts', { register_id })
    const sale = await sell({ register_id })
    assert.deepEqual([sale.shift_id, sale.payments[0].shift_id], [shift.id, shift.id])
    const { body } = await shop.call('GET', `/invoices/${sale.id}`, undefined, shop.admin)
    assert.deepEqual(body, sale)
    const { body: untouched } = await shop.call('GET', `/invoices/${before.id}`, undefined, shop.admin)
    assert.equal(untouched.shift_id, null, 'a register that never had a shift: nothing is adopted')
  })

  it('gives a draft its shift when it is issued', async () => {
    const register_id = await register()
    const shift = await make('/shifts', { register_id })
    const draft = await sell({ register_id, status: 'draft', payments: [] })
    assert.equal(draft.shift_id, null)
    const payments = [{ method: 'cash', amount: '10.00' }]
    const { body } = await shop.call('PATCH', `/invoices/${draft.id}`, { status: 'issued', payments }, shop.admin)
    assert.equal(body.shift_id, shift.id)
  })

  it('is where its user sells when no register is named', async () => {
    const { token } = await shop.user('cashier')
    assert.equal((await sell({}, token)).register_id, shop.register)
    const register_id = await register()
    const shift = await make('/shifts', { register_id }, token)
    const sale = await sell({}, token)
    assert.deepEqual([sale.register_id, sale.shift_id], [register_id, shift.id])
    assert.equal((await sell({ register_id: shop.register }, token)).register_id, shop.register)
  })

  it('is where its user is paid, else the one of the register that sold', async () => {
    const { token } = await shop.user('cashier')
    const [sold, paid] = [await register(), await register()]
    const party = { name: 'On account', contacts: { phone: '12345' }, credit_limit: '100.00' }
    const customer = await make('/customers', party)
    const { id: invoice_id } = await sell({ register_id: sold, customer_id: customer.id, payments: [] })
    const pay = (as: string) => make('/payments', { invoice_id, method: 'cash', amount: '2.00' }, as)
    assert.deepEqual([(await pay(token)).shift_id, (await pay(token)).register_id], [null, sold])
    const first = await make('/shifts', { register_id: sold })
    assert.equal((await pay(token)).shift_id, first.id)
    const second = await make('/shifts', { register_id: paid }, token)
    const payment = await pay(token)
    assert.deepEqual([payment.shift_id, payment.register_id], [second.id, paid])
  })

  it('shows a cashier the shifts they opened, an employee those of the branch', async () => {
    const [ada, ben] = [await shop.user('cashier'), await shop.user('cashier')]
    const employee = await shop.user('employee')
    const shift = await make('/shifts', { register_id: await register() }, ada.token)
    const get = async (as: string) => (await shop.call('GET', `/shifts/${shift.id}`, undefined, as)).status
    assert.deepEqual(await Promise.all([ada, ben, employee].map(({ token }) => get(token))), [200, 404, 200])
    refused(await shop.call('POST', '/shifts', {}, employee.token), 403, 'not_allowed')
  })

  it('leaves the books right', () => assertVerified(shop.db.database))
})
