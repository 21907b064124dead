import assert from 'node:assert/strict'
import { businessDate } from '../../src/domain/dates.ts'
import { resources } from '../../src/schemas/index.ts'
import { assertNoCost, openBranch } from '../support/books.ts'
import { emit, type Json, openShop, PASSWORD, type Shop, stockedProduct } from '../support/shop.ts'
import { refused } from '../support/till.ts'

/** What the shop's old system got wrong, a test for each. What it got wrong with goods and money: old-mistakes-books.test.ts. */
describe('What the old system got wrong with people and with reading', () => {
  let shop: Shop
  let cashier: { id: string; username: string; token: string }
  let product: Json
  before(async () => {
    shop = await openShop()
    cashier = await shop.user('cashier')
    product = await stockedProduct(shop, { name: 'Needle', tax_rate: '5' }, 50)
  })
  after(() => shop.close())

  const get = (path: string, as?: string) => shop.call('GET', path, undefined, as)
  const cash = (amount: string) => [{ method: 'cash', amount }]
  const sell = async (as = cashier.token, fields: Json = {}): Promise<Json> => {
    const sale = { items: [{ product_id: product.id, quantity: 1 }], payments: cash('10.50'), ...fields }
    const { status, body } = await shop.call('POST', '/invoices', sale, as)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }

  it('passwords in clear text', async () => {
    const tables = await shop.db.database.query<{ name: string }>(
      `select format('%I', relname) as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace`
    )
    assert.ok(tables.length > 40)
    for (const { name } of tables) {
      const found = await shop.db.database.query(`select 1 from ${name} t where strpos(t::text, $1) > 0`, [PASSWORD])
      assert.deepEqual(found, [], name)
    }
    const [kept] = await shop.db.database.query<{ password_hash: string }>(
      'select password_hash from users where id = $1',
      [cashier.id]
    )
    assert.match(kept!.password_hash, /^\$argon2id\$/)
  })

  it('an "admin" gate that let cashiers in', async () => {
    for (const path of ['users', 'roles', 'settings', 'audit-logs'])
      refused(await get(`/${path}`, cashier.token), 403, 'not_allowed')
    for (const path of ['users', 'roles', 'settings', 'branches', 'registers', 'products'])
      refused(await shop.call('POST', `/${path}`, {}, cashier.token), 403, 'not_allowed')
    refused(await shop.call('DELETE', `/products/${product.id}`, undefined, cashier.token), 403, 'not_allowed')
  })

  it('users raising their own role', async () => {
    const [admin] = (await get('/roles?name=admin', shop.admin)).body.data
    const change = { role_id: admin.id }
    refused(await shop.call('PATCH', `/users/${cashier.id}`, change, cashier.token), 403, 'not_allowed')
    const second = await shop.user('admin')
    const [other] = (await get('/roles?name=cashier', shop.admin)).body.data
    const own = await shop.call('PATCH', `/users/${second.id}`, { role_id: other.id }, second.token)
    refused(own, 422, 'own_account')
    assert.equal((await get('/auth/me', cashier.token)).body.user.role, 'cashier')
  })

  it('lists without sign-in', async () => {
    const socket = await shop.socket()
    for (const { name } of resources) {
      refused(await get(`/${name}`), 401, 'not_signed_in')
      refused(await get(`/${name}/export`), 401, 'not_signed_in')
      assert.equal((await emit(socket, 'find', name, {})).error!.code, 401, name)
    }
  })

  it('cost hidden only in the browser', async () => {
    await sell()
    for (const path of ['products', 'stock-levels', 'invoices?$include=items', 'invoice-items', 'refund-items']) {
      const { status, body } = await get(`/${path}`, cashier.token)
      assert.equal(status, 200, path)
      assertNoCost(body)
    }
    for (const query of ['cost_price=6.00', '$sort[cost_price]=1', '$select=cost_price', '$sum=cost_price'])
      refused(await get(`/products?${query}`, cashier.token), 400, 'invalid_query')
  })

  it('products matched by name', async () => {
    const twin = await stockedProduct(shop, { name: product.name, unit_price: '3.00' }, 5)
    const sold = await sell(cashier.token, { items: [{ sku: twin.sku, quantity: 1 }], payments: cash('3.00') })
    assert.equal(sold.items[0].product_id, twin.id)
    const named = { items: [{ name: product.name, quantity: 1 }], payments: cash('10.50') }
    refused(await shop.call('POST', '/invoices', named, cashier.token), 400, 'invalid_data')
  })

  it('deleting a product erasing its history', async () => {
    const sold = await sell()
    refused(await shop.call('DELETE', `/products/${product.id}`, undefined, shop.admin), 409, 'in_use')
    assert.deepEqual((await get(`/invoices/${sold.id}`, cashier.token)).body.items, sold.items)
    const ledger = await get(`/stock-entries?document_id=${sold.id}`, shop.admin)
    assert.deepEqual([ledger.body.total, ledger.body.data[0].product_id], [1, product.id])
  })

  it('local times without a zone: the wrong day between 00:00 and 05:00', async () => {
    // 01:30 of the first of February in Karachi is still January elsewhere.
    assert.equal(businessDate(new Date('2026-01-31T20:30:00Z'), 'Asia/Karachi'), '2026-02-01')
    assert.equal(businessDate(new Date('2026-01-31T20:30:00Z'), 'UTC'), '2026-01-31')
    const days: string[] = []
    // 26 hours apart: it is never the same day in both.
    for (const timezone of ['Pacific/Kiritimati', 'Etc/GMT+12']) {
      const { branch, register } = await openBranch(shop, { timezone, stock_policy: 'allow' })
      const sold = await sell(shop.admin, { register_id: register })
      const there = new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(new Date(sold.issued_at))
      assert.equal(sold.business_date, there)
      assert.match(sold.created_at, /Z$/)
      const { token } = await shop.user('employee', branch)
      const report = await get('/reports/sales-by-day', token)
      assert.deepEqual(
        report.body.data.map(({ group, count }: Json) => [group.business_date, count]),
        [[there, 1]]
      )
      days.push(there)
    }
    assert.notEqual(days[0], days[1])
  })

  it('caches that showed another user’s name and stale stock', async () => {
    const others = await Promise.all([1, 2, 3].map(() => shop.user('cashier')))
    for (let round = 0; round < 5; round++) {
      const seen = await Promise.all(others.map(({ token }) => get('/auth/me', token)))
      assert.deepEqual(
        seen.map(({ body }) => body.user.id),
        others.map(({ id }) => id)
      )
      for (const { headers } of seen) assert.match(headers.get('cache-control')!, /no-store/)
    }
    const [ann] = others
    assert.equal((await shop.call('PATCH', `/users/${ann!.id}`, { full_name: 'Ann B' }, shop.admin)).status, 200)
    assert.equal((await get('/auth/me', ann!.token)).body.user.full_name, 'Ann B')
    const stock = async () => (await get(`/products/${product.id}`, ann!.token)).body.stock_level
    const before = await stock()
    await sell()
    assert.equal(await stock(), before - 1)
  })

  it('reports that read everything and parsed JSON', async () => {
    for (let i = 0; i < 3; i++) await sell()
    const { database } = shop.running.regal
    const { token } = await shop.user('employee')
    let least = Number.POSITIVE_INFINITY
    // The server asks by itself now and then; the least of a few is the report's own.
    for (let i = 0; i < 5; i++) {
      const before = database.statements
      const { body } = await get('/reports/sales-by-day', token)
      least = Math.min(least, database.statements - before)
      assert.equal(body.data.length, 1, 'a row per day and not one per sale')
    }
    assert.equal(least, 1, 'statements of one report')
  })

  it('blank files answered as success', async () => {
    refused(await get('/products/export?$format=pdf', shop.admin), 400, 'invalid_query')
    refused(await get('/products/export?no_such_field=1', shop.admin), 400, 'invalid_query')
  })

  it('search boxes that did nothing', async () => {
    const hits = async (query: string) => (await get(`/products?${query}`, cashier.token)).body.data
    assert.ok((await hits('$search=needle')).every(({ name }: Json) => name === 'Needle'))
    assert.equal((await hits('$search=needle')).length, 2)
    assert.deepEqual(await hits('$search=zzqqxx'), [])
    // What is searched in is said, and nothing passes a search by.
    const deaf = resources.find(({ searched }) => !searched.length)!
    refused(await get(`/${deaf.name}?$search=needle`, shop.admin), 400, 'invalid_query')
  })
})
