import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import type { Resource } from '../../src/schemas/define.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { grants, type Role } from '../policy/roles.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { rest, type Transport, websocket } from '../support/transports.ts'

interface Reader {
  role: Role
  id: string
  token: string
  branch: string
}

let shop: Shop
let samples: Samples
let ways: Transport[]
let readers: Reader[]
let yesterday: string

const recordsOf = async (resource: Resource, as: string): Promise<Json> => {
  const { status, body } = await ways[0]!.call('find', resource.name, { query: { $limit: 200 }, as })
  assert.equal(status, 200, JSON.stringify(body))
  return body
}

/** A till sees the sales of today, and of other days what is still open; payments of today. */
function atTheTill(name: string, record: Json): boolean {
  if (name === 'invoices')
    return record.business_date !== yesterday || ['draft', 'issued', 'partial'].includes(record.status)
  return (
    !['payments', 'payment-allocations', 'refunds', 'refund-items'].includes(name) || record.business_date !== yesterday
  )
}

/** Whether a record is within reach, by the table's word for the rows. */
function reaches({ role, id, branch }: Reader, { name }: Resource, record: Json): boolean {
  const { rows } = grants[name]![role]
  if (rows === 'their own') return (record.user_id ?? record.created_by) === id
  if (rows === 'own drawer') return record.branch_id === branch && (role !== 'cashier' || record.opened_by === id)
  if (rows === 'own or shared') return record.branch_id === null || record.branch_id === branch
  if (rows === 'either branch') return [record.from_branch_id, record.to_branch_id].includes(branch)
  if (rows === 'own branch' && record.branch_id !== branch) return false
  return role !== 'cashier' || atTheTill(name, record)
}

/** A shop in a second branch: a till, stock, and a sale on account. */
async function furnish(branch: string): Promise<void> {
  const make = async (path: string, data: Json): Promise<Json> => {
    const { status, body } = await shop.call('POST', `/${path}`, data, shop.admin)
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const register = await make('registers', { branch_id: branch, code: '77' })
  const party = { contacts: { phone: '12345' }, branch_id: branch }
  const customer = await make('customers', { ...party, name: 'Customer elsewhere', credit_limit: '500.00' })
  await make('vendors', { ...party, name: 'Vendor elsewhere' })
  await make('salesmen', { name: 'Salesman elsewhere', code: 'ELSE', branch_id: branch })
  const product = await make('products', {
    sku: 'ELSE',
    name: 'Elsewhere',
    unit_price: '10.00',
    cost_price: '6.00',
    branch_id: branch
  })
  await make('stock-entries', { product_id: product.id, branch_id: branch, qty: 9, type: 'IN', unit_cost: '6.00' })
  const items = [{ product_id: product.id, quantity: 1 }]
  const sale = { register_id: register.id, customer_id: customer.id, items }
  await make('invoices', { ...sale, payments: [{ method: 'cash', amount: '4.00' }] })
  await make('invoices', { ...sale, payments: [{ method: 'cash', amount: '10.00' }] })
}

/** Puts one paid and one open sale of each branch on the day before, as no call can. */
async function age(): Promise<void> {
  const { database } = shop.db
  const [row] = await database.query<{ day: string }>('select (min(business_date) - 1)::text as day from invoices')
  yesterday = row!.day
  await database.query(
    `update invoices set business_date = $1 where id in
       (select distinct on (branch_id, status) id from invoices order by branch_id, status, created_at)`,
    [yesterday]
  )
}

function sees(resource: Resource): void {
  const { name } = resource

  it('is listed and counted as far as each reader reaches', async () => {
    const whole = (await recordsOf(resource, shop.admin)).data as Json[]
    for (const reader of readers.filter(({ role }) => grants[name]![role].verbs.includes('find'))) {
      const expected = whole.filter((record) => reaches(reader, resource, record)).map(({ id }) => id)
      const { total, data } = await recordsOf(resource, reader.token)
      assert.deepEqual(data.map(({ id }: Json) => id).sort(), expected.sort(), `${reader.role} of ${reader.branch}`)
      assert.equal(total, expected.length)
      for (const way of ways) {
        const counted = await way.call('find', name, { query: { $limit: 0 }, as: reader.token })
        assert.equal(counted.body.total, expected.length)
      }
    }
  })

  it('is not there for a reader it is hidden from, by no way of asking', async () => {
    const whole = (await recordsOf(resource, shop.admin)).data as Json[]
    for (const reader of readers.filter(({ role }) => grants[name]![role].verbs.includes('get'))) {
      const hidden = whole.find((record) => !reaches(reader, resource, record))
      if (!hidden) continue
      const { verbs } = grants[name]![reader.role]
      for (const way of ways) {
        const ask = async (id: string) => {
          const calls = (['get', 'patch', 'remove'] as const).filter((verb) => verbs.includes(verb))
          return Promise.all(calls.map((verb) => way.call(verb, name, { id, data: {}, as: reader.token })))
        }
        const answers = await ask(hidden.id)
        assert.ok(answers.every(({ status }) => status === 404))
        assert.deepEqual(answers, await ask(uuidv7()), 'hidden equals missing')
        for (const query of [{ id: hidden.id }, { $or: [{ id: hidden.id }] }, { id: { $in: [hidden.id] } }]) {
          const { body } = await way.call('find', name, { query, as: reader.token })
          assert.deepEqual(body, { total: 0, limit: 50, skip: 0, data: [] })
        }
      }
    }
  })
}

describe('Rows within reach', () => {
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    ways = [rest(shop), websocket(shop)]
    for (const resource of resources.filter(({ methods }) => methods.includes('create'))) {
      await samples.create(resource)
      await samples.create(resource, {}, { full: false })
    }
    const other = await samples.create(resourceNamed('branches'))
    await furnish(other.id)
    await age()
    const roles = ['employee', 'cashier'] as const
    const places = [shop.branch, other.id]
    readers = await Promise.all(
      places.flatMap((branch) => roles.map(async (role) => ({ role, branch, ...(await shop.user(role, branch)) })))
    )
    for (const { role, token } of readers) if (role === 'employee') await samples.imported(token)
  })
  after(() => shop.close())

  for (const resource of resources) describe(resource.name, () => sees(resource))

  it('keeps writes within the branch: nothing is made in, or moved to, another', async () => {
    const [employee] = readers
    const elsewhere = readers.find(({ branch }) => branch !== employee!.branch)!.branch
    for (const name of ['products', 'vendors', 'salesmen', 'customers']) {
      const data = await samples.data(resourceNamed(name))
      for (const way of ways) {
        const made = await way.call('create', name, { data: { ...data, branch_id: elsewhere }, as: employee!.token })
        assert.equal(made.status, 403, `${name}: ${JSON.stringify(made.body)}`)
        const own = await samples.create(resourceNamed(name), { branch_id: employee!.branch })
        const moved = await way.call('patch', name, { id: own.id, data: { branch_id: elsewhere }, as: employee!.token })
        assert.equal(moved.status, 403, `${name}: ${JSON.stringify(moved.body)}`)
      }
    }
  })

  it('includes no record that is hidden', async () => {
    const cashier = readers.find(({ role, branch }) => role === 'cashier' && branch !== shop.branch)!
    const stranger = await samples.create(resourceNamed('customers'), { branch_id: shop.branch, salesman_id: null })
    await shop.db.database.query('update invoices set customer_id = $1 where branch_id = $2', [
      stranger.id,
      cashier.branch
    ])
    for (const way of ways) {
      const { body } = await way.call('find', 'invoices', { query: { $include: ['customer'] }, as: cashier.token })
      assert.ok(body.data.length)
      assert.ok(body.data.every(({ customer }: Json) => customer === null))
    }
  })
})
