import { defineResource } from './define.ts'
import { instant, optional, ref, text } from './fields.ts'

/** A sign-in on one device. Removing it ends it everywhere. */
export const sessions = defineResource('sessions', {
  methods: ['find', 'get', 'remove'],
  fields: {
    user_id: ref('users', { readOnly: true }),
    device: optional(text({ max: 300, readOnly: true })),
    ip: optional(text({ max: 60, readOnly: true })),
    last_used_at: instant({ readOnly: true }),
    ended_at: optional(instant({ readOnly: true })),
    end_reason: optional(text({ max: 60, readOnly: true }))
  },
  label: 'device'
})
