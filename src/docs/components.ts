import { catalogue } from '../errors.ts'
import type { Resource } from '../schemas/define.ts'
import type { Field } from '../schemas/fields.ts'
import { kinds } from '../schemas/kinds.ts'
import { createBody, fieldSchema, type Json, patchBody, readSchema } from './wire.ts'

/** `stock-entries` -> `StockEntry`: how a record of the resource is called in schemas and operation ids. */
export function singularOf(resource: string): string {
  const one = resource
    .replace(/ies$/, 'y')
    .replace(/men$/, 'man')
    .replace(/(ch|sh|ss|x)es$/, '$1')
    .replace(/s$/, '')
  return pascal(one)
}

export const pascal = (kebab: string): string =>
  kebab
    .split('-')
    .map((word) => word[0]!.toUpperCase() + word.slice(1))
    .join('')

export const schemaRef = (name: string): Json => ({ $ref: `#/components/schemas/${name}` })

/** Children and, where asked for, related records inside a record. */
function embeddedOf({ children, relations, all }: Resource): Json {
  const lists = Object.entries(children).map(([name, child]) => [
    name,
    {
      type: 'array',
      items: schemaRef(singularOf(child.resource)),
      ...(!child.embed && { description: `With $include=${name}` })
    }
  ])
  const parents = Object.entries(relations)
    .filter(([name]) => !all[name])
    .map(([name, { resource }]) => [
      name,
      { anyOf: [schemaRef(singularOf(resource)), { type: 'null' }], description: `With $include=${name}` }
    ])
  return Object.fromEntries([...lists, ...parents])
}

function pageSchema(record: string): Json {
  const count = { type: 'integer', minimum: 0 }
  return {
    type: 'object',
    properties: {
      total: { ...count, description: 'Exact; left out with $total=false' },
      limit: count,
      skip: count,
      data: { type: 'array', items: schemaRef(record) }
    },
    required: ['limit', 'skip', 'data']
  }
}

function schemasOf(resource: Resource): Json {
  const name = singularOf(resource.name)
  const { methods } = resource
  return {
    [name]: readSchema(resource, resource.readable, embeddedOf(resource)),
    ...(methods.includes('find') && { [`${name}Page`]: pageSchema(name) }),
    ...(methods.includes('create') && { [`${name}Create`]: createBody(resource) }),
    ...(methods.includes('patch') && { [`${name}Patch`]: patchBody(resource) })
  }
}

/** A filter is a value, or an object of operators: `field=`, `field[$gte]=`. */
function filterOf(value: Json, ordered: boolean): Json {
  const list = { type: 'array', items: value }
  const compare = ordered ? { $lt: value, $lte: value, $gt: value, $gte: value } : {}
  const operators = { $ne: value, ...compare, $in: list, $nin: list, $null: { type: 'boolean' } }
  return { anyOf: [value, { type: 'object', properties: operators, additionalProperties: false, minProperties: 1 }] }
}

export const isFilterable = (field: Field): boolean => !field.computed && !field.secret && field.kind !== 'json'

/** The schema of a filter on a field: one component per kind; the values of a choice are its own. */
export const filterSchema = (field: Field): Json =>
  field.kind === 'choice'
    ? filterOf({ type: 'string', enum: field.options.values }, true)
    : schemaRef(`Filter${pascal(field.kind)}`)

/** What a filter compares with: the kind's own values, whatever bounds the field sets. */
function filterValue(field: Field): Json {
  if (field.kind === 'text') return { type: 'string' }
  if (field.kind === 'money' || field.kind === 'decimal') return { type: 'string', pattern: '^-?\\d{1,12}(\\.\\d+)?$' }
  const { type, format } = fieldSchema(field)
  return { type, ...(format !== undefined && { format }) }
}

function filterSchemas(resources: readonly Resource[]): Json {
  const fields = resources.flatMap(({ all }) => Object.values(all)).filter((field) => isFilterable(field))
  const plain = fields.filter(({ kind, nullable }) => kind !== 'choice' && !nullable)
  const byKind = new Map(plain.map((field) => [field.kind, field]))
  return Object.fromEntries(
    [...byKind].map(([kind, field]) => [`Filter${pascal(kind)}`, filterOf(filterValue(field), kinds[kind].ordered)])
  )
}

const text = { type: 'string' }
const fault = {
  type: 'object',
  properties: { path: text, message: text },
  required: ['path', 'message']
}

const errorSchema: Json = {
  type: 'object',
  properties: {
    name: text,
    message: { ...text, description: 'A sentence for people' },
    code: { type: 'integer', description: 'The HTTP status' },
    className: text,
    data: {
      type: 'object',
      properties: {
        reason: schemaRef('Reason'),
        request_id: { ...text, description: 'With 5xx: what to tell the operator' },
        retry_after: { type: 'integer', description: 'Seconds to wait' },
        version: { type: 'integer', description: 'With `stale_version`: the stored version' },
        total: { ...text, description: 'With `total_mismatch`: the total as computed' },
        lines: { type: 'array', items: schemaRef('Shortage'), description: 'With `insufficient_stock`' }
      },
      required: ['reason']
    },
    errors: { type: 'array', items: fault, description: 'The fields at fault, for a form' }
  },
  required: ['name', 'message', 'code', 'className', 'data']
}

const shortage: Json = {
  type: 'object',
  properties: {
    product_id: { type: 'string', format: 'uuid' },
    sku: text,
    name: text,
    requested: { type: 'number' },
    available: { type: 'number' }
  }
}

const reason = (): Json => ({
  type: 'string',
  oneOf: Object.entries(catalogue).map(([word, [status, sentence]]) => ({
    const: word,
    description: `${status}: ${sentence}`
  }))
})

/** All schemas of the document that resources make. */
export const resourceSchemas = (resources: readonly Resource[]): Json => ({
  ...Object.assign({}, ...resources.map(schemasOf)),
  ...filterSchemas(resources),
  Error: errorSchema,
  Reason: reason(),
  Shortage: shortage
})
