import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { integer, json, optional, text, uuid } from './fields.ts'

/**
 * One row per mutation, written in its transaction; append-only, kept for seven years, partitioned by month. `resource` is
 * the lasting id: the name that the resource had first.
 */
export const auditLogs = defineResource('audit-logs', {
  methods: ['find', 'get'],
  ownTable: true,
  fields: {
    seq: integer({ readOnly: true }),
    action: text({ max: 20, readOnly: true }),
    resource: text({ max: 60, readOnly: true }),
    record_id: uuid({ readOnly: true }),
    branch_id: optional(uuid({ readOnly: true })),
    user_id: optional(uuid({ readOnly: true })),
    session_id: optional(uuid({ readOnly: true })),
    request_id: optional(text({ max: 100, readOnly: true })),
    before: optional(json(Type.Unknown(), { readOnly: true })),
    after: optional(json(Type.Unknown(), { readOnly: true }))
  },
  label: 'action',
  sort: { seq: -1 }
})
