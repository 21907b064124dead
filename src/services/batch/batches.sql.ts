import type { Queryable } from '../../database/connection.ts'

/** A batch as it is remembered. */
export interface KeptBatch {
  fingerprint: string
  rights: string
  answer: unknown[]
}

/**
 * Takes an id for the batch of this transaction, or answers the earlier batch that has it. One under way with the same
 * id is waited for.
 */
export async function takeId(
  db: Queryable,
  id: string,
  { fingerprint, rights }: Omit<KeptBatch, 'answer'>
): Promise<KeptBatch | undefined> {
  const taken = await db.query(
    'insert into batches (id, fingerprint, rights) values ($1, $2, $3) on conflict (id) do nothing returning id',
    [id, fingerprint, rights]
  )
  if (taken.length) return undefined
  const [earlier] = await db.query<KeptBatch>('select fingerprint, rights, answer from batches where id = $1', [id])
  return earlier
}

export async function keepAnswer(db: Queryable, id: string, answer: readonly unknown[]): Promise<void> {
  await db.query('update batches set answer = $2 where id = $1', [id, JSON.stringify(answer)])
}
