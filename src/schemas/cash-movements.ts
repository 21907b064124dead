import { CASH_MOVEMENTS } from '../domain/drawer.ts'
import { defineResource } from './define.ts'
import { choice, date, money, optional, ref, text, uuid } from './fields.ts'

/** Cash put into a drawer or taken out of it beside sales, and drawers opened without one; append-only. */
export const cashMovements = defineResource('cash-movements', {
  methods: ['find', 'get', 'create'],
  fields: {
    /** Left out: the newest shift of the register; without that the caller's own. */
    shift_id: optional(ref('shifts')),
    register_id: optional(ref('registers', { index: false })),
    branch_id: ref('branches', { readOnly: true }),
    /** Who opened the shift. */
    opened_by: optional(ref('users', { readOnly: true, index: false })),
    kind: choice(CASH_MOVEMENTS),
    /** 0 for `no_sale` alone, which opens the drawer and moves nothing. */
    amount: money({ positive: true, default: '0' }),
    reason: optional(text({ max: 200 })),
    /** The document that moved the cash, as people write it. */
    document: optional(text({ max: 60, readOnly: true })),
    document_id: optional(uuid({ readOnly: true, index: true })),
    business_date: date({ readOnly: true }),
    created_by: optional(ref('users', { readOnly: true, index: false }))
  },
  label: 'kind',
  checks: {
    stated: 'shift_id is not null and register_id is not null',
    amount: "(amount > 0) <> (kind = 'no_sale')",
    reason: "kind = 'no_sale' or reason is not null"
  }
})
