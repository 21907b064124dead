import { defineResource } from './define.ts'
import { ref } from './fields.ts'
import { orderLineFields } from './order-lines.ts'

/** A line of an order, with the options that were chosen. */
export const customOrderItems = defineResource('custom-order-items', {
  methods: ['find', 'get'],
  fields: { order_id: ref('custom-orders', { readOnly: true }), ...orderLineFields('custom_order_item_images') },
  label: 'name',
  unique: [['order_id', 'line_no']],
  sort: { line_no: 1 }
})
