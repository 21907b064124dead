import type { Access, AccessTable } from '../policy/access.ts'
import type { Resource } from '../schemas/define.ts'
import type { Field } from '../schemas/fields.ts'
import { resourceKnownAs } from '../schemas/index.ts'
import { type KindName, kinds } from '../schemas/kinds.ts'
import type { AuditedChange } from './changes.sql.ts'

type Row = Record<string, unknown>

/** One record as a write leaves it. Of a change `before` and `after` hold the fields that differ. */
export interface Change {
  resource: string
  id: string
  action: string
  before: Row | null
  after: Row | null
}

/** How the text of a JSON value becomes what the driver gives, where the two differ. */
const fromText: Partial<Record<KindName, (text: string) => unknown>> = {
  integer: Number,
  boolean: (text) => text === 'true',
  instant: (text) => new Date(text).toISOString(),
  json: (text) => JSON.parse(text)
}

function wireValue({ kind, options }: Field, text: string | null): unknown {
  if (text === null) return null
  const { decode } = kinds[kind]
  return decode ? decode(text as never, options) : (fromText[kind]?.(text) ?? text)
}

/** The part of an audited row that may be read, as records are on the wire. */
function recordOf({ all }: Resource, { fields }: Access, audited: AuditedChange['before']): Row | null {
  if (!audited) return null
  const record: Row = {}
  for (const name of fields) {
    if (!Object.hasOwn(audited, name)) continue
    const { under } = all[name]!
    const value = wireValue(all[name]!, audited[name]!)
    if (under === undefined) record[name] = value
    else record[under] = { ...(record[under] as Row | undefined), [name]: value }
  }
  return record
}

/** Audited changes as holders of `table` may see them: without resources and fields that they cannot read. */
export function changesFor(audited: AuditedChange[], table: AccessTable): Change[] {
  return audited.flatMap(({ action, resource: known, record_id: id, before, after }) => {
    const resource = resourceKnownAs(known)
    const access = resource && table.of(resource.name, 'read')
    if (!access) return []
    return [
      {
        resource: resource.name,
        id,
        action,
        before: recordOf(resource, access, before),
        after: recordOf(resource, access, after)
      }
    ]
  })
}
