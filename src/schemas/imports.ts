import { Type } from '@feathersjs/typebox'
import { defineResource } from './define.ts'
import { choice, flag, instant, integer, json, optional, ref, text } from './fields.ts'

const count = () => integer({ readOnly: true, default: 0 })

/** Text that comes out of a file, whose rows have at most a million characters. */
const inFile = Type.String({ maxLength: 1_000_000 })

/** One thing wrong with a row: the row as a spreadsheet numbers it, and the title of the column. */
const fault = Type.Object({
  row: Type.Integer(),
  column: Type.Optional(inFile),
  message: inFile
})

/** A file that was read into a resource: how far it is while it runs, and what came of it. Made by the import itself. */
export const imports = defineResource('imports', {
  methods: ['find', 'get'],
  changes: true,
  fields: {
    resource: text({ max: 60, readOnly: true }),
    status: choice(['running', 'done', 'failed'], { readOnly: true, default: 'running' }),
    format: choice(['csv', 'xlsx', 'jsonl'], { readOnly: true }),
    dry_run: flag({ readOnly: true, default: false }),
    on_error: choice(['skip', 'stop'], { readOnly: true, default: 'skip' }),
    /** The unique key by which rows change the records that are there; null where every row makes a new one. */
    upsert: optional(text({ max: 200, readOnly: true })),
    /** Column -> what it fills; null for columns that are left out. */
    mapping: json(Type.Record(Type.String(), Type.Union([inFile, Type.Null()])), { readOnly: true }),
    rows_done: count(),
    created: count(),
    updated: count(),
    /** Rows of an upsert that were as the file has them already. */
    skipped: count(),
    failed: count(),
    /** The first thousand faults. */
    report: json(Type.Array(fault, { maxItems: 1000 }), { readOnly: true, default: [] }),
    /** Why an import ended before its file did. */
    failure: optional(text({ max: 500, readOnly: true })),
    finished_at: optional(instant({ readOnly: true })),
    created_by: optional(ref('users', { readOnly: true, defaultFrom: 'user' }))
  },
  label: 'resource'
})
