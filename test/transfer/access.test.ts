import assert from 'node:assert/strict'
import { type Json, nextEvent, openShop, type Shop } from '../support/shop.ts'
import { all, getFile, imported, sendFile } from './support.ts'

const HEAD = 'sku,name,unit_price,cost_price'

describe('Who may import and export', () => {
  let shop: Shop
  let employee: string
  let cashier: string
  let elsewhere: string
  before(async () => {
    shop = await openShop()
    const branch = await shop.call('POST', '/branches', { name: 'Other', code: 'OTH', timezone: 'UTC' }, shop.admin)
    elsewhere = branch.body.id
    ;[employee, cashier] = await Promise.all([
      shop.user('employee').then(({ token }) => token),
      shop.user('cashier').then(({ token }) => token)
    ])
  })
  after(() => shop.close())

  const reasonOf = async (...given: Parameters<typeof sendFile>) => {
    const { status, body } = await sendFile(...given)
    return [status, body.data?.reason]
  }

  it('is decided as for any call', async () => {
    const file = `${HEAD}\nA1,Tea,1,1\n`
    assert.deepEqual(await reasonOf(shop, 'products', file, { as: 'nonsense' }), [401, 'token_invalid'])
    const bare = await fetch(`${shop.url}/products/import`, { method: 'POST', body: file })
    assert.equal(bare.status, 401)
    assert.deepEqual(await reasonOf(shop, 'products', file, { as: cashier }), [403, 'not_allowed'])
    // A cashier may make a customer, and may not import.
    const customers = 'name,phone\nAda,12345\n'
    const query = 'mapping[phone]=contacts.phone'
    assert.deepEqual(await reasonOf(shop, 'customers', customers, { as: cashier, query }), [403, 'not_allowed'])
    assert.deepEqual(await reasonOf(shop, 'users', 'username\nx\n', { as: employee }), [403, 'not_allowed'])
    assert.deepEqual(await reasonOf(shop, 'account-entries', 'amount\n1\n'), [405, 'no_method'])
    const answer = await shop.call('GET', '/users/export', undefined, employee)
    assert.deepEqual([answer.status, answer.body.data.reason], [403, 'not_allowed'])
    assert.equal((await shop.call('GET', '/products/export')).status, 401)
    assert.equal((await shop.call('GET', '/nothing/export', undefined, shop.admin)).status, 404)
    assert.deepEqual(await all(shop, 'products'), [])
  })

  it('holds each row to the branch, and the references to what is within reach', async () => {
    await shop.call('POST', '/vendors', { name: 'Far', contacts: { phone: '12345' }, branch_id: elsewhere }, shop.admin)
    const file = `${HEAD},branch_id,vendor.name\nB1,Tea,1,1,${shop.branch},\nB2,Tea,1,1,${elsewhere},\nB3,Tea,1,1,,Far\n`
    const record = await imported(shop, 'products', file, { as: employee })
    assert.equal(record.created, 1)
    assert.deepEqual(record.report, [
      { row: 3, message: 'You are not allowed to do this.' },
      { row: 4, column: 'vendor.name', message: 'names nothing that is there' }
    ])
    const [audit] = await all(shop, 'audit-logs', `record_id=${(await all(shop, 'products', 'sku=B1'))[0]!.id}`)
    assert.deepEqual([audit!.user_id, audit!.action], [record.created_by, 'create'])
  })

  it('changes nothing out of reach, and does not say what is there', async () => {
    await imported(shop, 'products', `${HEAD},branch_id\nC1,Tea,1,1,${elsewhere}\n`)
    const record = await imported(shop, 'products', `${HEAD}\nC1,Mine,2,1\n`, { as: employee, query: 'upsert=sku' })
    assert.deepEqual([record.updated, record.created, record.failed], [0, 0, 1])
    assert.equal((await all(shop, 'products', 'sku=C1'))[0]!.name, 'Tea')
  })

  it('knows no fields but those the role may set', async () => {
    const permissions = [
      { action: ['read', 'create'], subject: ['imports'] },
      { action: ['read', 'create'], subject: ['customers'], fields: ['name', 'contacts'] }
    ]
    const role = await shop.call('POST', '/roles', { name: 'clerk', permissions }, shop.admin)
    const { id, username } = await shop.user('employee')
    assert.equal((await shop.call('PATCH', `/users/${id}`, { role_id: role.body.id }, shop.admin)).status, 200)
    const clerk = await shop.signIn(username)
    const query = 'mapping[phone]=contacts.phone'
    const refused = await sendFile(shop, 'customers', 'name,phone,credit_limit\nAda,12345,9\n', { as: clerk, query })
    assert.deepEqual([refused.status, refused.body.errors[0].path], [400, 'credit_limit'])
    assert.match(refused.body.errors[0].message, /is not a field/)
    const made = await imported(shop, 'customers', 'name,phone\nAda,12345\n', { as: clerk, query })
    assert.equal(made.created, 1)
    const denied = await sendFile(shop, 'customers', 'id,name\n,Ada\n', { as: clerk, query: 'upsert=id' })
    assert.deepEqual([denied.status, denied.body.data.reason], [403, 'not_allowed'])
  })

  it('exports the rows and columns that a role may read', async () => {
    const text = async (as: string) =>
      Buffer.from((await getFile(shop, '/products/export?$sort[sku]=1', as)).bytes).toString()
    const [mine, whole] = [await text(cashier), await text(shop.admin)]
    assert.doesNotMatch(mine.split('\r\n')[0]!, /cost_price|vendor_id/)
    assert.match(whole.split('\r\n')[0]!, /cost_price/)
    assert.match(whole, /,C1,/)
    assert.doesNotMatch(mine, /,C1,/)
    for (const query of ['$select=cost_price', 'cost_price=1', '$sort[cost_price]=1']) {
      const { status, body } = await shop.call('GET', `/products/export?${query}`, undefined, cashier)
      assert.deepEqual([status, body.data.reason], [400, 'invalid_query'], query)
    }
  })

  it('tells live readers of rows and of progress: those who may see them', async () => {
    const [admin, till] = await Promise.all([shop.socket(shop.admin), shop.socket(cashier)])
    const heard: string[] = []
    till.onAny((event: string) => void heard.push(event))
    const events = Promise.all([nextEvent(admin, 'imports created'), nextEvent(till, 'products created')])
    const states: Json[] = []
    const done = new Promise<Json>((resolve) => {
      admin.on('imports patched', (record: Json) => {
        states.push(record)
        if (record.status !== 'running') resolve(record)
      })
    })
    const record = await imported(shop, 'products', `${HEAD}\nD1,Tea,1,1\n`)
    const [begun, product] = await events
    assert.deepEqual([begun.id, begun.status], [record.id, 'running'])
    assert.deepEqual([product.sku, product.cost_price], ['D1', undefined])
    assert.deepEqual(await done, record)
    assert.ok(!heard.some((event) => event.startsWith('imports')))
  })

  it('tells of the first rows alone, and says at the end that there were more', async () => {
    const till = await shop.socket(cashier)
    let heard = 0
    till.on('products created', () => {
      heard++
    })
    const file = Array.from({ length: 1200 }, (_, i) => `E${i},Tea,1,1`).join('\n')
    const record = await imported(shop, 'products', `${HEAD}\n${file}\n`)
    assert.equal(record.created, 1200)
    const last = nextEvent(till, 'products created')
    await imported(shop, 'products', `${HEAD}\nE9999,Tea,1,1\n`)
    await last
    assert.equal(heard, 501)
  })
})
