import assert from 'node:assert/strict'
import type { Socket } from 'socket.io-client'
import type { Resource } from '../../src/schemas/define.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { grants, hidden, type Role } from '../policy/roles.ts'
import { Samples } from '../support/samples.ts'
import { emit, type Json, openShop, type Shop } from '../support/shop.ts'
import { type Asked, rest, type Transport, type Verb, websocket } from '../support/transports.ts'

const ROLES = ['admin', 'employee', 'cashier'] as const
/** As long as any field, and none: what an answer says of it, it must say of a hidden field. */
const NOBODY = 'no_such_field'

let shop: Shop
let samples: Samples
let ways: Transport[]
let tokens: Record<Role, string>

const hiddenFrom = (role: Role, { name }: Resource): string[] => [
  ...(hidden[role][name] ?? []),
  ...(role === 'admin' ? [] : (hidden.admin[name] ?? []))
]

/** The answer to a call that names a hidden field is the one to a field that nobody has, word for word. */
async function unknown(
  verb: Verb,
  path: string,
  as: string,
  name: string,
  asked: (field: string) => Asked
): Promise<void> {
  for (const way of ways) {
    const [given, nothing] = await Promise.all(
      [name, NOBODY].map((field) => way.call(verb, path, { ...asked(field), as }))
    )
    assert.equal(given!.status, 400, `${way.name} ${verb} ${path} ${JSON.stringify(asked(name))}`)
    assert.deepEqual(JSON.parse(JSON.stringify(given!.body).replaceAll(name, NOBODY)), nothing!.body)
  }
}

/** Every place of an answer where a field of that name could hide: children and included records too. */
function* keysOf(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    if (!Array.isArray(value)) yield key
    yield* keysOf(inner)
  }
}

const lacks = (value: unknown, names: string[], told: string) =>
  assert.deepEqual(
    [...new Set(keysOf(value))].filter((key) => names.includes(key)),
    [],
    told
  )

const OPERATORS = ['$ne', '$lt', '$lte', '$gt', '$gte', '$in', '$nin', '$null']

function hides(role: Role, resource: Resource): void {
  const { name, relations } = resource
  const fields = hiddenFrom(role, resource)
  const can = (verb: Verb) => grants[name]![role].verbs.includes(verb)

  it(`does not show ${fields.join(', ')} to ${role}, in a list or alone`, async () => {
    for (const way of ways) {
      const { body } = await way.call('find', name, { as: tokens[role] })
      assert.ok(body.data.length, `${role} sees some of ${name}`)
      lacks(body, fields, `${way.name} find`)
      const got = await way.call('get', name, { id: body.data[0].id, as: tokens[role] })
      assert.equal(got.status, 200)
      lacks(got.body, fields, `${way.name} get`)
    }
  })

  it(`knows no such field of ${role} in a query`, async () => {
    const { body } = await ways[0]!.call('find', name, { as: tokens[role] })
    const { id } = body.data[0]
    const ask = (field: string, query: (field: string) => Json, verb: Verb = 'find') =>
      unknown(verb, name, tokens[role], field, (field) => ({ query: query(field), ...(verb === 'get' && { id }) }))
    for (const field of fields) {
      for (const verb of ['find', 'get'] as const) await ask(field, (f) => ({ $select: [f] }), verb)
      await ask(field, (f) => ({ $select: ['id', f] }))
      await ask(field, (f) => ({ [f]: '1' }))
      for (const op of OPERATORS) await ask(field, (f) => ({ [f]: { [op]: op === '$null' ? 'true' : '1' } }))
      await ask(field, (f) => ({ $or: [{ [f]: '1' }, { id }] }))
      await ask(field, (f) => ({ $and: [{ $or: [{ [f]: { $gt: '1' } }] }] }))
      for (const way of [1, -1]) await ask(field, (f) => ({ $sort: { [f]: way } }))
      await ask(field, (f) => ({ $sort: { id: 1, [f]: 1 } }))
    }
    for (const [relation, { field }] of Object.entries(relations))
      if (fields.includes(field))
        await unknown('find', name, tokens[role], relation, (f) => ({ query: { $include: [f] } }))
  })

  it(`finds nothing for ${role} by what is hidden`, async () => {
    const { body } = await ways[0]!.call('find', name, { query: { $limit: 200 }, as: shop.admin })
    const values = resource.searched.filter((field) => fields.includes(field)).map((field) => body.data[0][field])
    for (const value of values) {
      const found = await ways[0]!.call('find', name, { query: { $search: value }, as: tokens[role] })
      assert.equal(found.body.total, 0)
    }
  })

  it(`takes no such field from ${role}, and answers a write without it`, async () => {
    for (const verb of (['create', 'patch'] as const).filter(can)) {
      const record = verb === 'patch' && (await samples.changeable(resource))
      const data = await samples.data(resource, { full: false })
      const address = record && { id: record.id }
      for (const field of fields)
        await unknown(verb, name, tokens[role], field, (f) => ({
          ...address,
          data: { ...(!record && data), [f]: '5' }
        }))
      const sent = record ? await samples.change(resource, record) : data
      for (const field of fields) delete sent[field]
      const { status, body } = await ways[0]!.call(verb, name, { ...address, data: sent, as: tokens[role] })
      assert.equal(status, 200, JSON.stringify(body))
      lacks(body, fields, verb)
    }
  })
}

/** Relations through which a role could meet a resource that has something to hide from it. */
function includes(role: Role): void {
  it(`includes nothing that is hidden from ${role}`, async () => {
    for (const resource of resources.filter(({ name }) => grants[name]![role].verbs.includes('find'))) {
      const ways_in = Object.entries({ ...resource.relations, ...resource.children })
      for (const [name, { resource: target }] of ways_in) {
        const { status, body } = await ways[0]!.call('find', resource.name, {
          query: { $include: [name] },
          as: tokens[role]
        })
        if (status !== 200) continue
        const found = body.data.flatMap((record: Json) => record[name] ?? [])
        lacks(found, hiddenFrom(role, resourceNamed(target)), `${resource.name} with ${name}`)
        if (!grants[target]![role].verbs.includes('find')) assert.deepEqual(found, [], `${resource.name} with ${name}`)
      }
    }
  })
}

/** Everything a role hears while the administrator writes one of each, children inside records included. */
async function heardBy(socket: Socket, work: () => Promise<unknown>): Promise<[string, Json][]> {
  const heard: [string, Json][] = []
  const note = (event: string, record: Json) => void heard.push([event, record])
  socket.onAny(note)
  await work()
  await emit(socket, 'find', 'branches', {})
  socket.offAny(note)
  return heard
}

function hears(role: Role): void {
  it(`tells ${role} of no hidden field, and of nothing they may not read`, async () => {
    const socket = await shop.socket(tokens[role])
    const creatable = resources.filter(({ methods }) => methods.includes('create'))
    const heard = await heardBy(socket, async () => {
      for (const resource of creatable) await samples.create(resource)
      for (const resource of creatable.filter(({ methods }) => methods.includes('patch'))) {
        const record = await samples.changeable(resource)
        await shop.call('PATCH', `/${resource.name}/${record.id}`, await samples.change(resource, record), shop.admin)
      }
    })
    for (const [event, record] of heard) {
      const [path] = event.split(' ')
      assert.ok(grants[path!]![role].verbs.includes('find'), `${event} for ${role}`)
      lacks(record, hiddenFrom(role, resourceNamed(path!)), event)
      for (const [name, { resource: target }] of Object.entries(resourceNamed(path!).children))
        lacks(record[name], hiddenFrom(role, resourceNamed(target)), `${event}, its ${name}`)
    }
    const named = new Set(heard.map(([event]) => event.split(' ')[0]!))
    // The drawers are the administrator's, who makes the records.
    const reaches = ({ verbs, rows }: (typeof grants)[string][Role]) =>
      verbs.includes('find') && !(rows === 'own drawer' && role === 'cashier')
    const readable = creatable.filter(({ name }) => reaches(grants[name]![role])).map(({ name }) => name)
    assert.deepEqual(
      readable.filter((name) => !named.has(name)),
      [],
      `${role} hears of all they may read`
    )
  })
}

describe('Fields within reach', () => {
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    ways = [rest(shop), websocket(shop)]
    for (const resource of resources.filter(({ methods }) => methods.includes('create'))) await samples.create(resource)
    const [employee, cashier] = await Promise.all([shop.user('employee'), shop.user('cashier')])
    tokens = { admin: shop.admin, employee: employee.token, cashier: cashier.token }
  })
  after(() => shop.close())

  for (const role of ROLES)
    describe(role, () => {
      for (const resource of resources)
        if (hiddenFrom(role, resource).length && grants[resource.name]![role].verbs.includes('find'))
          hides(role, resource)
      includes(role)
      hears(role)
    })

  it('shows every other field to whoever may read the record', async () => {
    for (const role of ROLES)
      for (const resource of resources.filter(({ name }) => grants[name]![role].verbs.includes('find'))) {
        const { body } = await ways[0]!.call('find', resource.name, { as: tokens[role] })
        if (!body.data.length) continue
        const shown = Object.keys(resource.all).filter((field) => !hiddenFrom(role, resource).includes(field))
        const found = new Set(keysOf(body.data[0]))
        assert.deepEqual(
          shown.filter((field) => !found.has(field)),
          [],
          `${role} and ${resource.name}`
        )
      }
  })

  it('keeps hashes and passwords out of the audit log, whoever asks', async () => {
    const user = await samples.create(resourceNamed('users'))
    await shop.call('PATCH', `/users/${user.id}`, { password: 'another good password', pin: '1234' }, shop.admin)
    const { body } = await shop.call('GET', `/audit-logs?record_id=${user.id}`, undefined, shop.admin)
    assert.equal(body.total, 2)
    lacks(body, ['password', 'pin', 'password_hash', 'pin_hash'], 'audit')
    assert.doesNotMatch(JSON.stringify(body), /argon2|another good password/)
  })
})
