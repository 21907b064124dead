import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { clusterDir } from './embedded-cluster.ts'
import { isRunning, type ProcessId } from './embedded-lock.ts'
import type { Place } from './embedded-place.ts'

/** All that starting a server of one data folder needs. */
export interface Cluster {
  place: Place
  dataDir: string
  password: string
  log: (line: string) => void
}

/** A running postmaster. */
export interface Postmaster extends ProcessId {
  port: number
  /** The folder of its socket; empty where it has none. */
  socket: string
}

/** What a socket's path may be long, in bytes: 103 on macOS, 107 on Linux. */
const LONGEST_SOCKET = 103

/** Where the server puts its socket: beside its data, unless that path is too long. */
export function socketFolder(place: Place): string {
  const dir = clusterDir(place)
  return Buffer.byteLength(`${dir}/.s.PGSQL.65535`) > LONGEST_SOCKET ? '' : dir
}

/**
 * The address to work at: the socket, which costs a sale a twentieth less than loopback on both sides. Loopback where there is
 * no socket, or none that we may open, as a root without its usual rights may not enter the folder of another user.
 */
export async function urlOf({ password }: Cluster, { port, socket }: Postmaster): Promise<string> {
  const host = socket && (await opens(`${socket}/.s.PGSQL.${port}`)) ? encodeURIComponent(socket) : '127.0.0.1'
  return `postgres://regal:${password}@${host}:${port}/regal`
}

function opens(path: string): Promise<boolean> {
  const connection = connect(path)
  const opened = new Promise<boolean>((done) => {
    connection.once('connect', () => done(true)).once('error', () => done(false))
  })
  return opened.finally(() => connection.destroy())
}

export const POLL_MS = 20
/** Replaying 2 GB of WAL on a slow disk takes minutes; a server that needs longer needs a person. */
const READY_LIMIT_MS = 10 * 60_000

/** Waits until the server takes our password; false when it ends first (it may be one that was shutting down). */
export async function untilReady(cluster: Cluster, server: Postmaster): Promise<boolean> {
  const begun = Date.now()
  for (let reports = 1; isRunning(server); await sleep(POLL_MS)) {
    if (await answers(cluster, server.port)) return true
    const waited = Date.now() - begun
    if (waited > READY_LIMIT_MS) throw new Error(`PostgreSQL (pid ${server.pid}) does not answer; see postgres.log`)
    if (waited > reports * 10_000) {
      cluster.log(`Waiting for PostgreSQL for ${reports * 10} s: it may be recovering from a crash`)
      reports++
    }
  }
  return false
}

/** Signs in, makes sure that it is our data and that the database `regal` is there. False: not yet. */
async function answers({ place, password }: Cluster, port: number): Promise<boolean> {
  const access = {
    host: '127.0.0.1',
    port,
    user: 'regal',
    password,
    database: 'postgres',
    connectionTimeoutMillis: 5000
  }
  const client = new pg.Client(access)
  // Without a listener a server that ends at this moment would end us too; the query that failed reports it.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query("select current_setting('data_directory') as dir")
    if (rows[0].dir !== clusterDir(place))
      throw new Error(`Port ${port} serves ${rows[0].dir}, not ${clusterDir(place)}`)
    const known = await client.query("select 1 from pg_database where datname = 'regal'")
    if (known.rowCount === 0) await client.query('create database regal')
    return true
  } catch (error) {
    const code = (error as { code?: string }).code
    // 57P03: starting up; 57P01: shutting down; 53300: the killed process's connections are not closed yet.
    const notYet = ['ECONNREFUSED', 'ECONNRESET', '57P03', '57P01', '53300'].includes(code ?? '')
    const cut = /timeout expired|Connection terminated/.test(String(error))
    if (notYet || cut) return false
    if (code === '28P01')
      throw new Error(`The PostgreSQL on port ${port} does not take the password in postgres.password`)
    throw error
  } finally {
    await client.end().catch(() => {})
  }
}
