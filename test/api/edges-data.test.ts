import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { translate } from '../../src/hooks/translate-errors.ts'
import { resources } from '../../src/schemas/index.ts'
import { ResourceService } from '../../src/services/resource.ts'
import { contentsOf } from '../support/contents.ts'
import { edgesOf, onBoth, statementsOf } from '../support/edges.ts'
import { assertTight } from '../support/leaks.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const { edge, complete } = edgesOf('K', 16)
let names = 0
const fresh = (word: string) => `${word} ${++names}`

describe('Sharp edges of the data layer', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const service = (name: string) => shop.running.regal.app.service(name) as unknown as ResourceService
  const admin = () => ({ as: shop.admin })
  const brand = async (name = fresh('Brand')): Promise<Json> =>
    (await shop.call('POST', '/brands', { name }, shop.admin)).body
  const unchanged = async (work: () => Promise<void>) => {
    const earlier = await contentsOf(shop.db.database)
    await work()
    assert.deepEqual(await contentsOf(shop.db.database), earlier)
  }

  edge(
    'K1 K2',
    'a value that is taken is 409 with its field, in a create and in a patch, and says nothing of SQL',
    () =>
      onBoth(shop, async ({ call }) => {
        const [one, two] = [await stockedProduct(shop, {}, 0), await stockedProduct(shop, {}, 0)]
        const { id: _, created_at: __, updated_at: ___, version: ____, stock_level: _____, ...data } = one
        for (const refused of [
          await call('create', 'products', { data, ...admin() }),
          await call('patch', 'products', { id: two.id, data: { sku: one.sku }, ...admin() })
        ]) {
          assert.equal(refused.status, 409)
          assert.equal(refused.body.data.reason, 'duplicate')
          assert.equal(refused.body.errors[0].path, 'sku')
          assertTight('K2', JSON.stringify(refused.body))
          assert.doesNotMatch(JSON.stringify(refused.body), /products_|constraint|violates|_key/)
        }
      })
  )

  edge(
    'K3',
    'what a column cannot hold is 400, a deadlock is tried again, a mistake of ours says nothing',
    async () => {
      await onBoth(shop, async ({ call }) => {
        const query = { created_at: { $gt: '0000-01-01T00:00:00Z' } }
        assert.equal((await call('find', 'brands', { query, ...admin() })).status, 400)
      })
      const [a, b] = [await brand(), await brand()]
      let tries = 0
      const lockBoth = (first: string, second: string) =>
        shop.running.regal.database.transaction(async (tx) => {
          tries++
          await tx.query('select 1 from brands where id = $1 for update', [first])
          await sleep(50)
          await tx.query('select 1 from brands where id = $1 for update', [second])
        })
      await Promise.all([lockBoth(a.id, b.id), lockBoth(b.id, a.id)])
      assert.ok(tries > 2, 'the two never met: the test proves nothing')
      const mistake = Object.assign(new Error('column b.nmae does not exist'), { code: '42703', severity: 'ERROR' })
      const { code, message, data } = translate(mistake)
      assert.deepEqual([code, data.reason], [500, 'failed'])
      assert.doesNotMatch(message, /nmae/)
    }
  )

  edge('K4 K5', 'PUT is not offered: 405, and the record stays', async () => {
    const { id } = await brand()
    await unchanged(() =>
      onBoth(shop, async ({ call }) => {
        const { status, body } = await call('update', 'brands', { id, data: { name: 'x' }, ...admin() })
        assert.deepEqual([status, body.data.reason], [405, 'no_method'])
      })
    )
  })

  edge('K6', 'an empty patch answers the record and writes nothing', async () => {
    const record = await brand()
    await unchanged(() =>
      onBoth(shop, async ({ call }) => {
        const { status, body } = await call('patch', 'brands', { id: record.id, data: {}, ...admin() })
        assert.deepEqual([status, body], [200, record])
      })
    )
  })

  edge('K7', 'a list is no record: nothing of it is created', () =>
    unchanged(() =>
      onBoth(shop, async ({ call }) => {
        const data = [{ name: fresh('Listed') }, { name: fresh('Listed') }]
        const { status, body } = await call('create', 'brands', { data, ...admin() })
        assert.deepEqual([status, body.data.reason], [400, 'invalid_data'])
      })
    )
  )

  edge('K8', 'a page and its total are one statement, and the total can be left out', () =>
    onBoth(shop, async ({ call }) => {
      for (let n = 0; n < 3; n++) await brand()
      let whole: Json = {}
      let page: Json = {}
      const ask = async (query: Json) => (await call('find', 'brands', { query, ...admin() })).body
      assert.equal(
        await statementsOf(shop, async () => {
          whole = await ask({ $limit: 2 })
        }),
        1
      )
      assert.equal(
        await statementsOf(shop, async () => {
          page = await ask({ $limit: 2, $total: false })
        }),
        1
      )
      assert.ok(whole.total > 2)
      assert.deepEqual(page, { limit: 2, skip: 0, data: whole.data })
    })
  )

  edge('K9', 'of patches that started from one version one is written, and answered as it is stored', () =>
    onBoth(shop, async ({ call }) => {
      const { id, version } = await brand()
      const answers = await Promise.all(
        Array.from({ length: 8 }, () =>
          call('patch', 'brands', { id, data: { name: fresh('Raced'), version }, ...admin() })
        )
      )
      const [winner, ...more] = answers.filter(({ status }) => status === 200)
      assert.equal(more.length, 0)
      assert.ok(answers.every(({ status, body }) => status === 200 || body.data.reason === 'stale_version'))
      assert.deepEqual((await call('get', 'brands', { id, ...admin() })).body, winner!.body)
      assert.equal(winner!.body.version, version + 1)
    })
  )

  edge('K10', 'money is text, quantities are numbers, and only declared columns leave', async () => {
    const { id } = await stockedProduct(shop, { unit_price: 7, limited_qty: 1.5 }, 2.125)
    await onBoth(shop, async ({ call }) => {
      const { body } = await call('get', 'products', { id, ...admin() })
      assert.deepEqual([body.unit_price, body.cost_price], ['7.00', '6.00'])
      assert.deepEqual([body.limited_qty, body.stock_level, body.version], [1.5, 2.125, 1])
      for (const { name, readable } of resources) {
        const { body } = await call('find', name, { query: { $limit: 5 }, ...admin() })
        const flat = (row: Json) =>
          Object.keys(row).flatMap((key) => (key === 'totals' ? Object.keys(row.totals) : [key]))
        for (const row of body.data)
          assert.deepEqual(
            flat(row).filter((key) => !readable.includes(key) && !['items', 'payments'].includes(key)),
            [],
            name
          )
      }
    })
  })

  edge('K11', 'a query may name columns that several tables have, all at once', async () => {
    const vendor = await shop.call('POST', '/vendors', { name: fresh('V'), contacts: { phone: '123' } }, shop.admin)
    const made = await stockedProduct(shop, { name: fresh('Both'), vendor_id: vendor.body.id }, 0)
    await onBoth(shop, async ({ call }) => {
      const query = {
        name: made.name,
        is_active: true,
        created_at: { $gte: made.created_at },
        id: made.id,
        $search: 'Both',
        $sort: { name: 1, is_active: -1 },
        $include: ['vendor']
      }
      const { status, body } = await call('find', 'products', { query, ...admin() })
      assert.equal(status, 200, JSON.stringify(body))
      assert.deepEqual(
        body.data.map(({ vendor }: Json) => vendor.id),
        [vendor.body.id]
      )
    })
  })

  edge(
    'K12',
    'nested keys are refused, null has its own operator, $ne holds for null, $sort takes 1 or -1',
    async () => {
      const bare = await stockedProduct(shop, { attributes: { color: 'red' } }, 0)
      const coded = await stockedProduct(shop, { barcode: fresh('code') }, 0)
      await onBoth(shop, async ({ call }) => {
        const ids = { $in: [bare.id, coded.id] }
        const found = async (query: Json) =>
          (await call('find', 'products', { query: { id: ids, ...query }, ...admin() })).body.data.map(
            ({ id }: Json) => id
          )
        assert.deepEqual(await found({ barcode: { $ne: coded.barcode } }), [bare.id])
        assert.deepEqual(await found({ barcode: { $nin: [coded.barcode] } }), [bare.id])
        assert.deepEqual(await found({ barcode: { $null: true } }), [bare.id])
        assert.deepEqual(await found({ barcode: { $null: false } }), [coded.id])
        assert.deepEqual(await found({ barcode: { $lt: 'zzz' } }), [coded.id])
        for (const query of [
          { attributes: { color: 'red' } },
          { attributes: { color: { $ne: 'x' } } },
          { $sort: { name: 0 } }
        ])
          assert.equal((await call('find', 'products', { query, ...admin() })).status, 400)
      })
    }
  )

  edge('K13', 'nothing is changed or removed without an id', () =>
    unchanged(() =>
      onBoth(shop, async ({ call }) => {
        for (const { name } of resources)
          for (const [verb, query] of [
            ['remove', {}],
            ['remove', { name: 'x' }],
            ['patch', {}]
          ] as const) {
            const { status } = await call(verb, name, { data: {}, query, ...admin() })
            assert.ok(status === 400 || status === 405, `${verb} ${name}: ${status}`)
          }
      })
    )
  )

  edge('K14', 'a nested call joins its transaction; a failure undoes both and gives the connection back', async () => {
    const { database } = shop.running.regal
    const name = fresh('Undone')
    await unchanged(() =>
      assert.rejects(
        database.transaction(async (transaction) => {
          await service('brands').create({ name }, { transaction })
          await service('categories').create({ name }, { transaction })
          throw new Error('after both')
        }),
        /after both/
      )
    )
    assert.equal(database.pool.idleCount, database.pool.totalCount)
    await database.transaction(async (transaction) => {
      await service('brands').create({ name }, { transaction })
    })
    assert.equal(
      (await shop.call('GET', `/brands?name=${encodeURIComponent(name)}`, undefined, shop.admin)).body.total,
      1
    )
  })

  edge('K15', 'an event leaves after the commit, and never for what was undone', async () => {
    const { database } = shop.running.regal
    const socket = await shop.socket(shop.admin)
    const heard: string[] = []
    socket.on('brands created', ({ name }: Json) => heard.push(name))
    const [kept, undone] = [fresh('Kept'), fresh('Undone')]
    await database.transaction(async (transaction) => {
      await service('brands').create({ name: kept }, { transaction })
      await sleep(100)
      assert.deepEqual(heard, [])
    })
    await database
      .transaction(async (transaction) => {
        await service('brands').create({ name: undone }, { transaction })
        throw new Error('undone')
      })
      .catch(() => {})
    const last = fresh('Last')
    await brand(last)
    await sleep(100)
    assert.deepEqual(heard, [kept, last])
  })

  edge('K16', 'there is one service class for all resources', () => {
    for (const { name } of resources) assert.ok(service(name) instanceof ResourceService, name)
  })

  complete()
})
