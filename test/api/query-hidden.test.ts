import assert from 'node:assert/strict'
import type { Resource } from '../../src/schemas/define.ts'
import { resources } from '../../src/schemas/index.ts'
import { type Asking, asking } from '../support/asking.ts'
import { type Json, openShop, type Shop } from '../support/shop.ts'
import { hiddenFrom, may, pathOf, READERS, type ReaderRole, type Step, unknown, waysFrom } from '../support/ways.ts'

/** Names that nobody has: what an answer says of them, it must say of what is hidden. */
const NOBODY = 'no_such_name'

let shop: Shop
let asks: Asking

const forged = (...list: unknown[]) => Buffer.from(JSON.stringify(list)).toString('base64url')

/** The words of a query that name a field, each alone. */
const WORDS: ((name: string) => Json)[] = [
  ...['$sum', '$avg', '$min', '$max', '$group', '$select'].map((word) => (name: string) => ({ [word]: [name] })),
  ...['day', 'month', 'year'].map((period) => (name: string) => ({ $group: [`${name}:${period}`] })),
  (name) => ({ [name]: '1' }),
  (name) => ({ [name]: { $null: 'true' } }),
  (name) => ({ $or: [{ [name]: { $gt: '1' } }] }),
  (name) => ({ $sort: { [name]: 1 } }),
  (name) => ({ $sort: { [name]: 1 }, $after: '' }),
  (name) => ({ $sort: { [name]: -1 }, $after: forged(`-${name},-id`, '1', '00000000-0000-7000-8000-000000000000') }),
  (name) => ({ $group: [name], $sort: { [name]: 1 } }),
  (name) => ({ $count: 'true', $sort: { [`sum.${name}`]: 1 } })
]
/** Those that take a path through relations. */
const PATHS: ((path: string) => Json)[] = [
  (path) => ({ [path]: '1' }),
  (path) => ({ [path]: { $ne: '1' } }),
  (path) => ({ $or: [{ [path]: { $null: 'false' } }] }),
  (path) => ({ $group: [path] }),
  (path) => ({ $group: [`${path}:month`] })
]

/** The answer that names what is hidden is the one that names nothing there is, word for word. */
async function likeNothing(path: string, as: string, name: string, query: (name: string) => Json): Promise<void> {
  const [given, nothing] = await Promise.all([name, NOBODY].map((part) => asks.ask(path, query(part), as)))
  const told = `${path} ${JSON.stringify(query(name))}`
  assert.equal(given!.status, 400, `${told}: ${JSON.stringify(given!.body).slice(0, 200)}`)
  assert.deepEqual(JSON.parse(JSON.stringify(given!.body).replaceAll(name, NOBODY)), nothing!.body, told)
}

/** Asks for what is hidden behind one way. */
async function behind(role: ReaderRole, resource: Resource, way: Step[], as: string): Promise<void> {
  const path = pathOf(way)
  const like = (name: string, query: (name: string) => Json) => likeNothing(resource.name, as, name, query)
  for (const [i, { name, field, target }] of way.entries()) {
    if (unknown(role, i ? way[i - 1]!.target : resource, field)) {
      const at = (part: string) => way.map((step, k) => (k === i ? part : step.name)).join('.')
      await Promise.all(PATHS.map((query) => like(name, (part) => query(`${at(part)}.id`))))
      return like(name, (part) => ({ $include: [at(part)] }))
    }
    if (may(role, target)) continue
    for (const query of [{ [`${path}.id`]: '1' }, { $include: [path] }])
      assert.equal((await asks.ask(resource.name, query, as)).status, 403, `${resource.name} ${JSON.stringify(query)}`)
    return
  }
  for (const field of hiddenFrom(role, way.at(-1)!.target))
    await Promise.all(PATHS.map((query) => like(field, (name) => query(`${path}.${name}`))))
}

describe('Fields that a query may not name', () => {
  const tokens: Partial<Record<ReaderRole, string>> = {}
  before(async () => {
    shop = await openShop()
    asks = asking(shop)
    for (const role of READERS) tokens[role] = (await shop.user(role)).token
  })
  after(() => shop.close())

  for (const role of READERS)
    for (const resource of resources.filter((resource) => may(role, resource)))
      it(`are not there for ${role} in ${resource.name}, and in nothing it leads to`, async () => {
        for (const field of hiddenFrom(role, resource))
          await Promise.all(WORDS.map((query) => likeNothing(resource.name, tokens[role]!, field, query)))
        for (const way of waysFrom(resource)) await behind(role, resource, way, tokens[role]!)
      })
})
