import { FeathersError } from '@feathersjs/errors'
import { CommandError, UsageError } from './command.ts'
import { commands, program } from './program.ts'

/** The sentence a failure is told in. What we did not foresee keeps its stack, as it is for whoever mends it. */
function explain(error: unknown): string {
  if (error instanceof FeathersError) {
    const faults = Array.isArray(error.errors) ? (error.errors as { path: string; message: string }[]) : []
    if (error.code >= 500 && error.cause) return explain(error.cause)
    return faults.length ? faults.map(({ path, message }) => `${path}: ${message}`).join('\n') : error.message
  }
  if (error instanceof CommandError) return error.message
  const { code, message, stack } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED') return 'PostgreSQL does not answer at DATABASE_URL.'
  return error instanceof Error && error.constructor === Error ? message : (stack ?? String(error))
}

// Who reads the output may stop reading (`| head`); the work goes on to its end, and lets go of the database.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

// Exit codes: 0 done, 1 failed (or the books do not hold), 2 not understood.
try {
  process.exitCode = await program(process.argv.slice(2), (text) => void process.stdout.write(text))
} catch (error) {
  const usage = error instanceof UsageError
  const [name] = process.argv.slice(2)
  const help = name !== undefined && Object.hasOwn(commands, name) ? `regal ${name} --help` : 'regal --help'
  process.stderr.write(`${usage ? `${error.message}. See "${help}".` : explain(error)}\n`)
  process.exitCode = usage ? 2 : 1
}
