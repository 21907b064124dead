import { defineResource } from './define.ts'
import { money, optional, ref, text } from './fields.ts'
import { partyFields } from './parties.ts'

/** Who the shop sells to; `balance` is what they owe. */
export const customers = defineResource('customers', {
  fields: {
    ...partyFields(),
    national_id: optional(text({ max: 40 })),
    billing_addr: optional(text({ max: 500 })),
    shipping_addr: optional(text({ max: 500 })),
    credit_limit: money({ positive: true, default: '0' }),
    salesman_id: optional(ref('salesmen')),
    branch_id: optional(ref('branches', { defaultFrom: 'branch' }))
  },
  label: 'name',
  sort: { name: 1 }
})
