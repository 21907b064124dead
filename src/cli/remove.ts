import { type Command, UsageError } from './command.ts'
import { planRemoval } from './generate/fields.ts'
import { run } from './generate/run.ts'

export const removeCommand: Command = {
  usage: 'field <resource> <field>  [--dry-run]',
  help: `Takes a field out of its definition. What is stored in it is not touched: "regal migrate plan" counts it, and writes
the migration that drops it once you say how much may be lost.

  --dry-run  show the changes, and write nothing`,
  options: { 'dry-run': { type: 'boolean' } },
  words: 3,
  async run(values, [what, resource, field]) {
    if (what !== 'field') throw new UsageError('Say field')
    if (!resource || !field) throw new UsageError('Say more: remove field <resource> <field>')
    await run(values['dry-run'] === true, (changes) => planRemoval(changes, resource, field))
    return 0
  }
}
