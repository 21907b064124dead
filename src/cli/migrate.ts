import { migrate } from '../database/migrate.ts'
import { migrationState } from '../database/migration-state.ts'
import { type Command, UsageError } from './command.ts'
import { check, snapshot } from './migrate-check.ts'
import { plan } from './migrate-plan.ts'
import { print, withDatabase } from './shop.ts'

type Action = (values: Parameters<Command['run']>[0]) => Promise<number>

const PLAN_OPTIONS = ['name', 'fill', 'allow-loss', 'dry-run', 'offline']

const status: Action = () =>
  withDatabase({ create: false }, async ({ database }) => {
    const { applied, pending } = await migrationState(database.direct_url || database.url)
    for (const { name, applied_at } of applied) print(`applied  ${name}  ${applied_at}`)
    for (const name of pending) print(`pending  ${name}`)
    return 0
  })

const apply: Action = (values) =>
  values.status
    ? status(values)
    : withDatabase({ create: true }, async ({ database }) => {
        const applied = await migrate(database.direct_url || database.url, print)
        if (!applied.length) print('The database is at the newest schema.')
        return 0
      })

const actions: Record<string, Action> = { plan, check, snapshot }

export const migrateCommand: Command = {
  usage: '[--status] | plan [options] | check | snapshot',
  help: `Brings the database to the newest schema. One process does it at a time; others wait.

  --status  list what is applied and what is pending, and change nothing

  plan      write the migration that leads from the newest one to the definitions; change nothing in the database
  check     compare definitions, snapshot and database, column by column; exit code 1 when they differ
  snapshot  take the tables for the newest state, after a migration was written by hand

With plan:
  --name <words>                  of the file
  --fill <table>.<field>=<value>  what takes the place of nulls and of values that have none any more
  --allow-loss <table>.<field>=N  let at most N values be lost; <table>=N for the rows of a table
  --dry-run                       show the files instead of writing them
  --offline                       without a database: only what loses nothing, whatever the rows

docs/evolution.md explains the classes safe, locking and lossy.`,
  options: {
    status: { type: 'boolean', default: false },
    name: { type: 'string' },
    fill: { type: 'string', multiple: true },
    'allow-loss': { type: 'string', multiple: true },
    'dry-run': { type: 'boolean', default: false },
    offline: { type: 'boolean', default: false }
  },
  words: 1,
  async run(values, [word]) {
    if (word !== undefined && !Object.hasOwn(actions, word))
      throw new UsageError(`There is one word too many: ${word}. Say plan, check, snapshot, or nothing`)
    const given = PLAN_OPTIONS.find((name) => values[name] !== undefined && values[name] !== false)
    if (word !== 'plan' && given) throw new UsageError(`--${given} belongs to "migrate plan"`)
    return (word === undefined ? apply : actions[word]!)(values)
  }
}
