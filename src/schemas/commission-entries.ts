import { defineResource } from './define.ts'
import { choice, date, money, optional, percent, ref, text } from './fields.ts'

/** What salesmen earn: a line per sale, and one that takes back per refund and void. A view over what these documents keep. */
export const commissionEntries = defineResource('commission-entries', {
  methods: ['find', 'get'],
  ownTable: true,
  fields: {
    kind: choice(['sale', 'refund', 'void'], { readOnly: true }),
    branch_id: ref('branches', { readOnly: true }),
    salesman_id: ref('salesmen', { readOnly: true }),
    invoice_id: ref('invoices', { readOnly: true }),
    /** Its number: of a void that of the invoice. */
    document: text({ max: 30, readOnly: true }),
    business_date: date({ readOnly: true }),
    /** Without tax; below 0 for what came back. */
    net: money({ readOnly: true }),
    /** As it was at the sale; null for sales from before rates were kept, which earn nothing here. */
    commission_rate: optional(percent({ readOnly: true })),
    commission: money({ readOnly: true })
  },
  label: 'document'
})
