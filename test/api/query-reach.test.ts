import assert from 'node:assert/strict'
import type { Resource } from '../../src/schemas/define.ts'
import { resources } from '../../src/schemas/index.ts'
import { type Asking, asking } from '../support/asking.ts'
import { byId, openMarket, sellAround } from '../support/market.ts'
import { Samples } from '../support/samples.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { websocket } from '../support/transports.ts'
import { may, pathOf, READERS, type ReaderRole, type Step, unknown, waysFrom } from '../support/ways.ts'

interface Reader {
  role: ReaderRole
  token: string
}
/** What one reader lists, by resource and id. */
type Seen = Map<string, Map<string, Json>>

let shop: Shop
let asks: Asking
let readers: Reader[]
/** Every record, as the administrator lists it. */
const whole: Seen = new Map()

/** The ways a reader may go. Children stand in the records of a list, and not in those that others refer to. */
const known = (role: ReaderRole, from: Resource): Step[][] =>
  waysFrom(from)
    .filter((way) =>
      way.every(({ field, target }, i) => may(role, target) && !unknown(role, i ? way[i - 1]!.target : from, field))
    )
    .filter((way) => way.length < 2 || way[1]!.field !== undefined)
    // Children that are not part of the record cannot be followed by hand.
    .filter(([first]) => first!.field !== undefined || from.children[first!.name]?.embed)

/** The records that a way leads to from a record, by hand. */
function follow(record: Json, [step, ...more]: Step[], seen: Seen): Json[] {
  if (!step) return [record]
  const { field, target, name } = step
  const next: (Json | undefined)[] = field ? [seen.get(target.name)!.get(record[field])] : record[name]
  return next.flatMap((there) => (there ? follow(there, more, seen) : []))
}

const ids = (records: Json[]) => records.map(({ id }) => id).sort()

/** Filters find, and count, by what the reader sees behind a way: naming what is out of reach finds nothing. */
async function filters({ role, token }: Reader, resource: Resource, way: Step[], seen: Seen): Promise<void> {
  const { name } = resource
  const path = `${pathOf(way)}.id`
  const reached = [...seen.get(name)!.values()].filter((record) => follow(record, way, seen).length)
  const $in = [...whole.get(way.at(-1)!.target.name)!.keys()]
  for (const query of [{ [path]: { $in } }, { $or: [{ [path]: { $null: false } }] }]) {
    const told = `${role} ${name} by ${path}`
    const found = await asks.list(name, { ...query, $limit: 200 }, token)
    assert.deepEqual(ids(found.data), ids(reached), told)
    assert.equal(found.total, reached.length, told)
    const { total } = await asks.list(name, { ...query, $limit: 0, $total: 'estimated' }, token)
    assert.equal(total, reached.length, told)
    const counted = await asks.list(name, { ...query, $count: true }, token)
    assert.equal(counted.data[0].count, reached.length, told)
  }
}

/** Of a record out of reach the key of a group is null, and what is included. */
async function groups({ role, token }: Reader, { name }: Resource, way: Step[], seen: Seen): Promise<void> {
  const path = pathOf(way)
  const counts = new Map<string | null, number>()
  const idBehind = (record: Json): string | null => follow(record, way, seen)[0]?.id ?? null
  const mine = [...seen.get(name)!.values()]
  for (const record of mine) counts.set(idBehind(record), (counts.get(idBehind(record)) ?? 0) + 1)
  const query = { $group: [`${path}.id`, `${path}.created_at:year`].slice(0, role === 'cashier' ? 1 : 2), $count: true }
  const { data } = await asks.list(name, query, token)
  const found = data.map(({ group, count }: Json) => [group[`${path}.id`], count])
  assert.deepEqual(new Map(found), counts, `${role} ${name} grouped by ${path}`)
  for (const { group } of data) if (group[`${path}.id`] === null) assert.ok(!group[`${path}.created_at:year`])
  for (const record of await asks.records(name, { $include: [path] }, token)) {
    const included = way.reduce((here: Json | null, step) => here?.[step.name] ?? null, record)
    assert.equal(included?.id ?? null, idBehind(record), `${role} ${name} with ${path}`)
  }
}

/** Holds every word that leads elsewhere to what the reader lists there. Answers how often something was cut off. */
async function everyWay(reader: Reader): Promise<number> {
  const { role, token } = reader
  const seen: Seen = new Map()
  let hidden = 0
  const readable = resources.filter((resource) => may(role, resource))
  for (const { name } of readable) seen.set(name, byId(await asks.records(name, {}, token)))
  for (const resource of readable)
    for (const way of known(role, resource)) {
      await filters(reader, resource, way, seen)
      if (way.every(({ field }) => field !== undefined)) await groups(reader, resource, way, seen)
      const mine = [...seen.get(resource.name)!.values()]
      hidden += mine.filter((record) => follow(record, way, whole).length > follow(record, way, seen).length).length
    }
  return hidden
}

/** No search brings up a hidden record, also none that is misspelt. Answers how many were looked for. */
async function everySearch({ role, token }: Reader): Promise<number> {
  let hidden = 0
  for (const { name, searched } of resources.filter((resource) => may(role, resource) && resource.searched.length)) {
    const mine = byId(await asks.records(name, {}, token))
    for (const [id, record] of whole.get(name)!) {
      if (mine.has(id)) continue
      hidden++
      const value = searched.map((field) => record[field]).find(Boolean)
      for (const $search of [value, `${value}${value.at(-1)}`]) {
        const { data, total } = await asks.list(name, { $search, $limit: 200 }, token)
        assert.equal(total, data.length)
        for (const found of data)
          assert.ok(mine.has(found.id), `${role} finds what is not theirs of ${name} by ${$search}`)
      }
    }
  }
  return hidden
}

describe('Rows that a query may not reach', () => {
  before(async () => {
    shop = await openShop()
    asks = asking(shop, [websocket(shop)])
    const market = await openMarket(shop)
    await sellAround(shop, market)
    const samples = new Samples(shop)
    for (const resource of resources.filter(({ methods }) => methods.includes('create'))) await samples.create(resource)
    // What a till has no longer before it: what was sold the day before, and is paid.
    await shop.db.database.query(
      `update invoices set business_date = business_date - 1 where id in (select distinct on (branch_id, status) id from invoices)`
    )
    readers = []
    for (const branch of [shop.branch, market.branch])
      for (const role of READERS) readers.push({ role, token: (await shop.user(role, branch)).token })
    for (const { name } of resources) whole.set(name, byId(await asks.records(name)))
  })
  after(() => shop.close())

  for (const [i, place] of ['the first branch', 'another branch'].entries())
    for (const [j, role] of READERS.entries()) {
      const reader = () => readers[i * READERS.length + j]!
      it(`are nothing to ${role} of ${place} in filters, groups, includes and totals`, async () => {
        assert.ok((await everyWay(reader())) > 0, 'some ways lead out of reach')
      })
      it(`are not found by ${role} of ${place} in a search`, async () => {
        assert.ok((await everySearch(reader())) > 0, 'some records are out of reach')
      })
    }
})
