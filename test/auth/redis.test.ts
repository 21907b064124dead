import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import type { Redis } from 'ioredis'
import { Limits } from '../../src/auth/limits.ts'
import { connectRedis } from '../../src/auth/redis.ts'
import { Revocation } from '../../src/auth/revocation.ts'
import { Sessions } from '../../src/auth/sessions.ts'
import type { Database } from '../../src/database/connection.ts'
import { failure } from '../../src/errors.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { authSettings, insertRole, insertUser, PASSWORD, refusal } from './support.ts'

const settings = {
  body_bytes: 1000,
  requests_per_minute_user: 5,
  requests_per_minute_address: 5,
  logins_per_quarter_account: 10,
  logins_per_quarter_address: 50,
  sockets_per_user: 1,
  messages_per_second: 1
}
const installed = spawnSync('redis-server', ['--version']).status === 0
const wrong = () => Promise.reject(failure('invalid_login'))

/** These stop and start the server, so they need one of their own. */
describe('sign-in over several nodes with Redis', () => {
  let test: TestDatabase
  let port: number
  let server: ChildProcess
  const open: (() => unknown)[] = []

  before(async function () {
    if (!installed) {
      console.error('    left out: redis-server is not on the PATH')
      return this.skip()
    }
    test = await createTestDatabase()
    port = await freePort()
    server = await startRedis(port)
  })
  afterEach(async () => {
    for (const close of open.splice(0)) await close()
  })
  after(async () => {
    server?.kill('SIGKILL')
    await test?.drop()
  })

  async function connect(): Promise<{ redis: Redis; warnings: string[] }> {
    const warnings: string[] = []
    const redis = connectRedis(`redis://127.0.0.1:${port}`, (message) => warnings.push(message))
    open.push(() => redis.disconnect())
    await until(() => redis.status === 'ready')
    return { redis, warnings }
  }

  /** A node that hears of changes by Redis alone: its polling of the database is switched off. */
  async function openNode(database: Database) {
    const { redis, warnings } = await connect()
    const sessions: Sessions = new Sessions({
      database,
      settings: { auth: authSettings },
      publish: (changes) => revocation.publish(changes)
    })
    const revocation = new Revocation({
      database,
      redis,
      refreshDays: 30,
      apply: (changes) => sessions.apply(changes),
      active: () => 0,
      warn: (message) => warnings.push(message)
    })
    revocation.start()
    open.unshift(() => revocation.close())
    return { sessions, redis, warnings }
  }
  const listeners = async ({ redis }: { redis: Redis }, count: number) => {
    for (let tries = 0; tries < 100; tries++) {
      const [, heard] = await redis.pubsub('NUMSUB', 'regal:auth')
      if (heard === count) return
      await pause(20)
    }
    assert.fail('nobody listens')
  }

  it('carries the end of a session to the other nodes at once', async () => {
    const [one, two] = [await openNode(test.database), await openNode(test.database)]
    await listeners(one, 2)
    const username = 'anna'
    await insertUser(test.database, username, await insertRole(test.database, 'clerk'))
    const { access_token, refresh_token } = await one.sessions.login({ username, password: PASSWORD })
    const told: unknown[] = []
    two.sessions.onChange((change) => told.push(change))
    await two.sessions.authenticate(access_token)
    await one.redis.publish('regal:auth', 'this is no message of ours')
    const sessionId = await one.sessions.sessionOf(refresh_token)
    await one.sessions.endSession(sessionId, 'logout')
    await until(() => told.length > 0)
    assert.deepEqual(told, [{ session_ids: [sessionId], ended: true }])
    await assert.rejects(two.sessions.authenticate(access_token), refusal(401, 'session_ended'))
    assert.deepEqual(two.warnings, ['A message about sign-ins was not understood'])
  })

  it('counts attempts and requests over all nodes', async () => {
    const nodes = [new Limits(settings, (await connect()).redis), new Limits(settings, (await connect()).redis)]
    for (let n = 0; n < 10; n++)
      await assert.rejects(nodes[n % 2]!.login('berta', '10.0.0.1', wrong), refusal(401, 'invalid_login'))
    for (const node of nodes)
      await assert.rejects(node.login('berta', '10.0.0.1', wrong), (error: { data: { retry_after: number } }) => {
        assert.equal(refusal(429, 'rate_limited')(error as never), true)
        return error.data.retry_after > 800 && error.data.retry_after <= 900
      })
    for (let n = 0; n < 5; n++) await nodes[n % 2]!.request('user', undefined)
    for (const node of nodes) assert.equal((await node.request('user', undefined)).over, true)
  })

  it('goes on without Redis, warning once, and uses it again when it is back', async () => {
    const node = await openNode(test.database)
    const limits = new Limits(settings, node.redis)
    await listeners(node, 1)
    server.kill('SIGKILL')
    await once(server, 'exit')
    await until(() => node.redis.status !== 'ready')
    for (let n = 0; n < 10; n++)
      await assert.rejects(limits.login('clara', '10.0.0.2', wrong), refusal(401, 'invalid_login'))
    await assert.rejects(limits.login('clara', '10.0.0.2', wrong), refusal(429, 'rate_limited'))
    node.sessions.announce([{ session_id: '01890000-0000-7000-8000-000000000001' }])
    await until(() => node.warnings.length >= 2)
    await pause(500)
    // One for each of the two connections, however often they tried again.
    assert.equal(node.warnings.length, 2, node.warnings.join(', '))
    server = await startRedis(port)
    await until(() => node.redis.status === 'ready')
    await listeners(node, 1)
  })
})

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

async function startRedis(port: number): Promise<ChildProcess> {
  const quiet = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', tmpdir()]
  const server = spawn('redis-server', ['--port', String(port), ...quiet], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of server.stdout!) if (String(line).includes('eady to accept connections')) break
  return server
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 500 && !condition(); tries++) await pause(20)
  assert.ok(condition(), 'nothing happened')
}
