import type { Queryable } from '../../database/connection.ts'
import { fieldFailure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import { filesInReach } from '../files/reach.sql.ts'

/** The pictures named by lines are there, and the caller may see them. @throws 422 unknown_reference */
export async function requireImages(
  db: Queryable,
  items: readonly { images?: readonly string[] }[],
  call: Call
): Promise<void> {
  const ids = new Set(items.flatMap(({ images = [] }) => images.map((id) => id.toLowerCase())))
  if (!ids.size) return
  const found = await filesInReach(db, [...ids], call)
  for (const [i, { images = [] }] of items.entries())
    for (const [j, id] of images.entries())
      if (!found.has(id.toLowerCase())) throw fieldFailure('unknown_reference', `items.${i}.images.${j}`)
}
