import { join } from 'node:path'
import { nextNumber } from '../../database/migrate.ts'
import {
  formatSnapshot,
  PlanRefused,
  planOffline,
  readSnapshot,
  snapshotDifferences,
  snapshotOf
} from '../../evolution/index.ts'
import type { Resource } from '../../schemas/define.ts'
import { resources } from '../../schemas/index.ts'
import { CommandError } from '../command.ts'
import type { Changes } from './changes.ts'

/** What the tables need that `next` describes: planned as files of the change, or told in sentences where rows decide. */
export async function evolve(changes: Changes, next: readonly Resource[]): Promise<string[]> {
  const folder = join(changes.root, 'migrations')
  const [now, after] = [snapshotOf(resources), snapshotOf(next)]
  if (formatSnapshot(now) === formatSnapshot(after)) return []
  const before = readSnapshot(folder)
  const open = snapshotDifferences(before, now)
  if (open.length)
    throw new CommandError(
      `Changes made before have no migration yet; write it first, with "npx regal migrate plan":\n${open.join('\n')}`
    )
  try {
    const { files, snapshot } = planOffline(before, after, { number: await nextNumber(folder) })
    for (const { name, sql } of files) changes.create(`migrations/${name}`, sql)
    await changes.edit('migrations/snapshot.json', formatSnapshot(snapshot))
    return ['Apply the migration with "npx regal migrate", or by starting the server.']
  } catch (error) {
    if (!(error instanceof PlanRefused)) throw error
    return [`No migration was written, as it depends on the rows that are there:\n${error.message}`]
  }
}
