import { fieldFailure } from '../errors.ts'
import { cleanData } from '../hooks/validate.ts'
import type { Call } from '../policy/call.ts'
import { cleanRecord } from '../schemas/clean.ts'
import type { Resource } from '../schemas/define.ts'
import type { Key } from '../schemas/keys.ts'
import { checkShape } from '../schemas/shape.ts'
import type { Row } from '../services/projection.ts'

// What a row of data has to pass before it is written: the same as the body of a single create or patch.

/** Data for a create. @throws 400 */
export function cleanCreate(resource: Resource, data: Row, call: Call): Row {
  checkShape(data)
  return cleanData(resource, { method: 'create', data, params: call }) as Row
}

const same = (a: unknown, b: unknown) => String(a).toLowerCase() === String(b).toLowerCase()

/**
 * Data for a patch of a stored record. It keeps its id, whatever the row says: that is the one of a new record. What is
 * set once and for all may be named when it is as it was, so that an export can be imported again. @throws 400
 */
export function cleanPatch(resource: Resource, data: Row, stored: Row, key: Key, call: Call): Row {
  checkShape(data)
  const kept = Object.entries(data).filter(
    ([name, value]) =>
      !(name === 'id' || key.fields.includes(name) || (resource.all[name]?.fixed && same(value, stored[name])))
  )
  return cleanData(resource, { method: 'patch', data: Object.fromEntries(kept), params: call }) as Row
}

/** The values of a unique key in data. @throws 400 where one is missing or none of its field */
export function cleanKey({ all }: Resource, { fields, countsNull }: Key, data: Row): Row {
  // Records without a value are never the same: each time the file is sent there would be one more.
  const empty = countsNull ? undefined : fields.find((name) => data[name] == null)
  if (empty) throw fieldFailure('invalid_data', empty, 'is required by upsert')
  const keyed = Object.fromEntries(fields.map((name) => [name, all[name]!]))
  const given = Object.fromEntries(fields.map((name) => [name, data[name]]))
  return cleanRecord(keyed, given, { complete: false, allowed: () => true })
}

export const keyText = ({ fields, ignoresCase }: Key, record: Row): string =>
  JSON.stringify(fields.map((name) => (ignoresCase ? String(record[name]).toLowerCase() : record[name])))
