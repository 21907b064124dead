import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

/** `migrations/` beside `src/`, or two levels up from the compiled `dist/src/database`. */
const FOLDERS = ['../../migrations/', '../../../migrations/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url))
)
/** Any constant will do, as long as every node takes the same. */
const LOCK = 7_263_548_015

export interface Migration {
  name: string
  sql: string
  checksum: string
}

export async function readMigrations(): Promise<Migration[]> {
  for (const folder of FOLDERS) {
    const names = await readdir(folder).catch(() => [])
    const files = names.filter((name) => /^\d{4}_\w+\.sql$/.test(name)).sort()
    if (!files.length) continue
    return Promise.all(
      files.map(async (name) => {
        const sql = await readFile(folder + name, 'utf8')
        return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
      })
    )
  }
  throw new Error('The folder migrations/ is missing')
}

/**
 * Brings the database at `url` (a direct connection, not a pooler) to the newest migration. One node does it; others
 * wait for its lock, which PostgreSQL frees when its holder dies. Each file is one transaction. Answers what was applied.
 * @throws when an applied file was edited since, or the database knows a migration that this program does not.
 */
export async function migrate(url: string, log: (line: string) => void = () => {}): Promise<string[]> {
  const migrations = await readMigrations()
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [LOCK])
    await client.query(
      'create table if not exists schema_migrations (name text primary key, checksum text not null, applied_at timestamptz not null default now())'
    )
    const pending = pendingOf(migrations, (await client.query('select name, checksum from schema_migrations')).rows)
    for (const migration of pending) {
      await apply(client, migration)
      log(`applied ${migration.name}`)
    }
    return pending.map(({ name }) => name)
  } finally {
    await client.end()
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

async function apply(client: pg.Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('begin')
  try {
    await client.query(sql)
    await client.query('insert into schema_migrations (name, checksum) values ($1, $2)', [name, checksum])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw new Error(`The migration ${name} failed: ${(error as Error).message}`, { cause: error })
  }
}
