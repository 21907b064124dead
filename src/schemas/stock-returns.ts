import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { date, json, money, optional, ref, text } from './fields.ts'
import { amount, goodsLine, linesOf, marks, productNames, quantityOfLine } from './goods.ts'

const returnedLine = Type.Object(
  {
    ...productNames,
    quantity: quantityOfLine,
    /** What the vendor takes it back for; without it the average cost. */
    unit_cost: Type.Optional(amount),
    ...marks
  },
  { additionalProperties: false }
)

/** Goods back to a vendor: the reverse of a receipt. */
export const stockReturns = defineResource('stock-returns', {
  methods: ['find', 'get', 'create'],
  fields: {
    number: text({ max: 30, readOnly: true, unique: true, search: true }),
    vendor_id: ref('vendors'),
    branch_id: ref('branches', { defaultFrom: 'branch' }),
    date: date({ defaultFrom: 'today' }),
    business_date: date({ readOnly: true, index: true }),
    total: money({ readOnly: true }),
    note: optional(text({ max: 1000 })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  input: { items: json(linesOf(returnedLine)) },
  children: { items: { resource: 'stock-return-items', field: 'return_id', embed: true } },
  checks: { total: 'total >= 0' },
  label: 'number'
})

export const stockReturnItems = defineResource('stock-return-items', {
  methods: ['find', 'get'],
  fields: {
    return_id: ref('stock-returns', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true, index: false }),
    ...goodsLine(),
    total: money({ readOnly: true })
  },
  unique: [['return_id', 'line_no']],
  checks: { quantity: 'quantity > 0' },
  label: 'name',
  sort: { line_no: 1 }
})
