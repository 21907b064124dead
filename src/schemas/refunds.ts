import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { date, integer, json, money, optional, ref, text, uuid } from './fields.ts'

/** What comes back of one line: named by its id, or by its number on the receipt. */
const returnedLine = Type.Object(
  {
    invoice_item_id: Type.Optional(Type.String({ format: 'uuid' })),
    line_no: Type.Optional(Type.Integer({ minimum: 1 })),
    quantity: Type.Number({ exclusiveMinimum: 0, maximum: 999_999_999 }),
    condition: Type.Unsafe<'restock' | 'damaged'>({ type: 'string', enum: ['restock', 'damaged'] })
  },
  { additionalProperties: false }
)

/** Goods of a sale taken back, and what was paid for them given back; append-only. */
export const refunds = defineResource('refunds', {
  methods: ['find', 'get', 'create'],
  fields: {
    refund_no: text({ max: 30, readOnly: true, unique: true, search: true }),
    series_no: integer({ readOnly: true }),
    invoice_id: ref('invoices'),
    customer_id: optional(ref('customers', { readOnly: true })),
    branch_id: ref('branches', { readOnly: true }),
    /** The till that gives the money back; without one, the till that sold. */
    register_id: optional(ref('registers')),
    business_date: date({ readOnly: true, index: true }),
    amount: money({ readOnly: true }),
    tax: money({ readOnly: true }),
    /** What of the amount was taken off what is still owed. */
    credited: money({ readOnly: true }),
    /** The rest, given back by `method`. */
    paid_out: money({ readOnly: true }),
    /** What the salesman of the sale gives back, by the rate at which it was earned. */
    commission: money({ readOnly: true, positive: true, default: '0' }),
    method: optional(text({ max: 30 })),
    reason: text({ max: 300 }),
    /** Who allowed what is above the limit. */
    approved_by: optional(ref('users', { readOnly: true, index: false })),
    processed_by: optional(ref('users', { readOnly: true, index: false, defaultFrom: 'user' }))
  },
  input: {
    items: json(Type.Array(returnedLine, { minItems: 1, maxItems: 500 })),
    /** The id of an approval for what is above the limit. */
    approval: optional(uuid())
  },
  children: {
    items: { resource: 'refund-items', field: 'refund_id', embed: true }
  },
  unique: [['register_id', 'series_no']],
  checks: { amount: 'amount = credited + paid_out and credited >= 0 and paid_out >= 0' },
  label: 'refund_no'
})
