import { defineResource } from './define.ts'
import { choice, date, decimal, integer, money, quantity, ref, text } from './fields.ts'

/** What came back of a sold line; append-only. */
export const refundItems = defineResource('refund-items', {
  methods: ['find', 'get'],
  fields: {
    refund_id: ref('refunds', { readOnly: true }),
    invoice_item_id: ref('invoice-items', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true, index: false }),
    business_date: date({ readOnly: true }),
    /** The line's number in the invoice. */
    line_no: integer({ readOnly: true }),
    product_id: ref('products', { readOnly: true }),
    name: text({ max: 150, readOnly: true }),
    sku: text({ max: 50, readOnly: true }),
    quantity: quantity({ readOnly: true, positive: true }),
    /** Back on the shelf, or booked in and written off. */
    condition: choice(['restock', 'damaged'], { readOnly: true }),
    /** What that part of the line was really paid, tax in it. */
    amount: money({ readOnly: true }),
    tax: money({ readOnly: true }),
    /** The cost of the line as it was sold. */
    unit_cost: decimal({ scale: 4, readOnly: true })
  },
  label: 'name',
  sort: { line_no: 1 },
  checks: { quantity: 'quantity > 0 and amount >= 0 and tax >= 0' }
})
