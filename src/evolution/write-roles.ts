import { quote } from '../schemas/bounds.ts'
import type { TableModel } from '../schemas/model.ts'
import type { Snapshot } from './snapshot.ts'
import type { Writing } from './writing.ts'

/** New names by old ones; null for what is no more. */
type Names = Record<string, string | null>

/** What rules that speak of a resource must say from now on. `keys` are those of conditions, `vendor.name` too. */
interface Renaming {
  name: string | null
  fields: Names
  keys: Names
}

/** The columns of a table that have another name or are gone. */
function columnNames(before: TableModel, after: TableModel | undefined): Names {
  const names: Names = {}
  for (const [id, { name }] of Object.entries(before.columns)) {
    const now = after?.columns[id]?.name ?? null
    if (now !== name) names[name] = now
  }
  return names
}

const relationOf = (column: string) => (column.endsWith('_id') ? column.slice(0, -3) : undefined)

/** Conditions may look through a reference: each such path that has another name, at its start or its end. */
function pathNames(table: TableModel, before: Snapshot, after: Snapshot): Names {
  const names: Names = {}
  for (const { fields, target } of Object.values(table.constraints)) {
    const column = target ? table.columns[fields[0]!] : undefined
    const relation = column && relationOf(column.name)
    if (!column || !relation || !before[target!]) continue
    const now = after[table.id]?.columns[fields[0]!]?.name
    const renamed = now && relationOf(now)
    for (const [id, { name }] of Object.entries(before[target!]!.columns)) {
      const inner = after[target!]?.columns[id]?.name
      const path = renamed && inner ? `${renamed}.${inner}` : null
      if (path !== `${relation}.${name}`) names[`${relation}.${name}`] = path
    }
  }
  return names
}

/** By the resource's name as the rules have it. */
function renamings(before: Snapshot, after: Snapshot): Record<string, Renaming> {
  const found: Record<string, Renaming> = {}
  for (const table of Object.values(before)) {
    const now = after[table.id]
    const fields = columnNames(table, now)
    const keys = { ...fields, ...pathNames(table, before, after) }
    const name = now?.resource ?? null
    if (name !== table.resource || Object.keys(keys).length) found[table.resource] = { name, fields, keys }
  }
  return found
}

/**
 * Rules of roles that name what is renamed name it by its new name, so that nobody loses what they may do; see
 * `regal_rename_in_roles` in the migrations.
 */
export function roleRulesSql({ before, after }: Writing): string[] {
  const changes = renamings(before, after)
  if (!Object.keys(changes).length) return []
  return [`select regal_rename_in_roles(${quote(JSON.stringify(changes, null, 2))})`]
}
