import { type Command, UsageError } from './command.ts'
import { allowedOf } from './generate/access.ts'
import { planResource } from './generate/resource.ts'
import { run } from './generate/run.ts'

export const generateCommand: Command = {
  usage: 'resource <name> <field>.. | field <resource> <field>.. | hook <name> | report <name>  [options]',
  help: `x`,
  options: {
    'dry-run': { type: 'boolean', default: false },
    allow: { type: 'string', multiple: true, default: [] },
    label: { type: 'string' },
    service: { type: 'boolean', default: false },
    after: { type: 'string' }
  },
  words: 200,
  async run(values, [what, name, ...words]) {
    if (what !== 'resource') throw new UsageError('Say resource')
    await run(values['dry-run'] === true, async (changes) => {
      await planResource(changes, {
        name: name!,
        fields: words,
        label: values.label as string,
        allowed: allowedOf(values.allow as string[]),
        service: values.service === true
      })
      return {}
    })
    return 0
  }
}
