import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { feathers } from '@feathersjs/feathers'
import { Database } from '../src/database/connection.ts'
import { Places } from '../src/policy/places.ts'
import { Publisher } from '../src/realtime/publisher.ts'
import { resources } from '../src/schemas/index.ts'
import { type ServiceParts, servicesOf } from '../src/services/index.ts'
import { diskStore } from '../src/store/disk.ts'
import { openScratch } from '../test/support/scratch.ts'
import { listening, run } from './world.ts'

export interface Boot {
  /** Seconds from the start of the process until it is ready, with an empty and with an existing data folder. */
  first: number
  again: number
  /** Milliseconds that one more resource costs at the start. */
  resource: number
  /** Seconds of a start with an existing folder and sixty resources, those beyond our own made by the generator. */
  sixty: number
}

const SIXTY = 60
const STARTS = 3
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

async function startOnce(folder: string, cwd?: string): Promise<number> {
  const started = performance.now()
  const server = run('src/index.ts', { REGAL_DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'warn', DATABASE_URL: '' }, cwd)
  await listening(server, /ready at (\S+)/)
  const seconds = (performance.now() - started) / 1000
  const ended = new Promise((done) => server.once('exit', done))
  server.kill('SIGTERM')
  await ended
  return seconds
}

/** A copy of the project to which the generator added resources until there are sixty; the median of a few starts. */
async function startSixty(): Promise<number> {
  const copy = await openScratch()
  try {
    for (let n = resources.length; n < SIXTY; n++) {
      process.stderr.write(`boot: generating resource ${n + 1} of ${SIXTY}\n`)
      const name = `kind-${LETTERS[Math.floor(n / 26)]}${LETTERS[n % 26]}-things`
      const made = await copy.regal([
        'generate',
        'resource',
        name,
        'name:text:search',
        'amount:money',
        'product:products:optional'
      ])
      if (made.code !== 0) throw new Error(made.said + made.out)
    }
    const folder = join(copy.root, 'data')
    await startOnce(folder, copy.root)
    const seconds = []
    for (let i = 0; i < STARTS; i++) seconds.push(await startOnce(folder, copy.root))
    return seconds.sort((a, b) => a - b)[STARTS >> 1]!
  } finally {
    await copy.remove()
  }
}

/** Starts the real program on the embedded database twice, and measures what making and registering a service takes. */
export async function boot(): Promise<Boot> {
  const folder = await mkdtemp(join(tmpdir(), 'regal-boot-'))
  // Root's PostgreSQL runs as another user, who must be able to enter.
  await chmod(folder, 0o711)
  const first = await startOnce(folder)
  const again = await startOnce(folder)
  await rm(folder, { recursive: true, force: true })
  const database = new Database({
    url: 'postgres://127.0.0.1/none',
    pool_max: 1,
    acquire_timeout_ms: 1000,
    query_timeout_ms: 1000,
    prepared_statements: true,
    session_settings: true
  })
  const places = new Places(database)
  const publisher = new Publisher(places, () => [])
  const app = feathers()
  const started = performance.now()
  const parts: ServiceParts = {
    database,
    places,
    publisher,
    store: diskStore(folder),
    announce: () => {},
    attempt: (_name, _address, check) => check(),
    endSession: async () => {}
  }
  for (const [service, { name, methods }] of servicesOf(parts))
    app.use(name, service as never, { methods: [...methods] } as never)
  const resource = (performance.now() - started) / resources.length
  await database.close()
  return { first, again, resource, sixty: await startSixty() }
}
