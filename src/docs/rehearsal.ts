import { resources } from '../schemas/index.ts'
import { schemaRef } from './components.ts'
import type { Json } from './wire.ts'

/** What a write would change. */
export const changeSchemas: Json = {
  Change: {
    type: 'object',
    properties: {
      resource: { type: 'string', enum: resources.map(({ name }) => name) },
      id: { type: 'string', format: 'uuid' },
      action: {
        type: 'string',
        pattern: '^[a-z_]+$',
        maxLength: 20,
        description: 'As the audit log has it: `create`, `patch`, `remove`, or a word of the resource such as `logout`'
      },
      before: { type: ['object', 'null'], description: 'Of a patch the fields that would change' },
      after: { type: ['object', 'null'] }
    },
    required: ['resource', 'id', 'action', 'before', 'after']
  }
}

/** What a dry run answers in place of a write's own answer. */
export const rehearsalOf = (result: Json): Json => ({
  type: 'object',
  properties: {
    dry_run: { type: 'boolean', const: true },
    result,
    changes: {
      type: 'array',
      readOnly: true,
      items: schemaRef('Change'),
      description: 'What would have changed, as far as the caller may read it'
    }
  },
  required: ['dry_run', 'result', 'changes']
})
