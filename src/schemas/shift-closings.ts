import { Type } from '@feathersjs/typebox'
import { CASH_MOVEMENTS, type CashMovement } from '../domain/drawer.ts'
import { defineResource } from './define.ts'
import { date, integer, json, optional, ref, text } from './fields.ts'

const decimal = Type.String({ format: 'decimal' })
/** Of an invoice. */
const number = Type.String({ maxLength: 30 })
const count = Type.Integer({ minimum: 0 })
const part = Type.Object({ count, total: decimal })

/** Amounts by method of payment; everything that is cash is `cash`, as it lies in one drawer. */
const byMethod = <T = string>(amount: object) =>
  Type.Unsafe<Record<string, T>>({ type: 'object', maxProperties: 50, additionalProperties: amount })
const amounts = byMethod(decimal)

/** What a shift came to. Voided sales count among the numbers, and nowhere else. */
const content = Type.Object({
  sales: Type.Object({ count, subtotal: decimal, discount: decimal, tax: decimal, total: decimal }),
  /** Of the sales: sold after the last closing, before this shift was opened. */
  late: part,
  voids: part,
  /** Of sales of any day: what was given back in money. */
  refunds: part,
  numbers: Type.Object({
    first: Type.Union([number, Type.Null()]),
    last: Type.Union([number, Type.Null()])
  }),
  taxes: Type.Array(Type.Object({ rate: decimal, base: decimal, tax: decimal }), { maxItems: 500 }),
  payments: Type.Array(Type.Object({ method: Type.String({ maxLength: 30 }), count, in: decimal, out: decimal }), {
    maxItems: 500
  }),
  movements: Type.Array(
    Type.Object({ kind: Type.Unsafe<CashMovement>({ type: 'string', enum: CASH_MOVEMENTS }), count, amount: decimal }),
    { maxItems: CASH_MOVEMENTS.length }
  ),
  cash: Type.Object({ float: decimal, sales: decimal, refunds: decimal, movements: decimal, expected: decimal })
})

/** The count that closes a shift, and with it the Z report: its figures stay as they were. Append-only. */
export const shiftClosings = defineResource('shift-closings', {
  methods: ['find', 'get', 'create'],
  fields: {
    /** Left out: the newest shift of the register; without that the caller's own. */
    shift_id: optional(ref('shifts', { unique: true })),
    register_id: optional(ref('registers')),
    branch_id: ref('branches', { readOnly: true }),
    /** Who opened the shift. */
    opened_by: optional(ref('users', { readOnly: true, index: false })),
    number: text({ max: 30, readOnly: true, unique: true, search: true }),
    series_no: integer({ readOnly: true }),
    business_date: date({ readOnly: true, index: true }),
    counted: json(byMethod<string | number>({ anyOf: [decimal, { type: 'number' }] })),
    expected: json(amounts, { readOnly: true }),
    /** Counted less expected, of what was counted. */
    difference: json(amounts, { readOnly: true }),
    content: json(content, { readOnly: true }),
    note: optional(text({ max: 1000 })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  label: 'number',
  unique: [['register_id', 'series_no']],
  checks: { stated: 'shift_id is not null and register_id is not null' }
})
