import assert from 'node:assert/strict'
import type { Json, Shop } from './shop.ts'
import { type Outcome, rest, type Transport, websocket } from './transports.ts'

/** The query as the body of a request: one more way to ask for a list. */
const posted = (shop: Shop): Transport => ({
  name: 'REST',
  async call(_verb, path, { query = {}, as } = {}) {
    const { status, body } = await shop.call('POST', `/${path}/query`, query, as)
    return { status, body }
  }
})

/** Asks for lists by every way there is, which must all say the same. */
export interface Asking {
  /** What a list answers. */
  list(path: string, query?: Json, as?: string): Promise<Json>
  /** Its records alone. */
  records(path: string, query?: Json, as?: string): Promise<Json[]>
  /** The answer, whatever it is. */
  ask(path: string, query: Json, as?: string): Promise<Outcome>
  /** Asserts a refusal, and which part of the query it names. */
  refused(path: string, query: Json, at?: string, status?: number): Promise<void>
}

export function asking(shop: Shop, ways = [rest(shop), websocket(shop), posted(shop)]): Asking {
  async function ask(path: string, query: Json, as = shop.admin): Promise<Outcome> {
    const [first, ...others] = await Promise.all(ways.map((way) => way.call('find', path, { query, as })))
    for (const other of others) assert.deepEqual(other, first, `${path} ${JSON.stringify(query)}`)
    return first!
  }
  async function list(path: string, query: Json = {}, as?: string): Promise<Json> {
    const { status, body } = await ask(path, query, as)
    assert.equal(status, 200, `${path} ${JSON.stringify(query)}: ${JSON.stringify(body)}`)
    return body
  }
  return {
    ask,
    list,
    records: async (path, query, as) => (await list(path, { $limit: 200, ...query }, as)).data,
    async refused(path, query, at, status = 400) {
      const { status: given, body } = await ask(path, query)
      const told = `${path} ${JSON.stringify(query).slice(0, 300)}: ${JSON.stringify(body).slice(0, 300)}`
      assert.equal(given, status, told)
      if (at !== undefined)
        assert.deepEqual(
          body.errors?.map((fault: Json) => fault.path),
          [at],
          told
        )
    }
  }
}
