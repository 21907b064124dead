import { failure } from '../errors.ts'
import type { HookContext } from './types.ts'

/**
 * An upsert takes both rights, whichever of the two it comes to: the create's, which is decided already, and the
 * update's, whose rows are those in reach. @throws 403
 */
export function allowUpsert({ path, params }: HookContext): void {
  const { upsert, principal } = params
  if (!upsert) return
  const access = principal?.access.of(path, 'update')
  if (!access) throw failure('not_allowed')
  upsert.access = access
}

/** What a create may set and an update may not is refused before it is known which of the two it is. @throws 400 */
export function requireUpsertable({ data, params }: HookContext): void {
  const { key, access } = params.upsert ?? {}
  if (!key || !access) return
  const beyond = Object.keys(data).filter(
    (name) => name !== 'id' && !key.fields.includes(name) && !access.has.has(name)
  )
  if (beyond.length)
    throw failure('invalid_data', { errors: beyond.map((path) => ({ path, message: 'cannot be set' })) })
}
