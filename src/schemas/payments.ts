import { defineResource } from './define.ts'
import { choice, date, money, optional, ref, text } from './fields.ts'

/** Money received for an invoice, or given back (direction `out`); append-only. */
export const payments = defineResource('payments', {
  methods: ['find', 'get', 'create'],
  fields: {
    invoice_id: ref('invoices'),
    customer_id: optional(ref('customers', { readOnly: true })),
    branch_id: ref('branches', { readOnly: true }),
    register_id: ref('registers', { readOnly: true, index: false }),
    /** The shift whose drawer or terminal took it; null until the register's next shift opens, if it has shifts at all. */
    shift_id: optional(ref('shifts', { readOnly: true, index: false })),
    method: text({ max: 30 }),
    amount: money({ positive: true }),
    /** Cash handed over; the change is what it exceeds the amount by. */
    tendered: optional(money({ positive: true })),
    change: money({ readOnly: true }),
    direction: choice(['in', 'out'], { readOnly: true }),
    /** The refund that it pays out. */
    refund_id: optional(ref('refunds', { readOnly: true, index: false })),
    reference: optional(text({ max: 100 })),
    business_date: date({ readOnly: true }),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  label: 'method',
  indexes: { shift: { fields: ['shift_id', 'created_at'] } },
  checks: { amount: 'amount > 0', change: 'change >= 0 and change = coalesce(tendered - amount, 0)' }
})
