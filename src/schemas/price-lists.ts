import { defineResource } from './define.ts'
import { date, flag, money, optional, quantity, ref, text } from './fields.ts'

/** Prices below those of the products: for one customer or for all, from a quantity on, for a time. */
export const priceLists = defineResource('price-lists', {
  fields: {
    name: text({ max: 100, unique: true, search: true }),
    /** Null: for every sale. */
    customer_id: optional(ref('customers')),
    /** The first and the last business date; null: without such a bound. */
    valid_from: optional(date()),
    valid_to: optional(date()),
    is_active: flag({ default: true })
  },
  children: { items: { resource: 'price-list-items', field: 'price_list_id' } },
  checks: { period: 'valid_from is null or valid_to is null or valid_from <= valid_to' },
  label: 'name',
  sort: { name: 1 }
})

export const priceListItems = defineResource('price-list-items', {
  fields: {
    price_list_id: ref('price-lists', { fixed: true, index: false }),
    product_id: ref('products', { fixed: true }),
    /** Of the line; the price holds from this quantity on. */
    min_quantity: quantity({ positive: true, default: 0 }),
    price: money({ positive: true })
  },
  unique: [['price_list_id', 'product_id', 'min_quantity']],
  label: 'id'
})
