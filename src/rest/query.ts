import qs from 'qs'
import { failure } from '../errors.ts'
import { MAX_DEPTH } from '../schemas/conditions.ts'

/** A key that qs would drop without a word; a name nobody knows must be refused. */
function decodeKey(text: string, decode: (text: string) => string, _charset: string, kind: 'key' | 'value'): string {
  const decoded = decode(text)
  if (kind === 'key' && decoded.includes('__proto__')) throw failure('invalid_query')
  return decoded
}

/**
 * Addresses are parsed with limits of our own: Feathers' parser turns a list of more than 20 values into an object. Nested
 * keys stay nested, and are refused as unknown where no operator is meant. @throws 400 invalid_query beyond the limits
 */
export function parseAddress(querystring: string): Record<string, unknown> {
  if (!querystring) return {}
  try {
    return qs.parse(querystring, {
      // `$and[0]` for each level, then a field, an operator and a place in its list.
      depth: 2 * MAX_DEPTH + 2,
      strictDepth: true,
      arrayLimit: 1000,
      parameterLimit: 1000,
      throwOnLimitExceeded: true,
      // Else `?toString=x` would be dropped as well.
      allowPrototypes: true,
      decoder: decodeKey as qs.defaultDecoder
    })
  } catch (error) {
    throw error instanceof RangeError ? failure('invalid_query') : error
  }
}
