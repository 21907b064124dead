import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { choice, date, flag, instant, integer, json, money, optional, percent, ref, text, uuid } from './fields.ts'

const MAX_LINES = 500
const total = () => money({ readOnly: true, under: 'totals' })
const decimal = Type.String({ format: 'decimal' })
const amount = Type.Union([decimal, Type.Number()])
const name = Type.String({ minLength: 1, maxLength: 50 })

/** A line of a sale as a client sends it; `barcode` or `sku` may stand for `product_id`. */
const saleLine = Type.Object(
  {
    product_id: Type.Optional(Type.String({ format: 'uuid' })),
    barcode: Type.Optional(name),
    sku: Type.Optional(name),
    quantity: Type.Number({ exclusiveMinimum: 0, maximum: 999_999_999 }),
    discount: Type.Optional(amount),
    unit_price: Type.Optional(amount)
  },
  { additionalProperties: false }
)
export const salePayment = Type.Object(
  {
    method: Type.String({ minLength: 1, maxLength: 30 }),
    amount: Type.Optional(amount),
    tendered: Type.Optional(Type.Union([amount, Type.Null()])),
    reference: Type.Optional(Type.Union([Type.String({ maxLength: 100 }), Type.Null()]))
  },
  { additionalProperties: false }
)

const shortage = Type.Object({
  product_id: Type.String({ format: 'uuid' }),
  sku: Type.String({ maxLength: 50 }),
  name: Type.String({ maxLength: 150 }),
  requested: Type.Number(),
  available: Type.Number()
})

/** A sale. An issued invoice never changes except for its payments and status. */
export const invoices = defineResource('invoices', {
  methods: ['find', 'get', 'create', 'patch'],
  fields: {
    invoice_no: optional(text({ max: 30, readOnly: true, unique: true, search: true })),
    series_no: optional(integer({ readOnly: true })),
    branch_id: ref('branches', { readOnly: true }),
    register_id: optional(ref('registers')),
    /** The shift whose closing counts it; null for a register without shifts. */
    shift_id: optional(ref('shifts', { readOnly: true, index: false })),
    /** Sold after the shift was closed and before the next one, which counts it. */
    late: flag({ readOnly: true, default: false }),
    customer_id: optional(ref('customers')),
    salesman_id: optional(ref('salesmen')),
    business_date: date({ readOnly: true, index: true }),
    status: choice(['draft', 'issued', 'partial', 'paid', 'cancelled', 'refunded'], { default: 'issued' }),
    prices_include_tax: flag({ readOnly: true }),
    tax_rounding: choice(['line', 'document'], { readOnly: true }),
    subtotal: total(),
    discount: total(),
    tax: total(),
    total: total(),
    paid: total(),
    change: total(),
    balance: total(),
    /** What came back of it by refunds, and what was taken off its balance without a payment. */
    refunded: money({ readOnly: true, default: '0' }),
    credited: money({ readOnly: true, default: '0' }),
    /** The discount on the whole document, spread over its lines. */
    discounts: money({ positive: true, default: '0' }),
    taxes: json(Type.Array(Type.Object({ rate: decimal, base: decimal, tax: decimal }), { maxItems: MAX_LINES }), {
      readOnly: true
    }),
    /** Products of which more was sold than there was, at a branch whose stock policy is to warn. */
    warnings: json(Type.Array(shortage, { maxItems: MAX_LINES }), { readOnly: true, default: [] }),
    /** The salesman's rate as it was when it was issued, and what they earn by it; a later rate changes neither. */
    commission_rate: optional(percent({ readOnly: true })),
    commission: money({ readOnly: true, positive: true, default: '0' }),
    notes: optional(text({ max: 1000 })),
    print_count: integer({ readOnly: true }),
    /** Who allowed the price or discount that the seller may not give alone. */
    approved_by: optional(ref('users', { readOnly: true, index: false })),
    issued_at: optional(instant({ readOnly: true })),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  input: {
    items: json(Type.Array(saleLine, { minItems: 1, maxItems: MAX_LINES })),
    payments: json(Type.Array(salePayment, { maxItems: 20 }), { default: [] }),
    /** The id of an approval for what the seller may not give alone. */
    approval: optional(uuid()),
    /** The total the till showed; a sale whose total differs is refused. */
    expected_total: optional(money({ positive: true }))
  },
  children: {
    items: { resource: 'invoice-items', field: 'invoice_id', embed: true },
    payments: { resource: 'payments', field: 'invoice_id', embed: true }
  },
  unique: [['register_id', 'series_no']],
  // By time too: a shift that opens looks for what has none since the one before.
  indexes: {
    shift: { fields: ['shift_id', 'created_at'] },
    // What customers owe, among all that was ever sold.
    open: { fields: ['customer_id', 'business_date'], where: "status in ('issued', 'partial')" }
  },
  checks: {
    totals: 'total = paid + balance + credited and balance >= 0 and paid >= 0 and credited >= 0',
    refunds: 'refunded >= 0 and refunded <= paid + credited',
    number: "(status in ('draft', 'cancelled')) or (invoice_no is not null and series_no is not null)"
  },
  label: 'invoice_no'
})
