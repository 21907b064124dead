import { defineResource } from './define.ts'
import { flag, optional, ref, text } from './fields.ts'

/** A till; it owns a series of invoice numbers. */
export const registers = defineResource('registers', {
  fields: {
    branch_id: ref('branches', { fixed: true, defaultFrom: 'branch' }),
    code: text({ max: 6, pattern: '^[A-Z0-9]{1,6}$', fixed: true }),
    name: optional(text({ max: 100 })),
    is_active: flag({ default: true })
  },
  label: 'code',
  unique: [['branch_id', 'code']],
  sort: { created_at: 1 }
})
