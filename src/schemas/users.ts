import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { flag, instant, json, optional, ref, text } from './fields.ts'

export const users = defineResource('users', {
  fields: {
    full_name: text({ max: 100, search: true }),
    email: text({ max: 254, pattern: '^[^\\s@]+@[^\\s@]+\\.[^\\s@]+$', unique: 'ignoring-case', search: true }),
    username: text({ max: 30, pattern: '^[A-Za-z0-9_-]{3,30}$', unique: 'ignoring-case', search: true }),
    password_hash: text({ max: 200, readOnly: true, secret: true }),
    pin_hash: optional(text({ max: 200, readOnly: true, secret: true })),
    role_id: ref('roles'),
    branch_id: optional(ref('branches')),
    is_active: flag({ default: true }),
    phone: optional(text({ max: 40 })),
    national_id: optional(text({ max: 40 })),
    address: optional(text({ max: 500 })),
    meta: optional(json(Type.Record(Type.String(), Type.Unknown()))),
    last_login_at: optional(instant({ readOnly: true }))
  },
  input: {
    password: text({ min: 10, max: 200, writeOnly: true }),
    pin: optional(text({ pattern: '^[0-9]{4,8}$', writeOnly: true }))
  },
  label: 'full_name',
  sort: { full_name: 1 }
})
