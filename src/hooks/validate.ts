import { failure } from '../errors.ts'
import { gateOf } from '../policy/gate.ts'
import { cleanRecord, requireObject } from '../schemas/clean.ts'
import type { Fields, Resource } from '../schemas/define.ts'
import { isResource, resourceNamed } from '../schemas/index.ts'
import { isUuid } from '../schemas/kinds.ts'
import { parseQuery } from '../schemas/query.ts'
import { checkShape } from '../schemas/shape.ts'
import type { Hook, HookContext } from './types.ts'
import { allowUpsert, requireUpsertable } from './upsert.ts'
import { takeWords } from './words.ts'

const created = new WeakMap<Resource, Fields>()

/** What a create takes: the columns and what the resource takes beside them. */
function createFields(resource: Resource): Fields {
  let fields = created.get(resource)
  if (!fields) {
    fields = { ...resource.all, ...resource.input }
    created.set(resource, fields)
  }
  return fields
}

function validateId(context: HookContext): void {
  if (!isUuid(context.id)) throw failure('invalid_id', { errors: [{ path: 'id', message: 'must be a UUID' }] })
  context.id = context.id.toLowerCase()
}

/** The data of a create or a patch as the definition and the caller's rights have it. @throws 400 invalid_data */
export function cleanData(
  resource: Resource,
  { method, data, params }: Pick<HookContext, 'method' | 'data' | 'params'>
): unknown {
  const may = (name: string) => name === 'id' || !params.access || params.access.has.has(name)
  const fields = createFields(resource)
  const seen = gateOf(resource, params, false).readable
  // A field that the caller may neither read nor write does not exist for them.
  const known = (name: string) => may(name) || seen.has(name)
  const settable = (name: string) => !fields[name]!.readOnly && may(name)
  if (method === 'create') return cleanRecord(fields, data, { complete: true, allowed: settable, known })
  const { version, ...changes } = requireObject(data)
  const clean = cleanRecord(fields, changes, {
    complete: false,
    allowed: (name) => settable(name) && !fields[name]!.fixed,
    known
  })
  if (version === undefined) return clean
  if (!Number.isSafeInteger(version))
    throw failure('invalid_data', { errors: [{ path: 'version', message: 'must be a whole number' }] })
  return { ...clean, version }
}

/** Id, data and query as the definition wants them, for every resource and both transports; nothing else reaches a service. */
export const validate: Hook = async (context, next) => {
  const { path, method, params } = context
  if (!params.provider) return next()
  if (context.data !== undefined) checkShape(context.data)
  if (params.query) checkShape(params.query)
  takeWords(context)
  if (!isResource(path)) return next()
  const resource = resourceNamed(path)
  if (method === 'get' || method === 'patch' || method === 'remove') validateId(context)
  if (method === 'create' || method === 'patch') {
    allowUpsert(context)
    context.data = cleanData(resource, context)
    requireUpsertable(context)
  }
  params.plan = parseQuery(gateOf(resource, params, params.provider === 'rest' && !params.typed), params.query)
  return next()
}
