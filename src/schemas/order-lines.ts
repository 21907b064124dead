import { Type } from '@feathersjs/typebox'
import { choice, computed, date, flag, integer, json, money, optional, percent, quantity, ref, text } from './fields.ts'

const MAX_LINES = 200
const MAX_IMAGES = 3
const decimalText = Type.String({ format: 'decimal' })
const amount = Type.Union([decimalText, Type.Number()])

const images = Type.Array(Type.String({ format: 'uuid' }), { maxItems: MAX_IMAGES, uniqueItems: true })

/** A line as a client sends it: the price is that of a piece without what its options add. */
const orderLine = Type.Object(
  {
    category_id: Type.String({ format: 'uuid' }),
    /** Group -> option, as order-options has them. */
    options: Type.Record(Type.String(), Type.String({ maxLength: 60 }), { maxProperties: 30 }),
    quantity: Type.Number({ exclusiveMinimum: 0, maximum: 999_999_999 }),
    price: amount,
    discount: Type.Optional(amount),
    notes: Type.Optional(Type.Union([Type.String({ maxLength: 500 }), Type.Null()])),
    /** Files, in the order in which they are shown. */
    images: Type.Optional(images)
  },
  { additionalProperties: false }
)
export const orderLines = () => Type.Array(orderLine, { minItems: 1, maxItems: MAX_LINES })

const chosen = Type.Object({
  group: Type.String({ maxLength: 60 }),
  option: Type.String({ maxLength: 60 }),
  surcharge: decimalText
})
const total = () => money({ readOnly: true, under: 'totals' })

/** Fields that orders and quotations share. */
export const orderHeader = () => ({
  branch_id: ref('branches', { defaultFrom: 'branch', fixed: true }),
  customer_id: ref('customers', { fixed: true }),
  salesman_id: optional(ref('salesmen')),
  team_name: optional(text({ max: 150, search: true })),
  required_by: optional(date()),
  /** What a piece costs more because it is wanted soon. */
  rush_surcharge: money({ positive: true, default: '0' }),
  prices_include_tax: flag({ readOnly: true }),
  tax_rounding: choice(['line', 'document'], { readOnly: true }),
  subtotal: total(),
  discount: total(),
  tax: total(),
  total: total(),
  /** The discount on the whole document, spread over its lines. */
  discounts: money({ positive: true, default: '0' }),
  taxes: json(
    Type.Array(Type.Object({ rate: decimalText, base: decimalText, tax: decimalText }), { maxItems: MAX_LINES }),
    { readOnly: true }
  ),
  notes: optional(text({ max: 1000 })),
  business_date: date({ readOnly: true, index: true }),
  created_by: optional(ref('users', { readOnly: true, index: false }))
})

/** The pictures of a line, kept in a table of their own, so that one that is referred to cannot be taken away. */
const imagesSql = (table: string) => (self: string) =>
  `coalesce((select json_agg(i.file_id order by i.place) from ${table} i where i.item_id = ${self}.id), '[]')`

/** Fields of a line of either, as it was agreed. */
export const orderLineFields = (imagesTable: string) => ({
  branch_id: ref('branches', { readOnly: true, index: false }),
  line_no: integer({ readOnly: true }),
  category_id: ref('categories', { readOnly: true }),
  product_id: ref('products', { readOnly: true, index: false }),
  name: text({ max: 150, readOnly: true }),
  options: json(Type.Array(chosen, { maxItems: 30 }), { readOnly: true }),
  quantity: quantity({ readOnly: true, positive: true }),
  price: money({ readOnly: true }),
  /** The price with what the options and haste add. */
  unit_price: money({ readOnly: true }),
  discount: money({ readOnly: true }),
  document_discount: money({ readOnly: true }),
  tax_rate: percent({ readOnly: true }),
  tax: money({ readOnly: true }),
  total: money({ readOnly: true }),
  notes: optional(text({ max: 500, readOnly: true })),
  images: computed(json(images), imagesSql(imagesTable))
})
