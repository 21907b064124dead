import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { flag, json, ref } from './fields.ts'

/** A bar parts the names of a combination, see ideal-prices. */
const name = () => Type.String({ minLength: 1, maxLength: 60, pattern: '^[^|]*[^|\\s][^|]*$' })
const surcharge = Type.Union([Type.String({ format: 'decimal' }), Type.Number()])

const option = Type.Object(
  {
    name: name(),
    /** What a piece costs more with it. */
    surcharge: Type.Optional(surcharge)
  },
  { additionalProperties: false }
)
const group = Type.Object(
  {
    name: name(),
    /** Whether a line must name one of its options; left out: it must. */
    required: Type.Optional(Type.Boolean()),
    options: Type.Array(option, { minItems: 1, maxItems: 100 })
  },
  { additionalProperties: false }
)

/**
 * What can be chosen of goods made to order: one record per category, with its groups of options in the order in which
 * they are asked for. `product_id` is the service that invoices name for such goods.
 */
export const orderOptions = defineResource('order-options', {
  fields: {
    category_id: ref('categories', { unique: true, fixed: true }),
    product_id: ref('products'),
    groups: json(Type.Array(group, { minItems: 1, maxItems: 30 })),
    is_active: flag({ default: true })
  },
  label: 'id'
})
