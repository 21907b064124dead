import { defineResource } from './define.ts'
import { choice, flag, optional, text } from './fields.ts'

/** A shop or a warehouse. Its code is part of every document number. */
export const branches = defineResource('branches', {
  fields: {
    name: text({ max: 100, search: true }),
    code: text({ max: 6, pattern: '^[A-Z]{2,6}$', unique: true, search: true }),
    address: optional(text({ max: 500 })),
    phone: optional(text({ max: 40 })),
    timezone: text({ max: 60, default: 'UTC' }),
    currency: text({ max: 3, pattern: '^[A-Z]{3}$', readOnly: true }),
    is_warehouse: flag({ default: false }),
    prices_include_tax: flag({ default: false }),
    tax_rounding: choice(['line', 'document'], { default: 'line' }),
    stock_policy: choice(['block', 'warn', 'allow'], { default: 'block' }),
    barcode_prefix: optional(text({ max: 7, pattern: '^[0-9]{2,7}$' })),
    receipt_header: optional(text({ max: 500 })),
    receipt_footer: optional(text({ max: 500 })),
    is_active: flag({ default: true })
  },
  label: 'name',
  sort: { created_at: 1 }
})
