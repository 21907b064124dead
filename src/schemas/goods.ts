import { type TSchema, Type } from '@feathersjs/typebox'
import { date, decimal, integer, optional, quantity, ref, text } from './fields.ts'

const MAX_LINES = 500

const name = Type.String({ minLength: 1, maxLength: 50 })
const orNull = <S extends TSchema>(schema: S) => Type.Optional(Type.Union([schema, Type.Null()]))

/** An amount or cost as a client sends it: how many digits it may have, the service decides. */
export const amount = Type.Union([Type.String({ format: 'decimal' }), Type.Number()])
export const quantityOfLine = Type.Number({ exclusiveMinimum: 0, maximum: 999_999_999 })

/** How a line names its product: by exactly one of these. */
export const productNames = {
  product_id: Type.Optional(Type.String({ format: 'uuid' })),
  barcode: Type.Optional(name),
  sku: Type.Optional(name)
}

/** What is noted of goods beside how many they are. */
export const marks = {
  batch: orNull(Type.String({ minLength: 1, maxLength: 100 })),
  expiry: orNull(Type.String({ format: 'date' })),
  location: orNull(Type.String({ minLength: 1, maxLength: 100 }))
}

/** The list that a client sends of them. */
export const linesOf = <S extends TSchema>(line: S) => Type.Array(line, { minItems: 1, maxItems: MAX_LINES })

/** A kept line of goods: the product as it was called then, how many, at what cost. */
export const goodsLine = () => ({
  line_no: integer({ readOnly: true }),
  product_id: ref('products', { readOnly: true }),
  name: text({ max: 150, readOnly: true }),
  sku: text({ max: 50, readOnly: true }),
  quantity: quantity({ readOnly: true, positive: true }),
  unit_cost: decimal({ scale: 4, readOnly: true, positive: true }),
  batch: optional(text({ max: 100, readOnly: true })),
  expiry: optional(date({ readOnly: true })),
  location: optional(text({ max: 100, readOnly: true }))
})
