import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { choice, date, decimal, integer, json, optional, quantity, ref, text } from './fields.ts'
import { goodsLine, linesOf, marks, productNames, quantityOfLine } from './goods.ts'

const sentLine = Type.Object({ ...productNames, quantity: quantityOfLine, ...marks }, { additionalProperties: false })
const arrivedLine = Type.Object(
  { item_id: Type.String({ format: 'uuid' }), quantity: Type.Number({ minimum: 0, maximum: 999_999_999 }) },
  { additionalProperties: false }
)

/** The branches of every part of a transfer: both may read it. */
const branches = () => ({
  from_branch_id: ref('branches', { readOnly: true }),
  to_branch_id: ref('branches', { readOnly: true })
})

/** Goods from one branch to another. Sent by its creation, received by a stock-transfer-receipt. */
export const stockTransfers = defineResource('stock-transfers', {
  methods: ['find', 'get', 'create'],
  changes: true,
  fields: {
    number: text({ max: 30, readOnly: true, unique: true, search: true }),
    from_branch_id: ref('branches', { defaultFrom: 'branch' }),
    to_branch_id: ref('branches'),
    business_date: date({ readOnly: true, index: true }),
    status: choice(['sent', 'received'], { readOnly: true, default: 'sent' }),
    note: optional(text({ max: 1000 })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  input: { items: json(linesOf(sentLine)) },
  children: {
    items: { resource: 'stock-transfer-items', field: 'transfer_id', embed: true },
    receipts: { resource: 'stock-transfer-receipts', field: 'transfer_id' }
  },
  checks: { branches: 'from_branch_id <> to_branch_id' },
  label: 'number'
})

/** What was sent, at the cost it had where it left. */
export const stockTransferItems = defineResource('stock-transfer-items', {
  methods: ['find', 'get'],
  fields: { transfer_id: ref('stock-transfers', { readOnly: true }), ...branches(), ...goodsLine() },
  unique: [['transfer_id', 'line_no']],
  checks: { quantity: 'quantity > 0' },
  label: 'name',
  sort: { line_no: 1 }
})

/** The arrival of a transfer, once: what really came, line by line. */
export const stockTransferReceipts = defineResource('stock-transfer-receipts', {
  methods: ['find', 'get', 'create'],
  fields: {
    transfer_id: ref('stock-transfers', { unique: true }),
    ...branches(),
    business_date: date({ readOnly: true, index: true }),
    note: optional(text({ max: 1000 })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  input: {
    /** Every line of the transfer once; left out when all of it arrived. */
    items: optional(json(linesOf(arrivedLine)))
  },
  children: { items: { resource: 'stock-transfer-receipt-items', field: 'receipt_id', embed: true } },
  label: 'business_date'
})

export const stockTransferReceiptItems = defineResource('stock-transfer-receipt-items', {
  methods: ['find', 'get'],
  fields: {
    receipt_id: ref('stock-transfer-receipts', { readOnly: true }),
    ...branches(),
    line_no: integer({ readOnly: true }),
    item_id: ref('stock-transfer-items', { readOnly: true, unique: true }),
    product_id: ref('products', { readOnly: true }),
    sent: quantity({ readOnly: true, positive: true }),
    quantity: quantity({ readOnly: true, positive: true }),
    /** What arrived less what was sent: below 0 it was lost on the way. */
    difference: quantity({ readOnly: true }),
    unit_cost: decimal({ scale: 4, readOnly: true, positive: true })
  },
  unique: [['receipt_id', 'line_no']],
  checks: { difference: 'difference = quantity - sent' },
  label: 'line_no',
  sort: { line_no: 1 }
})
