import type { Queryable } from '../database/connection.ts'
import { type Command, UsageError } from './command.ts'
import { print, withBooks } from './shop.ts'
import { type Invariant, invariants } from './verify.sql.ts'

/** One invariant as it was found: `count` 0 holds; `examples` name up to five of what breaks it. */
export interface Finding {
  name: string
  title: string
  count: number
  examples: string[]
}

async function check(db: Queryable, { name, title, sql }: Invariant): Promise<Finding> {
  const [found] = await db.query<{ count: number; examples: string[] }>(
    `with broken (id) as materialized (${sql()})
     select (select count(*)::int from broken) as count, array(select id from broken order by id limit 5) as examples`
  )
  return { name, title, ...found! }
}

/** Checks the books: every invariant, or those named. Each is one statement, so the shop may go on selling meanwhile. */
export async function verifyBooks(db: Queryable, names: readonly string[] = []): Promise<Finding[]> {
  const asked = invariants.filter(({ name }) => !names.length || names.includes(name))
  const findings: Finding[] = []
  for (const invariant of asked) findings.push(await check(db, invariant))
  return findings
}

function report({ name, title, count, examples }: Finding): void {
  print(`${count ? 'BROKEN' : 'ok    '}  ${name.padEnd(10)}  ${String(count).padStart(6)}  ${title}`)
  for (const example of examples) print(`                            ${example}`)
  if (count > examples.length) print(`                            and ${count - examples.length} more`)
}

export const verifyCommand: Command = {
  usage: '[name...]',
  help: `Checks what the books promise. Prints each invariant with the number of records that break it, and up to five of
them; 0 means that it holds. Ends with exit code 1 when one does not.

${invariants.map(({ name, title }) => `  ${name.padEnd(10)}  ${title}`).join('\n')}`,
  options: {},
  words: invariants.length,
  run(_, names) {
    const unknown = names.find((name) => !invariants.some((invariant) => invariant.name === name))
    if (unknown !== undefined) throw new UsageError(`There is no invariant ${unknown}`)
    return withBooks(async (db) => {
      const findings = await verifyBooks(db, names)
      findings.forEach(report)
      return findings.every(({ count }) => count === 0) ? 0 : 1
    })
  }
}
