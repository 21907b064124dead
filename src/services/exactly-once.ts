import { createHash } from 'node:crypto'
import type { Queryable } from '../database/connection.ts'
import { isUnavailable, type PostgresError, SQLSTATE } from '../database/errors.ts'
import { failure } from '../errors.ts'
import type { Call } from '../policy/call.ts'
import type { Resource } from '../schemas/define.ts'
import { isUuid } from '../schemas/kinds.ts'

export const sha256 = (text: string) => createHash('sha256').update(text).digest()

/** A UUID made of an `Idempotency-Key` that is not one; the user is part of it, so that keys of two users never meet. */
function uuidOfKey(key: string, resource: string, user: string): string {
  const hex = sha256(`${user} ${resource} ${key}`).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** The id that makes a create exactly-once: the body's own, else the header's; undefined where the client gave none. */
export function clientId(
  resource: Pick<Resource, 'id'>,
  data: Record<string, unknown>,
  call: Call
): string | undefined {
  if (typeof data.id === 'string') return data.id
  const key = call.idempotency_key
  if (!key) return undefined
  if (key.length > 200) throw failure('invalid_data', { errors: [{ path: 'Idempotency-Key', message: 'is too long' }] })
  return isUuid(key) ? key.toLowerCase() : uuidOfKey(key, resource.id, call.principal?.user.id ?? '')
}

/**
 * Two creates are the same when user and canonical data are: `data` is in the order of the definition, cleaned. A
 * password is no part of it, as a fast hash of one must not be kept anywhere.
 */
export function fingerprintOf(resource: Resource, data: Record<string, unknown>, call: Call): string {
  const kept = ([name]: [string, unknown]) => name !== 'id' && !resource.input?.[name]?.writeOnly
  const content = Object.entries(data).filter(kept)
  return sha256(JSON.stringify([call.principal?.user.id ?? null, content])).toString('base64url')
}

const isTaken = (error: unknown, resource: Resource): boolean => {
  const { code, constraint } = (error ?? {}) as PostgresError
  return code === SQLSTATE.uniqueViolation && constraint === `${resource.table}_pkey`
}

/**
 * Whether a create was refused because an earlier one with its id is there: at the unique index, or before it by a rule
 * that the earlier one has changed the ground of. Who repeats the sale of the last unit must get it, not a shortage.
 */
export async function hasTwin(db: Queryable, resource: Resource, id: string, error?: unknown): Promise<boolean> {
  if (isTaken(error, resource)) return true
  if (isUnavailable(error)) return false
  return (await db.query(`select 1 from "${resource.table}" where id = $1`, [id])).length > 0
}

/**
 * After a create met its own id: passes when the first one had the same content, so that its record can be answered
 * again. @throws 409 id_conflict when the content differs or the record was not made by a create of a client
 */
export async function requireTwin(db: Queryable, resource: Resource, id: string, fingerprint: string): Promise<void> {
  const [first] = await db.query<{ fingerprint: string | null }>(
    `select fingerprint from audit_logs where record_id = $1 and resource = $2 and action = 'create'`,
    [id, resource.id]
  )
  if (first?.fingerprint !== fingerprint) throw failure('id_conflict')
}
