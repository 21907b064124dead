import assert from 'node:assert/strict'
import { isRegalError, newId, type Row } from '../../src/client.ts'
import { openShop, type Shop, stockedProduct } from '../support/shop.ts'
import { Clients, next, transports } from './support.ts'

describe('The client', () => {
  let shop: Shop
  const clients = new Clients()
  before(async () => {
    shop = await openShop()
  })
  afterEach(() => clients.close())
  after(() => shop.close())

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      it('signs in, says who, and signs out', async () => {
        const regal = clients.open({ url: `${shop.url}/`, transport })
        await assert.rejects(regal.service('products').find(), { code: 401, reason: 'not_signed_in' })
        await assert.rejects(regal.login('admin', 'wrong'), { name: 'NotAuthenticated', reason: 'invalid_login' })
        assert.equal((await regal.login('admin', shop.settings.auth.admin_password)).username, 'admin')
        const { user, role, rules } = await regal.me()
        assert.deepEqual([user.role, role.name, rules.length > 0], ['admin', 'admin', true])
        const out = next<string>((listener) => regal.on('signed-out', listener))
        await regal.logout()
        assert.equal(await out, 'logout')
        await assert.rejects(regal.service('products').find(), { code: 401 })
      })

      it('makes, finds, gets, changes and removes', async () => {
        const regal = await clients.signedIn(shop, transport)
        const brands = regal.service('brands')
        const made = await brands.create({ name: `Northwind ${transport}` })
        assert.match(made.id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
        assert.deepEqual(await brands.get(made.id), made)
        const { data, total } = await brands.find({ query: { name: made.name, $sort: { name: 1 } } })
        assert.deepEqual([data, total], [[made], 1])
        const changed = await brands.patch(made.id, { name: `${made.name} 2`, version: made.version })
        assert.equal(changed.version, made.version + 1)
        assert.equal((await brands.remove(made.id)).id, made.id)
        await assert.rejects(brands.get(made.id), { code: 404, reason: 'not_found' })
      })

      it('sells', async () => {
        const product = await stockedProduct(shop)
        const regal = await clients.signedIn(shop, transport, { username: (await shop.user('cashier')).username })
        const sale = await regal.service('invoices').create({
          items: [{ product_id: product.id, quantity: 2 }],
          payments: [{ method: 'cash', amount: '20.00', tendered: '50.00' }]
        })
        assert.deepEqual([sale.totals.change, sale.items[0]?.sku], ['30.00', product.sku])
        const narrow = await regal.service('invoices').get(sale.id, { query: { $select: ['status', 'total'] } })
        assert.deepEqual(narrow, { id: sale.id, status: 'paid', totals: { total: '20.00' } })
      })

      it('includes relations', async () => {
        const regal = await clients.signedIn(shop, transport)
        const vendor = await regal.service('vendors').create({ name: `V ${transport}`, contacts: { phone: '12345' } })
        const product = await stockedProduct(shop, { vendor_id: vendor.id }, 0)
        const query = { id: product.id as string, $include: ['vendor', 'brand'] } as const
        const { data } = await regal.service('products').find({ query })
        assert.deepEqual([data[0]?.vendor?.name, data[0]?.brand], [vendor.name, null])
      })

      it('asks for null and for none of a list alike', async () => {
        const regal = await clients.signedIn(shop, transport)
        const barcode = newId()
        const coded = await stockedProduct(shop, { barcode }, 0)
        const plain = await stockedProduct(shop, {}, 0)
        const products = regal.service('products')
        const found = async (query: NonNullable<Parameters<typeof products.find>[0]>['query']) =>
          (await products.find({ query: { id: { $in: [coded.id, plain.id] }, ...query } })).data.map(({ id }) => id)
        assert.deepEqual(await found({ barcode: null }), [plain.id])
        assert.deepEqual(await found({ barcode: { $ne: null } }), [coded.id])
        assert.deepEqual(await found({ barcode: { $in: [] } }), [])
        assert.deepEqual(await found({ $or: [{ barcode: { $in: [] } }, { barcode }] }), [coded.id])
        assert.deepEqual(Object.keys((await products.find({ query: { $select: [] } })).data[0]!), ['id'])
      })

      it('reads all records of a list, page by page', async () => {
        const regal = await clients.signedIn(shop, transport)
        const names = Array.from({ length: 5 }, (_, i) => `Page ${transport} ${i}`)
        for (const name of names) await regal.service('categories').create({ name })
        const read: string[] = []
        const query = { name: { $in: names }, $sort: { name: 1 }, $limit: 2 } as const
        for await (const { name } of regal.service('categories').all({ query })) read.push(name)
        assert.deepEqual(read, names)
      })

      it('groups and sums', async () => {
        const regal = await clients.signedIn(shop, transport)
        const location = `Shelf ${transport}`
        for (const qty of [2, 3]) {
          const product = await stockedProduct(shop, {}, 0)
          await regal.service('stock-entries').create({ product_id: product.id, type: 'IN', qty, location })
        }
        const query = { location, $group: ['type', 'product.brand_id'], $count: true, $sum: ['qty'] } as const
        const { data, total } = await regal.service('stock-entries').groups({ query })
        assert.deepEqual(data, [{ group: { type: 'IN', 'product.brand_id': null }, count: 2, sum: { qty: 5 } }])
        assert.equal(total, 1)
      })

      it('asks for more than an address holds', async () => {
        const regal = await clients.signedIn(shop, transport)
        const { id } = await stockedProduct(shop, {}, 0)
        const ids = [...Array.from({ length: 400 }, () => newId()), id]
        const { data } = await regal.service('products').find({ query: { id: { $in: ids }, barcode: null } })
        assert.deepEqual(
          data.map((product) => product.id),
          [id]
        )
      })

      it('says what is wrong, by field', async () => {
        const regal = await clients.signedIn(shop, transport)
        const wrong = regal.service('products').create({ sku: '', name: 'A', unit_price: 'x', cost_price: '1' })
        await assert.rejects(wrong, (error) => {
          assert.ok(isRegalError(error))
          assert.deepEqual([error.name, error.code, error.reason], ['BadRequest', 400, 'invalid_data'])
          assert.deepEqual(
            error.errors?.map(({ path }) => path),
            ['sku', 'unit_price']
          )
          assert.ok(!('response' in error))
          return true
        })
      })
    })
  }

  it('tells of changes over a socket, until told to stop', async () => {
    const regal = await clients.signedIn(shop, 'socket')
    const other = await clients.signedIn(shop, 'rest')
    const heard: string[] = []
    const stop = regal.service('brands').on('created', ({ name }) => void heard.push(name))
    const patched = next<Row<'brands'>>((listener) => regal.service('brands').on('patched', listener))
    await regal.me()
    const { id } = await other.service('brands').create({ name: 'Heard' })
    await other.service('brands').patch(id, { name: 'Heard again' })
    assert.equal((await patched).name, 'Heard again')
    stop()
    const last = next<Row<'brands'>>((listener) => regal.service('brands').on('created', listener))
    await other.service('brands').create({ name: 'Unheard' })
    await last
    assert.deepEqual(heard, ['Heard'])
  })

  it('makes ids in the order of time', async () => {
    const ids: string[] = []
    for (let i = 0; i < 3; i++) {
      ids.push(newId())
      await new Promise((done) => setTimeout(done, 2))
    }
    assert.deepEqual([...ids].sort(), ids)
    assert.equal(Number.parseInt(ids[0]!.replace('-', '').slice(0, 12), 16) > Date.now() - 60_000, true)
    for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })
})
