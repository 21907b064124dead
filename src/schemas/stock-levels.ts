import { defineResource } from './define.ts'
import { decimal, flag, quantity, ref } from './fields.ts'

/** What is on hand: a projection of the stock ledger, moved in the transaction that writes the entry. */
export const stockLevels = defineResource('stock-levels', {
  methods: ['find', 'get'],
  changes: true,
  fields: {
    product_id: ref('products', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true }),
    on_hand: quantity({ readOnly: true }),
    /** How much of it is kept for orders: the sum of the stock reservations. */
    reserved: quantity({ readOnly: true, positive: true, default: 0 }),
    average_cost: decimal({ scale: 4, readOnly: true }),
    /** Whether the branch's policy lets the level fall below zero; kept here so that a constraint can hold the floor. */
    may_go_below_zero: flag({ readOnly: true })
  },
  label: 'product_id',
  unique: [['branch_id', 'product_id']],
  checks: { on_hand: 'on_hand >= 0 or may_go_below_zero' }
})
