import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { choice, date, json, money, optional, ref, text } from './fields.ts'
import { salePayment } from './invoices.ts'

/**
 * How an order ended. Delivered: an invoice was issued of it, to which its advances count. Cancelled: its advances were
 * given back by their methods (`refund`), or put on the customer's account (`credit`).
 */
export const orderClosings = defineResource('order-closings', {
  methods: ['find', 'get', 'create'],
  fields: {
    order_id: ref('custom-orders', { unique: true }),
    outcome: choice(['delivered', 'cancelled']),
    /** Needed to cancel. */
    reason: optional(text({ max: 500 })),
    /** What becomes of the advances of a cancelled order; needed where there are any. */
    advance: optional(choice(['refund', 'credit'])),
    register_id: optional(ref('registers', { index: false })),
    branch_id: ref('branches', { readOnly: true }),
    invoice_id: optional(ref('invoices', { readOnly: true, unique: true, index: false })),
    refunded: money({ readOnly: true }),
    credited: money({ readOnly: true }),
    business_date: date({ readOnly: true }),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  input: {
    /** What the customer pays of the balance when the goods are handed over; the rest goes on their account. */
    payments: json(Type.Array(salePayment, { maxItems: 20 }), { default: [] })
  },
  checks: {
    invoice: "(outcome = 'delivered') = (invoice_id is not null)",
    reason: "outcome = 'delivered' or reason is not null"
  },
  label: 'outcome'
})
