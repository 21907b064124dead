import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrationsFolder, nextNumber } from '../database/migrate.ts'
import {
  countWords,
  type Facts,
  formatSnapshot,
  measure,
  type Plan,
  plan as planOf,
  questions,
  readSnapshot,
  type Snapshot,
  snapshotOf,
  type Told,
  writeSnapshot
} from '../evolution/index.ts'
import { configureCurrency } from '../schemas/currency.ts'
import { resources } from '../schemas/index.ts'
import { loadSettings } from '../settings.ts'
import { type Command, CommandError, UsageError } from './command.ts'
import { print, say, withBooks } from './shop.ts'

type Values = Parameters<Command['run']>[0]

/** `--fill products.color=red` given any number of times. @throws UsageError */
function pairs(values: Values, option: string): Record<string, string> {
  const given = (values[option] ?? []) as string[]
  return Object.fromEntries(
    given.map((text) => {
      const [, subject, value] = /^([a-z][a-z0-9_-]*(?:\.[a-z][a-z0-9_]*)?)=(.*)$/s.exec(text) ?? []
      if (subject === undefined) throw new UsageError(`--${option} looks like products.color=value, not like ${text}`)
      return [subject, value!]
    })
  )
}

function budgets(values: Values): Record<string, number> {
  const entries = Object.entries(pairs(values, 'allow-loss')).map(([subject, text]) => {
    if (!/^\d{1,12}$/.test(text)) throw new UsageError(`--allow-loss ${subject} takes a whole number, not ${text}`)
    return [subject, Number(text)]
  })
  return Object.fromEntries(entries)
}

function tell({ class: word, subject, sentence, count }: Told, width: number): void {
  const known = count ? `; ${countWords(count)}` : ''
  print(`${word.padEnd(7)}  ${subject.padEnd(width)}  ${sentence}${known}`)
}

function keep({ files, snapshot }: Plan): void {
  const folder = migrationsFolder()
  for (const { name, sql } of files) {
    if (existsSync(join(folder, name))) throw new CommandError(`migrations/${name} is there already`)
    writeFileSync(join(folder, name), sql)
    print(`wrote migrations/${name}`)
  }
  writeSnapshot(snapshot)
  print('wrote migrations/snapshot.json')
}

function report(made: Plan, dry: boolean): number {
  const width = Math.max(...made.steps.map(({ subject }) => subject.length))
  for (const step of made.steps) tell(step, width)
  if (made.refusals.length) {
    say('\nNothing was written:')
    for (const sentence of made.refusals) say(`  ${sentence}`)
    return 1
  }
  print('')
  if (dry) for (const { name, sql } of made.files) print(`-- migrations/${name}\n${sql}`)
  else {
    keep(made)
    print('Read them, commit them with the definitions, and apply them with "regal migrate".')
  }
  return 0
}

/** What the database knows of the rows; nothing with `--offline`. */
async function factsFor(before: Snapshot, after: Snapshot, values: Values): Promise<Facts | undefined> {
  if (!values.offline) return withBooks((db) => measure(db, questions(before, after, { fill: pairs(values, 'fill') })))
  const { currency, currency_scale } = await loadSettings()
  configureCurrency(currency, currency_scale)
  return undefined
}

/** `regal migrate plan`: answers the exit code. */
export async function plan(values: Values): Promise<number> {
  const choices = { fill: pairs(values, 'fill'), loss: budgets(values) }
  const [before, after] = [readSnapshot(), snapshotOf(resources)]
  if (formatSnapshot(before) === formatSnapshot(after)) {
    print('Nothing to do: the newest migration has the tables of the definitions.')
    return 0
  }
  const facts = await factsFor(before, after, values)
  const name = values.name === undefined ? {} : { name: String(values.name) }
  const number = await nextNumber()
  return report(
    planOf(before, after, { ...choices, ...name, number, ...(facts && { facts }) }),
    values['dry-run'] === true
  )
}
