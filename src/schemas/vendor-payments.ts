import { defineResource } from './define.ts'
import { choice, date, money, optional, ref, text } from './fields.ts'

/** Money given to vendors for what the shop owes them, or in advance; a `reverse` comes back. Append-only. */
export const vendorPayments = defineResource('vendor-payments', {
  methods: ['find', 'get', 'create'],
  fields: {
    number: text({ max: 30, readOnly: true, unique: true, search: true }),
    vendor_id: ref('vendors'),
    branch_id: ref('branches', { defaultFrom: 'branch' }),
    amount: money({ positive: true }),
    method: text({ max: 30 }),
    direction: choice(['payment', 'reverse'], { default: 'payment' }),
    date: date({ defaultFrom: 'today', index: true }),
    note: optional(text({ max: 1000 })),
    /** The shift whose drawer paid it; null where none did. */
    shift_id: optional(ref('shifts', { readOnly: true })),
    /** What the shop owed the vendor after it; below 0 was paid in advance. */
    balance_after: money({ readOnly: true }),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  input: {
    /** Of which drawer cash is; left out, the caller's own, else none. */
    register_id: optional(ref('registers'))
  },
  label: 'number',
  checks: { amount: 'amount > 0' }
})
