import { defineResource } from './define.ts'
import { choice, found, integer, json, money, optional, ref, text } from './fields.ts'
import { orderHeader, orderLines } from './order-lines.ts'

/** An order of goods made for a customer or a team. It ends by an order closing: delivered with an invoice, or cancelled. */
export const customOrders = defineResource('custom-orders', {
  methods: ['find', 'get', 'create', 'patch'],
  fields: {
    order_no: text({ max: 30, readOnly: true, unique: true, search: true }),
    series_no: integer({ readOnly: true }),
    status: choice(['pending', 'in_progress', 'completed', 'delivered', 'cancelled'], { default: 'pending' }),
    /** The approved quotation that it was made by, with its lines and prices. */
    quotation_id: optional(ref('quotations', { fixed: true, unique: true, index: false })),
    ...orderHeader(),
    /** Advances, less what was given back of them. */
    paid: money({ readOnly: true, under: 'totals' }),
    balance: money({ readOnly: true, under: 'totals' }),
    linked_invoice: optional(ref('invoices', { readOnly: true, unique: true, index: false }))
  },
  input: {
    /** Needed without a quotation. */
    items: found(json(orderLines()))
  },
  children: {
    items: { resource: 'custom-order-items', field: 'order_id', embed: true },
    payments: { resource: 'order-payments', field: 'order_id', embed: true },
    reservations: { resource: 'stock-reservations', field: 'order_id' }
  },
  unique: [['branch_id', 'series_no']],
  checks: {
    totals: 'total = paid + balance and balance >= 0 and paid >= 0',
    delivered: "(status = 'delivered') = (linked_invoice is not null)"
  },
  label: 'order_no'
})
