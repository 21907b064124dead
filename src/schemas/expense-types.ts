import { defineResource } from './define.ts'
import { flag, text } from './fields.ts'

/** What the shop spends money on beside goods. */
export const expenseTypes = defineResource('expense-types', {
  fields: {
    name: text({ max: 100, unique: 'ignoring-case', search: true }),
    is_active: flag({ default: true })
  },
  label: 'name',
  sort: { name: 1 }
})
