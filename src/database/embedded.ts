import { mkdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { ensureCluster } from './embedded-cluster.ts'
import { acquireLock, isRunning } from './embedded-lock.ts'
import { findPlace } from './embedded-place.ts'
import { type Cluster, type Postmaster, urlOf } from './embedded-ready.ts'
import { adoptServer, startServer, stopServer } from './embedded-server.ts'

/** A PostgreSQL that belongs to this process. */
export interface EmbeddedServer {
  /**
   * `postgres://regal:<password>@<host>:<port>/regal`, the host being the folder of a socket or 127.0.0.1; the same for
   * the whole life of the server.
   */
  url: string
  /** Stops PostgreSQL cleanly and frees the data folder. May be called more than once. */
  stop(): Promise<void>
}

const WATCH_MS = 500

/**
 * Runs a real PostgreSQL on `<dataDir>/postgres`, making the folder and the database when they are not there, and
 * starting it again should it die. Throws an error for the operator to read when another Regal uses the folder, when
 * the npm package with PostgreSQL is not installed, or when PostgreSQL does not start.
 *
 * When this process is killed PostgreSQL keeps running, and the next start with the same folder takes it over.
 */
export async function startEmbedded(dataDir: string, log: (line: string) => void = () => {}): Promise<EmbeddedServer> {
  if (process.platform === 'win32') throw new Error('Embedded PostgreSQL needs Linux or macOS. Set DATABASE_URL.')
  mkdirSync(dataDir, { recursive: true })
  const folder = realpathSync(dataDir)
  const place = findPlace(folder, log)
  const unlock = acquireLock(join(place.dir, 'regal.lock'), (pid) => {
    return `The data folder ${folder} is in use by another Regal (pid ${pid}). Stop that one, or choose another folder.`
  })
  try {
    const password = await ensureCluster(place, folder, log)
    const cluster = { place, dataDir: folder, password, log }
    const server = (await adoptServer(cluster)) ?? (await startServer(cluster))
    const url = await urlOf(cluster, server)
    const stopWatched = watch(cluster, server)
    let stopped: Promise<void> | undefined
    return {
      url,
      stop: () => {
        stopped ??= stopWatched().finally(unlock)
        return stopped
      }
    }
  } catch (error) {
    unlock()
    throw error
  }
}

/** Starts the server again on its port when it has died, since no one else would. Returns the way to stop both. */
function watch(cluster: Cluster, first: Postmaster): () => Promise<void> {
  let server = first
  let restart: Promise<void> | undefined
  const revive = async () => {
    try {
      cluster.log(`PostgreSQL (pid ${server.pid}) has ended; starting it again`)
      server = (await adoptServer(cluster)) ?? (await startServer(cluster, server.port))
    } catch (error) {
      cluster.log(`PostgreSQL could not be started again, trying on: ${error}`)
    } finally {
      restart = undefined
    }
  }
  const timer = setInterval(() => {
    if (!restart && !isRunning(server)) restart = revive()
  }, WATCH_MS).unref()
  return async () => {
    clearInterval(timer)
    await restart
    await stopServer(server)
  }
}
