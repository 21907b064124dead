import { defineResource } from './define.ts'
import { flag, optional, percent, ref, text } from './fields.ts'

export const salesmen = defineResource('salesmen', {
  fields: {
    name: text({ max: 100, search: true }),
    code: text({ max: 20, unique: 'ignoring-case', search: true }),
    commission_rate: percent({ default: '0' }),
    phone: optional(text({ max: 40 })),
    address: optional(text({ max: 500 })),
    branch_id: optional(ref('branches')),
    is_active: flag({ default: true })
  },
  label: 'name',
  sort: { name: 1 }
})
