import type { Logger } from 'pino'
import type { Database } from '../database/connection.ts'

const REFRESH_MS = 30_000
const DAY_MS = 24 * 60 * 60 * 1000

/**
 * What a running node does by itself: every half minute `tasks`, by what they are called in the log, and once a
 * day makes the audit log's partitions for the months ahead and forgets old batches. Answers the way to stop it.
 */
export function keepHouse(database: Database, tasks: Record<string, () => Promise<unknown>>, log: Logger): () => void {
  const told = (what: string) => (err: unknown) => log.warn({ err }, `${what} failed; tried again later`)
  const refreshing = setInterval(() => {
    for (const [what, work] of Object.entries(tasks)) work().catch(told(what))
  }, REFRESH_MS)
  const daily = setInterval(() => {
    database.query('select regal_audit_partitions()').catch(told('making partitions of the audit log'))
    database.query('select regal_forget_batches()').catch(told('forgetting old batches'))
  }, DAY_MS)
  refreshing.unref()
  daily.unref()
  return () => {
    clearInterval(refreshing)
    clearInterval(daily)
  }
}
