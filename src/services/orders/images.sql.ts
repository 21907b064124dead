import type { Queryable } from '../../database/connection.ts'
import type { Row } from '../projection.ts'
import { LINES_OF, type Ordered } from './orders.sql.ts'

/** Writes the pictures of new lines, each line's in its order. */
export async function insertImages(db: Queryable, of: Ordered, lines: readonly Row[]): Promise<void> {
  const kept = lines.flatMap(({ id, images }) =>
    (images as string[]).map((file, i) => ({ item_id: id, place: i + 1, file_id: file }))
  )
  if (!kept.length) return
  const { images } = LINES_OF[of]
  await db.query(
    `insert into ${images} (item_id, place, file_id)
     select item_id, place, file_id from json_populate_recordset(null::${images}, $1::json)`,
    [JSON.stringify(kept)]
  )
}
