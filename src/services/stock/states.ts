import type { Call } from '../../policy/call.ts'
import { within } from '../../policy/reader.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'

/** Whether a caller may read this row of a resource: what they may not is not there. */
export function reaches(resource: string, row: Row, { principal, reader }: Call): boolean {
  if (!principal) return true
  const access = principal.access.of(resource, 'read')
  return Boolean(access && reader && within(access.alternatives, row, reader))
}

/** Changes the state of a document that a new one acts on: with its audit row, and told of after the commit. */
export async function changeState(
  { db, call: { principal, reader, request_id } }: Writing,
  { engine, publisher }: { engine: Engine; publisher: Publisher },
  name: string,
  id: string,
  changes: Row
): Promise<void> {
  const resource = resourceNamed(name)
  const service = new ResourceService(resource, engine)
  await service.patch(id, changes, { principal, reader, request_id, transaction: db } as Call)
  const record = await service.get(id, { transaction: db })
  db.afterCommit(() => publisher.publish(resource, 'patched', record))
}
