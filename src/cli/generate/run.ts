import { fileURLToPath } from 'node:url'
import { print, say } from '../shop.ts'
import { Changes } from './changes.ts'
import { unified } from './diff.ts'
import { evolve } from './migration.ts'
import { staged } from './stage.ts'

/** The folder of the sources, which the generator writes into. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Plans changes, formats them, adds the migration they need, and writes them; with `dryRun` shows them instead.
 * @throws CommandError, and nothing is written
 */
export async function run(dryRun: boolean, plan: (changes: Changes) => Promise<string[]>): Promise<void> {
  const changes = new Changes(ROOT)
  const next = await plan(changes)
  const said = await staged(changes, async (stage) => {
    const found = await evolve(changes, await stage.resources())
    await stage.format()
    return found
  })
  if (dryRun) {
    for (const change of changes.list()) process.stdout.write(unified(change))
    for (const sentence of [...said, ...next]) say(sentence)
    say('Nothing was written.')
    return
  }
  await changes.write()
  for (const { path, before } of changes.list()) print(`${before === null ? 'wrote ' : 'edited'}  ${path}`)
  for (const sentence of [...said, ...next]) print(sentence)
}
