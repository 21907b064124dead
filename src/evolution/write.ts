import { APART } from '../database/migrate.ts'
import type { Told } from './plan.ts'
import { apartSql, LOCK_TIMEOUT } from './write-apart.ts'
import { transactionSql } from './write-transaction.ts'
import type { Writing } from './writing.ts'

/** A file for the folder `migrations/`. */
export interface MigrationFile {
  name: string
  sql: string
}

const WORDS: Partial<Record<string, string>> = {
  'create table': 'create',
  'drop table': 'drop',
  'rename table': 'rename'
}

/** `add_products_color` for one step, `change_products` for several of one table, else `change_tables`. */
function nameOf(told: readonly Told[], given: string | undefined): string {
  const words = given ?? automaticName(told)
  return (
    words
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^_|_$/g, '')
      .slice(0, 60) || 'change_tables'
  )
}

function automaticName(told: readonly Told[]): string {
  const tables = new Set(told.map(({ step }) => (step.after ?? step.before)!.name))
  if (tables.size !== 1) return 'change_tables'
  const [first] = told
  return told.length === 1 ? `${WORDS[first!.step.kind] ?? 'change'} ${first!.subject}` : `change ${[...tables][0]}`
}

const comments = (told: readonly Told[]) =>
  told.map(({ subject, class: word, sentence }) => `-- ${word}: ${subject}: ${sentence.replace(/\s+/g, ' ')}`)

const script = (lines: readonly string[], statements: readonly string[]) =>
  `${lines.join('\n')}\n\n${statements.map((statement) => `${statement};\n`).join('\n')}`

const numbered = (number: number, name: string) => `${String(number).padStart(4, '0')}_${name}.sql`

/** The files of a migration: a transaction, and apart from it what must not be in one. Either may have nothing to do. */
export function write(
  writing: Writing,
  told: readonly Told[],
  options: { name?: string; number: number }
): MigrationFile[] {
  const name = nameOf(told, options.name)
  const [together, apart] = [transactionSql(writing), apartSql(writing)]
  const files: MigrationFile[] = []
  if (together.length)
    files.push({
      name: numbered(options.number, name),
      sql: script(comments(told), [`set local lock_timeout = '${LOCK_TIMEOUT}'`, ...together])
    })
  if (apart.length)
    files.push({
      name: numbered(options.number + files.length, `${name}_apart`),
      sql: script(
        [APART, '-- Each statement can be run again after a failure.', ...(together.length ? [] : comments(told))],
        [`set lock_timeout = '${LOCK_TIMEOUT}'`, ...apart]
      )
    })
  return files
}
