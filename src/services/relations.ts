import type { Queryable } from '../database/connection.ts'
import type { Call } from '../policy/call.ts'
import { gateOf } from '../policy/gate.ts'
import type { Resource } from '../schemas/define.ts'
import { relationOf } from '../schemas/paths.ts'
import type { Include } from '../schemas/query.ts'
import { selectByKeys } from './page.sql.ts'
import type { Row } from './projection.ts'

/** Children that are part of every answer, and those that the query asks for. */
function childrenOf(resource: Resource, asked: Include[], call: Call, whole: boolean): Include[] {
  const many = asked.filter(({ relation }) => relation.many)
  if (!whole) return many
  const embedded = Object.entries(resource.children)
    .filter(([name, { embed }]) => embed && !many.some(({ relation }) => relation.name === name))
    .filter(([, child]) => !call.principal || call.principal.access.of(child.resource, 'read'))
    .map(([name]) => ({ relation: relationOf(gateOf(resource, call, false), name), include: [] }))
  return [...embedded, ...many]
}

async function addChildren(db: Queryable, records: Row[], { relation, include }: Include, call: Call): Promise<void> {
  const { name, target, their, access } = relation
  const keys = [...new Set(records.map(({ id }) => id as string))]
  const { text, values, record } = selectByKeys(target, their, keys, { access, reader: call.reader }, include)
  const found = new Map<unknown, Row[]>(keys.map((key) => [key, []]))
  for (const cells of await db.rows(text, values)) found.get(cells[0])!.push(record(cells))
  for (const row of records) row[name] = found.get(row.id)!
  await addInside(db, [...found.values()].flat(), include, call)
}

/** Children of what was joined to the records, and of their children. */
async function addInside(db: Queryable, records: Row[], asked: Include[], call: Call): Promise<void> {
  const parents = asked.filter(({ relation, include }) => !relation.many && include.length)
  const children = asked.filter(({ relation }) => relation.many)
  if (!records.length) return
  await Promise.all([
    ...children.map((child) => addChildren(db, records, child, call)),
    ...parents.map(({ relation, include }) => {
      const there = records.map((record) => record[relation.name] as Row | null).filter((row) => row !== null)
      return addInside(db, there, include, call)
    })
  ])
}

/**
 * Puts children into the records: those that are always embedded, and what `$include` asks for. One query per kind of
 * children, whatever the number of records; what a record refers to was read with it.
 */
export async function addRelated(db: Queryable, resource: Resource, records: Row[], call: Call): Promise<void> {
  const asked = call.plan?.include ?? []
  const children = childrenOf(resource, asked, call, !call.plan?.select)
  if (!children.length && !asked.some(({ include }) => include.length)) return
  await addInside(db, records, [...asked.filter(({ relation }) => !relation.many), ...children], call)
}
