import type { IncomingHttpHeaders } from 'node:http'
import { failure, fieldFailure } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Resource } from '../schemas/define.ts'
import { type Key, keyNamed } from '../schemas/keys.ts'
import { isUuid } from '../schemas/kinds.ts'
import { BY_ID } from '../services/many.ts'
import type { Given } from './mapping.ts'
import type { DecimalSign } from './numbers.ts'
import { type Format, formatOf } from './source.ts'

/** How a file is to be read, and what is to be done with its rows. */
export interface ImportOptions {
  id: string
  format: Format
  charset?: string
  delimiter?: string
  decimal?: DecimalSign
  upsert?: Key
  on_error: 'skip' | 'stop'
  dry_run: boolean
  mapping: Given
}

type Query = Record<string, unknown>

const DELIMITERS: Record<string, string> = { ',': ',', ';': ';', '|': '|', '\t': '\t', tab: '\t' }

const refuse = (path: string, message: string) => fieldFailure('invalid_query', path, message)

function oneOf<T>(query: Query, name: string, choices: Record<string, T>): T | undefined {
  const given = query[name]
  if (given === undefined) return undefined
  if (typeof given !== 'string' || !Object.hasOwn(choices, given))
    throw refuse(
      name,
      `must be one of ${Object.keys(choices)
        .map((choice) => JSON.stringify(choice))
        .join(', ')}`
    )
  return choices[given]
}

/** A column's title may hold brackets, which an address cannot: then the mapping is sent as JSON. */
function mappingOf(given: unknown): Given {
  let value = given ?? {}
  if (typeof given === 'string') {
    try {
      value = JSON.parse(given)
    } catch {
      throw refuse('mapping', 'must look like mapping[Column]=field, or be JSON')
    }
  }
  const entries =
    typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined
  if (!entries?.every(([, path]) => typeof path === 'string' || path === null))
    throw refuse('mapping', 'must look like mapping[Column]=field, or be JSON')
  return new Map(entries.map(([title, path]) => [title, path ?? '']))
}

function upsertOf(resource: Resource, given: unknown): Key | undefined {
  if (given === undefined) return undefined
  const names = typeof given === 'string' ? given.split(',') : []
  const key = names.join() === 'id' ? BY_ID : keyNamed(resource, names)
  if (!key || !resource.methods.includes('patch')) throw refuse('upsert', 'must name a unique key')
  return key
}

function idOf(given: unknown, key: string | undefined): string {
  const id = given ?? key
  if (id === undefined) return newId()
  if (!isUuid(id)) throw failure('invalid_id', { errors: [{ path: 'id', message: 'must be a UUID' }] })
  return id.toLowerCase()
}

const KNOWN = new Set(['id', 'mapping', 'upsert', 'on_error', 'dry_run', 'delimiter', 'decimal'])
const YES_NO = { true: true, false: false }

/** Reads the address and the headers of an import. @throws 400 invalid_query, 415 unsupported_type */
export function importOptions(resource: Resource, query: Query, headers: IncomingHttpHeaders): ImportOptions {
  const unknown = Object.keys(query).find((name) => !KNOWN.has(name))
  if (unknown !== undefined) throw refuse(unknown, 'is not a parameter of an import')
  if (headers['content-encoding']) throw failure('unsupported_type', {}, 'A file is sent as it is, not compressed.')
  const { format, charset } = formatOf(headers['content-type'] ?? '')
  const delimiter = oneOf(query, 'delimiter', DELIMITERS)
  const decimal = oneOf(query, 'decimal', { ',': ',', '.': '.' } as const)
  const upsert = upsertOf(resource, query.upsert)
  return {
    id: idOf(query.id, headers['idempotency-key'] as string | undefined),
    format,
    ...(charset && { charset }),
    ...(delimiter && { delimiter }),
    ...(decimal && { decimal }),
    ...(upsert && { upsert }),
    on_error: oneOf(query, 'on_error', { skip: 'skip', stop: 'stop' } as const) ?? 'skip',
    dry_run: oneOf(query, 'dry_run', YES_NO) ?? false,
    mapping: mappingOf(query.mapping)
  }
}
