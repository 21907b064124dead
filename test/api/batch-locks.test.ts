import assert from 'node:assert/strict'
import { assertVerified } from '../support/books.ts'
import { type Answer, type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

let made = 0
const brand = () => ({ method: 'create', resource: 'brands', data: { name: `Lock ${++made}` } })
const rename = (id: string) => ({ method: 'patch', resource: 'brands', id, data: { name: `Renamed ${++made}` } })

const pause = () => new Promise((done) => setTimeout(done, 20))

/** How many sessions of this shop's database wait for a lock. */
async function waiting({ db }: Shop): Promise<number> {
  const [row] = await db.database.query<{ n: number }>(
    `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
  )
  return row!.n
}

/** Locks a brand, and begins one piece of work after the other, each as soon as those before it wait for locks. */
function whileLocked<T>(shop: Shop, id: string, work: (() => Promise<T>)[]): Promise<Promise<T>[]> {
  return shop.db.database.transaction(async (tx) => {
    await tx.query('select 1 from brands where id = $1 for update', [id])
    const begun: Promise<T>[] = []
    for (const begin of work) {
      begun.push(begin())
      while ((await waiting(shop)) < begun.length) await pause()
    }
    return begun
  })
}

describe('Batches that lock', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop({ database: { pool_max: 8 } })
  })
  after(async () => {
    await assertVerified(shop.db.database)
    await shop.close()
  })

  const send = (operations: Json[]) => shop.call('POST', '/batch', { operations }, shop.admin)
  const newBrand = async () => (await shop.call('POST', '/brands', brand().data, shop.admin)).body.id
  const auditRows = async (id: string) =>
    (await shop.db.database.query<{ n: number }>('select count(*) as n from audit_logs where record_id = $1', [id]))[0]!
      .n

  /** All succeed, and PostgreSQL has had a deadlock to end. */
  async function allThrough(work: () => Promise<Promise<Answer>[]>): Promise<void> {
    const deadlocks = async () =>
      (
        await shop.db.database.query<{ n: number }>(
          'select deadlocks as n from pg_stat_database where datname = current_database()'
        )
      )[0]!.n
    const earlier = await deadlocks()
    const answers = await work()
    for (const answer of answers) {
      const { status, body } = await answer
      assert.equal(status, 201, JSON.stringify(body))
    }
    while ((await deadlocks()) === earlier) await pause()
  }

  it('and cross: one is run again, and there is never half of one', async () => {
    const [x, y, gate] = [await newBrand(), await newBrand(), await newBrand()]
    // Each holds its first row and waits at the gate; behind it each wants the other's.
    const through =
      (...ids: string[]) =>
      () =>
        send(ids.map(rename))
    await allThrough(() => whileLocked(shop, gate, [through(x, gate, y), through(y, gate, x)]))
    for (const id of [x, y, gate]) {
      const { body } = await shop.call('GET', `/brands/${id}`, undefined, shop.admin)
      assert.deepEqual([body.version, await auditRows(id)], [3, 3])
    }
  })

  it('and cross a sale: both come through', async () => {
    const gate = await newBrand()
    const [goods, others] = [await stockedProduct(shop), await stockedProduct(shop)]
    const sale = ({ id }: Json) => ({
      items: [{ product_id: id, quantity: 1 }],
      payments: [{ method: 'cash', amount: '10.00' }]
    })
    const entry = { product_id: goods.id, branch_id: shop.branch, qty: 1, type: 'IN', unit_cost: '6' }
    const make = (resource: string, data: Json) => ({ method: 'create', resource, data })
    // The batch holds the numbers of the register, for which the sale waits, and wants the level that the sale holds.
    await allThrough(() =>
      whileLocked(shop, gate, [
        () => send([make('invoices', sale(others)), rename(gate), make('stock-entries', entry)]),
        () => shop.call('POST', '/invoices', sale(goods), shop.admin)
      ])
    )
    const { body } = await shop.call('GET', `/stock-levels?product_id=${goods.id}`, undefined, shop.admin)
    assert.equal(body.data[0].on_hand, 100)
  })

  it('write the stock ledger in the order of its balances', async () => {
    const gate = await newBrand()
    const goods = await stockedProduct(shop)
    const entry = { product_id: goods.id, branch_id: shop.branch, qty: 1, type: 'IN', unit_cost: '6' }
    const batch = await shop.db.database.transaction(async (tx) => {
      await tx.query('select 1 from brands where id = $1 for update', [gate])
      const begun = send([rename(gate), { method: 'create', resource: 'stock-entries', data: entry }])
      while ((await waiting(shop)) < 1) await pause()
      assert.equal((await shop.call('POST', '/stock-entries', entry, shop.admin)).status, 201)
      return [begun]
    })
    assert.equal((await batch[0]!).status, 201)
    const ledger = `/stock-entries?product_id=${goods.id}&$sort[created_at]=1`
    const { body } = await shop.call('GET', ledger, undefined, shop.admin)
    assert.deepEqual(
      body.data.map((moved: Json) => moved.balance_after),
      [100, 101, 102]
    )
  })

  it('wait for their turn, and leave connections to others', async () => {
    const gate = await newBrand()
    const answers = await shop.db.database.transaction(async (tx) => {
      await tx.query('select 1 from brands where id = $1 for update', [gate])
      const all = Array.from({ length: 12 }, () => send([rename(gate)]))
      while ((await waiting(shop)) < 2) await pause()
      for (let i = 0; i < 5; i++) {
        const { status } = await shop.call('GET', '/brands', undefined, shop.admin)
        assert.equal(status, 200)
        assert.equal(await waiting(shop), 2)
      }
      return all
    })
    for (const answer of answers) assert.equal((await answer).status, 201)
  })
})
