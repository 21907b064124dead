import { BadRequest } from '@feathersjs/errors'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { MAX_FAULTS } from '../errors.ts'
import type { Fields } from './define.ts'
import type { Field } from './fields.ts'
import { kinds } from './kinds.ts'

/** One fault of the data a client sent, addressed for a form. */
export interface Fault {
  path: string
  message: string
}

const ajv = new Ajv({ allErrors: false, strict: true, strictTypes: false })
addFormats.default(ajv)
// A word for readers of the schema; what is a decimal, and how many digits it may have, the service decides.
ajv.addFormat('decimal', true)
const structures = new WeakMap<object, ValidateFunction>()

/** Throws the 400 that lists every fault. */
function refuseFaults(faults: Fault[]): void {
  if (!faults.length) return
  const first = faults[0]!
  throw new BadRequest(`${first.path} ${first.message}`.trim(), {
    reason: 'invalid_data',
    errors: faults.slice(0, MAX_FAULTS)
  })
}

function cleanStructure(field: Field, value: unknown, path: string): unknown {
  let validate = structures.get(field)
  if (!validate) {
    validate = ajv.compile(field.schema)
    structures.set(field, validate)
  }
  if (validate(value)) return value
  const error = validate.errors![0]!
  throw { path: `${path}${error.instancePath.replaceAll('/', '.')}`, message: error.message ?? 'is not valid' }
}

/** The canonical value of one field, or an exception that is a Fault. Null is for nullable fields only. */
function cleanValue(field: Field, value: unknown, path: string): unknown {
  if (value === null) {
    if (field.nullable) return null
    throw { path, message: 'must not be null' }
  }
  if (field.kind === 'json') return cleanStructure(field, value, path)
  try {
    return kinds[field.kind].clean(value, field.options)
  } catch (error) {
    if (error instanceof TypeError) throw { path, message: error.message }
    throw error
  }
}

/** Notes what `work` throws as a fault; anything else passes. */
function noting(faults: Fault[], work: () => void): void {
  try {
    work()
  } catch (error) {
    if (error instanceof Error) throw error
    faults.push(error as Fault)
  }
}

export function requireObject(data: unknown, path = 'body'): Record<string, unknown> {
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as Record<string, unknown>
  throw new BadRequest(`${path} must be an object`, {
    reason: 'invalid_data',
    errors: [{ path, message: 'must be an object' }]
  })
}

interface Options {
  complete: boolean
  /** Names that may be set. */
  allowed: (name: string) => boolean
  /** Names that the caller knows of: any other is refused as one that is not there. */
  known?: (name: string) => boolean
  prefix?: string
}

/**
 * Checks `data` against `fields`: unknown and read-only names, types, bounds, and with `complete` what is missing.
 * Answers a new object with canonical values in the order of `fields`; defaults are not filled here.
 */
export function cleanRecord(fields: Fields, data: unknown, options: Options): Record<string, unknown> {
  const faults: Fault[] = []
  const clean = collect(fields, requireObject(data, options.prefix || 'body'), options, faults)
  refuseFaults(faults)
  return clean
}

function collect(
  fields: Fields,
  given: Record<string, unknown>,
  { complete, allowed, known = () => true, prefix = '' }: Options,
  faults: Fault[]
): Record<string, unknown> {
  const there = (name: string) => Object.hasOwn(fields, name) && !fields[name]!.secret && known(name)
  for (const name of Object.keys(given)) {
    if (!there(name)) faults.push({ path: prefix + name, message: 'is not a field' })
    else if (!allowed(name)) faults.push({ path: prefix + name, message: 'cannot be set' })
    if (faults.length > MAX_FAULTS) return {}
  }
  const clean: Record<string, unknown> = {}
  for (const name in fields) {
    const field = fields[name]!
    const value = given[name]
    if (value !== undefined) {
      // What is wrong with the value of a field that is not there would tell that it is.
      if (!there(name)) continue
      noting(faults, () => {
        clean[name] = cleanValue(field, value, prefix + name)
      })
    } else if (complete && !field.optional && name !== 'id') {
      faults.push({ path: prefix + name, message: 'is required' })
    }
  }
  return clean
}
