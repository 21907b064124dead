import type { Json } from './wire.ts'

/** Text holds no control characters but tab and line ends (src/schemas/shape.ts). Written so that any dialect reads it. */
export const TEXT = '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F]*$'

/** The most characters that a format has; a decimal is bounded by its digits. */
const LENGTHS: Record<string, number> = { uuid: 36, date: 10, 'date-time': 35, decimal: 30, email: 254 }
/** `integer` in PostgreSQL. */
const MOST = 2_147_483_647

/** Values, and what is said about them: no schema is inside. */
const OPAQUE = new Set(['example', 'examples', 'default', 'enum', 'const', 'required', 'security', 'x-roles'])

const isOf = (schema: Json, type: string): boolean => schema.type === type || [schema.type].flat().includes(type)

function boundsOf(schema: Json): Json {
  const { format, pattern, enum: values, minimum, maximum } = schema
  if (isOf(schema, 'integer')) {
    const known = Array.isArray(values) ? { minimum: Math.min(...values), maximum: Math.max(...values) } : {}
    return { format: 'int32', minimum: -MOST - 1, maximum: MOST, ...known, ...defined({ format, minimum, maximum }) }
  }
  if (!isOf(schema, 'string') || values || schema.const !== undefined) return {}
  const length = LENGTHS[format as string]
  return {
    ...(length !== undefined && schema.maxLength === undefined && { maxLength: length }),
    ...(format === undefined && pattern === undefined && { pattern: TEXT })
  }
}

const defined = (given: Json): Json =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

/**
 * A copy of a part of the document in which every schema says what follows from its type: the length of a UUID, the range of an
 * integer, that text holds no control characters.
 */
export function bounded<T>(part: T): T {
  if (Array.isArray(part)) return part.map((item) => bounded(item)) as T
  if (typeof part !== 'object' || part === null) return part
  const entries = Object.entries(part).map(([name, value]) => [name, OPAQUE.has(name) ? value : bounded(value)])
  return { ...Object.fromEntries(entries), ...boundsOf(part as Json) } as T
}
