import { defineResource } from './define.ts'
import { date, money, ref } from './fields.ts'

/** What of a payment on account was set against an invoice; append-only. One that is taken back has its own. */
export const paymentAllocations = defineResource('payment-allocations', {
  methods: ['find', 'get'],
  fields: {
    payment_id: ref('payments', { readOnly: true, index: false }),
    invoice_id: ref('invoices', { readOnly: true }),
    branch_id: ref('branches', { readOnly: true, index: false }),
    business_date: date({ readOnly: true }),
    amount: money({ readOnly: true })
  },
  unique: [['payment_id', 'invoice_id']],
  checks: { amount: 'amount > 0' },
  label: 'amount'
})
