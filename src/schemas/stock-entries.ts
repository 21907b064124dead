import { defineResource } from './define.ts'
import { choice, date, decimal, optional, quantity, ref, text, uuid } from './fields.ts'

/** The stock ledger: append-only, one row per movement of one product in one branch. */
export const stockEntries = defineResource('stock-entries', {
  methods: ['find', 'get', 'create'],
  fields: {
    product_id: ref('products'),
    branch_id: ref('branches', { defaultFrom: 'branch' }),
    /** The signed change. */
    qty: quantity(),
    type: choice(['IN', 'OUT', 'ADJUST']),
    reason: optional(text({ max: 200 })),
    location: optional(text({ max: 100 })),
    batch: optional(text({ max: 100 })),
    expiry: optional(date()),
    /** The document that moved it, as people write it. */
    ref: optional(text({ max: 100 })),
    document_id: optional(uuid({ readOnly: true, index: true })),
    unit_cost: optional(decimal({ scale: 4, positive: true })),
    vendor_id: optional(ref('vendors')),
    balance_after: quantity({ readOnly: true }),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  label: 'reason',
  checks: {
    qty: "qty <> 0 and (type <> 'IN' or qty > 0) and (type <> 'OUT' or qty < 0)",
    reason: "type <> 'ADJUST' or reason is not null"
  }
})
