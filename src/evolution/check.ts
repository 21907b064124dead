import type { Database } from '../database/connection.ts'
import { BESIDE } from './beside.ts'
import { type Compared, compare, KINDS, type Kind } from './catalogue.ts'
import { classify } from './classify.ts'
import { diff } from './diff.ts'
import { formatSnapshot, type Snapshot } from './snapshot.ts'
import { subjectOfStep } from './writing.ts'

/** One sentence per difference between one table's definitions of a kind, as they are and as they should be. */
function sentences(table: string, kind: Kind, { live, defined }: Compared, beside: ReadonlySet<string>): string[] {
  const [has, wants] = [live[kind].get(table) ?? new Map(), defined[kind].get(table) ?? new Map()]
  const found: string[] = []
  const what = kind === 'default' ? 'default of' : kind
  for (const [name, text] of wants)
    if (!has.has(name)) found.push(`${table}: the database has no ${what} ${name} (${text})`)
    else if (has.get(name) !== text)
      found.push(`${table}: the ${what} ${name} is ${has.get(name)} in the database, and ${text} by its definition`)
  for (const [name, text] of has)
    if (!wants.has(name) && !beside.has(`${name} ${text}`))
      found.push(`${table}: the database has the ${what} ${name} (${text}), and its definition has not`)
  return found
}

/** How the live tables differ from `tables`, in sentences; none when they are the same. */
export async function differencesOf(
  database: Pick<Database, 'rehearsal'>,
  tables: Snapshot,
  beside: Readonly<Record<string, readonly string[]>> = BESIDE
): Promise<string[]> {
  const compared = await compare(database, tables)
  return Object.values(tables).flatMap(({ name }) => {
    if (!compared.live.column.has(name)) return [`${name}: the database has no such table`]
    return KINDS.flatMap((kind) => sentences(name, kind, compared, new Set(beside[name])))
  })
}

/** How the definitions differ from the snapshot, in sentences. */
export function snapshotDifferences(snapshot: Snapshot, defined: Snapshot): string[] {
  const told = diff(snapshot, defined)
    .filter(({ part }) => !part)
    .map((step) => `${subjectOfStep(step)}: no migration yet for: ${step.kind} (${classify(step).sentence})`)
  if (told.length || formatSnapshot(snapshot) === formatSnapshot(defined)) return told
  return ['The snapshot is older than the definitions, although the tables are the same']
}
