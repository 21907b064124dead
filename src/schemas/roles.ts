import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { flag, json, text } from './fields.ts'

const words = Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { minItems: 1, maxItems: 60 })

/** CASL rules as data: what the role may do, on which fields, over which rows. */
const rule = Type.Object(
  {
    action: words,
    subject: words,
    fields: Type.Optional(words),
    conditions: Type.Optional(Type.Record(Type.String(), Type.Unknown()))
  },
  { additionalProperties: false }
)

export const roles = defineResource('roles', {
  fields: {
    name: text({ max: 40, unique: 'ignoring-case', search: true }),
    permissions: json(Type.Array(rule, { maxItems: 500 }), { default: [] }),
    is_builtin: flag({ readOnly: true, default: false })
  },
  label: 'name',
  sort: { name: 1 }
})
