import { defineResource } from './define.ts'
import { choice, date, integer, json, text } from './fields.ts'
import { orderHeader, orderLines } from './order-lines.ts'

/** What goods made to order would cost, until a day. An order made of an approved one converts it, once. */
export const quotations = defineResource('quotations', {
  methods: ['find', 'get', 'create', 'patch'],
  fields: {
    quotation_no: text({ max: 30, readOnly: true, unique: true, search: true }),
    series_no: integer({ readOnly: true }),
    status: choice(['draft', 'sent', 'approved', 'rejected', 'converted'], { default: 'draft' }),
    /** The last day on which it can be converted. */
    valid_until: date(),
    ...orderHeader()
  },
  input: { items: json(orderLines()) },
  children: {
    items: { resource: 'quotation-items', field: 'quotation_id', embed: true }
  },
  unique: [['branch_id', 'series_no']],
  label: 'quotation_no'
})
