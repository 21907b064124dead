import { defineResource } from './define.ts'
import { choice, date, found, money, optional, ref, text } from './fields.ts'

/** Money received, for an invoice or on a customer's account, or given back (direction `out`); append-only. */
export const payments = defineResource('payments', {
  methods: ['find', 'get', 'create'],
  fields: {
    /** Left out for a payment on account, which is set against the customer's open invoices. */
    invoice_id: optional(ref('invoices')),
    customer_id: optional(ref('customers')),
    branch_id: ref('branches', { readOnly: true }),
    register_id: ref('registers', { readOnly: true, index: false }),
    /** The shift whose drawer or terminal took it; null until the register's next shift opens, if it has shifts at all. */
    shift_id: optional(ref('shifts', { readOnly: true, index: false })),
    method: found(text({ max: 30 })),
    amount: found(money({ positive: true })),
    /** Cash handed over; the change is what it exceeds the amount by. */
    tendered: optional(money({ positive: true })),
    change: money({ readOnly: true }),
    direction: choice(['in', 'out'], { readOnly: true }),
    /** The refund that it pays out. */
    refund_id: optional(ref('refunds', { readOnly: true, index: false })),
    /** The earlier payment that it takes back: its method and amount are that one's. */
    reverses: optional(ref('payments', { index: false })),
    /** Why it is taken back. */
    reason: optional(text({ max: 300 })),
    reference: optional(text({ max: 100 })),
    /** An advance on that order, counted here and in no drawer: its money came or went when it was paid. */
    order_id: optional(ref('custom-orders', { readOnly: true, index: false })),
    business_date: date({ readOnly: true }),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  children: {
    allocations: { resource: 'payment-allocations', field: 'payment_id' }
  },
  label: 'method',
  indexes: {
    shift: { fields: ['shift_id', 'created_at'] },
    reverses: { fields: ['reverses'], unique: true, where: 'reverses is not null' }
  },
  checks: {
    amount: 'amount > 0',
    change: 'change >= 0 and change = coalesce(tendered - amount, 0)',
    account: 'invoice_id is not null or customer_id is not null'
  }
})
