import { defineResource } from './define.ts'
import { choice, optional, quantity, ref } from './fields.ts'

/**
 * Goods kept for an order, as a ledger: append-only. What it sums up to is `reserved` of the stock level; nobody else can sell
 * it, send it away or give it back to the vendor.
 */
export const stockReservations = defineResource('stock-reservations', {
  methods: ['find', 'get', 'create'],
  fields: {
    order_id: ref('custom-orders'),
    product_id: ref('products'),
    branch_id: ref('branches', { readOnly: true }),
    /** The signed change, never 0: above 0 keeps goods for the order, below lets them go. */
    quantity: quantity(),
    /** Of the product, for the order, after it. */
    reserved_after: quantity({ readOnly: true, positive: true }),
    /** `delivered`: the goods left with the order. `cancelled`: it ended without them. */
    reason: choice(['reserved', 'released', 'delivered', 'cancelled'], { readOnly: true }),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  label: 'reason',
  checks: { quantity: "quantity <> 0 and (quantity > 0) = (reason = 'reserved')" }
})
