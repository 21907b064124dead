import type { Access } from '../policy/access.ts'
import type { Reader } from '../policy/reader.ts'
import type { Where } from '../schemas/conditions.ts'
import type { Resource } from '../schemas/define.ts'
import { type Statement, whereSql } from './statement.ts'

/** The rows and fields in reach of a call; an internal call reaches all. */
export interface Scope {
  access: Access
  reader?: Reader
  /** What the query of a write asks of the row beside its id. */
  where?: Where
}

export const table = (resource: Resource) => `"${resource.table}"`

/** The condition that a row is within reach, and as the query of a write wants it. */
export function reach(
  { access, reader, where }: Scope,
  resource: Resource,
  alias: string,
  statement: Statement
): string {
  const parts = [...(access.alternatives ? [{ or: access.alternatives }] : []), ...(where ? [where] : [])]
  return whereSql({ and: parts }, resource, alias, statement, reader)
}

/** The parameter with the reader's branch, bound when a computed field asks for it first. */
export function branchOf(scope: Scope, statement: Statement): () => string {
  let parameter: string | undefined
  return () => {
    parameter ??= `${statement.bind(scope.reader?.branch_id ?? null)}::uuid`
    return parameter
  }
}
