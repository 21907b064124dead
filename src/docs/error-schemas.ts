import { catalogue, MAX_ERROR_TEXT, MAX_FAULTS } from '../errors.ts'
import type { Json } from './wire.ts'

const text = { type: 'string', maxLength: MAX_ERROR_TEXT }
const fault = {
  type: 'object',
  properties: { path: text, message: text },
  required: ['path', 'message']
}

const seconds = { type: 'integer', minimum: 1, maximum: 86_400 }

const errorSchema: Json = {
  type: 'object',
  properties: {
    name: { type: 'string', pattern: '^[A-Za-z]+$', maxLength: 40 },
    message: { ...text, description: 'A sentence for people' },
    code: { type: 'integer', minimum: 400, maximum: 599, description: 'The HTTP status' },
    className: { type: 'string', pattern: '^[a-z-]+$', maxLength: 40 },
    data: {
      type: 'object',
      properties: {
        reason: { $ref: '#/components/schemas/Reason' },
        request_id: {
          type: 'string',
          pattern: '^[A-Za-z0-9_-]{8,100}$',
          maxLength: 100,
          description: 'With 5xx: what to tell the operator'
        },
        index: { type: 'integer', minimum: 0, description: 'In a batch: which operation failed, from 0' },
        retry_after: { ...seconds, description: 'Seconds to wait' },
        version: { type: 'integer', description: 'With `stale_version`: the stored version' },
        total: { type: 'string', format: 'decimal', description: 'With `total_mismatch`: the total as computed' },
        status: {
          type: 'string',
          pattern: '^[a-z_]+$',
          maxLength: 40,
          description: 'With `order_closed` and of quotations: the state'
        },
        lines: {
          type: 'array',
          items: { $ref: '#/components/schemas/Shortage' },
          maxItems: 500,
          description: 'With `insufficient_stock`'
        }
      },
      required: ['reason']
    },
    errors: { type: 'array', items: fault, maxItems: MAX_FAULTS, description: 'The fields at fault, for a form' }
  },
  required: ['name', 'message', 'code', 'className', 'data']
}

const shortage: Json = {
  type: 'object',
  properties: {
    product_id: { type: 'string', format: 'uuid' },
    sku: { type: 'string', maxLength: 50 },
    name: { type: 'string', maxLength: 150 },
    requested: { type: 'number' },
    available: { type: 'number' }
  },
  required: ['product_id', 'requested', 'available']
}

const reason: Json = {
  type: 'string',
  enum: Object.keys(catalogue),
  oneOf: Object.entries(catalogue).map(([word, [status, sentence]]) => ({
    const: word,
    description: `${status}: ${sentence}`
  }))
}

/** The shape of every error, and of what it can carry. */
export const errorSchemas: Json = { Error: errorSchema, Reason: reason, Shortage: shortage }
