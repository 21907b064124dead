import { FeathersError } from '@feathersjs/errors'
import { isUnavailable, type PostgresError, SQLSTATE } from '../database/errors.ts'
import { DomainError } from '../domain/errors.ts'
import { errorBody, failure, fieldFailure, isReason, type Reason } from '../errors.ts'
import { isResource, resourceNamed } from '../schemas/index.ts'
import type { Hook } from './types.ts'

/** The field a constraint `<table>_<fields>_<kind>` speaks of, for an answer that a form can show. */
function fieldOfConstraint(path: string, constraint = ''): string {
  if (!isResource(path)) return ''
  const { table, all } = resourceNamed(path)
  const inner = constraint.replace(`${table}_`, '').replace(/_(key|fkey|check|bounds|pkey)$/, '')
  const names = Object.keys(all).filter((name) => inner === name || inner.endsWith(`_${name}`))
  return names.sort((a, b) => b.length - a.length)[0] ?? ''
}

/** Rules of the shop that a key or a check of the database keeps, in their own word. */
const NAMED: Record<string, Reason> = {
  shifts_open_key: 'shift_open',
  stock_counts_open_key: 'count_open',
  stock_levels_on_hand_check: 'insufficient_stock'
}

function fromConstraint(error: PostgresError, path: string, method: string): FeathersError | undefined {
  const word = NAMED[error.constraint ?? '']
  if (word) return failure(word)
  const field = fieldOfConstraint(path, error.constraint)
  switch (error.code) {
    case SQLSTATE.uniqueViolation:
      return error.constraint?.endsWith('_pkey') ? failure('id_conflict') : fieldFailure('duplicate', field)
    case SQLSTATE.foreignKeyViolation:
      return method === 'remove' ? failure('in_use') : fieldFailure('unknown_reference', field)
    case SQLSTATE.checkViolation:
      return fieldFailure('broken_rule', field)
    case SQLSTATE.notNullViolation:
      return fieldFailure('invalid_data', error.column ?? field, 'is required')
    default:
      return undefined
  }
}

/** What the database refused in a word of ours (`regal_refuse`), a named constraint, or a value it cannot hold. */
function fromDatabase(error: PostgresError, path: string, method: string): FeathersError | undefined {
  if (error.code === 'RG001' && isReason(error.message)) return failure(error.message)
  if (error.code?.startsWith('22')) return failure('invalid_data')
  return fromConstraint(error, path, method)
}

/** What Feathers itself refuses, before any hook, in our words. */
function withReason(error: FeathersError): FeathersError {
  if ((error.data as { reason?: unknown } | undefined)?.reason) return error
  if (error.code === 405) return failure('no_method')
  return error.code === 404 ? failure('no_route') : error
}

/** Any error as one of the catalogue; what we do not know becomes `failed` and says nothing. */
export function translate(error: unknown, path = '', method = ''): FeathersError {
  if (error instanceof FeathersError) return withReason(error)
  if (error instanceof DomainError && isReason(error.code)) {
    const where = (error.path ?? []).join('.')
    return where ? fieldFailure(error.code, where) : failure(error.code)
  }
  if (isUnavailable(error)) return failure('unavailable', { retry_after: 1 })
  return fromDatabase(error as PostgresError, path, method) ?? failure('failed')
}

/**
 * The outermost hook but for the log: whatever was thrown leaves as an error of the catalogue, on both transports. The
 * original goes to the log as the cause.
 */
export const translateErrors: Hook = async (context, next) => {
  try {
    await next()
  } catch (error) {
    const known = translate(error, context.path, context.method)
    if (known !== error) Object.defineProperty(known, 'cause', { value: error, enumerable: false })
    throw publicError(known, context.params.request_id)
  }
}

/** Makes of an error what may be seen of it; beyond 500 with the request's id, to look it up in the log by. */
export function publicError(error: FeathersError, requestId?: string): FeathersError {
  const { data, ...body } = errorBody(error)
  const answer = {
    ...body,
    data: { ...(data as object), ...(error.code >= 500 && requestId && { request_id: requestId }) }
  }
  Object.defineProperty(error, 'toJSON', { value: () => answer, enumerable: false, configurable: true })
  return error
}
