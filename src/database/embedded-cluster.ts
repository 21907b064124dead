import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { spawnOptions } from './embedded-account.ts'
import { readIfThere, replaceFile } from './embedded-lock.ts'
import type { Place } from './embedded-place.ts'
import { findPrograms } from './embedded-programs.ts'

/** The folder of the database files. It exists only whole: see createCluster. */
export const clusterDir = (place: Place) => join(place.dir, 'postgres')

const MB = 1024 * 1024

/**
 * Settings of a new cluster. They go into its postgresql.conf, where the shop's administrator may change them; what must hold
 * at every start (port, loopback only, the socket) is given on the command line instead.
 */
function initialSettings(): string[] {
  // In a container the limit counts, not the machine; without a limit Node gives 0 or a number beyond any memory.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY) / MB
  return [
    'max_connections=100',
    // An eighth of the memory up to 1 GB: with 256 MB a sale among a million products took a third longer than among 10,000.
    `shared_buffers=${Math.round(Math.max(32, Math.min(1024, memory / 8)))}MB`,
    `effective_cache_size=${Math.round(memory / 2)}MB`,
    'max_wal_size=2GB',
    'checkpoint_timeout=15min',
    'wal_compression=on',
    'random_page_cost=1.1',
    'jit=off',
    'timezone=UTC',
    'log_timezone=UTC',
    // A violated constraint is an answer that Regal expects and reports itself; logged here with its statement it would
    // fill the disk and copy customers' data into a log. Starts, crashes and refused sign-ins are still logged.
    'log_min_messages=log',
    'log_checkpoints=off'
  ]
}

/**
 * Makes the cluster if there is none and returns the password of its user `regal`. initdb works in a draft folder
 * that is renamed when it is done: so a killed initdb leaves a draft, which can always be deleted, and `postgres` is
 * always real data, which never is.
 */
export async function ensureCluster(place: Place, dataDir: string, log: (line: string) => void): Promise<string> {
  const passwordFile = join(dataDir, 'postgres.password')
  if (existsSync(join(clusterDir(place), 'PG_VERSION'))) {
    const password = readIfThere(passwordFile)?.trim()
    if (!password) throw new Error(`${passwordFile} is missing, and without it ${clusterDir(place)} cannot be opened.`)
    return password
  }
  if (existsSync(clusterDir(place)) && readdirSync(clusterDir(place)).length > 0) {
    throw new Error(`${clusterDir(place)} is neither empty nor a PostgreSQL data directory: move it away.`)
  }
  const password = randomBytes(32).toString('base64url')
  replaceFile(passwordFile, `${password}\n`, 0o600)
  await createCluster(place, password, log)
  return password
}

async function createCluster(place: Place, password: string, log: (line: string) => void): Promise<void> {
  for (const name of readdirSync(place.dir)) {
    // The initdb of a killed process may still be writing here for a moment, hence the retries.
    if (name.startsWith('postgres-draft-'))
      rmSync(join(place.dir, name), { recursive: true, maxRetries: 20, retryDelay: 50 })
  }
  const initdb = join(findPrograms(place, log), 'initdb')
  const draft = join(place.dir, `postgres-draft-${randomBytes(4).toString('hex')}`)
  const cluster = join(draft, 'postgres')
  const passwordFile = join(draft, 'password')
  mkdirSync(cluster, { recursive: true, mode: 0o700 })
  // initdb runs as the account, which may not read our own password file.
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (place.account)
    for (const path of [draft, cluster, passwordFile]) chownSync(path, place.account.uid, place.account.gid)
  log(`Creating the database in ${clusterDir(place)}`)
  const options = [
    '--username=regal',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale'
  ]
  const locale = ['--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const settings = initialSettings().flatMap((setting) => ['--set', setting])
  try {
    await promisify(execFile)(initdb, ['-D', cluster, ...options, ...locale, ...settings], spawnOptions(place.account))
  } catch (error) {
    rmSync(draft, { recursive: true, maxRetries: 20, retryDelay: 50 })
    throw new Error(`initdb failed: ${(error as { stderr?: string }).stderr || error}`)
  }
  renameSync(cluster, clusterDir(place))
  await syncFolder(place.dir)
  rmSync(draft, { recursive: true })
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync()
  await handle.close()
}
