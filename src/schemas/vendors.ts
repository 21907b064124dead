import { defineResource } from './define.ts'
import { optional, ref, text } from './fields.ts'
import { partyFields } from './parties.ts'

/** Who the shop buys from; `balance` is what the shop owes. */
export const vendors = defineResource('vendors', {
  fields: {
    ...partyFields(),
    terms: optional(text({ max: 500 })),
    branch_id: optional(ref('branches'))
  },
  label: 'name',
  sort: { name: 1 }
})
