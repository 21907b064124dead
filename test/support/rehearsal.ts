import assert from 'node:assert/strict'
import { contentsOf } from './contents.ts'
import { emit, type Json, type Shop } from './shop.ts'
import type { Asked, Transport, Verb } from './transports.ts'

/** What a dry run and the write itself both answer, but for what is new each time. */
export const steady = (record: Json): Json =>
  JSON.parse(JSON.stringify(record, (key, value) => (/(^|_)(id|at)$/.test(key) ? undefined : value)))

/** The same dry run over each transport: holds that nothing is written and nobody is told, and answers what it did. */
export async function rehearse(shop: Shop, ways: Transport[], verb: Verb, path: string, asked: Asked): Promise<Json> {
  const screen = await shop.socket(shop.admin)
  const heard: string[] = []
  screen.onAny((name: string) => heard.push(name))
  const earlier = await contentsOf(shop.db.database)
  const answers: Json[] = []
  for (const way of ways) {
    const { body } = await way.call(verb, path, { ...asked, query: { ...asked.query, $dry_run: true } })
    assert.equal(body.dry_run, true, `${way.name}: ${JSON.stringify(body)}`)
    answers.push(body)
  }
  assert.deepEqual(steady(answers[0]!), steady(answers[1]!))
  assert.deepEqual(await contentsOf(shop.db.database), earlier)
  // Its answer is behind whatever was sent before it.
  await emit(screen, 'find', 'brands', {})
  assert.deepEqual(heard, [])
  screen.disconnect()
  return answers[0]!
}
