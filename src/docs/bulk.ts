import { resources } from '../schemas/index.ts'
import { parameterRef, schemaRef } from './components.ts'
import { replayHeaders, writtenHeaders } from './headers.ts'
import { answer, body } from './operations.ts'
import { batchReasons, errorResponses } from './reasons.ts'
import { inCurrency } from './records.ts'
import type { Json } from './wire.ts'
import { dryRunWords, written } from './writes.ts'

const ID = '01920000-0000-7000-8000-00000000000'
const MAX_OPERATIONS = 10_000

const brand = { id: `${ID}5`, name: 'Northwind' }
const price = { unit_price: '4.80', version: 3 }
const example = (): Json => ({
  id: `${ID}6`,
  operations: [
    { method: 'create', resource: 'brands', data: brand },
    { method: 'patch', resource: 'products', id: `${ID}2`, data: inCurrency({ ...price, brand_id: brand.id }) }
  ]
})
const given = (): Json => ({
  id: `${ID}6`,
  results: [brand, inCurrency({ id: `${ID}2`, sku: 'COF-250', ...price, brand_id: brand.id, version: 4 })]
})

/** `POST /batch`. */
export const bulkPaths = (): Json => ({
  '/batch': {
    post: {
      tags: ['bulk'],
      operationId: 'batch',
      summary: 'Many calls in one transaction: all take effect, or none',
      description:
        'For whoever is signed in; each operation is held to what the caller may do by itself. Operations see those before them. The first that fails ends the batch: the error is its own, with `data.index`, and paths that begin with `operations.<index>.`. Sent again with the same id, a batch that took effect is answered as the first time.',
      parameters: [parameterRef('IdempotencyKey'), ...dryRunWords],
      requestBody: body(schemaRef('Batch'), example()),
      responses: {
        200: answer(
          'The answer to an earlier batch with this id',
          written(schemaRef('BatchAnswer')),
          given(),
          replayHeaders
        ),
        201: answer('All took effect', written(schemaRef('BatchAnswer')), given(), writtenHeaders),
        ...errorResponses(batchReasons(resources))
      }
    }
  }
})

const uuid: Json = { type: 'string', format: 'uuid' }
const free: Json = { type: 'object', additionalProperties: true }

export const bulkSchemas = (): Json => ({
  Batch: {
    type: 'object',
    properties: {
      id: { ...uuid, description: 'Made by the client, so that the batch can be sent again' },
      operations: {
        type: 'array',
        items: schemaRef('Operation'),
        minItems: 1,
        maxItems: MAX_OPERATIONS,
        description: 'At most 200, unless the settings say otherwise'
      }
    },
    required: ['operations'],
    additionalProperties: false
  },
  Operation: {
    type: 'object',
    properties: {
      method: { type: 'string', enum: ['create', 'patch', 'remove', 'get'] },
      resource: { type: 'string', enum: resources.map(({ name }) => name) },
      id: { ...uuid, description: 'Of the record; a create has it in its data' },
      data: { ...free, description: 'What the single call would take as its body' },
      query: { ...free, description: 'What it would take as its query, with the types of JSON' }
    },
    required: ['method', 'resource'],
    additionalProperties: false
  },
  BatchAnswer: {
    type: 'object',
    properties: {
      id: uuid,
      results: {
        type: 'array',
        items: free,
        maxItems: MAX_OPERATIONS,
        description: 'What each operation answered, in order'
      }
    },
    required: ['id', 'results']
  }
})

export const bulkTags: Json[] = [{ name: 'bulk', description: 'Many records at a time.' }]
