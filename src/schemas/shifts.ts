import { defineResource } from './define.ts'
import { choice, date, instant, money, optional, ref } from './fields.ts'

/** A register's drawer from its opening to its closing. It changes once: a shift closing closes it. */
export const shifts = defineResource('shifts', {
  methods: ['find', 'get', 'create'],
  changes: true,
  fields: {
    /** Left out: the first register of the caller's branch. */
    register_id: optional(ref('registers')),
    branch_id: ref('branches', { readOnly: true }),
    /** The cash that was counted into the drawer. Left out: what the register's last closing counted, else none. */
    float: optional(money({ positive: true })),
    status: choice(['open', 'closed'], { readOnly: true, default: 'open' }),
    opened_by: optional(ref('users', { readOnly: true, index: false })),
    business_date: date({ readOnly: true }),
    closed_at: optional(instant({ readOnly: true }))
  },
  indexes: {
    open: { fields: ['register_id'], unique: true, where: "status = 'open'" },
    own: { fields: ['opened_by'], where: "status = 'open'" }
  },
  checks: {
    stated: 'register_id is not null and float is not null',
    closed: "(status = 'closed') = (closed_at is not null)"
  },
  label: 'business_date'
})
