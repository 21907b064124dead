import { defineResource } from './define.ts'
import { choice, found, integer, optional, ref, text } from './fields.ts'

export const IMAGE_TYPES = ['image/jpeg', 'image/png', 'image/webp'] as const

/**
 * A picture, as it was found to be when it came; its content is kept beside the database, under its hash. Made by an upload
 * and never changed: another picture is another file.
 */
export const files = defineResource('files', {
  methods: ['find', 'get', 'remove'],
  fields: {
    /** What it was called where it came from, without folders, with an ending that fits. */
    name: found(text({ max: 200, search: true, fixed: true })),
    content_type: choice(IMAGE_TYPES, { readOnly: true }),
    bytes: integer({ readOnly: true }),
    width: integer({ readOnly: true }),
    height: integer({ readOnly: true }),
    /** Of the content, in hexadecimal digits. */
    sha256: text({ max: 64, readOnly: true, index: true }),
    /** Null: for all branches. */
    branch_id: optional(ref('branches', { fixed: true })),
    created_by: optional(ref('users', { readOnly: true, defaultFrom: 'user', index: false }))
  },
  label: 'name'
})
