import { defineResource } from './define.ts'
import { choice, computed, instant, money, optional, ref, text, uuid } from './fields.ts'

/**
 * A colleague's word, given with a PIN at somebody else's till, for one action on one document. Its id is the token: worth
 * something once, within two minutes, to the session that asked, and to nobody who reads it.
 */
export const approvals = defineResource('approvals', {
  methods: ['find', 'get', 'create'],
  fields: {
    action: choice(['discount', 'override', 'refund']),
    /** The client-made id that the sale or refund will have. */
    document_id: uuid(),
    /** The most that it covers: what is taken off the sale by hand, or paid back. */
    amount: money({ positive: true }),
    branch_id: ref('branches', { readOnly: true, defaultFrom: 'branch' }),
    session_id: uuid({ readOnly: true, secret: true }),
    approved_by: ref('users', { readOnly: true, index: false }),
    created_by: ref('users', { readOnly: true, index: false, defaultFrom: 'user' }),
    used_at: optional(instant({ readOnly: true })),
    expires_at: computed(instant(), (self) => `(${self}.created_at + interval '2 minutes')`)
  },
  input: {
    /** The colleague's user name or e-mail. */
    username: text({ max: 254, writeOnly: true }),
    pin: text({ min: 4, max: 8, pattern: '^[0-9]{4,8}$', writeOnly: true })
  },
  label: 'action'
})
