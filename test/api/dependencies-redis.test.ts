import assert from 'node:assert/strict'
import { io, type Socket } from 'socket.io-client'
import { assertBooks } from '../support/books.ts'
import { type Child, startChild, stockThrough } from '../support/child.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { hasRedis, type RedisServer, startRedis } from '../support/redis.ts'
import { nextEvent } from '../support/shop.ts'

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

async function connect(url: string, token: string): Promise<Socket> {
  const socket = io(url, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token } })
  await new Promise<void>((done, failed) => {
    socket.once('connect', done)
    socket.once('connect_error', failed)
  })
  return socket
}

for (const withRedis of [true, false]) {
  describe(`Two nodes on one database, ${withRedis ? 'with' : 'without'} Redis`, function () {
    this.timeout(60_000)
    let db: TestDatabase
    let redis: RedisServer | undefined
    let nodes: Child[] = []
    const sockets: Socket[] = []
    before(async function () {
      if (withRedis && !hasRedis()) {
        process.stderr.write('      left out: there is no redis-server on the PATH\n')
        this.skip()
      }
      db = await createTestDatabase()
      if (withRedis) redis = await startRedis()
      const env = redis ? { REDIS_URL: redis.url } : undefined
      // At once, as after a deployment: one of them migrates and prepares the shop, the other waits for it.
      nodes = await Promise.all([startChild(db.url, env), startChild(db.url, env)])
    })
    after(async () => {
      for (const socket of sockets) socket.disconnect()
      await Promise.all(nodes.map((node) => node.kill()))
      await redis?.kill()
      await db?.drop()
    })

    const node = (i: number) => nodes[i]!
    async function live(i: number, token: string): Promise<Socket> {
      const socket = await connect(node(i).url, token)
      sockets.push(socket)
      return socket
    }
    const status = async (i: number, token: string) => (await node(i).call('GET', '/auth/me', undefined, token)).status

    /** Waits until node `i` answers a token with `expected`; two seconds is what is promised. */
    async function follows(i: number, token: string, expected: number): Promise<void> {
      const started = Date.now()
      while ((await status(i, token)) !== expected) {
        assert.ok(Date.now() - started < 2000, `node ${i} does not follow within two seconds`)
        await pause(20)
      }
    }

    it('one administrator was made, whose token is good on both', async () => {
      const { access_token: token } = await node(0).signIn()
      assert.deepEqual([await status(0, token), await status(1, token)], [200, 200])
      const [{ n }] = (await db.database.query('select count(*)::int as n from users')) as [{ n: number }]
      assert.equal(n, 1)
    })

    it('a logout on one ends the session on the other, with its sockets', async () => {
      const { access_token: token, refresh_token } = await node(0).signIn()
      assert.equal(await status(1, token), 200)
      const socket = await live(1, token)
      const cut = new Promise<void>((done) => void socket.once('disconnect', () => done()))
      assert.equal((await node(0).call('POST', '/auth/logout', { refresh_token })).status, 200)
      assert.equal(await status(0, token), 401)
      await follows(1, token, 401)
      await cut
      const again = await node(1).call('POST', '/auth/refresh', { refresh_token })
      assert.equal(again.body.data.reason, 'session_ended')
    })

    it('a user who is deactivated on one is out on the other', async () => {
      const { access_token: admin } = await node(0).signIn()
      const { body: roles } = await node(0).call('GET', '/roles?name=cashier', undefined, admin)
      const user = {
        full_name: 'A',
        username: 'cashier',
        email: 'cashier@shop.test',
        password: 'correct horse battery',
        role_id: roles.data[0].id
      }
      const made = await node(0).call('POST', '/users', user, admin)
      assert.equal(made.status, 201, JSON.stringify(made.body))
      const { access_token: token } = await node(1).signIn('cashier')
      assert.equal(await status(1, token), 200)
      await node(0).call('PATCH', `/users/${made.body.id}`, { is_active: false }, admin)
      await follows(1, token, 401)
    })

    it('both sell from one stock and one series', async () => {
      const { access_token: token } = await node(0).signIn()
      const product_id = await stockThrough(node(0), token, 40)
      const sale = { items: [{ product_id, quantity: 1 }], payments: [{ method: 'card', amount: '10' }] }
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, i) => node(i % 2).call('POST', '/invoices', sale, token))
      )
      assert.equal(answers.filter((answer) => answer.status === 201).length, 40)
      assert.equal(answers.filter((answer) => answer.status === 409).length, 20)
      await assertBooks(db.database)
    })

    if (withRedis)
      it('goes on without Redis when it is killed: sales, sign-ins, events; and a logout still reaches the other', async () => {
        const { access_token: token } = await node(0).signIn()
        const product_id = await stockThrough(node(0), token, 40)
        const screen = await live(0, token)
        const sale = { items: [{ product_id, quantity: 1 }], payments: [{ method: 'card', amount: '10' }] }
        const sell = () => node(0).call('POST', '/invoices', sale, token)
        assert.equal((await sell()).status, 201)
        const selling = Promise.all(Array.from({ length: 20 }, sell))
        await redis!.kill()
        for (const answer of await selling) assert.equal(answer.status, 201, JSON.stringify(answer.body))
        const event = nextEvent(screen, 'invoices created')
        assert.equal((await sell()).status, 201)
        await event
        const { access_token: late, refresh_token } = await node(0).signIn()
        assert.equal(await status(1, late), 200)
        await node(0).call('POST', '/auth/logout', { refresh_token })
        await follows(1, late, 401)
        assert.equal((await node(0).call('GET', '/health/ready')).status, 200)

        redis = await startRedis(redis!.port)
        assert.equal((await sell()).status, 201)
        const { access_token: back, refresh_token: ending } = await node(1).signIn()
        assert.equal(await status(0, back), 200)
        await node(1).call('POST', '/auth/logout', { refresh_token: ending })
        await follows(0, back, 401)
      })
  })
}
