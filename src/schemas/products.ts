import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { choice, computed, flag, json, money, optional, percent, quantity, ref, text } from './fields.ts'

export const products = defineResource('products', {
  fields: {
    sku: text({ max: 50, unique: true, search: true }),
    name: text({ max: 150, search: true }),
    /** A service is sold and never on stock: work, or goods made to order. */
    kind: choice(['goods', 'service'], { default: 'goods', fixed: true }),
    desc: optional(text({ max: 2000 })),
    unit_price: money({ positive: true }),
    cost_price: money({ positive: true }),
    tax_rate: percent({ default: '0' }),
    /** Percent taken off the line unless the sale says otherwise. */
    discount: percent({ default: '0' }),
    barcode: optional(text({ max: 50, unique: true, search: true })),
    /** Scales print it in their barcodes. */
    article_no: optional(text({ max: 50, index: true, search: true })),
    vendor_id: optional(ref('vendors')),
    category_id: optional(ref('categories')),
    brand_id: optional(ref('brands')),
    image_id: optional(ref('files')),
    /** Null: sold in all branches. */
    branch_id: optional(ref('branches')),
    brand_action: optional(text({ max: 200 })),
    attributes: optional(json(Type.Record(Type.String(), Type.Unknown()))),
    /** The level below which to restock; 0 for none. */
    limited_qty: quantity({ positive: true, default: 0 }),
    is_active: flag({ default: true }),
    /** On hand at the reader's branch, or at all branches for a reader without one. */
    stock_level: computed(
      quantity(),
      (self, branch) =>
        `coalesce((select sum(l.on_hand) from stock_levels l where l.product_id = ${self}.id and (${branch()} is null or l.branch_id = ${branch()})), 0)`
    )
  },
  label: 'name',
  sort: { created_at: -1 }
})
