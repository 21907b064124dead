import { MAX_GROUPS } from '../schemas/aggregates.ts'
import { MAX_LIMIT, MAX_SKIP } from '../schemas/query.ts'
import type { Json } from './wire.ts'

/** As many as a double counts exactly: beyond what an `integer` of the database holds. */
const count = { type: 'integer', format: 'int64', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
const total = {
  ...count,
  description: 'All that match; left out with `$total=none` and, unless asked for, with `$after`'
}
const skip = { type: 'integer', minimum: 0, maximum: MAX_SKIP }

/** A page of a list. */
export function pageSchema(record: Json): Json {
  return {
    type: 'object',
    properties: {
      total,
      total_estimated: { type: 'boolean', const: true, description: 'The total is a guess: `$total=estimated`' },
      limit: { type: 'integer', minimum: 0, maximum: MAX_LIMIT },
      skip,
      next: {
        type: ['string', 'null'],
        maxLength: 16_000,
        description: 'With `$after`: what to send as `$after` for the next page; null after the last'
      },
      data: { type: 'array', items: record, maxItems: MAX_LIMIT }
    },
    required: ['limit', 'skip', 'data']
  }
}

const measures = (description: string): Json => ({
  type: 'object',
  description,
  additionalProperties: { type: ['string', 'number', 'null'], maxLength: 2000 }
})

/** What a list answers that was asked for groups and measures. */
export const groupSchemas: Json = {
  Group: {
    type: 'object',
    properties: {
      group: {
        type: 'object',
        description: 'The values that the records of the group share, by the names of `$group`',
        additionalProperties: { type: ['string', 'number', 'boolean', 'null'], maxLength: 2000 }
      },
      count: { ...count, description: 'Records in the group' },
      sum: measures('Field -> sum; money and decimals as text'),
      avg: measures('Field -> mean'),
      min: measures('Field -> smallest value'),
      max: measures('Field -> largest value')
    },
    required: ['group']
  },
  GroupPage: {
    type: 'object',
    properties: {
      total: { ...count, description: 'All groups' },
      limit: { type: 'integer', minimum: 0, maximum: MAX_GROUPS },
      skip,
      data: { type: 'array', items: { $ref: '#/components/schemas/Group' }, maxItems: MAX_GROUPS }
    },
    required: ['limit', 'skip', 'data']
  }
}
