import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { SQLSTATE } from './errors.ts'
import { statementsOf } from './statements.ts'

/** `migrations/` beside `src/`, or two levels up from the compiled `dist/src/database`. */
const FOLDERS = ['../../migrations/', '../../../migrations/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url))
)
/** Any constant will do, as long as every node takes the same. */
const LOCK = 7_263_548_015
const LOCK_POLL_MS = 200
/** The first line of a file whose statements run each by itself: indexes built concurrently, work in batches. */
export const APART = '-- regal: statements apart'
const ATTEMPTS = 8
const RETRY_MS = 250

export interface Migration {
  name: string
  sql: string
  checksum: string
}

/** The folder of the migrations and of their snapshot. @throws when there is none */
export function migrationsFolder(): string {
  const folder = FOLDERS.find((path) => existsSync(path))
  if (!folder) throw new Error('The folder migrations/ is missing')
  return folder
}

export async function readMigrations(folder = migrationsFolder()): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort()
  if (!names.length) throw new Error('The folder migrations/ has no migrations')
  return Promise.all(
    names.map(async (name) => {
      const sql = await readFile(join(folder, name), 'utf8')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    })
  )
}

/** The number of the next migration to be written. */
export async function nextNumber(folder = migrationsFolder()): Promise<number> {
  const numbers = (await readdir(folder)).map((name) => Number(/^(\d{4})_/.exec(name)?.[1] ?? 0))
  return Math.max(0, ...numbers) + 1
}

/**
 * Brings the database at `url` (a direct connection, not a pooler) to the newest migration. One node does it; others
 * wait for its lock, which PostgreSQL frees when its holder dies. Answers what was applied.
 * @throws when an applied file was edited since, or the database knows a migration that this program does not.
 */
export async function migrate(
  url: string,
  log: (line: string) => void = () => {},
  folder = migrationsFolder()
): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await takeLock(client)
    await client.query(
      'create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())'
    )
    const pending = pendingOf(migrations, (await client.query('select name, checksum from schema_migrations')).rows)
    for (const migration of pending) {
      await applyMigration(client, migration)
      log(`applied ${migration.name}`)
    }
    return pending.map(({ name }) => name)
  } finally {
    await client.end()
  }
}

/**
 * Asked for again and again: one statement that waits would keep its snapshot as long, and an index that the holder
 * builds concurrently waits for every snapshot older than it.
 */
async function takeLock(client: pg.Client): Promise<void> {
  for (;;) {
    const { rows } = await client.query('select pg_try_advisory_lock($1) as taken', [LOCK])
    if (rows[0].taken) return
    await sleep(LOCK_POLL_MS)
  }
}

/** The migrations not applied yet; throws when what was applied differs from the files. */
export function pendingOf(migrations: Migration[], applied: { name: string; checksum: string }[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.name, migration]))
  for (const { name, checksum } of applied) {
    const migration = known.get(name)
    if (!migration) throw new Error(`The database is newer than this program: it has the migration ${name}`)
    if (migration.checksum !== checksum)
      throw new Error(`${name} was edited after it was applied; write a new migration instead`)
  }
  const done = new Set(applied.map(({ name }) => name))
  return migrations.filter(({ name }) => !done.has(name))
}

/**
 * Applies one file: as one transaction, or, when its first line is `APART`, statement by statement; such a file must be
 * able to run again after a failure. A lock that is not given in time (the file sets `lock_timeout`) is asked for again.
 */
export async function applyMigration(client: pg.Client, migration: Migration): Promise<void> {
  try {
    if (!migration.sql.startsWith(`${APART}\n`)) await patiently(() => inTransaction(client, migration))
    else {
      for (const statement of statementsOf(migration.sql)) await patiently(() => client.query(statement))
      await record(client, migration)
    }
  } catch (error) {
    throw new Error(`The migration ${migration.name} failed: ${(error as Error).message}`, { cause: error })
  } finally {
    await client.query('reset lock_timeout').catch(() => {})
  }
}

const record = (client: pg.Client, { name, checksum }: Migration) =>
  client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum])

async function inTransaction(client: pg.Client, migration: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(migration.sql)
    await record(client, migration)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

const WAITED: ReadonlySet<string | undefined> = new Set([SQLSTATE.lockNotAvailable, SQLSTATE.deadlockDetected])

/** With a pause that grows and differs from node to node, so that who works meanwhile gets in between. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work()
      return
    } catch (error) {
      if (attempt >= ATTEMPTS || !WAITED.has((error as pg.DatabaseError).code)) throw error
      await sleep(RETRY_MS * attempt * (0.5 + Math.random()))
    }
  }
}
