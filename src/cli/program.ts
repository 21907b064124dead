import { type Command, parse, UsageError } from './command.ts'

/** Loaded when called, so that `--help` does not load a server. */
export const commands: Record<string, { summary: string; load(): Promise<Command> }> = {
  start: { summary: 'start the server', load: async () => (await import('./start.ts')).startCommand },
  migrate: {
    summary: 'bring the database to the newest schema; plan and check changes of it',
    load: async () => (await import('./migrate.ts')).migrateCommand
  },
  demo: {
    summary: 'fill an empty shop with believable data',
    load: async () => (await import('./demo.ts')).demoCommand
  },
  user: {
    summary: 'add, list and deactivate users, set passwords',
    load: async () => (await import('./user.ts')).userCommand
  },
  verify: {
    summary: 'check the books: stock, numbers, money, audit',
    load: async () => (await import('./verify.ts')).verifyCommand
  },
  import: {
    summary: 'read a file into a resource',
    load: async () => (await import('./import.ts')).importCommand
  },
  export: {
    summary: 'write a resource to a file',
    load: async () => (await import('./export.ts')).exportCommand
  },
  generate: {
    summary: 'write a resource, a field, a hook or a report',
    load: async () => (await import('./generate.ts')).generateCommand
  },
  rename: {
    summary: 'give a field another name, and keep what is stored',
    load: async () => (await import('./rename.ts')).renameCommand
  },
  remove: {
    summary: 'take a field out of a resource',
    load: async () => (await import('./remove.ts')).removeCommand
  }
}

const OVERVIEW = `Usage: regal <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`)
  .join('\n')}

"regal <command> --help" says more. Settings come from the environment and config/, as for the server.
`

/** Runs one command, or prints help. Answers the exit code. @throws UsageError for what cannot be understood */
export async function program([name, ...args]: string[], print: (text: string) => void): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    print(OVERVIEW)
    return name === undefined ? 2 : 0
  }
  if (!Object.hasOwn(commands, name)) throw new UsageError(`There is no command ${name}`)
  const command = await commands[name]!.load()
  const { values, words } = parse(command, args)
  if (values.help) {
    print(`Usage: regal ${name}${command.usage && ` ${command.usage}`}\n\n${command.help}\n`)
    return 0
  }
  return command.run(values, words)
}
