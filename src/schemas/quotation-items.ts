import { defineResource } from './define.ts'
import { ref } from './fields.ts'
import { orderLineFields } from './order-lines.ts'

/** A line of a quotation, with the options that were chosen. */
export const quotationItems = defineResource('quotation-items', {
  methods: ['find', 'get'],
  fields: { quotation_id: ref('quotations', { readOnly: true }), ...orderLineFields('quotation_item_images') },
  label: 'name',
  unique: [['quotation_id', 'line_no']],
  sort: { line_no: 1 }
})
