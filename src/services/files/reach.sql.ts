import type { Queryable } from '../../database/connection.ts'
import { fullAccess } from '../../policy/access.ts'
import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { reach, table } from '../scope.ts'
import { Statement } from '../statement.ts'

/** Those of the ids that are files the caller may read. */
export async function filesInReach(
  db: Queryable,
  ids: readonly string[],
  { principal, reader }: Call
): Promise<Set<string>> {
  const resource = resourceNamed('files')
  const access = principal ? principal.access.of(resource.name, 'read') : fullAccess(resource)
  if (!access || !ids.length) return new Set()
  const statement = new Statement()
  const wanted = statement.bind(ids)
  const rows = reach({ access, reader }, resource, 't', statement)
  const found = await db.query<{ id: string }>(
    `select t.id from ${table(resource)} t where t.id = any(${wanted}::uuid[]) and ${rows}`,
    statement.values
  )
  return new Set(found.map(({ id }) => id))
}
