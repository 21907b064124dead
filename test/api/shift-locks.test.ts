import assert from 'node:assert/strict'
import pg from 'pg'
import { v7 as uuidv7 } from 'uuid'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { Till } from '../support/till.ts'

/** Money that waits for a shift which is closed meanwhile: what it belongs to then. */
describe('A payment that finds its drawer being closed', () => {
  let shop: Shop
  let ann: { id: string; token: string }
  let own: Till
  let sold: Till
  let client: pg.Client
  beforeEach(async () => {
    shop ??= await openShop()
    ann = await shop.user('cashier')
    own = await Till.open(shop, ann.token)
    sold = await Till.open(shop)
    client = new pg.Client({ connectionString: shop.db.url })
    await client.connect()
  })
  afterEach(() => client.end())
  after(() => shop.close())

  async function owed(): Promise<string> {
    const party = { name: 'A', contacts: { phone: '12345' }, credit_limit: '100.00' }
    const { body } = await shop.call('POST', '/customers', party, shop.admin)
    return (await sold.sell(1, { customer_id: body.id, payments: [] })).id
  }

  /** Pays at Ann's till while another connection holds her shift, ends it as `close` says, and only then lets go. */
  async function paidMeanwhile(shift: Json, close: () => Promise<unknown>): Promise<Json> {
    const invoice_id = await owed()
    await client.query('begin')
    await client.query('select 1 from shifts where id = $1 for update', [shift.id])
    const paying = shop.call('POST', '/payments', { invoice_id, method: 'cash', amount: '4.00' }, ann.token)
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    while (!(await client.query(waiting)).rowCount) await new Promise((done) => setTimeout(done, 10))
    await client.query(`update shifts set status = 'closed', closed_at = now() where id = $1`, [shift.id])
    await close()
    await client.query('commit')
    const { status, body } = await paying
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }

  it('is of the register that sold, where that has an open shift', async () => {
    const [shift, other] = [await own.shift(), await sold.shift()]
    const { shift_id, register_id } = await paidMeanwhile(shift, async () => {})
    assert.deepEqual([shift_id, register_id], [other.id, sold.register])
  })

  it('else is late for the next shift of the register that sold', async () => {
    await sold.shift()
    await sold.close('100.00')
    const payment = await paidMeanwhile(await own.shift(), async () => {})
    assert.deepEqual([payment.shift_id, payment.register_id], [null, sold.register])
    const next = await sold.shift()
    assert.equal((await sold.read(`/payments/${payment.id}`)).shift_id, next.id)
  })

  it('is of the drawer as it is opened again meanwhile', async () => {
    const shift = await own.shift()
    const id = uuidv7()
    const { shift_id, register_id } = await paidMeanwhile(shift, () =>
      client.query(
        `insert into shifts (id, register_id, branch_id, float, opened_by, business_date)
         select $1, register_id, branch_id, float, opened_by, business_date from shifts where id = $2`,
        [id, shift.id]
      )
    )
    assert.deepEqual([shift_id, register_id], [id, own.register])
  })
})
