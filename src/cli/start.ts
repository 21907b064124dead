import { openLog } from '../ops/log.ts'
import { listen, openDatabase, prepareDatabase, type Running } from '../ops/start.ts'
import { loadSettings, type Settings } from '../settings.ts'
import type { Command } from './command.ts'

const say = (line: string) => void process.stderr.write(`${line}\n`)

/** Starts Regal and keeps it running until a signal; what its operator should read goes to standard error. */
export async function start(): Promise<void> {
  const started = performance.now()
  try {
    const { settings, embedded } = await openDatabase(await loadSettings(), say)
    const stopDatabase = () => embedded?.stop()
    const running = await open(settings).catch(async (error) => {
      await stopDatabase()
      throw error
    })
    stopOnSignal(async () => {
      await running.stop()
      await stopDatabase()
    })
    say(
      `Regal is ready at ${running.url} (API documentation: ${running.url}/docs), started in ${((performance.now() - started) / 1000).toFixed(1)} s`
    )
  } catch (error) {
    say(explain(error))
    process.exit(1)
  }
}

/** From a reachable database to a server that listens. The password is shown as soon as it counts, whatever fails later. */
async function open(settings: Settings): Promise<Running> {
  const password = await prepareDatabase(settings, say)
  if (password) showPassword(password)
  if (settings.demo) await import('./demo.ts').then(({ demoAtFirstStart }) => demoAtFirstStart(settings))
  return listen(settings, openLog(settings))
}

export const startCommand: Command = {
  usage: '',
  help: `Starts the server and keeps it running until it is told to stop. Without DATABASE_URL it runs a PostgreSQL of its
own in REGAL_DATA_DIR. Brings the database to the newest schema first.`,
  options: {},
  words: 0,
  async run() {
    await start()
    return 0
  }
}

export function showPassword(password: string): void {
  say(
    `\n  The first administrator was made. This password is shown once and kept nowhere:\n\n    user name  admin\n    password   ${password}\n`
  )
}

function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE') return `Regal cannot start: the port is taken. Set PORT to another one.`
  if (code === 'ECONNREFUSED') return `Regal cannot start: PostgreSQL does not answer at DATABASE_URL.`
  return `Regal cannot start: ${message}`
}

/** One signal stops cleanly, a second one at once. An error nobody caught stops too, with exit code 1. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false
  const end = (code: number, line: string) => {
    if (stopping) process.exit(1)
    stopping = true
    say(line)
    stop().then(
      () => process.exit(code),
      (error) => {
        say(`Stopping failed: ${(error as Error).message}`)
        process.exit(1)
      }
    )
  }
  process.on('SIGTERM', () => end(0, 'Stopping.'))
  process.on('SIGINT', () => end(0, 'Stopping.'))
  process.on('uncaughtException', (error) => end(1, `Stopping after an error: ${error.stack}`))
  process.on('unhandledRejection', (error) => end(1, `Stopping after an error: ${(error as Error)?.stack ?? error}`))
}
