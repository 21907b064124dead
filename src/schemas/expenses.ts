import { defineResource } from './define.ts'
import { choice, date, flag, money, optional, ref, text } from './fields.ts'

/**
 * Money spent beside goods. Amount, day and method stay; what was wrong is put right by a `reverse`, also once the drawer
 * that paid it is closed.
 */
export const expenses = defineResource('expenses', {
  fields: {
    type_id: ref('expense-types'),
    branch_id: ref('branches', { fixed: true, defaultFrom: 'branch' }),
    amount: money({ positive: true, fixed: true }),
    /** A `reverse` gives back. */
    direction: choice(['expense', 'reverse'], { default: 'expense', fixed: true }),
    date: date({ defaultFrom: 'today', fixed: true, index: true }),
    method: text({ max: 30, default: 'cash', fixed: true }),
    note: optional(text({ max: 1000, search: true })),
    /** For administrators alone: rent, wages. */
    admin_only: flag({ default: false }),
    /** The shift whose drawer paid it; null where none did. */
    shift_id: optional(ref('shifts', { readOnly: true })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  input: {
    /** Of which drawer cash is; left out, the caller's own, else none. */
    register_id: optional(ref('registers'))
  },
  label: 'note',
  sort: { date: -1 },
  checks: { amount: 'amount > 0' }
})
