import type { Resource } from '../schemas/define.ts'
import { resources } from '../schemas/index.ts'
import { keysOf } from '../schemas/keys.ts'
import { parameterRef, schemaRef } from './components.ts'
import type { Json } from './wire.ts'

/** Most changes of one call: every operation of the largest batch that a setting allows. */
const MAX_CHANGES = 10_000

/** What any write can be asked for, whatever it writes. */
export const writeParameters: Record<string, Json> = {
  Prefer: {
    name: 'Prefer',
    in: 'header',
    description:
      '`dry-run`: everything runs and nothing stays. The answer says so in `dry_run` and in the header `Preference-Applied`.',
    schema: { type: 'string', maxLength: 200 }
  },
  DryRun: {
    name: '$dry_run',
    in: 'query',
    description: 'The same as `Prefer: dry-run`, for websockets too.',
    schema: { type: 'boolean', default: false }
  }
}

export const dryRunWords: Json[] = [parameterRef('Prefer'), parameterRef('DryRun')]

/** The unique keys by which a create may change a record instead, where the resource has one. */
export function upsertWord(resource: Resource): Json[] {
  const keys = resource.methods.includes('patch') ? keysOf(resource) : []
  if (!keys.length) return []
  const description =
    'Where there is a record with the same values in this unique key, it is changed instead: 200, or 201 for a new one. Takes both rights.'
  const schema = { type: 'string', enum: keys.map(({ fields }) => fields.join(',')) }
  return [{ name: '$upsert', in: 'query', description, schema }]
}

/** What a write answers, when it is one and when it is tried out. */
export const written = (schema: Json): Json => ({ anyOf: [schema, schemaRef('DryRun')] })

const part = (description: string): Json => ({ type: ['object', 'null'], description, additionalProperties: true })

export const writeSchemas = (): Json => ({
  DryRun: {
    type: 'object',
    properties: {
      dry_run: { type: 'boolean', const: true },
      result: { type: 'object', description: 'What the write would have answered', additionalProperties: true },
      changes: {
        type: 'array',
        items: schemaRef('Change'),
        maxItems: MAX_CHANGES,
        description: 'What it would have left in the audit log, as far as the caller may read it'
      }
    },
    required: ['dry_run', 'result', 'changes']
  },
  Change: {
    type: 'object',
    properties: {
      resource: { type: 'string', enum: resources.map(({ name }) => name) },
      id: { type: 'string', format: 'uuid' },
      action: { type: 'string', pattern: '^[a-z]+$', maxLength: 20 },
      before: part('The record before; of a change only what differs; null for a new one'),
      after: part('The record after; of a change only what differs; null for a removed one')
    },
    required: ['resource', 'id', 'action', 'before', 'after']
  }
})
