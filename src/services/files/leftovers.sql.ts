import type { Queryable } from '../../database/connection.ts'
import { newId } from '../../ids.ts'

const lockOf = (mode: '' | '_shared') =>
  `select pg_advisory_xact_lock${mode}(hashtextextended('regal.files ' || $1, 0))`

/** Notes that this content may be in the store without a file that has it. Answers the note, which is the caller's alone. */
export async function noteLeftover(db: Queryable, sha256: string): Promise<string> {
  const id = newId()
  await db.query('insert into file_leftovers (id, sha256, since) values ($1, $2, clock_timestamp())', [id, sha256])
  return id
}

/**
 * Strikes a note off and holds its content until the transaction ends. False where the note is gone: the content was taken out
 * of the store since, and what others noted says nothing of whether they have stored it yet.
 */
export async function claimContent(db: Queryable, sha256: string, note: string): Promise<boolean> {
  await db.query(lockOf('_shared'), [sha256])
  return (await db.query('delete from file_leftovers where id = $1 returning 1', [note])).length > 0
}

/** Keeps everybody from making a file of this content until the transaction ends. Answers whether there is one. */
export async function lockContent(db: Queryable, sha256: string): Promise<boolean> {
  await db.query(lockOf(''), [sha256])
  return (await db.query('select 1 from files where sha256 = $1 limit 1', [sha256])).length > 0
}

export async function strikeLeftovers(db: Queryable, sha256: string): Promise<void> {
  await db.query('delete from file_leftovers where sha256 = $1', [sha256])
}

/** What was noted so long ago that no upload is under way with it any more. */
export async function oldLeftovers(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ sha256: string }>(
    `select distinct sha256 from file_leftovers where since < clock_timestamp() - interval '10 minutes' limit 100`
  )
  return rows.map(({ sha256 }) => sha256)
}
