import { defineResource } from './define.ts'
import { money, quantity, ref, text } from './fields.ts'

/**
 * What a piece should cost for a combination of options, from a quantity on: a hint to who takes an order, never applied
 * by itself. A combination is the names of the options in the order of their groups: `Round|Cotton`.
 */
export const idealPrices = defineResource('ideal-prices', {
  fields: {
    category_id: ref('categories', { fixed: true }),
    combination: text({ max: 2000, fixed: true, search: true }),
    min_quantity: quantity({ positive: true, fixed: true, default: 1 }),
    price: money({ positive: true })
  },
  label: 'combination',
  unique: [['category_id', 'combination', 'min_quantity']],
  checks: { min_quantity: 'min_quantity > 0' },
  sort: { combination: 1 }
})
