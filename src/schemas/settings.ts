import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { choice, json, optional, ref } from './fields.ts'

/** What can be set per branch (or, without a branch, for all), each with the schema of its value. */
export const settingTypes = {
  /** Largest discount, in percent of a sale, that needs no special permission. */
  discount_limit_percent: Type.Number({ minimum: 0, maximum: 100 })
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
