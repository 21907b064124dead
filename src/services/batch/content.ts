import type { Principal } from '../../policy/principal.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { sha256 } from '../exactly-once.ts'
import type { Operation } from './operations.ts'

const digest = (value: unknown) => sha256(JSON.stringify(value, inOrder)).toString('base64url')

/** The same content is the same text, in whatever order its names were sent. */
function inOrder(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** Two batches are the same when user and content are. Passwords are no part of it: a fast hash of one must not be kept. */
export function fingerprintOf(operations: readonly Operation[], { user }: Principal): string {
  const content = operations.map((operation) => {
    const { input = {} } = resourceNamed(operation.resource)
    const kept = Object.entries(operation.data ?? {}).filter(([name]) => !input[name]?.writeOnly)
    return { ...operation, data: Object.fromEntries(kept) }
  })
  return digest([user.id, content])
}

/** What decides how much of an answer a user may see. */
export const rightsOf = ({ user, access }: Principal): string => digest([access.rules, user.branch_id])
