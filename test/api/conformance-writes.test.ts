import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { v7 as uuidv7 } from 'uuid'
import type { Resource } from '../../src/schemas/define.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { Samples } from '../support/samples.ts'
import { type Answer, emit, type Json, openShop, type Shop } from '../support/shop.ts'
import { type Transport, transports } from '../support/transports.ts'

interface Trail {
  action: string
  before: Json | null
  after: Json | null
  user_id: string | null
  session_id: string | null
  request_id: string | null
  branch_id: string | null
  same: boolean
}

let shop: Shop
let samples: Samples
let ways: Transport[]

/** The audit rows of a record, oldest first; `same` when the row was written by the transaction that last wrote the record. */
const trailOf = ({ name, table }: Resource, id: string): Promise<Trail[]> =>
  shop.db.database.query<Trail>(
    `select a.*, coalesce(a.txid::text::bigint & x'ffffffff'::bigint = r.xmin::text::bigint, false) as same
     from audit_logs a left join ${table} r on r.id = a.record_id where a.resource = $1 and a.record_id = $2 order by a.seq`,
    [name, id]
  )

const countOf = async ({ table }: Resource): Promise<number> => {
  const [row] = await shop.db.database.query<{ n: number }>(`select count(*)::int as n from ${table}`)
  return row!.n
}

const post = (resource: Resource, data: Json, headers?: Record<string, string>): Promise<Answer> =>
  shop.call('POST', `/${resource.name}`, data, shop.admin, headers)

/** One row and one audit row, answered twice the same; the second time as a replay. */
async function once(resource: Resource, send: () => Promise<Answer>): Promise<Json> {
  const before = await countOf(resource)
  const first = await send()
  assert.equal(first.status, 201, JSON.stringify(first.body))
  assert.equal(first.headers.get('idempotent-replayed'), null)
  const second = await send()
  assert.equal(second.status, 200, JSON.stringify(second.body))
  assert.equal(second.headers.get('idempotent-replayed'), 'true')
  assert.deepEqual(second.body, first.body)
  assert.equal(await countOf(resource), before + 1)
  assert.equal((await trailOf(resource, first.body.id)).length, 1)
  return first.body
}

/** The same data with one field changed, whichever can be. */
async function otherThan(resource: Resource, data: Json): Promise<Json> {
  const { id: _, ...rest } = data
  if (resource.name === 'barcodes') return { ...rest, branch_id: (await samples.create(resourceNamed('branches'))).id }
  if (resource.name === 'invoice-prints') return { invoice_id: (await samples.create(resourceNamed('invoices'))).id }
  if (resource.name === 'invoices') return { ...rest, notes: 'another sale' }
  if (['quotations', 'custom-orders'].includes(resource.name)) return { ...rest, notes: 'another order' }
  if (resource.name === 'payments') return { ...rest, amount: '2.00' }
  if (resource.name === 'stock-entries') return { ...rest, qty: 6 }
  const candidates = [await samples.data(resource), await samples.change(resource, rest)].flatMap(Object.entries)
  const other = candidates.find(([name, value]) => value !== rest[name])
  return { ...rest, [other![0]]: other![1] }
}

function exactlyOnce(resource: Resource): void {
  it('is created once for one id, and answered again', async () => {
    const id = uuidv7()
    const data = await samples.data(resource)
    const record = await once(resource, () => post(resource, { ...data, id }))
    assert.equal(record.id, id)
    const socket = await shop.socket(shop.admin)
    assert.deepEqual(await emit(socket, 'create', resource.name, { ...data, id }, {}), { result: record })
  })

  it('is created once for one Idempotency-Key, a UUID or free text', async () => {
    for (const key of [uuidv7(), `till 7 / sale ${resource.name} №1`.replace('№', 'no ')]) {
      const data = await samples.data(resource)
      const record = await once(resource, () => post(resource, data, { 'idempotency-key': key }))
      assert.equal(record.id === key, key.length === 36 && !key.includes(' '))
    }
  })

  it('refuses the same id with other content', async () => {
    const data = { ...(await samples.data(resource)), id: uuidv7() }
    assert.equal((await post(resource, data)).status, 201)
    const other = await post(resource, { ...(await otherThan(resource, data)), id: data.id })
    assert.equal(other.status, 409, JSON.stringify(other.body))
    assert.equal(other.body.data.reason, 'id_conflict')
  })

  it('refuses the id of another user, whatever the content', async () => {
    const data = { ...(await samples.data(resource)), id: uuidv7() }
    assert.equal((await post(resource, data)).status, 201)
    const other = await shop.user('admin')
    const again = await shop.call('POST', `/${resource.name}`, data, other.token)
    assert.equal(again.status, 409, JSON.stringify(again.body))
    assert.equal(again.body.data.reason, 'id_conflict')
  })

  it('is created once by twins in flight', async () => {
    const data = { ...(await samples.data(resource)), id: uuidv7() }
    const before = await countOf(resource)
    const twins = await Promise.all(Array.from({ length: 6 }, () => post(resource, data)))
    const statuses = twins.map(({ status }) => status).sort()
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 201], JSON.stringify(twins.map(({ body }) => body)))
    for (const { body } of twins) assert.deepEqual(body, twins[0]!.body)
    assert.equal(await countOf(resource), before + 1)
    assert.equal((await trailOf(resource, data.id)).length, 1)
  })
}

function versions(resource: Resource): void {
  it('is patched only when its version is the expected one', async () => {
    for (const way of ways) {
      const record = await samples.changeable(resource)
      const changes = await samples.change(resource, record)
      const patch = (data: Json) => way.call('patch', resource.name, { id: record.id, data, as: shop.admin })
      assert.equal((await patch({ ...changes, version: 1 })).body.version, 2)
      const stale = await patch({ ...changes, version: 1 })
      assert.equal(stale.status, 409)
      assert.deepEqual(stale.body.data, { reason: 'stale_version', version: 2 })
      assert.equal((await patch({ version: 1 })).body.data?.reason, 'stale_version')
      assert.equal((await trailOf(resource, record.id)).length, 2)
    }
  })

  it('is left as it is by a patch of nothing', async () => {
    for (const way of ways) {
      const record = await samples.changeable(resource)
      for (const data of [{}, { version: record.version }]) {
        const { body } = await way.call('patch', resource.name, { id: record.id, data, as: shop.admin })
        assert.deepEqual(body, record)
      }
      assert.equal((await trailOf(resource, record.id)).length, 1)
    }
  })

  it('takes one of two patches of one version', async () => {
    const record = await samples.changeable(resource)
    const changes: Json[] = []
    while (changes.length < 3) changes.push(await samples.change(resource, record))
    const patch = (change: Json) =>
      ways[0]!.call('patch', resource.name, {
        id: record.id,
        data: { ...change, version: record.version },
        as: shop.admin
      })
    const outcomes = await Promise.all(changes.map(patch))
    assert.deepEqual(outcomes.map(({ status }) => status).sort(), [200, 409, 409])
  })
}

/** A column as the audit log keeps it: JSON of the row, amounts as numbers. */
const audited = (value: unknown, kind: string) =>
  kind === 'money' || kind === 'decimal'
    ? Number(value)
    : kind === 'instant' && value
      ? Date.parse(String(value))
      : value
const auditedIn = (row: Json | null, resource: Resource, name: string) =>
  audited(row?.[name] ?? null, resource.all[name]!.kind)
const shown = (record: Json, resource: Resource, name: string) => {
  const { under, kind } = resource.all[name]!
  return audited((under === undefined ? record[name] : record[under][name]) ?? null, kind)
}

/** Every column that is no secret is in the audited row as it was answered; hashes never are. */
function describes(row: Json | null, record: Json, resource: Resource): void {
  for (const name of resource.columns) {
    if (resource.all[name]!.secret) assert.equal(name in row!, false, name)
    else assert.deepEqual(auditedIn(row, resource, name), shown(record, resource, name), name)
  }
}

async function signedBy(entry: Trail): Promise<void> {
  const { body } = await shop.call('GET', '/auth/me', undefined, shop.admin)
  assert.equal(entry.user_id, body.user.id)
  assert.notEqual(entry.session_id, null)
  assert.notEqual(entry.request_id, null)
}

function audits(resource: Resource): void {
  const { methods, name } = resource

  if (methods.includes('create'))
    it('leaves one audit row of a create, in its transaction', async () => {
      const record = await samples.create(resource)
      const [entry, more] = await trailOf(resource, record.id)
      assert.equal(more, undefined)
      assert.equal(entry!.action, 'create')
      assert.equal(entry!.before, null)
      describes(entry!.after, record, resource)
      assert.equal(entry!.same, true)
      assert.equal(entry!.branch_id, name === 'branches' ? record.id : (record.branch_id ?? null))
      await signedBy(entry!)
    })

  if (methods.includes('patch'))
    it('leaves one audit row of a patch, with what changed before and after', async () => {
      const record = await samples.changeable(resource)
      const changes = await samples.change(resource, record)
      const { body } = await ways[0]!.call('patch', name, { id: record.id, data: changes, as: shop.admin })
      const [, entry, more] = await trailOf(resource, record.id)
      assert.equal(more, undefined)
      assert.equal(entry!.action, 'patch')
      const differ = Object.keys(changes).filter((field) => !isDeepStrictEqual(changes[field], record[field]))
      const changed = [...differ, 'updated_at', 'version'].sort()
      assert.deepEqual(Object.keys(entry!.before!).sort(), changed)
      assert.deepEqual(Object.keys(entry!.after!).sort(), changed)
      for (const field of changed) {
        assert.deepEqual(auditedIn(entry!.before, resource, field), shown(record, resource, field), field)
        assert.deepEqual(auditedIn(entry!.after, resource, field), shown(body, resource, field), field)
      }
      assert.equal(entry!.same, true)
      await signedBy(entry!)
    })

  if (methods.includes('remove') && name !== 'sessions')
    it('leaves one audit row of a remove, with all that was', async () => {
      const record = await samples.create(resource)
      await ways[0]!.call('remove', name, { id: record.id, as: shop.admin })
      const [, entry, more] = await trailOf(resource, record.id)
      assert.equal(more, undefined)
      assert.equal(entry!.action, 'remove')
      describes(entry!.before, record, resource)
      assert.equal(entry!.after, null)
      await signedBy(entry!)
    })

  it('leaves no audit row of what was refused', async () => {
    const count = async () =>
      (await shop.db.database.query<{ n: number }>('select count(*)::int as n from audit_logs'))[0]!.n
    const before = await count()
    for (const verb of ['create', 'patch', 'remove'] as const)
      await ways[0]!.call(verb, name, { id: uuidv7(), data: { nope: 1 }, as: shop.admin })
    assert.equal(await count(), before)
  })
}

/** Their writes are more than one row: a transaction, or a check before it. */
const SEVERAL: Record<string, Partial<Record<'create' | 'patch' | 'remove', string>>> = {
  approvals: { create: 'reads the colleague' },
  barcodes: { create: 'takes the next number' },
  branches: { create: 'places', patch: 'places', remove: 'places' },
  roles: { create: 'tables', patch: 'reads the role first', remove: 'reads the role first' },
  users: { patch: 'locks the administrators', remove: 'locks the administrators' },
  settings: { patch: 'reads the key, which says what the value may be' },
  'stock-entries': { create: 'locks the level' },
  payments: { create: 'locks the invoice' },
  'stock-transfers': { create: 'locks levels and the series' },
  'stock-transfer-receipts': { create: 'locks the transfer and levels' },
  'stock-counts': { create: 'locks the series' },
  'stock-count-lines': { create: 'locks the level' },
  'stock-count-closings': { create: 'locks the count and levels' },
  'order-options': { create: 'reads the product' },
  'ideal-prices': { create: 'reads the options' },
  'stock-receipts': { create: 'locks levels, the account and the series' },
  'stock-returns': { create: 'locks levels, the account and the series' },
  'invoice-prints': { create: 'locks the invoice, then counts' },
  quotations: { create: 'reads prices, then writes', patch: 'locks the quotation' },
  'custom-orders': { create: 'reads prices, then writes', patch: 'locks the order' },
  'order-payments': { create: 'locks the order' },
  'stock-reservations': { create: 'locks the order and the level' },
  'order-closings': { create: 'locks the order' },
  invoices: { create: 'reads prices, then writes', patch: 'locks the draft' },
  sessions: { remove: 'ends it' },
  files: { remove: 'notes what is to go with it' },
  shifts: { create: 'reads the register and its last shift' },
  refunds: { create: 'locks the invoice and its lines' },
  'invoice-voids': { create: 'locks the invoice and its lines' },
  'cash-movements': { create: 'locks the shift' },
  expenses: { create: 'reads the branch, the type and the method', remove: 'locks the shift' },
  'vendor-payments': { create: 'locks the balance' },
  'shift-closings': { create: 'locks the shift and adds up' }
}

/** The fewest statements of three tries: what runs in the background can only add. */
async function statementsOf(work: () => Promise<{ status: number }>, prepare = async () => {}): Promise<number> {
  const { database } = shop.running.regal
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    await prepare()
    const before = database.statements
    assert.ok((await work()).status < 300)
    least = Math.min(least, database.statements - before)
  }
  return least
}

function costs(resource: Resource): void {
  const { methods, name } = resource
  const embedded = Object.values(resource.children).filter(({ embed }) => embed).length

  it('costs one statement for each verb', async () => {
    const as = shop.admin
    for (const way of ways) {
      let record = await samples.existing(resource)
      let data: Json = {}
      let changes: Json = {}
      const fresh = async () => {
        if (!methods.includes('create')) return
        record = await samples.create(resource)
        data = await samples.data(resource)
        changes = await samples.change(resource, record)
      }
      const counted = (
        verb: 'get' | 'find' | 'create' | 'patch' | 'remove',
        work: () => Promise<{ status: number }>
      ) => {
        if (!(methods as string[]).includes(verb) || SEVERAL[name]?.[verb as 'create']) return
        const extra = verb === 'get' || verb === 'find' ? embedded : 0
        return statementsOf(work, fresh).then((count) => assert.equal(count, 1 + extra, `${way.name} ${verb}`))
      }
      await counted('get', () => way.call('get', name, { id: record.id, as }))
      await counted('find', () => way.call('find', name, { query: { $limit: 5 }, as }))
      await counted('create', () => way.call('create', name, { data, as }))
      await counted('patch', () => way.call('patch', name, { id: record.id, data: changes, as }))
      await counted('remove', () => way.call('remove', name, { id: record.id, as }))
    }
  })
}

describe('Every write', () => {
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    ways = transports(shop)
  })
  after(() => shop.close())

  for (const resource of resources)
    describe(resource.name, () => {
      if (resource.methods.includes('create')) exactlyOnce(resource)
      if (resource.methods.includes('patch')) versions(resource)
      audits(resource)
      costs(resource)
    })

  it('refuses an Idempotency-Key that is too long', async () => {
    const { status, body } = await shop.call('POST', '/brands', { name: 'Brand' }, shop.admin, {
      'idempotency-key': 'x'.repeat(201)
    })
    assert.equal(status, 400)
    assert.equal(body.errors[0].path, 'Idempotency-Key')
  })
})
