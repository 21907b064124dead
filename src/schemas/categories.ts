import { defineResource } from './define.ts'
import { optional, ref, text } from './fields.ts'

export const categories = defineResource('categories', {
  fields: {
    name: text({ max: 100, unique: 'ignoring-case', search: true }),
    parent_id: optional(ref('categories'))
  },
  label: 'name',
  checks: { parent: 'parent_id <> id' },
  sort: { name: 1 }
})
