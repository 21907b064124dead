import {
  differencesOf,
  formatSnapshot,
  readSnapshot,
  snapshotDifferences,
  snapshotOf,
  writeSnapshot
} from '../evolution/index.ts'
import { resources } from '../schemas/index.ts'
import { print, say, withBooks } from './shop.ts'

/** `regal migrate check`: answers the exit code. */
export async function check(): Promise<number> {
  const defined = snapshotOf(resources)
  const unplanned = snapshotDifferences(readSnapshot(), defined)
  for (const sentence of unplanned) print(sentence)
  const found = await withBooks((database) => differencesOf(database, defined))
  for (const sentence of found) print(sentence)
  if (!unplanned.length && !found.length) print('Definitions, snapshot and database agree.')
  return unplanned.length || found.length ? 1 : 0
}

/** `regal migrate snapshot`: for whoever wrote a migration by hand. Believes the database alone. */
export async function snapshot(): Promise<number> {
  const defined = snapshotOf(resources)
  const found = await withBooks((database) => differencesOf(database, defined))
  if (found.length) {
    for (const sentence of found) print(sentence)
    say('The snapshot stays as it is: the database has not the tables of the definitions.')
    return 1
  }
  const changed = formatSnapshot(readSnapshot()) !== formatSnapshot(defined)
  if (changed) writeSnapshot(defined)
  print(changed ? 'wrote migrations/snapshot.json' : 'The snapshot is the newest already.')
  return 0
}
