import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { choice, json, optional, ref } from './fields.ts'

/** What can be set per branch (or, without a branch, for all), each with the schema of its value. */
export const settingTypes = {
  /** Largest discount, in percent of a sale, that needs no special permission. */
  discount_limit_percent: Type.Number({ minimum: 0, maximum: 100 }),
  /** Largest refund that needs no special permission: an amount such as "250.00". */
  refund_limit: Type.String({ pattern: '^(0|[1-9]\\d{0,11})(\\.\\d{1,4})?$' }),
  /** Who closes a shift counts without being told what must be there, unless they may `override` shift closings. */
  blind_count: Type.Boolean()
} as const

export const settings = defineResource('settings', {
  fields: {
    branch_id: optional(ref('branches', { fixed: true })),
    key: choice(Object.keys(settingTypes) as (keyof typeof settingTypes)[], { fixed: true }),
    value: json(Type.Unknown())
  },
  label: 'key',
  unique: [['branch_id', 'key']]
})
