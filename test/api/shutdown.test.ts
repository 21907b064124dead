import assert from 'node:assert/strict'
import { io, type Socket } from 'socket.io-client'
import { assertBooks } from '../support/books.ts'
import { type Child, startChild, stockThrough } from '../support/child.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { emit } from '../support/shop.ts'

describe('Stopping', function () {
  this.timeout(60_000)
  let db: TestDatabase
  let child: Child
  const sockets: Socket[] = []
  before(async () => {
    db = await createTestDatabase()
    child = await startChild(db.url)
  })
  after(async () => {
    for (const socket of sockets) socket.disconnect()
    await child?.kill()
    await db.drop()
  })

  async function connect(token: string): Promise<Socket> {
    const socket = io(child.url, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token } })
    sockets.push(socket)
    await new Promise<void>((done, failed) => {
      socket.once('connect', done)
      socket.once('connect_error', failed)
    })
    return socket
  }

  /** How many statements of the server wait for a lock. */
  const waiting = async () => {
    const [row] = await db.database.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    )
    return row!.n
  }

  it('on SIGTERM answers what is in flight, lets go of 100 sockets, and ends with 0 within 10 seconds', async () => {
    const { access_token: token } = await child.signIn()
    const product_id = await stockThrough(child, token, 100)
    const live = await Promise.all(Array.from({ length: 100 }, () => connect(token)))
    const left = Promise.all(
      live.map((socket) => new Promise<void>((done) => void socket.once('disconnect', () => done())))
    )
    const sale = { items: [{ product_id, quantity: 1 }], payments: [{ method: 'card', amount: '10' }] }

    // The series is held, so that all of them are in flight when the signal comes.
    const flights = await db.database.transaction(async (tx) => {
      await tx.query('select 1 from number_series for update')
      const rest = Array.from({ length: 15 }, () => child.call('POST', '/invoices', sale, token))
      const live5 = live.slice(0, 5).map((socket) => emit(socket, 'create', 'invoices', sale, {}))
      while ((await waiting()) < 20) await new Promise((done) => setTimeout(done, 10))
      child.process.kill('SIGTERM')
      await new Promise((done) => setTimeout(done, 300))
      assert.equal(child.process.exitCode, null)
      return { rest, live5 }
    })
    const started = Date.now()
    for (const { status, body } of await Promise.all(flights.rest)) assert.equal(status, 201, JSON.stringify(body))
    for (const { error, result } of await Promise.all(flights.live5))
      assert.equal(result?.status, 'paid', JSON.stringify(error))
    await left
    assert.deepEqual(await child.ended, { code: 0, signal: null })
    assert.ok(Date.now() - started < 10_000)
    await assert.rejects(child.call('GET', '/health/live'))
    const [{ sold }] = (await db.database.query('select count(*)::int as sold from invoices')) as [{ sold: number }]
    assert.equal(sold, 20)
    await assertBooks(db.database)
  })
})
