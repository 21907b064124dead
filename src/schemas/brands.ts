import { defineResource } from './define.ts'
import { text } from './fields.ts'

export const brands = defineResource('brands', {
  fields: { name: text({ max: 100, unique: 'ignoring-case', search: true }) },
  label: 'name',
  sort: { name: 1 }
})
