import { type Command, UsageError } from './command.ts'
import { planRename } from './generate/fields.ts'
import { run } from './generate/run.ts'

export const renameCommand: Command = {
  usage: 'field <resource> <old name> <new name>  [--dry-run]',
  help: `Gives a field another name, in its definition and wherever the program names it as data, and writes the migration.
What is stored stays. Other places that say the old name are listed.

  --dry-run  show the changes, and write nothing`,
  options: { 'dry-run': { type: 'boolean' } },
  words: 4,
  async run(values, [what, resource, old, now]) {
    if (what !== 'field') throw new UsageError('Say field')
    if (!resource || !old || !now) throw new UsageError('Say more: rename field <resource> <old name> <new name>')
    await run(values['dry-run'] === true, (changes) => planRename(changes, resource, old, now))
    return 0
  }
}
