import type { Queryable } from '../../database/connection.ts'
import type { Call } from '../../policy/call.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'

/** Who a document of the same transaction is written for: the same person, with nothing that was asked of the first. */
export const within = ({ principal, reader, request_id, at }: Call, db: Queryable): Call => ({
  principal,
  reader,
  transaction: db,
  ...(request_id !== undefined && { request_id }),
  ...(at && { at })
})

/** Changes a record because of another document: in its transaction, audited, and told of once it is committed. */
export async function changeRecord(
  { engine, publisher, db, call }: { engine: Engine; publisher: Publisher; db: Queryable; call: Call },
  name: string,
  id: string,
  changes: Row
): Promise<void> {
  const resource = resourceNamed(name)
  const service = new ResourceService(resource, engine)
  await service.patch(id, changes, within(call, db))
  db.afterCommit(() => {
    if (!publisher.listening) return
    service.get(id).then(
      (record) => publisher.publish(resource, 'patched', record),
      () => {} // the change stands; who missed the event reads the record
    )
  })
}
