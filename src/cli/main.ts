import { FeathersError } from '@feathersjs/errors'
import { type Command, CommandError, parse, UsageError } from './command.ts'

/** Loaded when called, so that `--help` does not load a server. */
const commands: Record<string, { summary: string; load(): Promise<Command> }> = {
  start: { summary: 'start the server', load: async () => (await import('./start.ts')).startCommand },
  migrate: {
    summary: 'bring the database to the newest schema',
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
  }
}

const OVERVIEW = `Usage: regal <command> [options]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`)
  .join('\n')}

"regal <command> --help" says more. Settings come from the environment and config/, as for the server.
`

/** Runs the program. Exit codes: 0 done, 1 failed (or the books do not hold), 2 not understood. */
async function main([name, ...args]: string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(OVERVIEW)
    return name === undefined ? 2 : 0
  }
  if (!Object.hasOwn(commands, name)) throw new UsageError(`There is no command ${name}`)
  const command = await commands[name]!.load()
  const { values, words } = parse(command, args)
  if (values.help) {
    process.stdout.write(`Usage: regal ${name}${command.usage && ` ${command.usage}`}\n\n${command.help}\n`)
    return 0
  }
  return command.run(values, words)
}

/** The sentence a failure is told in. What we did not foresee keeps its stack, as it is for whoever mends it. */
function explain(error: unknown): string {
  if (error instanceof FeathersError) {
    const faults = Array.isArray(error.errors) ? (error.errors as { path: string; message: string }[]) : []
    return faults.length ? faults.map(({ path, message }) => `${path} ${message}`).join('\n') : error.message
  }
  if (error instanceof CommandError) return error.message
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'PostgreSQL does not answer at DATABASE_URL.'
  return error instanceof Error && error.constructor === Error ? message : (stack ?? String(error))
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  const usage = error instanceof UsageError
  const [name] = process.argv.slice(2)
  const help = name !== undefined && Object.hasOwn(commands, name) ? `regal ${name} --help` : 'regal --help'
  process.stderr.write(`${usage ? `${error.message}. See "${help}".` : explain(error)}\n`)
  process.exitCode = usage ? 2 : 1
}
