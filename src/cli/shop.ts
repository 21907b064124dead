import { pino } from 'pino'
import { createRegal, type Regal } from '../app.ts'
import { Database } from '../database/connection.ts'
import { migrationState } from '../database/migration-state.ts'
import { reachDatabase } from '../ops/start.ts'
import { configureCurrency } from '../schemas/currency.ts'
import { loadSettings, type Settings } from '../settings.ts'
import { CommandError } from './command.ts'

export const say = (line: string): void => void process.stderr.write(`${line}\n`)
export const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** Ten minutes: a command may read a whole year of sales in one statement. */
export const PATIENCE_MS = 600_000

/** Runs `work` with settings that lead to the database, and lets go of it afterwards, also at Ctrl-C. */
export async function withDatabase<T>(
  { create }: { create: boolean },
  work: (settings: Settings) => Promise<T>
): Promise<T> {
  const { settings, embedded } = await reachDatabase(await loadSettings(), { create, say: () => {} })
  const interrupted = () => void Promise.resolve(embedded?.stop()).finally(() => process.exit(130))
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted)
  try {
    return await work({ ...settings, database: { ...settings.database, pool_max: 4, query_timeout_ms: PATIENCE_MS } })
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted)
    await embedded?.stop()
  }
}

/** @throws CommandError when the database is not at the newest migration */
async function requireMigrated({ database }: Settings): Promise<void> {
  const { pending } = await migrationState(database.direct_url || database.url)
  if (pending.length) throw new CommandError('The database is not at the newest schema; run "regal migrate" first.')
}

/** The books alone: a connection, and no services. */
export const withBooks = <T>(work: (database: Database) => Promise<T>): Promise<T> =>
  withDatabase({ create: false }, async (settings) => {
    await requireMigrated(settings)
    configureCurrency(settings.currency, settings.currency_scale)
    const database = new Database(settings.database)
    return work(database).finally(() => database.close())
  })

/** A composed Regal that does not listen: its services, called inside this process. */
export async function withServices<T>(settings: Settings, work: (regal: Regal) => Promise<T>): Promise<T> {
  await requireMigrated(settings)
  const regal = await createRegal(settings, pino({ level: 'silent' }))
  try {
    return await work(regal)
  } finally {
    await regal.auth.close()
    await regal.database.close()
  }
}
