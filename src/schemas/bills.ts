import { defineResource } from './define.ts'
import { choice, date, integer, money, optional, ref, text } from './fields.ts'

/**
 * Issued invoices by what finds them again: a view for who looks for a customer's bill of any day, to print it once more or
 * to take goods of it back. What stands on them is the invoice's, or that of its print.
 */
export const bills = defineResource('bills', {
  methods: ['find', 'get'],
  ownTable: true,
  fields: {
    invoice_no: text({ max: 30, readOnly: true }),
    branch_id: ref('branches', { readOnly: true }),
    register_id: ref('registers', { readOnly: true }),
    customer_id: optional(ref('customers', { readOnly: true })),
    business_date: date({ readOnly: true }),
    status: choice(['issued', 'partial', 'paid', 'refunded', 'cancelled'], { readOnly: true }),
    total: money({ readOnly: true }),
    print_count: integer({ readOnly: true })
  },
  label: 'invoice_no',
  sort: { created_at: -1 }
})
