import { defineResource } from './define.ts'
import { optional, quantity, ref } from './fields.ts'

/** What a shop has too little of: levels below the product's `limited_qty`. A view, so that it is never behind. */
export const restockLevels = defineResource('restock-levels', {
  methods: ['find', 'get'],
  ownTable: true,
  fields: {
    product_id: ref('products', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true }),
    on_hand: quantity({ readOnly: true }),
    limited_qty: quantity({ readOnly: true }),
    /** How many are missing up to the limit. */
    deficit: quantity({ readOnly: true }),
    /** On hand at all warehouses, and how much of the deficit that covers where no other shop asks for it. */
    warehouse_on_hand: quantity({ readOnly: true }),
    coverable: quantity({ readOnly: true })
  },
  label: 'product_id',
  sort: { deficit: -1 }
})

/** What must be bought: products of which all shops together lack more than the warehouses have. */
export const urgentBuys = defineResource('urgent-buys', {
  methods: ['find', 'get'],
  ownTable: true,
  fields: {
    product_id: ref('products', { readOnly: true }),
    /** That of the product: null for all branches. */
    branch_id: optional(ref('branches', { readOnly: true })),
    deficit: quantity({ readOnly: true }),
    warehouse_on_hand: quantity({ readOnly: true }),
    to_buy: quantity({ readOnly: true })
  },
  label: 'product_id',
  sort: { to_buy: -1 }
})
