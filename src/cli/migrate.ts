import { migrate } from '../database/migrate.ts'
import { migrationState } from '../database/migration-state.ts'
import type { Command } from './command.ts'
import { print, withDatabase } from './shop.ts'

export const migrateCommand: Command = {
  usage: '[--status]',
  help: `Brings the database to the newest schema. One process does it at a time; others wait.

  --status  list what is applied and what is pending, and change nothing`,
  options: { status: { type: 'boolean', default: false } },
  words: 0,
  run: ({ status }) =>
    withDatabase({ create: !status }, async ({ database }) => {
      const url = database.direct_url || database.url
      if (status) {
        const { applied, pending } = await migrationState(url)
        for (const { name, applied_at } of applied) print(`applied  ${name}  ${applied_at}`)
        for (const name of pending) print(`pending  ${name}`)
      } else if (!(await migrate(url, print)).length) print('The database is at the newest schema.')
      return 0
    })
}
