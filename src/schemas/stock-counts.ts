import { defineResource } from './define.ts'
import { choice, date, decimal, instant, integer, money, optional, quantity, ref, text } from './fields.ts'

/** A count of a branch's goods, open until a stock-count-closing books what differs. One at a time per branch. */
export const stockCounts = defineResource('stock-counts', {
  methods: ['find', 'get', 'create'],
  changes: true,
  fields: {
    number: text({ max: 30, readOnly: true, unique: true, search: true }),
    branch_id: ref('branches', { defaultFrom: 'branch' }),
    /** Nothing that was counted earlier belongs to it. Left out: now. */
    cut_off: optional(instant()),
    business_date: date({ readOnly: true, index: true }),
    status: choice(['open', 'closed'], { readOnly: true, default: 'open' }),
    note: optional(text({ max: 1000 })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  children: { lines: { resource: 'stock-count-lines', field: 'count_id' } },
  indexes: { open: { fields: ['branch_id'], unique: true, where: "status = 'open'" } },
  checks: { cut_off: 'cut_off is not null' },
  label: 'number'
})

/** One product as somebody counted it. Written once; counted again it is another line, and the last one holds. */
export const stockCountLines = defineResource('stock-count-lines', {
  methods: ['find', 'get', 'create'],
  fields: {
    count_id: ref('stock-counts'),
    branch_id: ref('branches', { readOnly: true, index: false }),
    product_id: optional(ref('products')),
    counted: quantity({ positive: true }),
    /** Left out: now. A device that was offline says when. */
    counted_at: optional(instant()),
    /** What the ledger had at that instant. */
    expected: quantity({ readOnly: true }),
    location: optional(text({ max: 100 })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  /** May stand for the product. */
  input: { barcode: optional(text({ max: 50 })), sku: optional(text({ max: 50 })) },
  checks: { stated: 'product_id is not null and counted_at is not null' },
  label: 'counted_at'
})

/** The end of a count: the differences are booked as adjustments. */
export const stockCountClosings = defineResource('stock-count-closings', {
  methods: ['find', 'get', 'create'],
  fields: {
    count_id: ref('stock-counts', { unique: true }),
    branch_id: ref('branches', { readOnly: true }),
    business_date: date({ readOnly: true, index: true }),
    /** What the differences are worth at average cost: below 0 goods were missing. */
    value: money({ readOnly: true }),
    note: optional(text({ max: 1000 })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  children: { items: { resource: 'stock-count-closing-items', field: 'closing_id', embed: true } },
  label: 'business_date'
})

/** A product of a closed count. */
export const stockCountClosingItems = defineResource('stock-count-closing-items', {
  methods: ['find', 'get'],
  fields: {
    closing_id: ref('stock-count-closings', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true, index: false }),
    line_no: integer({ readOnly: true }),
    product_id: ref('products', { readOnly: true }),
    counted: quantity({ readOnly: true, positive: true }),
    expected: quantity({ readOnly: true }),
    difference: quantity({ readOnly: true }),
    unit_cost: decimal({ scale: 4, readOnly: true, positive: true }),
    value: money({ readOnly: true })
  },
  unique: [['closing_id', 'line_no']],
  checks: { difference: 'difference = counted - expected' },
  label: 'line_no',
  sort: { line_no: 1 }
})
