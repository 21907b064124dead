import { join } from 'node:path'
import { isRunning, type ProcessId, readIfThere } from './embedded-lock.ts'

/**
 * The address of the PostgreSQL that another Regal runs on this data folder, for a command beside it; undefined when
 * nobody does. The folder has one owner, who starts and stops the server; guests only connect.
 */
export function runningServer(dataDir: string): string | undefined {
  const dir = readIfThere(join(dataDir, 'postgres.location'))?.trim() ?? dataDir
  const lock = readIfThere(join(dir, 'regal.lock'))
  if (!lock || !isRunning(JSON.parse(lock) as ProcessId)) return undefined
  const password = readIfThere(join(dataDir, 'postgres.password'))?.trim()
  const port = readIfThere(join(dataDir, 'postgres.port'))?.trim()
  return password && port ? `postgres://regal:${password}@127.0.0.1:${port}/regal` : undefined
}

/** Whether a Regal has ever kept its database in this folder. */
export const holdsShop = (dataDir: string): boolean => readIfThere(join(dataDir, 'postgres.password')) !== undefined
