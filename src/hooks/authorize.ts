import { failure } from '../errors.ts'
import { actionOf } from '../policy/access.ts'
import { endpoints } from '../policy/matrix.ts'
import { isResource } from '../schemas/index.ts'
import type { Hook } from './types.ts'

/**
 * Yes, no, or a narrower reach: the one place where access is decided, for both transports. A resource asks the
 * caller's role; other services are listed in the matrix. What is listed nowhere is forbidden.
 */
export const authorize: Hook = async (context, next) => {
  const { path, method, params } = context
  if (!params.provider) return next()
  const { principal } = params
  if (isResource(path)) {
    if (!principal) throw failure('not_signed_in')
    const access = principal.access.of(path, actionOf(method))
    if (!access) throw failure('not_allowed')
    params.access = access
    return next()
  }
  const needs = endpoints[path]?.[method]
  if (!needs) throw failure('not_allowed')
  if (needs === 'session' && !principal) throw failure('not_signed_in')
  return next()
}
