import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import type { Resource } from '../../src/schemas/define.ts'
import type { Field } from '../../src/schemas/fields.ts'
import { resources } from '../../src/schemas/index.ts'
import { Samples, takenBy } from '../support/samples.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { type Asked, type Transport, transports, VERBS, type Verb } from '../support/transports.ts'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Values a field of a kind must refuse, as JSON can carry them. */
const WRONG: Record<Field['kind'], unknown[]> = {
  text: [5, true, {}, [], '\t', 'x'.repeat(5000)],
  choice: ['none of them', 5, {}, ''],
  money: ['abc', '1.005', '1e3', '', true, {}, 1e300, '9'.repeat(20)],
  decimal: ['abc', '1.00001', '1e3', '', true, {}, 1e300],
  quantity: ['1', 0.0001, 1e12, true, {}],
  integer: ['1', 1.5, 2 ** 31, true, {}],
  boolean: ['true', 1, 0, {}],
  date: ['2026-02-30', '2026-1-1', 5, {}],
  instant: ['yesterday', '2026-01-01', 5, {}],
  uuid: ['x', 5, {}, ''],
  json: []
}
const wrongFor = ({ kind, options, nullable, schema }: Field): unknown[] => {
  const wrong = kind === 'json' && schema.type ? ['x', 5] : WRONG[kind]
  const below = kind === 'money' || kind === 'decimal' ? ['-1'] : kind === 'quantity' ? [-1] : []
  return [
    ...wrong,
    ...(options.positive ? below : []),
    ...(nullable || (kind === 'json' && !schema.type) ? [] : [null])
  ]
}

/** The value as a reader finds it: totals lie under `totals`. */
const valueIn = (record: Json, resource: Resource, name: string) => {
  const { under } = resource.all[name]!
  return under === undefined ? record[name] : record[under]?.[name]
}

const expects = (name: string, { kind, default: value, nullable }: Field, stored: unknown): void => {
  if (value === undefined) assert.ok(nullable || stored !== null, name)
  else if (kind === 'money' || kind === 'decimal') assert.equal(Number(stored), Number(value), name)
  else assert.deepEqual(stored, value, name)
}

const REQUIRED = (resource: Resource) => Object.entries(takenBy(resource)).filter(([, field]) => !field.optional)

/** What a create may not name: unknown names, and what the server sets. */
const unsettable = ({ all }: Resource) => [
  ...['nope', 'Id', 'createdAt', 'toString', '$set', 'id[]'],
  ...Object.keys(all).filter((name) => all[name]!.readOnly)
]
/** What a patch may not name; `version` is taken, as what the record is expected to have. */
const unpatchable = ({ all }: Resource) => [
  ...['nope', '$set', 'id'],
  ...Object.keys(all).filter((name) => (all[name]!.readOnly || all[name]!.fixed) && name !== 'version')
]

let shop: Shop
let samples: Samples
let ways: Transport[]

const ask = (way: Transport, verb: Verb, { name }: Resource, asked: Asked = {}) =>
  way.call(verb, name, { as: shop.admin, ...asked })

/** Refused over both transports, for this reason, naming the path. */
async function refused(verb: Verb, resource: Resource, asked: Asked, reason: string, path?: string): Promise<void> {
  for (const way of ways) {
    const { status, body } = await ask(way, verb, resource, asked)
    const told = `${way.name} ${verb} ${resource.name} ${JSON.stringify(asked)?.slice(0, 300)}: ${JSON.stringify(body).slice(0, 300)}`
    assert.equal(body.data?.reason, reason, told)
    assert.equal(status, body.code, told)
    const paths: string[] = (body.errors ?? []).map((fault: Json) => fault.path)
    const named = path === undefined || paths.some((given) => given === path || given.startsWith(`${path}.`))
    assert.ok(named, `${told} names ${path}`)
  }
}

async function refusedEach(
  verb: Verb,
  resource: Resource,
  id: string | undefined,
  data: Json,
  faults: [string, unknown][]
) {
  for (const [name, value] of faults)
    await refused(verb, resource, { ...(id && { id }), data: { ...data, [name]: value } }, 'invalid_data', name)
}

const wrongValues = (fields: Record<string, Field>): [string, unknown][] =>
  Object.entries(fields).flatMap(([name, field]) => wrongFor(field).map((value): [string, unknown] => [name, value]))

const offers = (resource: Resource, verb: Verb) => (resource.methods as readonly string[]).includes(verb)

function creates(resource: Resource): void {
  it('is created as sent, read back the same, and listed', async () => {
    for (const way of ways) {
      const data = await samples.data(resource)
      const { status, body } = await ask(way, 'create', resource, { data })
      assert.equal(status, 200, JSON.stringify(body))
      assert.match(body.id, UUID)
      if (resource.changes) assert.equal(body.version, 1)
      for (const name of Object.keys(data).filter((name) => resource.readable.includes(name)))
        assert.deepEqual(valueIn(body, resource, name), data[name], name)
      assert.deepEqual((await ask(way, 'get', resource, { id: body.id })).body, body)
      const { body: page } = await ask(way, 'find', resource, { query: { id: body.id } })
      assert.deepEqual(page, { total: 1, limit: 50, skip: 0, data: [body] })
    }
  })

  it('fills in what a create may leave out', async () => {
    const data = await samples.data(resource, { full: false })
    const record = await samples.create(resource, data, { full: false })
    // A sale's status follows from what is paid.
    for (const [name, field] of Object.entries(takenBy(resource)))
      if (data[name] === undefined && resource.readable.includes(name) && name !== 'status')
        expects(name, field, valueIn(record, resource, name))
  })

  it('refuses fields it does not have, sets itself, or is not given', async () => {
    const data = await samples.data(resource)
    await refusedEach(
      'create',
      resource,
      undefined,
      data,
      unsettable(resource).map((name) => [name, 1])
    )
    for (const [name] of REQUIRED(resource)) {
      const { [name]: _, ...rest } = data
      await refused('create', resource, { data: rest }, 'invalid_data', name)
    }
  })

  it('refuses values of another type in every field', async () => {
    const data = await samples.data(resource)
    await refusedEach('create', resource, undefined, data, wrongValues(takenBy(resource)))
    const ids = ['x', 5, {}, '', null].map((id): [string, unknown] => ['id', id])
    await refusedEach('create', resource, undefined, data, ids)
    for (const body of [[], [data], 'text', 5, null])
      await refused('create', resource, { data: body }, 'invalid_data', 'body')
  })
}

function patches(resource: Resource): void {
  const { all, writable } = resource

  it('is patched in what is given and left in the rest', async () => {
    for (const way of ways) {
      const before = await samples.changeable(resource)
      const changes = await samples.change(resource, before)
      const { status, body } = await ask(way, 'patch', resource, { id: before.id, data: changes })
      assert.equal(status, 200, JSON.stringify(body))
      assert.equal(body.version, before.version + 1)
      assert.ok(body.updated_at > before.updated_at)
      // A draft's lines are written anew.
      const lines = resource.name === 'invoices' && { items: body.items }
      const { updated_at, version } = body
      assert.deepEqual(body, { ...before, ...changes, ...lines, updated_at, version })
      assert.deepEqual((await ask(way, 'get', resource, { id: before.id })).body, body)
    }
  })

  it('refuses patches of what it does not have, sets itself, or fixes at the creation', async () => {
    const { id } = await samples.changeable(resource)
    await refusedEach(
      'patch',
      resource,
      id,
      {},
      unpatchable(resource).map((name) => [name, 1])
    )
    const open = Object.fromEntries(writable.filter((name) => !all[name]!.fixed).map((name) => [name, all[name]!]))
    await refusedEach('patch', resource, id, {}, wrongValues(open))
    const versions = ['1', 1.5, null, {}].map((version): [string, unknown] => ['version', version])
    await refusedEach('patch', resource, id, {}, versions)
    for (const data of [[], 'text', 5, null]) await refused('patch', resource, { id, data }, 'invalid_data', 'body')
  })
}

function removes(resource: Resource): void {
  it('is removed once', async () => {
    for (const way of ways) {
      const record = await samples.existing(resource)
      const { status, body } = await ask(way, 'remove', resource, { id: record.id })
      assert.equal(status, 200, JSON.stringify(body))
      // A sign-in that has ended stays on record.
      if (resource.name === 'sessions') {
        assert.notEqual(body.ended_at, null)
        assert.deepEqual(body, { ...record, ended_at: body.ended_at, end_reason: 'removed' })
        continue
      }
      assert.deepEqual(body, record)
      await refused('get', resource, { id: record.id }, 'not_found')
      await refused('remove', resource, { id: record.id }, 'not_found')
    }
  })
}

function addresses(resource: Resource): void {
  it('answers 404 for a record that is not there and 400 for what is no id', async () => {
    for (const verb of (['get', 'patch', 'remove'] as const).filter((verb) => offers(resource, verb))) {
      await refused(verb, resource, { id: uuidv7(), data: {} }, 'not_found')
      for (const id of ['x', '1 or 1=1', '../x', '0'.repeat(36), uuidv7().slice(1)])
        await refused(verb, resource, { id, data: {} }, 'invalid_id', 'id')
    }
  })

  it('is left alone by a write whose query it does not meet', async () => {
    const { id } = await samples.existing(resource)
    for (const verb of (['get', 'patch', 'remove'] as const).filter((verb) => offers(resource, verb))) {
      await refused(
        verb,
        resource,
        { id, data: {}, query: { created_at: { $lt: '2020-01-01T00:00:00Z' } } },
        'not_found'
      )
      await refused(verb, resource, { id, data: {}, query: { nope: 1 } }, 'invalid_query', 'nope')
    }
    assert.equal((await ask(ways[0]!, 'get', resource, { id })).status, 200)
  })

  it('changes nothing without an id', async () => {
    for (const verb of (['patch', 'remove'] as const).filter((verb) => offers(resource, verb)))
      await refused(verb, resource, { data: {} }, 'invalid_id', 'id')
  })

  it('answers 405 for what it does not offer, PUT among it', async () => {
    for (const verb of VERBS.filter((verb) => !offers(resource, verb)))
      await refused(verb, resource, { id: uuidv7(), data: {} }, 'no_method')
  })
}

describe('Every resource', () => {
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    ways = transports(shop)
  })
  after(() => shop.close())

  for (const resource of resources)
    describe(resource.name, () => {
      if (offers(resource, 'create')) creates(resource)
      if (offers(resource, 'patch')) patches(resource)
      if (offers(resource, 'remove')) removes(resource)
      addresses(resource)
    })
})
