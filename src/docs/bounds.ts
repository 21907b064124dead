import type { Json } from './wire.ts'

/** Text holds no control characters but tab and line ends (src/schemas/shape.ts). Written so that any dialect reads it. */
const TEXT = '^[^\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x7F-\\x9F]*$'

/** The most characters that a format has; a decimal is bounded by its digits. */
const LENGTHS: Record<string, number> = { uuid: 36, date: 10, 'date-time': 35, decimal: 30, email: 254 }
/** `integer` in PostgreSQL. */
const MOST = 2_147_483_647

/** Values, and what is said about them: no schema is inside. Responses refer to schemas by name. */
const OPAQUE = new Set([
  'example',
  'examples',
  'default',
  'enum',
  'const',
  'required',
  'responses',
  'security',
  'x-roles'
])

function boundInteger(schema: Json): void {
  const values = schema.enum as number[] | undefined
  schema.format ??= 'int32'
  schema.minimum ??= values ? Math.min(...values) : -MOST - 1
  schema.maximum ??= values ? Math.max(...values) : MOST
}

function boundText(schema: Json): void {
  if (schema.enum !== undefined || schema.const !== undefined) return
  const length = LENGTHS[schema.format as string]
  if (length !== undefined) schema.maxLength ??= length
  if (schema.format === undefined) schema.pattern ??= TEXT
}

function bound(schema: Json): void {
  const { type } = schema
  if (type === 'integer') boundInteger(schema)
  else if (type === 'string') boundText(schema)
  else if (Array.isArray(type)) {
    if (type.includes('integer')) boundInteger(schema)
    if (type.includes('string')) boundText(schema)
  }
}

/**
 * Says in every schema of a part of the document what follows from its type: the length of a UUID, the range of an
 * integer, that text holds no control characters. In place: a copy of the whole document was a third of its making.
 */
export function addBounds(part: unknown): void {
  if (typeof part !== 'object' || part === null) return
  if (Array.isArray(part)) {
    for (const item of part) addBounds(item)
    return
  }
  for (const name in part) if (!OPAQUE.has(name)) addBounds((part as Json)[name])
  bound(part as Json)
}
