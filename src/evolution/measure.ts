import type { Queryable } from '../database/connection.ts'
import type { Question } from './count.ts'
import type { Count } from './judge.ts'
import type { Facts } from './plan.ts'

/** Tables with a trigger that refuses every update. */
const APPEND_ONLY = `select c.relname as name from pg_trigger t join pg_class c on c.oid = t.tgrelid
  join pg_proc p on p.oid = t.tgfoid where p.proname = 'regal_append_only' and pg_table_is_visible(c.oid)`

async function numberOf(db: Queryable, sql: string): Promise<number> {
  const [counted] = await db.query<{ n: number | string }>(sql)
  return Number(counted!.n)
}

async function ask(db: Queryable, { about, count, examples, unplaced }: Question): Promise<Count> {
  const n = await numberOf(db, count)
  const some = n && examples ? await db.query<{ example: string }>(examples) : []
  const bare = n && unplaced ? await numberOf(db, unplaced) : n
  return { about, n, unplaced: bare, examples: some.map(({ example }) => example) }
}

/** Asks the database what the plan must know; reads alone. */
export async function measure(db: Queryable, questions: ReadonlyMap<string, Question>): Promise<Facts> {
  const counts = new Map<string, Count>()
  for (const [key, question] of questions) counts.set(key, await ask(db, question))
  const tables = await db.query<{ name: string }>(APPEND_ONLY)
  return { counts, appendOnly: new Set(tables.map(({ name }) => name)) }
}
