import type { Json } from './wire.ts'

const count = (description: string): Json => ({ description, schema: { type: 'integer', minimum: 0 } })

/** Headers of answers, by name. `Access-Control-Allow-Origin` is defined by name too, for tools that look for it there. */
export const headerComponents: Record<string, Json> = {
  'X-Request-Id': {
    description: 'Names the request in the log',
    schema: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,100}$', maxLength: 100 }
  },
  'Access-Control-Allow-Origin': {
    description: 'The asking origin, where it is one of those in the settings; left out otherwise',
    schema: { type: 'string', format: 'uri', maxLength: 300 }
  },
  'RateLimit-Limit': count(
    'Requests per minute, of a user or of an address without a sign-in. Left out of answers to requests that are refused before they are counted'
  ),
  'RateLimit-Remaining': count('Requests left of this minute'),
  'RateLimit-Reset': count('Seconds until the minute is over'),
  'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } },
  'Idempotent-Replayed': {
    description: 'The record is of an earlier create with the same id',
    schema: { type: 'string', const: 'true' }
  },
  'Preference-Applied': { description: 'It was a dry run', schema: { type: 'string', const: 'dry-run' } }
}

const refs = (...names: string[]): Json =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))

const always = refs('X-Request-Id', 'Access-Control-Allow-Origin')
const counted = { ...always, ...refs('RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset') }

/** The headers of every answer, and of the answers to requests that are counted. */
export const usualHeaders = always
export const countedHeaders = counted
export const retryHeaders = { ...counted, ...refs('Retry-After') }
export const replayHeaders = { ...counted, ...refs('Idempotent-Replayed') }
export const rehearsalHeaders = refs('Preference-Applied')
