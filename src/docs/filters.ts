import { MAX_LIST } from '../schemas/conditions.ts'
import type { Resource } from '../schemas/define.ts'
import type { Field } from '../schemas/fields.ts'
import { kinds } from '../schemas/kinds.ts'
import { pascal, schemaRef } from './components.ts'
import { fieldSchema, type Json } from './wire.ts'

/** An address ends there. */
const MAX_TEXT = 16_000

export const isFilterable = (field: Field): boolean => !field.computed && !field.secret && field.kind !== 'json'

/** The names of the fields that can be compared and sorted by. */
export const filterable = ({ all, readable }: Resource): string[] => readable.filter((name) => isFilterable(all[name]!))

/** A filter is a value, or an object of operators: `field=`, `field[$gte]=`. What is said of strings holds for strings alone. */
function filterOf(value: Json, ordered: boolean): Json {
  const list = { type: 'array', items: value, maxItems: MAX_LIST }
  const compare = ordered ? { $lt: value, $lte: value, $gt: value, $gte: value } : {}
  const properties = { $ne: value, ...compare, $in: list, $nin: list, $null: { type: 'boolean' } }
  return { ...value, type: [value.type, 'object'], properties, additionalProperties: false, minProperties: 1 }
}

/** What a filter compares with: the kind's own values, whatever bounds the field sets. */
function comparedWith(field: Field): Json {
  if (field.kind === 'text') return { type: 'string', maxLength: MAX_TEXT }
  if (field.kind === 'money' || field.kind === 'decimal')
    return { type: 'string', pattern: '^-?\\d{1,12}(\\.\\d+)?$', maxLength: 30 }
  const { type, format } = fieldSchema(field)
  return { type, ...(format !== undefined && { format }) }
}

/** The schema of a filter on a field: one component per kind; the values of a choice are its own. */
export function filterSchema(field: Field): Json {
  if (field.kind !== 'choice') return schemaRef(`Filter${pascal(field.kind)}`)
  const value = { type: 'string', enum: field.options.values }
  const { enum: _, ...filter } = filterOf(value, true)
  return { anyOf: [value, { ...filter, type: 'object' }] }
}

/** The components that filters refer to: those of the kinds that occur. */
export function filterComponents(resources: readonly Resource[]): Json {
  const fields = resources.flatMap(({ all }) => Object.values(all)).filter((field) => isFilterable(field))
  const plain = fields.filter(({ kind, nullable }) => kind !== 'choice' && !nullable)
  const byKind = new Map(plain.map((field) => [field.kind, field]))
  return Object.fromEntries(
    [...byKind].map(([kind, field]) => [`Filter${pascal(kind)}`, filterOf(comparedWith(field), kinds[kind].ordered)])
  )
}
