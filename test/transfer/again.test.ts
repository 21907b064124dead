import assert from 'node:assert/strict'
import { request } from 'node:http'
import { v7 as uuidv7 } from 'uuid'
import { resourceNamed } from '../../src/schemas/index.ts'
import { endAbandoned } from '../../src/transfer/journal.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { all, counted, imported, sendFile } from './support.ts'

const HEAD = 'sku,name,unit_price,cost_price\n'
const rows = (from: number, to: number, name = 'Tea') =>
  Array.from({ length: to - from }, (_, i) => `R${from + i},${name},1,1\n`).join('')

describe('An import that is sent again', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const query = <T>(sql: string, values: unknown[] = []) => shop.db.database.query<T>(sql, values)
  const count = async (sku: string) =>
    (await query<{ n: number }>('select count(*)::int as n from products where sku like $1', [sku]))[0]!.n
  const importOf = async (id: string) => (await shop.call('GET', `/imports/${id}`, undefined, shop.admin)).body

  /** Waits for what an import that nobody answers comes to. */
  async function ended(id: string): Promise<Json> {
    for (;;) {
      const record = await importOf(id)
      if (record.status !== 'running' && record.status !== undefined) return record
      await new Promise((done) => setTimeout(done, 20))
    }
  }

  /** Sends the beginning of a file, and hangs up once `until` holds. */
  async function breakOff(address: string, part: string, until: () => Promise<boolean>): Promise<void> {
    const call = request(shop.url + address, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.admin}`, 'content-type': 'text/csv' }
    })
    call.on('error', () => {})
    call.write(part)
    while (!(await until())) await new Promise((done) => setTimeout(done, 20))
    call.destroy()
  }

  it('is answered with the record it made, and makes nothing', async () => {
    const id = uuidv7()
    const first = await imported(shop, 'products', HEAD + rows(0, 3), { query: `id=${id}` })
    const again = await sendFile(shop, 'products', HEAD + rows(0, 3), { query: `id=${id}` })
    assert.equal(again.status, 200)
    assert.equal(again.headers.get('idempotent-replayed'), 'true')
    assert.deepEqual(again.body, first)
    assert.equal(await count('R%'), 3)
    const other = await sendFile(shop, 'products', HEAD + rows(0, 3), { query: `id=${id}&dry_run=true` })
    assert.deepEqual([other.status, other.body.data.reason], [409, 'id_conflict'])
  })

  it('goes on where the connection broke off: no row is made twice', async () => {
    const id = uuidv7()
    await breakOff(`/products/import?id=${id}`, HEAD + rows(1000, 1600), async () => (await count('R1___')) >= 500)
    const broken = await ended(id)
    assert.equal(broken.status, 'failed')
    assert.match(broken.failure, /same id/)
    assert.deepEqual([broken.created, await count('R1___')], [500, 500])

    const record = await imported(shop, 'products', HEAD + rows(1000, 1700), { query: `id=${id}` })
    assert.deepEqual(counted(record), { rows_done: 700, created: 700, updated: 0, skipped: 0, failed: 0 })
    assert.equal(record.failure, null)
    assert.equal(await count('R1___'), 700)
    const twice = await query(
      `select record_id from audit_logs where resource = 'products' and action = 'create' group by 1 having count(*) > 1`
    )
    assert.deepEqual(twice, [])
  })

  it('says of a row that was made with other content that it was', async () => {
    const id = uuidv7()
    await breakOff(`/products/import?id=${id}`, HEAD + rows(2000, 2600), async () => (await count('R2___')) >= 500)
    await ended(id)
    const { failed, report } = await imported(shop, 'products', HEAD + rows(2000, 2002, 'Other') + rows(2002, 2600), {
      query: `id=${id}`
    })
    assert.equal(failed, 2)
    assert.match(report[0].message, /used before with other content/)
  })

  it('is refused while it is under way, and taken up when its process is gone', async () => {
    const id = uuidv7()
    const file = 'name,sku,unit_price,cost_price\nTea,Q1,1,1\n'
    await imported(shop, 'products', file, { query: `id=${id}` })
    await query(`update imports set status = 'running', updated_at = now() where id = $1`, [id])
    const early = await sendFile(shop, 'products', file, { query: `id=${id}` })
    assert.deepEqual([early.status, early.body.data.reason], [409, 'import_running'])
    await query(`update imports set updated_at = now() - interval '2 minutes' where id = $1`, [id])
    const record = await imported(shop, 'products', file, { query: `id=${id}` })
    assert.deepEqual([record.status, record.created], ['done', 1])
  })

  it('is ended by housekeeping when its process is gone', async () => {
    const { id } = await imported(shop, 'products', 'sku,name,unit_price,cost_price\nP1,Tea,1,1\n')
    const other = await imported(shop, 'products', 'sku,name,unit_price,cost_price\nP2,Tea,1,1\n')
    await query(`update imports set status = 'running', updated_at = now() - interval '2 minutes' where id = $1`, [id])
    await query(`update imports set status = 'running', updated_at = now() where id = $1`, [other.id])
    const { services, publisher } = shop.running.regal
    await endAbandoned({ imports: services.get('imports')!, publisher })
    const record = await importOf(id)
    assert.equal(record.status, 'failed')
    assert.match(record.failure, /server stopped/)
    assert.equal((await importOf(other.id)).status, 'running')
  })

  describe('by a key', () => {
    it('changes what is there, makes what is not, and passes over what is the same', async () => {
      await imported(shop, 'products', 'sku,name,unit_price,cost_price,desc\nU1,Tea,1,1,Green\nU2,Milk,2,1,\n')
      const file =
        'sku,name,unit_price,desc,cost_price\nU1,Tea,1.50,,1\nU2,Milk,2.00,,1\nU3,New,3,,1\nU3,Newer,3,,1\n,Nobody,1,,1\n'
      const record = await imported(shop, 'products', file, { query: 'upsert=sku' })
      assert.deepEqual(counted(record), { rows_done: 5, created: 1, updated: 2, skipped: 1, failed: 1 })
      assert.deepEqual(record.report, [{ row: 6, column: 'sku', message: 'is required by upsert' }])
      const [first] = await all(shop, 'products', 'sku=U1')
      assert.deepEqual([first!.unit_price, first!.desc, first!.version], ['1.50', null, 2])
      const trail = await query<{ action: string; before: Json; after: Json }>(
        'select action, before, after from audit_logs where record_id = $1 order by seq',
        [first!.id]
      )
      assert.deepEqual(
        trail.map(({ action }) => action),
        ['create', 'patch']
      )
      assert.deepEqual([trail[1]!.before.desc, trail[1]!.after.desc], ['Green', null])
      assert.equal((await all(shop, 'products', 'sku=U3'))[0]!.name, 'Newer')
    })

    it('names the row that a change is refused for, and changes the others', async () => {
      await imported(
        shop,
        'products',
        'sku,name,unit_price,cost_price,barcode\nV1,a,1,1,v1\nV2,b,1,1,v2\nV3,c,1,1,v3\n'
      )
      const file = 'sku,barcode,name\nV1,v9,x\nV2,v3,x\nV3,v3,x\n'
      const { updated, report } = await imported(shop, 'products', file, { query: 'upsert=sku' })
      assert.equal(updated, 2)
      assert.deepEqual(report, [{ row: 3, column: 'barcode', message: 'Another record has this value already.' }])
    })

    it('takes keys that ignore case, and several fields that are one key', async () => {
      await imported(shop, 'categories', 'name\nCheese\n')
      const { skipped, created } = await imported(shop, 'categories', 'name\nCHEESE\nBread\n', { query: 'upsert=name' })
      assert.deepEqual([skipped, created], [1, 1])
      assert.deepEqual(resourceNamed('registers').unique, [['branch_id', 'code']])
      const file = `code,branch_id,name\n01,${shop.branch},Front\n88,${shop.branch},Back\n`
      const record = await imported(shop, 'registers', file, { query: 'upsert=code,branch_id' })
      assert.deepEqual([record.updated, record.created], [1, 1], JSON.stringify(record.report))
    })
  })

  it('on trial leaves nothing but its record, and finds what would fail', async () => {
    const before = await count('%')
    const audited = await query('select 1 from audit_logs')
    const file = `${HEAD}W1,Tea,1,1\nW2,Tea,x,1\nW1,Tea,1,1\n${rows(4000, 4600)}W1,Tea,1,1\nR1,Tea,1,1\n`
    const record = await imported(shop, 'products', file, { query: 'dry_run=true' })
    assert.deepEqual(counted(record), { rows_done: 605, created: 601, updated: 0, skipped: 0, failed: 4 })
    assert.deepEqual(
      record.report.map(({ row, column }: Json) => [row, column]),
      [
        [3, 'unit_price'],
        [4, 'sku'],
        [605, 'sku'],
        [606, 'sku']
      ]
    )
    assert.equal(await count('%'), before)
    // Its own beginning and end.
    assert.equal((await query('select 1 from audit_logs')).length, audited.length + 2)
    const preferred = await fetch(`${shop.url}/products/import`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.admin}`, 'content-type': 'text/csv', prefer: 'dry-run' },
      body: `${HEAD}W1,Tea,1,1\n`
    })
    assert.equal(preferred.headers.get('preference-applied'), 'dry-run')
    assert.equal(await count('W%'), 0)
    const upsert = await imported(shop, 'products', file, { query: 'dry_run=true&upsert=sku' })
    assert.deepEqual([upsert.created, upsert.updated, upsert.skipped, upsert.failed], [601, 2, 1, 1])
  })

  it('with on_error=stop ends at the first faulty row, with those before it made', async () => {
    const stop = { query: 'on_error=stop' }
    const typo = await imported(shop, 'products', `${HEAD}X1,Tea,1,1\nX2,Tea,x,1\nX3,Tea,1,1\n`, stop)
    assert.deepEqual([typo.status, typo.created, typo.failed, await count('X%')], ['failed', 1, 1, 1])
    assert.match(typo.failure, /row 3/)
    const taken = await imported(shop, 'products', `${HEAD}Y1,Tea,1,1\nX1,Tea,1,1\nY2,Tea,1,1\n`, stop)
    assert.deepEqual([taken.status, taken.created, await count('Y%')], ['failed', 1, 1])
  })
})
