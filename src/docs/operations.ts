import { ALL_METHODS, type Method, type Resource } from '../schemas/define.ts'
import { DEFAULT_LIMIT, MAX_LIMIT } from '../schemas/query.ts'
import { filterSchema, isFilterable, pascal, schemaRef, singularOf } from './components.ts'
import { examples } from './examples.ts'
import { errorResponses, reasonsOf } from './reasons.ts'
import { rolesOf, rolesText } from './roles.ts'
import type { Json } from './wire.ts'

const query = (name: string, schema: Json, description?: string): Json => ({
  name,
  in: 'query',
  ...(description && { description }),
  schema
})
/** A list in one parameter, separated by commas. */
const names = (name: string, values: readonly string[], description: string): Json => ({
  ...query(name, { type: 'array', items: { type: 'string', enum: values } }, description),
  style: 'form',
  explode: false
})
const nested = (name: string, schema: Json, description?: string): Json => ({
  ...query(name, schema, description),
  style: 'deepObject',
  explode: true
})
const parameterRef = (name: string): Json => ({ $ref: `#/components/parameters/${name}` })

/** Parameters that are the same everywhere. */
export const parameters: Record<string, Json> = {
  Id: { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
  Limit: query(
    '$limit',
    { type: 'integer', minimum: 0, default: DEFAULT_LIMIT },
    `Records per page, at most ${MAX_LIMIT}; more is cut to ${MAX_LIMIT}. Also \`limit\`.`
  ),
  Skip: query('$skip', { type: 'integer', minimum: 0, default: 0 }, 'Records to pass over. Also `offset`.'),
  Total: query('$total', { type: 'boolean', default: true }, 'Whether to count all records that match.'),
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Stands for the `id` where the body has none: the same create sent again answers the record it made the first time, with status 200 and `Idempotent-Replayed: true`.',
    schema: { type: 'string', minLength: 1, maxLength: 200 }
  }
}

function selectionOf({ readable, relations, children }: Resource): Json[] {
  const related = [...Object.keys(relations), ...Object.keys(children)]
  return [
    names('$select', readable, 'Only these fields; `id` always comes along. Also as `$select[]=`.'),
    ...(related.length ? [names('$include', related, 'Related records to put into the answer.')] : [])
  ]
}

function listParameters(resource: Resource): Json[] {
  const { all, readable, searched, sort } = resource
  const filters = readable.filter((name) => isFilterable(all[name]!))
  const order = {
    type: 'object',
    propertyNames: { enum: filters },
    additionalProperties: { type: 'integer', enum: [1, -1] }
  }
  const usual = Object.entries(sort).map(([name, value]) => `${name} ${value === 1 ? 'up' : 'down'}`)
  return [
    parameterRef('Limit'),
    parameterRef('Skip'),
    nested('$sort', order, `\`$sort[field]=1\` or \`-1\`. Otherwise by ${usual.join(', ')}.`),
    ...selectionOf(resource),
    ...(searched.length
      ? [query('$search', { type: 'string', maxLength: 200 }, `Looks in ${searched.join(', ')}. Also \`search\`.`)]
      : []),
    parameterRef('Total'),
    ...filters.map((name) => nested(name, filterSchema(all[name]!)))
  ]
}

export const body = (schema: Json, example?: Json): Json => ({
  required: true,
  content: { 'application/json': { schema, ...(example && { example }) } }
})
export const answer = (description: string, schema: Json, headers?: Json): Json => ({
  description,
  ...(headers && { headers }),
  content: { 'application/json': { schema } }
})

const replayed = { 'Idempotent-Replayed': { schema: { type: 'string', enum: ['true'] } } }

/** What tells the methods apart: how they are called, what they take and what they answer. */
const shapes: Record<Method, (resource: Resource, name: string) => Json> = {
  find: (resource, name) => ({
    operationId: `find${pascal(resource.name)}`,
    summary: `List ${resource.name}`,
    parameters: listParameters(resource),
    responses: { 200: answer('A page of records', schemaRef(`${name}Page`)) }
  }),
  get: (resource, name) => ({
    operationId: `get${name}`,
    summary: `Read one of ${resource.name}`,
    parameters: [parameterRef('Id'), ...selectionOf(resource)],
    responses: { 200: answer('The record', schemaRef(name)) }
  }),
  create: (resource, name) => ({
    operationId: `create${name}`,
    summary: `Add to ${resource.name}`,
    parameters: [parameterRef('IdempotencyKey')],
    requestBody: body(schemaRef(`${name}Create`), examples[resource.name]),
    responses: {
      200: answer('The record that an earlier create with this id made', schemaRef(name), replayed),
      201: answer('The new record', schemaRef(name))
    }
  }),
  patch: (resource, name) => ({
    operationId: `patch${name}`,
    summary: `Change one of ${resource.name}`,
    parameters: [parameterRef('Id')],
    requestBody: body(schemaRef(`${name}Patch`)),
    responses: { 200: answer('The record as it is now', schemaRef(name)) }
  }),
  remove: (resource, name) => ({
    operationId: `remove${name}`,
    summary: `Remove one of ${resource.name}`,
    parameters: [parameterRef('Id')],
    responses: { 200: answer('The record as it was', schemaRef(name)) }
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

const VERBS: Record<Method, string> = { find: 'get', get: 'get', create: 'post', patch: 'patch', remove: 'delete' }
const onList = (method: Method) => method === 'find' || method === 'create'

/** The two paths of a resource, `/products` and `/products/{id}`, with the methods it offers. */
export function pathsOf(resource: Resource): Json {
  const offered = ALL_METHODS.filter((method) => resource.methods.includes(method))
  const item = (list: boolean) =>
    Object.fromEntries(
      offered.filter((method) => onList(method) === list).map((method) => [VERBS[method], operation(resource, method)])
    )
  const paths = { [`/${resource.name}`]: item(true), [`/${resource.name}/{id}`]: item(false) }
  return Object.fromEntries(Object.entries(paths).filter(([, methods]) => Object.keys(methods).length))
}
