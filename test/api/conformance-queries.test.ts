import assert from 'node:assert/strict'
import { type Resource, rowSchema } from '../../src/schemas/define.ts'
import type { Field } from '../../src/schemas/fields.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { kinds } from '../../src/schemas/kinds.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { type Outcome, rest, type Transport, websocket } from '../support/transports.ts'

let shop: Shop
let samples: Samples
let ways: Transport[]
/** Every record of every resource, as the administrator reads it; nothing is written after it was taken. */
const known = new Map<string, Json[]>()

const find = async (resource: Resource, query: Json, way = ways[0]!): Promise<Outcome> =>
  way.call('find', resource.name, { as: shop.admin, query })

async function idsOf(resource: Resource, query: Json, way?: Transport): Promise<string[]> {
  const { status, body } = await find(resource, { $limit: 200, ...query }, way)
  assert.equal(status, 200, `${resource.name} ${JSON.stringify(query)}: ${JSON.stringify(body)}`)
  assert.equal(body.total, body.data.length, 'the total counts what is found')
  return body.data.map((record: Json) => record.id)
}

async function refused(resource: Resource, query: Json, path?: string): Promise<void> {
  for (const way of ways) {
    const { status, body } = await find(resource, query, way)
    const told = `${way.name} ${resource.name} ${JSON.stringify(query)}: ${JSON.stringify(body).slice(0, 200)}`
    assert.equal(status, 400, told)
    assert.equal(body.data?.reason, 'invalid_query', told)
    if (path !== undefined)
      assert.deepEqual(
        body.errors?.map((fault: Json) => fault.path),
        [path],
        told
      )
  }
}

const stored = (resource: Resource, record: Json, name: string) => {
  const { under } = resource.all[name]!
  return under === undefined ? record[name] : record[under][name]
}
const columnsOf = (resource: Resource) => resource.readable.filter((name) => !resource.all[name]!.computed)
const comparable = (resource: Resource) => columnsOf(resource).filter((name) => resource.all[name]!.kind !== 'json')

/** The order of values; undefined for text, which the database orders by its collation. */
function compare(kind: Field['kind'], a: unknown, b: unknown): number | undefined {
  if (kind === 'text' || kind === 'choice') return undefined
  if (kind === 'money' || kind === 'decimal' || kind === 'quantity' || kind === 'integer') return Number(a) - Number(b)
  return String(a) < String(b) ? -1 : Number(String(a) > String(b))
}

const sameIds = (found: string[], expected: Json[], told: string) =>
  assert.deepEqual([...found].sort(), expected.map(({ id }) => id).sort(), told)

/** Every operator on one field against what it must find among the known records. */
async function operators(resource: Resource, name: string): Promise<void> {
  const records = known.get(resource.name)!
  const { kind } = resource.all[name]!
  const at = (record: Json) => stored(resource, record, name)
  const values = [...new Set(records.map(at).filter((value) => value !== null))].slice(0, 2)
  const expect = async (condition: unknown, holds: (value: unknown) => boolean, way?: Transport) => {
    const told = `${resource.name}.${name} ${JSON.stringify(condition)}`
    sameIds(
      await idsOf(resource, { [name]: condition }, way),
      records.filter((record) => holds(at(record))),
      told
    )
  }
  await expect({ $null: true }, (value) => value === null)
  await expect({ $null: false }, (value) => value !== null)
  for (const value of values) {
    for (const way of ways) await expect(value, (other) => other === value, way)
    // A row without a brand is not of brand A.
    await expect({ $ne: value }, (other) => other !== value)
    await expect({ $in: [value] }, (other) => other === value)
    await expect({ $nin: [value] }, (other) => other !== value)
    if (!kinds[kind].ordered) continue
    const told = `${resource.name}.${name} of ${value}`
    const [below, upTo, above, from] = await Promise.all(
      ['$lt', '$lte', '$gt', '$gte'].map((op) => idsOf(resource, { [name]: { [op]: value } }))
    )
    const present = records.filter((record) => at(record) !== null)
    sameIds([...below!, ...from!], present, `${told}: below and from it make all`)
    sameIds([...upTo!, ...above!], present, `${told}: up to and above it make all`)
    sameIds(
      upTo!.filter((id) => from!.includes(id)),
      present.filter((record) => at(record) === value),
      `${told}: equal`
    )
    if (compare(kind, value, value) !== undefined)
      sameIds(
        below!,
        present.filter((record) => compare(kind, at(record), value)! < 0),
        `${told}: below`
      )
  }
  // Over a socket, as an address cannot tell an empty list from none.
  await expect({ $in: values }, (other) => values.includes(other), ways[1])
  if (values.length > 1) await expect({ $in: values, $ne: values[0] }, (other) => other === values[1])
}

/** Words that no field of the kind can be compared with. */
const WRONG: Partial<Record<Field['kind'], unknown>> = {
  uuid: 'x',
  choice: 'none of them',
  money: 'much',
  decimal: 'much',
  quantity: 'much',
  integer: 'much',
  boolean: 'perhaps',
  date: '2026-02-30',
  instant: 'yesterday'
}

function filters(resource: Resource): void {
  it('is filtered by every field with every operator', async () => {
    for (const name of comparable(resource)) await operators(resource, name)
  })

  it('takes null as a value over a socket', async () => {
    const records = known.get(resource.name)!
    for (const name of comparable(resource)) {
      const without = records.filter((record) => stored(resource, record, name) === null)
      sameIds(await idsOf(resource, { [name]: null }, ways[1]), without, name)
    }
  })

  it('joins conditions by $and and $or, nested too', async () => {
    const [first, second] = known.get(resource.name)!
    const [a, b] = [first!, second ?? first!].map(({ id }) => ({ id }))
    sameIds(await idsOf(resource, { $or: [a, b] }), second ? [first!, second] : [first!], '$or')
    sameIds(await idsOf(resource, { $and: [a, { $or: [a, b] }] }), [first!], '$and with $or inside')
    sameIds(await idsOf(resource, { $or: [{ $and: [a, b] }] }), second ? [] : [first!], '$or with $and inside')
    sameIds(await idsOf(resource, { $or: [a, b], id: b!.id }), [second ?? first!], '$or beside a condition')
  })

  it('refuses conditions on what is not there, or with what cannot be compared', async () => {
    for (const name of ['nope', 'password', 'constructor.name', 'id.x', 'toString', 'Id'])
      await refused(resource, { [name]: 'x' }, name)
    for (const name of ['$nope', '$where', '$regex', '$$limit']) await refused(resource, { [name]: 'x' }, name)
    for (const op of ['$nope', '$like', 'nested', '$or']) await refused(resource, { id: { [op]: 'x' } }, `id.${op}`)
    await refused(resource, { nope: { $gt: 'x' } }, 'nope')
    for (const name of ['$or', '$and']) {
      for (const value of ['x', ['x'], { x: { id: 'x' } }]) await refused(resource, { [name]: value }, name)
      await refused(resource, { [name]: [{ nope: 'x' }] }, 'nope')
    }
  })

  it('refuses to compare a field with what it can never hold', async () => {
    for (const name of comparable(resource)) {
      const { kind } = resource.all[name]!
      await refused(resource, { [name]: { $null: 'perhaps' } }, name)
      if (kind === 'boolean') await refused(resource, { [name]: { $gt: true } }, name)
      if (!WRONG[kind]) continue
      await refused(resource, { [name]: WRONG[kind] }, name)
      await refused(resource, { [name]: { $in: [WRONG[kind]] } }, name)
    }
    for (const name of Object.keys(resource.all).filter((name) => !comparable(resource).includes(name)))
      await refused(resource, { [name]: 'x' }, name)
  })

  it('bounds how much is asked at once', async () => {
    let nested: Json = { id: known.get(resource.name)![0]!.id }
    for (let depth = 0; depth < 7; depth++) nested = { $and: [nested] }
    const way = ways[1]!
    const many = { id: { $in: Array(501).fill(known.get(resource.name)![0]!.id) } }
    for (const query of [nested, many, { $or: Array(200).fill({ id: known.get(resource.name)![0]!.id }) }]) {
      const { status, body } = await find(resource, query, way)
      assert.equal(status, 400, JSON.stringify(body).slice(0, 200))
    }
  })
}

function pages(resource: Resource): void {
  it('is read page by page, with a total that stays', async () => {
    const { body: whole } = await find(resource, { $limit: 200 })
    const ids = whole.data.map(({ id }: Json) => id)
    const walked: string[] = []
    for (const [i] of ids.slice(0, 4).entries()) {
      const { body } = await find(resource, { $limit: 1, $skip: i })
      assert.deepEqual({ ...body, data: body.data.length }, { total: whole.total, limit: 1, skip: i, data: 1 })
      walked.push(body.data[0].id)
    }
    assert.deepEqual(walked, ids.slice(0, 4))
    const past = await find(resource, { $skip: 100_000 })
    assert.deepEqual(past.body, { total: whole.total, limit: 50, skip: 100_000, data: [] })
  })

  it('cuts $limit to 200, counts with 0, and leaves the total out when asked to', async () => {
    const { total } = (await find(resource, {})).body
    assert.equal((await find(resource, { $limit: 100_000 })).body.limit, 200)
    for (const way of ways)
      assert.deepEqual((await find(resource, { $limit: 0 }, way)).body, { total, limit: 0, skip: 0, data: [] })
    for (const way of ways) assert.equal('total' in (await find(resource, { $total: false }, way)).body, false)
    assert.deepEqual((await find(resource, { $limit: 0, $total: false })).body, { limit: 0, skip: 0, data: [] })
  })

  it('takes limit, offset and search as other names', async () => {
    assert.deepEqual(
      (await find(resource, { limit: 1, offset: 1 })).body,
      (await find(resource, { $limit: 1, $skip: 1 })).body
    )
    const search = await find(resource, { search: 'sample' })
    assert.deepEqual(search.body, (await find(resource, { $search: 'sample' })).body)
    assert.equal(search.status, resource.searched.length ? 200 : 400)
  })

  it('refuses pages that make no sense', async () => {
    for (const name of ['$limit', '$skip'])
      for (const value of [-1, 'many', 1.5, '1e3', '', [1], { a: 1 }]) await refused(resource, { [name]: value }, name)
    await refused(resource, { $total: 'perhaps' }, '$total')
  })
}

function orders(resource: Resource): void {
  it('is sorted by every field, both ways, in a total order', async () => {
    for (const name of comparable(resource)) {
      const ids = await Promise.all([1, -1].map((way) => idsOf(resource, { $sort: { [name]: way } })))
      assert.deepEqual(ids[0], [...ids[1]!].reverse(), name)
      const byId = new Map(known.get(resource.name)!.map((record) => [record.id, stored(resource, record, name)]))
      const values = ids[0]!.map((id) => byId.get(id)).filter((value) => value !== null)
      for (const [i, value] of values.entries())
        if (i > 0) assert.ok((compare(resource.all[name]!.kind, values[i - 1], value) ?? 0) <= 0, `${name} ${value}`)
    }
  })

  it('refuses to sort by what has no order', async () => {
    await refused(resource, { $sort: { nope: 1 } }, 'nope')
    await refused(resource, { $sort: 'id' }, '$sort')
    for (const way of [0, 2, 'up', '']) await refused(resource, { $sort: { id: way } }, '$sort.id')
    for (const [name, { kind, secret, computed }] of Object.entries(resource.all)) {
      if (secret || computed) await refused(resource, { $sort: { [name]: 1 } }, name)
      else if (kind === 'json') await refused(resource, { $sort: { [name]: 1 } }, `$sort.${name}`)
    }
  })

  it('selects single fields, and id always', async () => {
    const [record] = known.get(resource.name)!
    for (const name of resource.readable) {
      const { body } = await find(resource, { id: record!.id, $select: [name] })
      const { under } = resource.all[name]!
      const part = under === undefined ? { [name]: record![name] } : { [under]: { [name]: record![under][name] } }
      assert.deepEqual(body.data, [{ id: record!.id, ...part }], name)
      const got = await ways[1]!.call('get', resource.name, {
        id: record!.id,
        as: shop.admin,
        query: { $select: [name] }
      })
      assert.deepEqual(got.body, { id: record!.id, ...part }, name)
    }
    for (const name of [
      'nope',
      '*',
      'id as x',
      ...Object.keys(resource.all).filter((name) => resource.all[name]!.secret)
    ])
      await refused(resource, { $select: [name] }, name)
    await refused(resource, { $select: { a: 1 } }, '$select')
  })

  it('shows what its schema says and nothing else', () => {
    const { properties } = rowSchema(resource)
    const groups = Object.values(resource.all).map(({ under }) => under)
    const allowed = new Set([...Object.keys(properties), ...Object.keys(resource.children), ...groups])
    for (const record of known.get(resource.name)!)
      assert.deepEqual(
        Object.keys(record).filter((name) => !allowed.has(name)),
        []
      )
  })
}

/** The fewest statements of three tries: what runs in the background can only add. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const { database } = shop.running.regal
  let least = Number.POSITIVE_INFINITY
  for (let i = 0; i < 3; i++) {
    const before = database.statements
    await work()
    least = Math.min(least, database.statements - before)
  }
  return least
}

function relations(resource: Resource): void {
  it('includes each relation in the same statement, however many rows', async () => {
    const plain = await statementsOf(() => find(resource, {}))
    for (const [name, { field, resource: target }] of Object.entries(resource.relations)) {
      const { body } = await find(resource, { $include: [name] })
      for (const record of body.data) {
        const before = known.get(resource.name)!.find(({ id }) => id === record.id)!
        const parent = known.get(target)!.find(({ id }) => id === before[field])
        const { items, payments, ...alone } = parent ?? {}
        assert.deepEqual(record[name], parent ? alone : null, `${name} of ${record.id}`)
      }
      assert.equal(await statementsOf(() => find(resource, { $include: [name] })), plain, name)
    }
  })

  it('embeds or includes its children with one statement for each kind', async () => {
    const children = Object.entries(resource.children)
    const embedded = children.filter(([, { embed }]) => embed)
    assert.equal(await statementsOf(() => find(resource, {})), 1 + embedded.length)
    for (const [name, { resource: target, field }] of children) {
      const { body } = await find(resource, { $include: [name] })
      for (const record of body.data) {
        const all = known.get(target)!.filter((child) => child[field] === record.id)
        assert.deepEqual(record[name].map(({ id }: Json) => id).sort(), all.map(({ id }) => id).sort())
      }
    }
  })

  it('refuses to include what is no relation', async () => {
    for (const name of ['nope', 'constructor', 'id', '__proto__x'])
      await refused(resource, { $include: [name] }, `$include.${name}`)
    await refused(resource, { $include: { a: 1 } }, '$include')
  })
}

function searches(resource: Resource): void {
  if (!resource.searched.length) {
    it('offers no search', () => refused(resource, { $search: 'x' }, '$search'))
    return
  }

  it('is searched by every searched field, every word of it, in any case', async () => {
    for (const name of resource.searched) {
      const record = known.get(resource.name)!.find((candidate) => candidate[name] !== null)
      assert.ok(record, `no record has ${name}`)
      for (const text of [record[name], record[name].toUpperCase(), record[name].split(/\s+/).reverse().join('  ')])
        assert.ok((await idsOf(resource, { $search: text })).includes(record.id), `${name} ${text}`)
    }
    assert.deepEqual(await idsOf(resource, { $search: 'no such words anywhere' }), [])
  })

  it('takes % and _ and \\ of a search as themselves', async () => {
    for (const text of ['%', '_______', '%%%', '\\', '%+']) {
      const found = known
        .get(resource.name)!
        .filter((record) => resource.searched.some((name) => record[name]?.includes(text)))
      sameIds(await idsOf(resource, { $search: text }), found, text)
    }
  })

  it('refuses a search that is no text', async () => {
    for (const value of [['a'], { a: 'b' }, 'x'.repeat(201)]) await refused(resource, { $search: value }, '$search')
  })
}

/** Making the samples leaves more audit rows than a page has; the tests compare whole lists. */
async function shortenLog(): Promise<void> {
  await shop.db.database.transaction(async (tx) => {
    await tx.query('alter table audit_logs disable trigger user')
    await tx.query('delete from audit_logs where seq < (select max(seq) - 60 from audit_logs)')
    await tx.query('alter table audit_logs enable trigger user')
  })
}

describe('Every list', () => {
  before(async function () {
    // Some hundred records, one after another: seconds on a busy machine.
    this.timeout(120_000)
    shop = await openShop()
    samples = new Samples(shop)
    ways = [rest(shop), websocket(shop)]
    for (const resource of resources.filter(({ methods }) => methods.includes('create'))) {
      await samples.create(resource, {}, { full: true })
      await samples.create(resource, {}, { full: false })
    }
    await samples.create(resourceNamed('brands'), { name: 'Half 50%off' })
    await samples.create(resourceNamed('brands'), { name: 'Half 50xoff' })
    await samples.create(resourceNamed('customers'), { name: 'under_______score \\' })
    await samples.owed()
    // What only other writes make, two of each with what the creates made already.
    const others = ['imports', 'payment-allocations', 'commission-entries', 'commission-entries']
    for (const name of others) await samples.existing(resourceNamed(name))
    await ways[1]!.call('find', 'brands', { as: shop.admin })
    await shortenLog()
    for (const resource of resources) {
      const { body } = await find(resource, { $limit: 200 })
      assert.ok(body.total > 0 && body.total <= 200, `${resource.name} has ${body.total} records`)
      known.set(resource.name, body.data)
    }
  })
  after(() => shop.close())

  for (const resource of resources)
    describe(resource.name, () => {
      filters(resource)
      pages(resource)
      orders(resource)
      relations(resource)
      searches(resource)
    })

  it('finds a half price and not what only looks like it', async () => {
    const { body } = await find(resourceNamed('brands'), { $search: '50%off' })
    assert.deepEqual(
      body.data.map(({ name }: Json) => name),
      ['Half 50%off']
    )
  })
})
