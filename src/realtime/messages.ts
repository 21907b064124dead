import feathersjs from '@feathersjs/feathers'
import type { Application } from '@feathersjs/koa'
import { failure, fieldFailure } from '../errors.ts'

/** Where the query stands among the arguments of a method, after the service: it is the last of them. */
const QUERY_AT: Record<string, number> = { find: 0, get: 1, create: 1, remove: 1, patch: 2 }

/** A query, or none. Feathers copies it, which turns a string into an object and takes `__proto__` for a prototype. */
const isQuery = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'object' && !Array.isArray(value) && !Object.hasOwn(value, '__proto__'))

/** Why a message `[method, service, ...arguments]` reaches no service, before Feathers says so in words of its own. */
export function refusalOf(app: Application, [method, path, ...rest]: unknown[]) {
  const at = Object.hasOwn(QUERY_AT, String(method)) ? QUERY_AT[String(method)]! : undefined
  if (at === undefined) return failure('no_method')
  const service = app.lookup(path as string)?.service
  if (!service) return failure('no_route')
  if (!feathersjs.getServiceOptions(service).methods?.includes(String(method))) return failure('no_method')
  const given = typeof rest.at(-1) === 'function' ? rest.slice(0, -1) : rest
  if (given.length > at + 1) return fieldFailure('invalid_data', 'arguments', `are at most ${at + 1} for ${method}`)
  return isQuery(given[at]) ? undefined : fieldFailure('invalid_query', 'query', 'must be an object')
}
