import { defineResource } from './define.ts'
import { choice, date, money, optional, ref, text, uuid } from './fields.ts'

/** The ledger of what parties owe and are owed: append-only; a balance is its sum. */
export const accountEntries = defineResource('account-entries', {
  methods: ['find', 'get'],
  fields: {
    party_id: uuid({ readOnly: true }),
    party: choice(['customer', 'vendor'], { readOnly: true }),
    branch_id: ref('branches', { readOnly: true, index: false }),
    /** Up: the party owes more (customer) or is owed more (vendor). */
    amount: money({ readOnly: true }),
    balance_after: money({ readOnly: true }),
    document: text({ max: 40, readOnly: true }),
    document_id: uuid({ readOnly: true, index: true }),
    business_date: date({ readOnly: true }),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  // A statement reads one party's entries of a period.
  indexes: { party: { fields: ['party_id', 'business_date'] } },
  label: 'document',
  checks: { amount: 'amount <> 0' }
})
