import { currency } from '../schemas/currency.ts'
import { createSchema, type Resource } from '../schemas/define.ts'
import type { Field } from '../schemas/fields.ts'
import { QUANTITY_BOUND } from '../schemas/kinds.ts'

export type Json = Record<string, unknown>

const ACRONYMS = new Set(['id', 'ip', 'sku'])

/** What people call a field: `unit_price` -> "Unit price", `vendor_id` -> "Vendor". */
export function titleOf(name: string): string {
  const words = name.replace(/(?<=.)_id$/, '').split('_')
  const text = words.map((word) => (ACRONYMS.has(word) ? word.toUpperCase() : word)).join(' ')
  return text[0]!.toUpperCase() + text.slice(1)
}

/** TypeBox says of a record of any names that their pattern is whatever; the usual word for that is another. */
function plainRecord(_name: string, value: unknown): unknown {
  const { patternProperties, ...rest } = (value ?? {}) as { patternProperties?: Json }
  return patternProperties ? { ...rest, additionalProperties: Object.values(patternProperties)[0] } : value
}

/** A copy of the field's own schema, without what `optional` wrapped around it. */
function innerOf({ schema, nullable, kind }: Field): Json {
  const inner = nullable ? (schema.anyOf as Json[])[0]! : (schema as Json)
  return kind === 'json' ? (JSON.parse(JSON.stringify(inner), plainRecord) as Json) : { ...inner }
}

/** Sign, point, and the digits that a sum over all amounts can have. */
const MAX_DECIMAL = 30

/** What comes out always has all its decimals; what goes in may have fewer, or be a number. */
function decimalSchema(field: Field, write: boolean): Json {
  const { kind, options } = field
  const scale = kind === 'money' ? currency.scale : (options.scale ?? 4)
  const what =
    kind === 'money' ? `Amount in ${currency.code}` : `${innerOf(field).description}, up to ${scale} decimals`
  const sign = options.positive ? '' : '-?'
  const pattern = (whole: string, fraction: string) => `^${sign}${whole}${scale ? fraction : ''}$`
  if (!write) {
    const decimals = kind === 'money' ? `\\.\\d{${scale}}` : `(\\.\\d{1,${scale}})?`
    return { type: 'string', pattern: pattern('\\d+', decimals), maxLength: MAX_DECIMAL, description: what }
  }
  return {
    type: ['string', 'number'],
    pattern: pattern('(0|[1-9]\\d{0,11})', `(\\.\\d{1,${scale}})?`),
    maxLength: MAX_DECIMAL,
    ...(options.positive && { minimum: 0 }),
    ...(options.max !== undefined && { maximum: options.max }),
    description: what
  }
}

/** Not `multipleOf: 0.001`: validators that count in binary fractions would refuse 0.07. */
const quantitySchema = ({ options }: Field): Json => ({
  type: 'number',
  minimum: options.min ?? (options.positive ? 0 : -QUANTITY_BOUND),
  maximum: options.max ?? QUANTITY_BOUND,
  description: 'Quantity, up to 3 decimals'
})

function plainSchema(field: Field, write: boolean): Json {
  if (field.kind === 'money' || field.kind === 'decimal') return decimalSchema(field, write)
  if (field.kind === 'quantity') return quantitySchema(field)
  const inner = innerOf(field)
  const { min, max, positive } = field.options
  if (field.kind !== 'integer') return inner
  const least = min ?? (positive ? 0 : undefined)
  return { ...inner, ...(least !== undefined && { minimum: least }), ...(max !== undefined && { maximum: max }) }
}

function nullable(schema: Json): Json {
  if (!Object.keys(schema).length) return schema
  if (schema.type === undefined || schema.enum) return { anyOf: [schema, { type: 'null' }] }
  return { ...schema, type: [schema.type, 'null'].flat() }
}

/** JSON Schema of one field as it is read, or as it is written. */
export function fieldSchema(field: Field, write = false): Json {
  const schema = plainSchema(field, write)
  return field.nullable ? nullable(schema) : schema
}

/** JSON Schema of a record as it is read, with the fields of `names` and what is embedded in it. */
export function readSchema(resource: Resource, names: readonly string[], embedded: Json = {}): Json {
  const properties: Record<string, Json> = {}
  for (const name of names) {
    const field = resource.all[name]
    if (!field || field.secret) continue
    if (!field.under) properties[name] = fieldSchema(field)
    else {
      properties[field.under] ??= { type: 'object', properties: {} }
      ;(properties[field.under]!.properties as Json)[name] = fieldSchema(field)
    }
  }
  return { type: 'object', properties: { ...properties, ...embedded }, required: ['id'] }
}

const FROM: Record<NonNullable<Field['defaultFrom']>, string> = {
  branch: 'the branch of the caller',
  user: 'the caller',
  today: 'the business date'
}

function givenSchema(field: Field): Json {
  const schema = fieldSchema(field, true)
  const left = field.defaultFrom && `Left out: ${FROM[field.defaultFrom]}`
  return {
    ...schema,
    ...(left && { description: [schema.description, left].filter(Boolean).join('. ') }),
    ...(field.default !== undefined && { default: field.default })
  }
}

/** Every field a create takes, the resource's own input included. */
export const givenFields = (resource: Resource): Record<string, Field> => {
  const all = { ...resource.all, ...resource.input }
  return Object.fromEntries(Object.keys(createSchema(resource).properties).map((name) => [name, all[name]!]))
}

/** JSON Schema of what a create takes, limited to the fields of `may`. */
export function createBody(resource: Resource, may: (name: string) => boolean = () => true): Json {
  const fields = Object.entries(givenFields(resource)).filter(([name]) => name === 'id' || may(name))
  const required = (createSchema(resource).required ?? []).filter((name) => may(name))
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map(([name, field]) => [name, givenSchema(field)])),
    ...(required.length && { required }),
    additionalProperties: false
  }
}

export const isPatchable = (field: Field): boolean => !field.fixed && !field.readOnly

/** JSON Schema of what a patch takes: whatever is left out stays; `version` refuses the patch of an older record. */
export function patchBody(resource: Resource, may: (name: string) => boolean = () => true): Json {
  const fields = Object.entries(givenFields(resource)).filter(([name, field]) => isPatchable(field) && may(name))
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field, true)])),
      version: { type: 'integer', description: 'The version the change is based on; 409 when it is not the stored one' }
    },
    additionalProperties: false
  }
}
