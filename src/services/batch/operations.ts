import { FeathersError } from '@feathersjs/errors'
import { failure } from '../../errors.ts'
import { requireObject } from '../../schemas/clean.ts'
import { isResource, resourceNamed } from '../../schemas/index.ts'
import { isUuid } from '../../schemas/kinds.ts'

/** One call of a batch, as it was sent: its service checks id, data and query as those of any call. */
export interface Operation {
  method: 'create' | 'patch' | 'remove' | 'get'
  resource: string
  id?: string
  data?: Record<string, unknown>
  query?: Record<string, unknown>
}

/** What each method takes beside its name and the resource; all but the query it needs. */
const TAKES: Record<Operation['method'], readonly string[]> = {
  create: ['data'],
  patch: ['id', 'data'],
  remove: ['id'],
  get: ['id']
}

interface Fault {
  path: string
  message: string
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Reads a body. Only what makes an operation one is looked at here. @throws 400 naming the first fault, 405 no_method */
export function readBatch(body: unknown, most: number): { id?: string; operations: Operation[] } {
  const { id, operations, ...unknown } = requireObject(body)
  const refuse = (path: string, message: string): never => {
    throw failure('invalid_data', { errors: [{ path, message }] })
  }
  for (const name of Object.keys(unknown)) refuse(name, 'is not a field')
  if (id !== undefined && !isUuid(id)) refuse('id', 'must be a UUID')
  if (!Array.isArray(operations)) return refuse('operations', 'must be a list')
  if (!operations.length) refuse('operations', 'must not be empty')
  if (operations.length > most) refuse('operations', `takes at most ${most} entries`)
  for (const [index, operation] of operations.entries()) requireOperation(operation, index)
  return { ...(typeof id === 'string' && { id: id.toLowerCase() }), operations }
}

function requireOperation(operation: unknown, index: number): void {
  const fault = faultOf(operation)
  if (fault) throw placed(failure('invalid_data', { errors: [fault] }), index)
  const { method, resource } = operation as Operation
  if (resourceNamed(resource).methods.includes(method)) return
  const errors = [{ path: 'method', message: `is not offered by ${resource}` }]
  throw placed(failure('no_method', { errors }), index)
}

function faultOf(operation: unknown): Fault | undefined {
  if (!isObject(operation)) return { path: '', message: 'must be an object' }
  const { method, resource } = operation
  const known = typeof method === 'string' && Object.hasOwn(TAKES, method)
  const takes = known ? TAKES[method as Operation['method']] : undefined
  if (!takes) return { path: 'method', message: `must be one of ${Object.keys(TAKES).join(', ')}` }
  if (typeof resource !== 'string' || !isResource(resource)) return { path: 'resource', message: 'is not a resource' }
  const names = ['method', 'resource', 'query', ...takes]
  const unknown = Object.keys(operation).find((name) => !names.includes(name))
  if (unknown !== undefined) return { path: unknown, message: `is not taken by ${method}` }
  const missing = takes.find((name) => operation[name] === undefined)
  if (missing) return { path: missing, message: 'is required' }
  const shapeless = ['data', 'query'].find((name) => operation[name] !== undefined && !isObject(operation[name]))
  return shapeless ? { path: shapeless, message: 'must be an object' } : undefined
}

/** The error of one operation as the batch's: with its index, and paths that lead from the body. */
export function placed(error: FeathersError, index: number): FeathersError {
  const { message, name, code, className, errors, cause } = error
  const path = (inner: string) => `operations.${index}${inner && `.${inner}`}`
  // Without any, Feathers keeps an empty object.
  const faults = (Array.isArray(errors) ? (errors as Fault[]) : []).map((fault) => ({
    ...fault,
    path: path(fault.path)
  }))
  const data = { ...(error.data as object | undefined), index, ...(faults.length && { errors: faults }) }
  const whole = new FeathersError(message, name, code, className, data)
  if (cause) Object.defineProperty(whole, 'cause', { value: cause, enumerable: false })
  return whole
}
