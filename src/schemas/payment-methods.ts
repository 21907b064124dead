import { defineResource } from './define.ts'
import { flag, text } from './fields.ts'

/** How a customer can pay. Only methods that count as cash give change. */
export const paymentMethods = defineResource('payment-methods', {
  fields: {
    code: text({ max: 30, pattern: '^[a-z]+(_[a-z]+)*$', unique: true, fixed: true }),
    name: text({ max: 60, search: true }),
    /** Fixed, as the drawers that were counted depend on it. */
    is_cash: flag({ default: false, fixed: true }),
    is_active: flag({ default: true })
  },
  label: 'name',
  sort: { code: 1 }
})
