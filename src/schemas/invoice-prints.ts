import { Type } from '@feathersjs/typebox'
import { currency } from './currency.ts'
import { defineResource } from './define.ts'
import { computed, integer, json, optional, ref, text } from './fields.ts'

const amount = (column: string) => `round(${column}, ${currency.scale})::text`

/** What a bill shows, and no cost: for whoever may print it, who may not be one to read the invoice any more. */
const billSql = (
  print: string
) => `(select json_build_object('invoice_no', i.invoice_no, 'business_date', i.business_date,
    'issued_at', i.issued_at, 'status', i.status, 'customer', (select c.name from customers c where c.id = i.customer_id),
    'prices_include_tax', i.prices_include_tax, 'taxes', i.taxes, 'subtotal', ${amount('i.subtotal')}, 'discount', ${amount('i.discount')},
    'tax', ${amount('i.tax')}, 'total', ${amount('i.total')}, 'paid', ${amount('i.paid')}, 'change', ${amount('i.change')},
    'balance', ${amount('i.balance')},
    'items', (select json_agg(json_build_object('line_no', l.line_no, 'name', l.name, 'sku', l.sku, 'quantity', l.quantity::float8,
      'unit_price', ${amount('l.unit_price')}, 'discount', ${amount('l.discount + l.document_discount')},
      'tax_rate', l.tax_rate::text, 'total', ${amount('l.total')}) order by l.line_no) from invoice_items l where l.invoice_id = i.id),
    'payments', (select coalesce(json_agg(json_build_object('method', p.method, 'direction', p.direction, 'amount', ${amount('p.amount')})
      order by p.created_at, p.id), '[]') from payments p where p.invoice_id = i.id))
  from invoices i where i.id = ${print}.invoice_id)`

/** A bill that was printed: each is counted, and every one after the first is marked as a duplicate. Append-only. */
export const invoicePrints = defineResource('invoice-prints', {
  methods: ['find', 'get', 'create'],
  fields: {
    /** Or, as on the receipt, `invoice_no`. */
    invoice_id: optional(ref('invoices')),
    branch_id: ref('branches', { readOnly: true }),
    print_no: integer({ readOnly: true }),
    /** `DUPLICATE 1` on the second print, and so on. */
    mark: optional(text({ max: 30, readOnly: true })),
    created_by: optional(ref('users', { readOnly: true, index: false, defaultFrom: 'user' })),
    bill: computed(json(Type.Record(Type.String(), Type.Unknown())), billSql)
  },
  input: { invoice_no: optional(text({ max: 30 })) },
  unique: [['invoice_id', 'print_no']],
  label: 'print_no'
})
