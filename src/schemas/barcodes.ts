import { defineResource } from './define.ts'
import { optional, ref, text } from './fields.ts'

/** Codes that were given out, each reserved from then on: none is given out twice, whether or not it was used. */
export const barcodes = defineResource('barcodes', {
  methods: ['find', 'get', 'create'],
  fields: {
    code: text({ max: 13, readOnly: true, unique: true, search: true }),
    branch_id: ref('branches', { fixed: true, defaultFrom: 'branch' }),
    created_by: optional(ref('users', { readOnly: true, index: false, defaultFrom: 'user' }))
  },
  label: 'code'
})
