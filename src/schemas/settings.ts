import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { choice, json, optional, ref } from './fields.ts'

/** What can be set per branch (or, without a branch, for all), each with the schema of its value. */
export const settingTypes = {
  /** Largest discount, in percent of a sale, that needs no special permission. */
  discount_limit_percent: Type.Number({ minimum: 0, maximum: 100 }),
  /** The most that who may `discount` takes off by hand, other prices included, unless they may `override`. */
  override_limit_percent: Type.Number({ minimum: 0, maximum: 100 }),
  /** Largest refund that needs no special permission: an amount such as "250.00". */
  refund_limit: Type.String({ pattern: '^(0|[1-9]\\d{0,11})(\\.\\d{1,4})?$' }),
  /** Who closes a shift counts without being told what must be there, unless they may `override` shift closings. */
  blind_count: Type.Boolean(),
  /**
   * How the branch's scales print: EAN-13 that begin with `prefix` hold `item` digits of the product's `article_no`, then
   * a price in the smallest unit of the currency or a weight in thousandths, then the check digit.
   */
  embedded_barcodes: Type.Array(
    Type.Object(
      {
        prefix: Type.String({ pattern: '^(2[0-9]{0,3}|02[0-9]{0,2})$' }),
        item: Type.Integer({ minimum: 1, maximum: 10 }),
        value: Type.Union([Type.Literal('price'), Type.Literal('weight')])
      },
      { additionalProperties: false }
    ),
    { maxItems: 20 }
  )
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
