import type { Queryable } from '../../database/connection.ts'

const lockOf = (mode: '' | '_shared') =>
  `select pg_advisory_xact_lock${mode}(hashtextextended('regal.files ' || $1, 0))`

/** Notes that this content may be in the store without a file that has it. */
export async function noteLeftover(db: Queryable, sha256: string): Promise<void> {
  await db.query(
    'insert into file_leftovers as l (sha256) values ($1) on conflict (sha256) do update set since = clock_timestamp()',
    [sha256]
  )
}

/**
 * Takes content that was stored for a file of this transaction, and holds it until the end. False where it was taken out of
 * the store since: nobody had noted it any more, nor has a file it.
 */
export async function claimContent(db: Queryable, sha256: string): Promise<boolean> {
  await db.query(lockOf('_shared'), [sha256])
  const [found] = await db.query<{ there: boolean }>(
    `with struck as (delete from file_leftovers where sha256 = $1 returning 1)
     select exists (select from struck) or exists (select from files where sha256 = $1) as there`,
    [sha256]
  )
  return found!.there
}

/** Keeps everybody else from making a file of this content until the transaction ends. Answers whether there is one. */
export async function lockContent(db: Queryable, sha256: string): Promise<boolean> {
  await db.query(lockOf(''), [sha256])
  return (await db.query('select 1 from files where sha256 = $1 limit 1', [sha256])).length > 0
}

export async function strikeLeftover(db: Queryable, sha256: string): Promise<void> {
  await db.query('delete from file_leftovers where sha256 = $1', [sha256])
}

/** What was noted so long ago that no upload is under way with it any more. */
export async function oldLeftovers(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ sha256: string }>(
    `select sha256 from file_leftovers where since < clock_timestamp() - interval '10 minutes' order by since limit 100`
  )
  return rows.map(({ sha256 }) => sha256)
}
