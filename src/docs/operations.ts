import { ALL_METHODS, type Method, type Resource } from '../schemas/define.ts'
import { exampleRef, parameterRef, pascal, schemaRef, singularOf } from './components.ts'
import { countedHeaders, rehearsalHeaders, replayHeaders } from './headers.ts'
import { listParameters, selectionOf, upsertParameter, writeParameters } from './parameters.ts'
import { errorResponses, postedReasons, reasonsOf } from './reasons.ts'
import { createExample, pageExample, patchExample, recordExample } from './records.ts'
import { rolesOf, rolesText } from './roles.ts'
import type { Json } from './wire.ts'

export const body = (schema: Json, example: Json): Json => ({
  required: true,
  content: { 'application/json': { schema, example } }
})

/** What an answer holds: by example, or by the name of one. */
const shown = (example: unknown): Json =>
  typeof example === 'string' ? { examples: { usual: exampleRef(example) } } : { example }

export const answer = (description: string, schema: Json, example: unknown, headers: Json = countedHeaders): Json => ({
  description,
  headers,
  content: { 'application/json': { schema, ...shown(example) } }
})

const page = (name: string): Json =>
  answer(
    'A page of records, or of groups where the query asks for groups or measures',
    { anyOf: [schemaRef(`${name}Page`), schemaRef('GroupPage')] },
    `${name}Page`
  )

/** The answer to a write: a record, or what a dry run says in its place. */
export const written = (description: string, name: string, headers: Json = countedHeaders): Json =>
  answer(description, { anyOf: [schemaRef(name), schemaRef(`${name}DryRun`)] }, name, {
    ...headers,
    ...rehearsalHeaders
  })

/** What tells the methods apart: how they are called, what they take and what they answer. */
const shapes: Record<Method, (resource: Resource, name: string) => Json> = {
  find: (resource, name) => ({
    operationId: `find${pascal(resource.name)}`,
    summary: `List ${resource.name}`,
    parameters: listParameters(resource),
    responses: { 200: page(name) }
  }),
  get: (resource, name) => ({
    operationId: `get${name}`,
    summary: `Read one of ${resource.name}`,
    parameters: [parameterRef('Id'), ...selectionOf(resource)],
    responses: { 200: answer('The record', schemaRef(name), name) }
  }),
  create: (resource, name) => ({
    operationId: `create${name}`,
    summary: `Add to ${resource.name}`,
    parameters: [parameterRef('IdempotencyKey'), ...upsertParameter(resource), ...writeParameters],
    requestBody: body(schemaRef(`${name}Create`), createExample(resource)),
    responses: {
      200: written('The record that an earlier create with this id made, or that `$upsert` found', name, replayHeaders),
      201: written('The new record', name)
    }
  }),
  patch: (resource, name) => ({
    operationId: `patch${name}`,
    summary: `Change one of ${resource.name}`,
    parameters: [parameterRef('Id'), ...writeParameters],
    requestBody: body(schemaRef(`${name}Patch`), patchExample(resource)),
    responses: { 200: written('The record as it is now', name) }
  }),
  remove: (resource, name) => ({
    operationId: `remove${name}`,
    summary: `Remove one of ${resource.name}`,
    parameters: [parameterRef('Id'), ...writeParameters],
    responses: { 200: written('The record as it was', name) }
  })
}

function operation(resource: Resource, method: Method): Json {
  const shape = shapes[method](resource, singularOf(resource.name))
  return {
    ...shape,
    tags: [resource.name],
    description: rolesText(resource, method),
    'x-roles': rolesOf(resource, method),
    responses: { ...(shape.responses as Json), ...errorResponses(reasonsOf(resource, method)) }
  }
}

/** The list whose query is the body. */
function postedList(resource: Resource): Json {
  const name = singularOf(resource.name)
  const [field = 'id'] = Object.keys(resource.sort)
  return {
    operationId: `query${pascal(resource.name)}`,
    summary: `List ${resource.name}, with the query as the body`,
    tags: [resource.name],
    description: `For what does not fit an address; values have the types of JSON. ${rolesText(resource, 'find')}`,
    'x-roles': rolesOf(resource, 'find'),
    requestBody: body(schemaRef(`${name}Query`), { $limit: 50, $sort: { [field]: -1 } }),
    responses: { 200: page(name), ...errorResponses(postedReasons) }
  }
}

const VERBS: Record<Method, string> = { find: 'get', get: 'get', create: 'post', patch: 'patch', remove: 'delete' }
const onList = (method: Method) => method === 'find' || method === 'create'

/** The paths of a resource, `/products`, `/products/{id}` and `/products/query`, with the methods it offers. */
export function pathsOf(resource: Resource): Json {
  const offered = ALL_METHODS.filter((method) => resource.methods.includes(method))
  const item = (list: boolean) =>
    Object.fromEntries(
      offered.filter((method) => onList(method) === list).map((method) => [VERBS[method], operation(resource, method)])
    )
  const paths = {
    [`/${resource.name}`]: item(true),
    [`/${resource.name}/query`]: offered.includes('find') ? { post: postedList(resource) } : {},
    [`/${resource.name}/{id}`]: item(false)
  }
  return Object.fromEntries(Object.entries(paths).filter(([, methods]) => Object.keys(methods).length))
}

/** The records and pages that the operations of a resource show. */
export function examplesOf(resource: Resource): Json {
  const name = singularOf(resource.name)
  const record = recordExample(resource)
  return {
    [name]: { value: record },
    ...(resource.methods.includes('find') && { [`${name}Page`]: { value: pageExample(record) } })
  }
}
