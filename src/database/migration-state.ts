import pg from 'pg'
import { pendingOf, readMigrations } from './migrate.ts'

interface Applied {
  name: string
  checksum: string
  applied_at: string
}

/** What was applied to the database at `url`, oldest first, and what waits. @throws as `pendingOf` */
export async function migrationState(url: string): Promise<{ applied: Applied[]; pending: string[] }> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  await client.connect()
  try {
    const { rows: tables } = await client.query(`select to_regclass('schema_migrations') as known`)
    const { rows: applied } = tables[0].known
      ? await client.query<Applied>(
          'select name, checksum, applied_at::text as applied_at from schema_migrations order by name'
        )
      : { rows: [] }
    return { applied, pending: pendingOf(await readMigrations(), applied).map(({ name }) => name) }
  } finally {
    await client.end()
  }
}
