import { defineResource } from './define.ts'
import { choice, date, money, optional, ref, text } from './fields.ts'

/** An advance on an order (direction `in`), or some of it given back (`out`); append-only. */
export const orderPayments = defineResource('order-payments', {
  methods: ['find', 'get', 'create'],
  fields: {
    order_id: ref('custom-orders'),
    customer_id: ref('customers', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true, index: false }),
    /** The drawer or terminal; left out: that of the caller's open shift, else the first of the order's branch. */
    register_id: optional(ref('registers')),
    /** The shift whose drawer or terminal it went through; null until the register's next shift opens, if it has shifts at all. */
    shift_id: optional(ref('shifts', { readOnly: true, index: false })),
    direction: choice(['in', 'out'], { default: 'in' }),
    method: text({ max: 30 }),
    amount: money({ positive: true }),
    reference: optional(text({ max: 100 })),
    /** The closing of the order that gave it back. */
    closing_id: optional(ref('order-closings', { readOnly: true, index: false })),
    business_date: date({ readOnly: true, index: true }),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  label: 'method',
  indexes: { shift: { fields: ['shift_id', 'created_at'] } },
  checks: { amount: 'amount > 0' }
})
