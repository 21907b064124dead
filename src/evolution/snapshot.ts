import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { migrationsFolder } from '../database/migrate.ts'
import type { Resource } from '../schemas/define.ts'
import { type TableModel, tableModel } from '../schemas/model.ts'

/** All tables by the lasting id of their resource: as the definitions say, or as the newest migration left them. */
export type Snapshot = Record<string, TableModel>

const FILE = 'snapshot.json'
const VERSION = 1

/**
 * The tables of the definitions, in their order. Those written by migrations alone are no part of it.
 * @throws when two resources have the same lasting id
 */
export function snapshotOf(resources: readonly Resource[]): Snapshot {
  const ids = new Map(resources.map(({ name, id }) => [name, id]))
  const lasting = (name: string) => ids.get(name) ?? name
  const own = resources.filter(({ ownTable }) => !ownTable)
  if (ids.size !== new Set(ids.values()).size) throw new Error('Two resources have one id; give the newer one its own')
  return Object.fromEntries(own.map((resource) => [resource.id, tableModel(resource, lasting)]))
}

/** Keys sorted, lists left in their order: two branches that add fields to two tables merge without a conflict. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)])
  )
}

/** The text of `migrations/snapshot.json`: equal tables give equal text. */
export const formatSnapshot = (tables: Snapshot): string =>
  `${JSON.stringify(sorted({ version: VERSION, tables }), null, 2)}\n`

/** @throws when the file is missing, or was written by another version of this program */
export function readSnapshot(folder = migrationsFolder()): Snapshot {
  let text: string
  try {
    text = readFileSync(join(folder, FILE), 'utf8')
  } catch {
    throw new Error(`${FILE} is missing beside the migrations; take it from the history of the project`)
  }
  const { version, tables } = JSON.parse(text)
  if (version !== VERSION) throw new Error(`${FILE} has version ${version}, and this program reads ${VERSION}`)
  return tables
}

export const writeSnapshot = (tables: Snapshot, folder = migrationsFolder()): void =>
  writeFileSync(join(folder, FILE), formatSnapshot(tables))
