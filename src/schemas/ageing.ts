import { defineResource } from './define.ts'
import { money, optional, ref } from './fields.ts'

const amount = () => money({ readOnly: true })

/** What is open, by the days since its document; with `unallocated` it is the balance. */
const buckets = () => ({
  /** Of today. */
  current: amount(),
  days_1_30: amount(),
  days_31_60: amount(),
  days_61_90: amount(),
  over_90: amount(),
  /** What is set against no document: credit, below 0. */
  unallocated: amount(),
  balance: amount()
})

/** Customers who owe or have credit: what is left of their open invoices, by the age of each. A view, so that it is never behind. */
export const customerAgeing = defineResource('customer-ageing', {
  methods: ['find', 'get'],
  ownTable: true,
  fields: {
    customer_id: ref('customers', { readOnly: true }),
    /** That of the customer: null for all branches. */
    branch_id: optional(ref('branches', { readOnly: true })),
    ...buckets()
  },
  label: 'customer_id',
  sort: { balance: -1 }
})

/** Vendors whom the shop owes, or who owe goods: receipts that payments have not come to, oldest first, by age. */
export const vendorAgeing = defineResource('vendor-ageing', {
  methods: ['find', 'get'],
  ownTable: true,
  fields: {
    vendor_id: ref('vendors', { readOnly: true }),
    /** That of the vendor: null for all branches. */
    branch_id: optional(ref('branches', { readOnly: true })),
    ...buckets()
  },
  label: 'vendor_id',
  sort: { balance: -1 }
})
