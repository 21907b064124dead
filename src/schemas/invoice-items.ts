import { defineResource } from './define.ts'
import { choice, date, decimal, integer, money, optional, percent, quantity, ref, text } from './fields.ts'

/** A line as it was sold: name, price, cost and tax stay as they were, whatever becomes of the product. */
export const invoiceItems = defineResource('invoice-items', {
  methods: ['find', 'get'],
  fields: {
    invoice_id: ref('invoices', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true, index: false }),
    business_date: date({ readOnly: true }),
    line_no: integer({ readOnly: true }),
    product_id: ref('products', { readOnly: true }),
    name: text({ max: 150, readOnly: true }),
    sku: text({ max: 50, readOnly: true }),
    quantity: quantity({ readOnly: true, positive: true }),
    unit_price: money({ readOnly: true }),
    /** The unit price before an override, and where the one used comes from: the product, a barcode that holds it, the till. */
    list_price: money({ readOnly: true }),
    price_source: choice(['list', 'barcode', 'override'], { readOnly: true }),
    /** What was scanned, where it holds a weight or a price. */
    barcode: optional(text({ max: 50, readOnly: true })),
    unit_cost: decimal({ scale: 4, readOnly: true }),
    discount: money({ readOnly: true }),
    /** Whether the discount is the product's own or was given at the till. */
    discount_source: choice(['product', 'given'], { readOnly: true }),
    /** This line's share of the discount on the whole document. */
    document_discount: money({ readOnly: true }),
    tax_rate: percent({ readOnly: true }),
    tax: money({ readOnly: true }),
    total: money({ readOnly: true })
  },
  label: 'name',
  unique: [['invoice_id', 'line_no']],
  sort: { line_no: 1 }
})
