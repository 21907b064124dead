import assert from 'node:assert/strict'
import { pino } from 'pino'
import { createRegal, type Regal } from '../../src/app.ts'
import { newId } from '../../src/ids.ts'
import { prepareShop } from '../../src/ops/first-start.ts'
import type { Call } from '../../src/policy/call.ts'
import { readerOf } from '../../src/policy/reader.ts'
import type { Row } from '../../src/services/projection.ts'
import { loadSettings } from '../../src/settings.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { PASSWORD } from '../support/shop.ts'

const PIN = '2580'
const NOON = Date.parse('2026-03-18T12:00:00Z')
const at = (minutes: number) => new Date(NOON + minutes * 60_000)

/** Programs inside the process may call for a past instant; what holds for a time then holds at that instant. */
describe('Calls for a past instant', () => {
  let db: TestDatabase
  let regal: Regal
  let home: string
  let cashier: Call
  let admin: Call
  let product: string

  /** A call by somebody, as the hooks would hand it on. */
  async function signIn(username: string): Promise<Call> {
    const { access_token } = await regal.auth.sessions.login({ username, password: PASSWORD })
    const principal = await regal.auth.sessions.authenticate(access_token)
    return { principal, reader: readerOf(principal, home, () => '2026-03-18') }
  }
  const make = (path: string, data: Row, when: Date, call: Call = {}): Promise<Row> => {
    const access = call.principal?.access.of(path, 'create')
    return regal.services.get(path)!.create(data, { ...call, ...(access && { access }), at: when })
  }

  before(async () => {
    db = await createTestDatabase()
    const base = await loadSettings()
    const settings = {
      ...base,
      database: { ...base.database, url: db.url },
      auth: { ...base.auth, secret: 'a secret for tests that is long enough', admin_password: PASSWORD }
    }
    await prepareShop(db.database, settings)
    regal = await createRegal(settings, pino({ level: 'silent' }))
    const { data: roles } = await regal.app.service('roles').find({ query: { name: 'cashier' } })
    const { data: branches } = await regal.app.service('branches').find()
    home = branches[0].id
    const user = { full_name: 'Noor', email: 'noor@shop.test', username: 'noor', role_id: roles[0].id }
    await make('users', { ...user, branch_id: home, password: PASSWORD }, at(0))
    const { data: users } = await regal.app.service('users').find({ query: { username: 'admin' } })
    await regal.app.service('users').patch(users[0].id, { pin: PIN })
    cashier = await signIn('noor')
    admin = await signIn('admin')
    const goods = { sku: 'BALL', name: 'Ball', unit_price: '10.00', cost_price: '6.00' }
    product = (await make('products', goods, at(0))).id as string
    const entry = { product_id: product, branch_id: home, qty: 50, type: 'IN', unit_cost: '6' }
    await make('stock-entries', entry, at(0))
  })
  after(async () => {
    await regal.auth.close()
    await regal.database.close()
    await db.drop()
  })

  it('use an approval within its two minutes, and not after them', async () => {
    const sell = async (later: number) => {
      const id = newId()
      const asked = { action: 'discount', document_id: id, amount: '5.00', username: 'admin', pin: PIN }
      const approval = await make('approvals', asked, at(10), cashier)
      assert.equal(approval.created_at, at(10).toISOString())
      const items = [{ product_id: product, quantity: 1, discount: '5.00' }]
      const payments = [{ method: 'cash', amount: '5.00' }]
      await make('invoices', { id, items, payments, approval: approval.id }, at(10 + later), cashier)
      return regal.app.service('approvals').get(approval.id as string)
    }
    assert.equal((await sell(1)).used_at, at(11).toISOString())
    await assert.rejects(sell(3), { data: { reason: 'approval_expired' } })
  })

  it('are of the day of their instant, also where the day comes of a default', async () => {
    const type = await make('expense-types', { name: 'Tea' }, at(0))
    const tea = { type_id: type.id, amount: '3.00', method: 'card' }
    assert.equal((await make('expenses', tea, at(20), cashier)).date, '2026-03-18')
    const vendor = await make('vendors', { name: 'Maker', contacts: { phone: '042-1' } }, at(0))
    const receipt = { vendor_id: vendor.id, items: [{ product_id: product, quantity: 1, unit_cost: '6' }] }
    const { date, business_date } = await make('stock-receipts', receipt, at(20), admin)
    assert.deepEqual([date, business_date], ['2026-03-18', '2026-03-18'])
    const expenses = regal.services.get('expenses')!
    assert.equal(expenses.complete({}, { at: at(20) }).date, '2026-03-18')
  })
})
