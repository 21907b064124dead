import { resourceNamed, resources } from '../schemas/index.ts'
import { parameterRef, schemaRef } from './components.ts'
import { countedHeaders, replayHeaders } from './headers.ts'
import { answer, body } from './operations.ts'
import { batchReasons, errorResponses } from './reasons.ts'
import { recordExample } from './records.ts'
import { rehearsalOf } from './rehearsal.ts'
import type { Json } from './wire.ts'

/** The most that the setting `batch_operations` may be. */
const MAX_OPERATIONS = 10_000
const ID = '01920000-0000-7000-8000-000000000009'

const id = { type: 'string', format: 'uuid' }
const names = resources.map(({ name }) => name)

const operation = (method: string, properties: Json): Json => ({
  type: 'object',
  properties: {
    method: { type: 'string', const: method },
    resource: { type: 'string', enum: names },
    ...properties,
    query: { type: 'object', description: 'As beside the call itself: conditions that the record must fulfil' }
  },
  required: ['method', 'resource', ...Object.keys(properties)],
  additionalProperties: false
})

const data = { type: 'object', description: 'What the call itself would take' }

/** A batch and its answer. */
export const batchSchemas: Json = {
  Batch: {
    type: 'object',
    properties: {
      id: { ...id, description: 'Sent again with it, the batch is answered as the first time' },
      operations: {
        type: 'array',
        minItems: 1,
        maxItems: MAX_OPERATIONS,
        description: 'At most as many as the setting `batch_operations`: 200',
        items: {
          anyOf: [
            operation('create', { data }),
            operation('patch', { id, data }),
            operation('remove', { id }),
            operation('get', { id })
          ]
        }
      }
    },
    required: ['operations'],
    additionalProperties: false
  },
  BatchAnswer: {
    type: 'object',
    properties: {
      id,
      results: {
        type: 'array',
        maxItems: MAX_OPERATIONS,
        items: { type: 'object', description: 'What the operation at this place would have been answered by itself' }
      }
    },
    required: ['id', 'results']
  }
}

function shown(): { example: Json; given: Json } {
  const record = recordExample(resourceNamed('brands'))
  const operations = [
    { method: 'create', resource: 'brands', data: { name: record.name } },
    { method: 'get', resource: 'brands', id: record.id }
  ]
  return { example: { id: ID, operations }, given: { id: ID, results: [record, record] } }
}

const answered = { anyOf: [schemaRef('BatchAnswer'), rehearsalOf(schemaRef('BatchAnswer'))] }

/** `POST /batch`. */
export function batchPaths(): Json {
  const { example, given } = shown()
  return {
    '/batch': {
      post: {
        tags: ['batch'],
        operationId: 'batch',
        summary: 'Many calls as one: all of them take effect, or none',
        description:
          'Runs the operations one after the other in one transaction, each as the caller’s own call with its own rights, and answers each result in its place. The first that fails is the answer, with its place in `data.index`. Counts as one request for every ten operations. For whoever is signed in.',
        parameters: [parameterRef('IdempotencyKey'), parameterRef('Prefer'), parameterRef('DryRun')],
        requestBody: body(schemaRef('Batch'), example),
        responses: {
          200: answer('The answer to an earlier batch with this id', answered, given, replayHeaders),
          201: answer('Every result, in the order of the operations', answered, given, countedHeaders),
          ...errorResponses(batchReasons)
        }
      }
    }
  }
}
