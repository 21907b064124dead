import type { Database } from '../../src/database/connection.ts'

/** Every table with its number of rows and a checksum of all of them: two are equal when nothing was written between. */
export async function contentsOf(database: Database): Promise<Record<string, string>> {
  const tables = await database.query<{ name: string }>(
    `select quote_ident(tablename) as name from pg_tables where schemaname = 'public' order by 1`
  )
  const contents: Record<string, string> = {}
  for (const { name } of tables) {
    const [row] = await database.query<{ sum: string }>(
      `select count(*) || ' ' || md5(coalesce(string_agg(md5(t::text), '' order by md5(t::text)), '')) as sum from ${name} t`
    )
    contents[name] = row!.sum
  }
  return contents
}
