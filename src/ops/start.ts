import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join, resolve } from 'node:path'
import type { Logger } from 'pino'
import { createRegal, type Regal } from '../app.ts'
import { Database } from '../database/connection.ts'
import { type EmbeddedServer, startEmbedded } from '../database/embedded.ts'
import { holdsShop, runningServer } from '../database/embedded-running.ts'
import { migrate } from '../database/migrate.ts'
import { holdToTime, LONGEST_MS } from '../rest/patience.ts'
import type { Settings } from '../settings.ts'
import { prepareShop } from './first-start.ts'

/** Where the database is, and how to let go of it. */
export interface DatabasePlace {
  settings: Settings
  embedded?: EmbeddedServer
}

/** Finds the configured PostgreSQL or starts the embedded one; fills in the secret that belongs to it. */
export async function openDatabase(settings: Settings, say: (line: string) => void): Promise<DatabasePlace> {
  const { database, auth } = settings
  if (database.url) {
    if (!auth.secret)
      throw new Error(
        'REGAL_JWT_SECRET is required with DATABASE_URL: at least 32 random bytes, the same on every node'
      )
    return { settings }
  }
  const folder = resolve(settings.data_dir)
  await mkdir(folder, { recursive: true })
  const embedded = await startEmbedded(folder, say)
  const secret = auth.secret || (await keptSecret(join(folder, 'jwt.secret')))
  return {
    settings: { ...settings, database: { ...database, url: embedded.url }, auth: { ...auth, secret } },
    embedded
  }
}

/**
 * The same database for a command, also while a Regal runs on it. No token leaves a command, so it signs with a secret
 * of its own. @throws unless there is a shop, or `create` allows one to be begun in the data folder
 */
export async function reachDatabase(
  settings: Settings,
  { create, say }: { create: boolean; say: (line: string) => void }
): Promise<DatabasePlace> {
  const folder = resolve(settings.data_dir)
  const auth = { ...settings.auth, secret: randomBytes(48).toString('base64url') }
  const at = (url: string) => ({ ...settings, auth, database: { ...settings.database, url } })
  const known = settings.database.url || runningServer(folder)
  if (known) return { settings: at(known) }
  if (!create && !holdsShop(folder)) throw new Error(`There is no shop in ${folder}; "regal start" begins one.`)
  await mkdir(folder, { recursive: true })
  const embedded = await startEmbedded(folder, say)
  return { settings: at(embedded.url), embedded }
}

/** A secret made at the first start and kept for its owner alone. */
async function keptSecret(path: string): Promise<string> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(randomBytes(48).toString('base64url'))
    await file.close()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const secret = (await readFile(path, 'utf8')).trim()
  if (secret.length < 32)
    throw new Error(`${path} holds no usable secret; delete it to have a new one made (all sign-ins end)`)
  return secret
}

/** Migrates and prepares the shop; answers the administrator's password when one was generated. */
export async function prepareDatabase(settings: Settings, say: (line: string) => void): Promise<string | undefined> {
  await migrate(settings.database.direct_url || settings.database.url, say)
  const database = new Database({ ...settings.database, pool_max: 1, query_timeout_ms: 30_000 })
  try {
    return (await prepareShop(database, settings)).generated_password
  } finally {
    await database.close()
  }
}

export interface Running {
  regal: Regal
  server: Server
  url: string
  stop(): Promise<void>
}

/** Composes and listens. The database is there, migrated and prepared. */
export async function listen(settings: Settings, log: Logger): Promise<Running> {
  const regal = await createRegal(settings, log)
  const server = (await regal.app.listen(settings.port, settings.host)) as Server
  await new Promise<void>((done, failed) => {
    if (server.listening) return done()
    server.once('listening', done)
    server.once('error', failed)
  })
  // A slow client holds a connection, not the shop: ten seconds for headers, then as `holdToTime` has it.
  server.headersTimeout = 10_000
  server.requestTimeout = LONGEST_MS
  server.on('request', holdToTime)
  regal.publisher.attach(regal.sockets.io!)
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : settings.port
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  return { regal, server, url: `http://${host}:${port}`, stop: () => stopServing(regal, server) }
}

const FINISH_MS = 8_000

/**
 * Stops in the order in which nothing is lost: not ready, no new connections, calls in flight answered on both
 * transports, sockets told to come back, then the database.
 */
async function stopServing(regal: Regal, server: Server): Promise<void> {
  regal.draining = true
  const closed = new Promise<void>((done) => server.close(() => done()))
  const idle = setInterval(() => server.closeIdleConnections(), 100)
  const late = new Promise((done) => setTimeout(done, FINISH_MS).unref())
  await Promise.race([regal.sockets.finish(), late])
  // Not io.close() or engine.close(): they throw away answers that are not on their way yet.
  regal.sockets.io?.disconnectSockets(true)
  await Promise.race([closed, late])
  server.closeAllConnections()
  clearInterval(idle)
  regal.stopHousekeeping()
  await regal.auth.close()
  await regal.database.close()
}
