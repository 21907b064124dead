import { Type } from '@feathersjs/typebox'
import { currency } from './currency.ts'
import { defineResource } from './define.ts'
import {
  choice,
  computed,
  date,
  decimal,
  integer,
  json,
  money,
  optional,
  percent,
  quantity,
  ref,
  text
} from './fields.ts'

const STEPS = [
  'list_price',
  'price_list',
  'override',
  'product_discount',
  'line_discount',
  'document_discount',
  'tax'
] as const
const step = Type.Object({
  step: Type.Unsafe<(typeof STEPS)[number]>({ type: 'string', enum: [...STEPS] }),
  amount: Type.String({ format: 'decimal' })
})

/** The twin of `traceLine` in the domain, for lines that are read: a test holds the two to each other. */
function traceSql(line: string): string {
  const worth = (price: string) => `round(${line}.quantity * ${price}, ${currency.scale})`
  const [listed, offered, sold] = [`list_price`, `offer_price`, `unit_price`].map((name) => worth(`${line}.${name}`))
  const steps = [
    `(1, 'list_price', ${listed})`,
    `(2, 'price_list', coalesce(${offered} - ${listed}, 0))`,
    `(3, 'override', ${sold} - coalesce(${offered}, ${listed}))`,
    `(4, case when ${line}.discount_source = 'given' then 'line_discount' else 'product_discount' end, -${line}.discount)`,
    `(5, 'document_discount', -${line}.document_discount)`,
    `(6, 'tax', ${line}.total - ${sold} + ${line}.discount + ${line}.document_discount)`
  ]
  return `(select json_agg(json_build_object('step', s.step, 'amount', round(s.amount, ${currency.scale})::text) order by s.place)
    from (values ${steps.join(', ')}) s (place, step, amount) where s.place = 1 or s.amount <> 0)`
}

/** A line as it was sold: name, price, cost and tax stay as they were, whatever becomes of the product. */
export const invoiceItems = defineResource('invoice-items', {
  methods: ['find', 'get'],
  fields: {
    invoice_id: ref('invoices', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true, index: false }),
    business_date: date({ readOnly: true }),
    line_no: integer({ readOnly: true }),
    product_id: ref('products', { readOnly: true }),
    name: text({ max: 150, readOnly: true }),
    sku: text({ max: 50, readOnly: true }),
    quantity: quantity({ readOnly: true, positive: true }),
    unit_price: money({ readOnly: true }),
    /** The product's own price at that moment, or the one that its barcode held. */
    list_price: money({ readOnly: true }),
    /** The lower one of a price list, and that list. */
    offer_price: optional(money({ readOnly: true })),
    price_list_id: optional(ref('price-lists', { readOnly: true, index: false })),
    /** Where the unit price comes from: the product, a price list, a barcode that holds it, the till. */
    price_source: choice(['list', 'price_list', 'barcode', 'override'], { readOnly: true }),
    /** What was scanned, where it holds a weight or a price. */
    barcode: optional(text({ max: 50, readOnly: true })),
    unit_cost: decimal({ scale: 4, readOnly: true }),
    discount: money({ readOnly: true }),
    /** Whether the discount is the product's own or was given at the till. */
    discount_source: choice(['product', 'given'], { readOnly: true }),
    /** This line's share of the discount on the whole document. */
    document_discount: money({ readOnly: true }),
    tax_rate: percent({ readOnly: true }),
    tax: money({ readOnly: true }),
    total: money({ readOnly: true }),
    /** How the total came about: steps that add up to it. Those that changed nothing are left out. */
    trace: computed(json(Type.Array(step, { maxItems: 6 })), traceSql)
  },
  label: 'name',
  unique: [['invoice_id', 'line_no']],
  sort: { line_no: 1 }
})
