import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { date, json, money, optional, ref, text } from './fields.ts'
import { amount, goodsLine, linesOf, marks, productNames, quantityOfLine } from './goods.ts'

const receivedLine = Type.Object(
  {
    ...productNames,
    quantity: quantityOfLine,
    unit_cost: amount,
    /** What the product is sold for from now on. */
    unit_price: Type.Optional(amount),
    ...marks
  },
  { additionalProperties: false }
)

/** Goods in from a vendor: stock, average cost and what the vendor is owed, all lines or none. */
export const stockReceipts = defineResource('stock-receipts', {
  methods: ['find', 'get', 'create'],
  fields: {
    number: text({ max: 30, readOnly: true, unique: true, search: true }),
    vendor_id: ref('vendors'),
    branch_id: ref('branches', { defaultFrom: 'branch' }),
    /** When the goods came, as the delivery note has it. */
    date: date({ defaultFrom: 'today' }),
    business_date: date({ readOnly: true, index: true }),
    total: money({ readOnly: true }),
    note: optional(text({ max: 1000 })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  input: { items: json(linesOf(receivedLine)) },
  children: { items: { resource: 'stock-receipt-items', field: 'receipt_id', embed: true } },
  checks: { total: 'total >= 0' },
  label: 'number'
})

export const stockReceiptItems = defineResource('stock-receipt-items', {
  methods: ['find', 'get'],
  fields: {
    receipt_id: ref('stock-receipts', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true, index: false }),
    ...goodsLine(),
    /** The new selling price that came with the line. */
    unit_price: optional(money({ readOnly: true, positive: true })),
    /** Quantity times cost, half up. */
    total: money({ readOnly: true })
  },
  unique: [['receipt_id', 'line_no']],
  checks: { quantity: 'quantity > 0' },
  label: 'name',
  sort: { line_no: 1 }
})
