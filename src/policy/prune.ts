import type { Resource } from '../schemas/define.ts'
import { resourceNamed } from '../schemas/index.ts'
import type { Access, AccessTable } from './access.ts'

type Row = Record<string, unknown>

/** The part of a whole record that holders of `table` may see, embedded children included; the id alone without a read. */
export function pruneRecord(resource: Resource, record: Row, table: AccessTable): Row {
  const access = table.of(resource.name, 'read')
  if (!access) return { id: record.id }
  const part = access.fields.length === resource.readable.length ? { ...record } : pick(resource, record, access)
  for (const [name, { resource: target }] of Object.entries(resource.children)) {
    const children = record[name]
    if (!Array.isArray(children)) continue
    const child = resourceNamed(target)
    if (table.of(target, 'read')) part[name] = children.map((item: Row) => pruneRecord(child, item, table))
    else delete part[name]
  }
  return part
}

function pick(resource: Resource, record: Row, { fields }: Access): Row {
  const part: Row = {}
  for (const name of fields) {
    const { under } = resource.all[name]!
    if (under === undefined) {
      if (record[name] !== undefined) part[name] = record[name]
      continue
    }
    const group = record[under] as Row | undefined
    if (group?.[name] === undefined) continue
    part[under] ??= {}
    ;(part[under] as Row)[name] = group[name]
  }
  return part
}
