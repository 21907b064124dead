import { defineResource } from './define.ts'
import { date, money, optional, ref, text } from './fields.ts'

/** A sale taken back whole on its own day: goods, money and what was owed. Its number stays. Append-only. */
export const invoiceVoids = defineResource('invoice-voids', {
  methods: ['find', 'get', 'create'],
  fields: {
    invoice_id: ref('invoices', { unique: true }),
    customer_id: optional(ref('customers', { readOnly: true, index: false })),
    branch_id: ref('branches', { readOnly: true }),
    /** The till that gives the money back; without one, the till that sold. */
    register_id: optional(ref('registers', { index: false })),
    business_date: date({ readOnly: true }),
    /** The total of the sale: what was given back, and what was still owed. */
    amount: money({ readOnly: true }),
    paid_out: money({ readOnly: true }),
    credited: money({ readOnly: true }),
    reason: text({ max: 300 }),
    processed_by: optional(ref('users', { readOnly: true, index: false, defaultFrom: 'user' }))
  },
  checks: { amount: 'amount = paid_out + credited and paid_out >= 0 and credited >= 0' },
  label: 'reason'
})
