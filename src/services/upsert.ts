import { isDeepStrictEqual } from 'node:util'
import type { Queryable } from '../database/connection.ts'
import { fieldFailure } from '../errors.ts'
import { newId } from '../ids.ts'
import type { Call, Upsert } from '../policy/call.ts'
import type { Resource } from '../schemas/define.ts'
import type { Field } from '../schemas/fields.ts'
import type { Key } from '../schemas/keys.ts'
import { clientId, fingerprintOf } from './exactly-once.ts'
import type { Row } from './projection.ts'
import { lockByKey } from './resource.sql.ts'
import type { ResourceService } from './resource.ts'

/**
 * A create that changes the record of the same unique key instead, where there is one within the caller's reach. Of
 * several at once one makes the record, and the others wait for it and change it. Sent again it changes nothing.
 * @throws 409 duplicate where the record is out of reach, as a create would
 */
export function upsert(service: ResourceService, data: Row, call: Call, { key, access }: Upsert): Promise<Row> {
  const { resource } = service
  const keyed = service.complete(data, call)
  requireValues(key, keyed)
  return service.inTransaction(call, async (transaction) => {
    const create: Call = { ...call, upsert: undefined, transaction }
    // The rows and fields of an update; the query is the create's. Without a provider, so the hooks let it pass, and tell
    // of the change.
    const update = { ...create, provider: undefined, access, plan: undefined, query: {}, upserted: key }
    const patch = async () => {
      const id = await lockedId(transaction, service, keyed, key, update)
      return id === undefined ? undefined : patchFound(service, id, data, call, update)
    }
    const given = clientId(resource, data, call)
    const insert = (unless?: Key) =>
      service.insert(data, create, given ?? newId(), given ? fingerprintOf(resource, data, call) : null, unless)
    // At last without `unless`: the refusal of a record out of reach is that of any create.
    return (await patch()) ?? (await insert(key)) ?? (await patch()) ?? (await insert())!
  })
}

/** Records without a value are never the same, so that there would be nothing to find. */
function requireValues({ fields, countsNull }: Key, record: Row): void {
  const empty = countsNull ? undefined : fields.find((name) => record[name] == null)
  if (empty) throw fieldFailure('invalid_data', empty, 'is required by $upsert')
}

async function lockedId(db: Queryable, { resource, scope }: ResourceService, record: Row, key: Key, update: Call) {
  const { text, values } = lockByKey(resource, key, record, scope(update))
  const [row] = await db.query<{ id: string }>(text, values)
  return row?.id
}

async function patchFound(
  service: ResourceService,
  id: string,
  data: Row,
  call: Call,
  update: Call & { upserted: Key }
): Promise<Row> {
  const stored = await service.get(id, service.reach(update))
  const changes = changesOf(service.resource, data, stored, update)
  if (!Object.keys(changes).length) {
    call.unchanged = true
    return stored
  }
  const patched = await service.patch(id, changes, update)
  call.patched = true
  return patched
}

/**
 * What differs from the stored record. A field that the caller cannot read counts as different, or the answer would
 * tell who guesses its value. @throws 400 for a field that is set once and for all
 */
function changesOf(
  { name: resource, all }: Resource,
  data: Row,
  stored: Row,
  { principal, access, upserted }: Call & { upserted: Key }
): Row {
  const read = principal?.access.of(resource, 'read')?.has
  const changes: Row = {}
  for (const [name, value] of Object.entries(data)) {
    const field = all[name]
    const differs = !isDeepStrictEqual(value, storedValue(stored, name, field))
    const unseen = !field || (principal && !read?.has(name))
    const settable = !field?.fixed && (!access || access.has.has(name))
    if (name === 'id' || !(differs || unseen)) continue
    if (settable) changes[name] = value
    // Of the key itself at most the case differs: it named the record, and stays as it is.
    else if (!upserted.fields.includes(name)) throw fieldFailure('invalid_data', name, 'cannot be changed')
  }
  return changes
}

const storedValue = (stored: Row, name: string, field: Field | undefined): unknown =>
  field?.under ? (stored[field.under] as Row | undefined)?.[name] : stored[name]
