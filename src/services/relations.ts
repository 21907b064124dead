import type { Queryable } from '../database/connection.ts'
import { failure } from '../errors.ts'
import type { Access } from '../policy/access.ts'
import type { Call } from '../policy/call.ts'
import type { Resource } from '../schemas/define.ts'
import { resourceNamed } from '../schemas/index.ts'
import type { Row } from './projection.ts'
import { selectByKeys } from './resource.sql.ts'

const everything = new WeakMap<Resource, Access>()

/** What an internal call reaches: every row, every field that is not a secret. */
export function fullAccess(resource: Resource): Access {
  let access = everything.get(resource)
  if (!access) {
    access = { fields: resource.readable, has: new Set(resource.readable) }
    everything.set(resource, access)
  }
  return access
}

/** The caller's access to another resource: to read it, or null. */
function readAccess(resource: Resource, call: Call): Access | null {
  return call.principal ? call.principal.access.of(resource.name, 'read') : fullAccess(resource)
}

async function related(db: Queryable, resource: Resource, field: string, keys: unknown[], access: Access, call: Call) {
  const { text, values, projection } = selectByKeys(resource, field, [...new Set(keys)] as string[], {
    access,
    reader: call.reader
  })
  const found = new Map<string, Row[]>()
  for (const [key, ...cells] of await db.rows(text, values)) {
    const list = found.get(key as string)
    const record = projection.decode(cells)
    if (list) list.push(record)
    else found.set(key as string, [record])
  }
  return found
}

/** Puts what `$include` asks for, and children that are always embedded, into the records: one query per relation. */
export async function include(db: Queryable, resource: Resource, records: Row[], call: Call): Promise<void> {
  if (!records.length) return
  const asked = call.plan?.include ?? []
  const work = asked
    .filter((name) => resource.relations[name])
    .map((name) => includeParent(db, resource, records, name, call))
  for (const [name, child] of Object.entries(resource.children)) {
    if ((child.embed && !call.plan?.select) || asked.includes(name))
      work.push(includeChildren(db, resource, records, name, call))
  }
  await Promise.all(work)
}

async function includeParent(
  db: Queryable,
  resource: Resource,
  records: Row[],
  name: string,
  call: Call
): Promise<void> {
  const { field, resource: target } = resource.relations[name]!
  const parent = resourceNamed(target)
  const access = readAccess(parent, call)
  if (!access || !(call.access ?? fullAccess(resource)).has.has(field)) throw failure('not_allowed')
  const keys = records.map((record) => record[field]).filter((key) => key != null)
  const found = keys.length ? await related(db, parent, 'id', keys, access, call) : new Map<string, Row[]>()
  for (const record of records) record[name] = found.get(record[field] as string)?.[0] ?? null
}

async function includeChildren(
  db: Queryable,
  resource: Resource,
  records: Row[],
  name: string,
  call: Call
): Promise<void> {
  const { resource: target, field, embed } = resource.children[name]!
  const child = resourceNamed(target)
  const read = readAccess(child, call)
  if (!read) return
  // What a document is made of is as visible as the document; a rule on its rows is for reading them by themselves.
  const access = embed ? { ...read, alternatives: undefined } : read
  const found = await related(
    db,
    child,
    field,
    records.map((record) => record.id),
    access,
    call
  )
  for (const record of records) record[name] = found.get(record.id as string) ?? []
}
