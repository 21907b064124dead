import assert from 'node:assert/strict'
import type { Shop } from './shop.ts'
import { type Transport, transports } from './transports.ts'

/**
 * The sharp edges of the stock framework, one line each, by the ids of the list they were gathered in: K data layer, V
 * schemas, T transports, A authentication, P security probes. Each line is answered once, in the engine, and held here.
 */
export function edgesOf(prefix: string, count: number) {
  const open = new Set(Array.from({ length: count }, (_, i) => `${prefix}${i + 1}`))
  return {
    /** A test that holds the lines whose ids it names. */
    edge(ids: string, title: string, test: () => Promise<void> | void): void {
      for (const id of ids.split(' ')) assert.ok(open.delete(id), `${id} is held already, or is no line of the list`)
      it(`${ids} ${title}`, test)
    },
    /** To be called after the last test. */
    complete(): void {
      it(`leaves no line of ${prefix} open`, () => assert.deepEqual([...open], []))
    }
  }
}

/** Runs the same calls over both transports. */
export async function onBoth(shop: Shop, work: (transport: Transport) => Promise<void>): Promise<void> {
  for (const transport of transports(shop)) await work(transport)
}

/**
 * How many statements the work sends to the database: the least of three runs, as once a second a node asks there for
 * sessions that ended elsewhere.
 */
export async function statementsOf({ running }: Shop, work: () => Promise<unknown>): Promise<number> {
  const { database } = running.regal
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < 3; run++) {
    const earlier = database.statements
    await work()
    least = Math.min(least, database.statements - earlier)
  }
  return least
}
