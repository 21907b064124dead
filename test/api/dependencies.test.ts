import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { io } from 'socket.io-client'
import { assertBooks } from '../support/books.ts'
import { type Child, startChild, stockThrough } from '../support/child.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { TcpProxy } from '../support/proxy.ts'
import { type Answer, emit, type Json } from '../support/shop.ts'

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

/** The answer of a call and how long it took, in ms. */
async function timed(call: Promise<Answer>): Promise<Answer & { ms: number }> {
  const started = performance.now()
  const answer = await call
  return { ...answer, ms: performance.now() - started }
}

function assertUnavailable({ status, headers, body, ms }: Answer & { ms: number }, within: number): void {
  assert.deepEqual([status, body.data?.reason], [503, 'unavailable'], JSON.stringify(body))
  assert.match(headers.get('retry-after') ?? '', /^[1-9]\d*$/)
  assert.ok(ms < within, `answered after ${ms} ms`)
  assert.doesNotMatch(JSON.stringify(body), /127\.0\.0\.1|ECONN|postgres|timeout/i)
}

describe('Without PostgreSQL', function () {
  this.timeout(60_000)
  let db: TestDatabase
  let proxy: TcpProxy
  let child: Child
  let token: string
  let product_id: string
  let invoice_id: string
  before(async () => {
    db = await createTestDatabase()
    proxy = await TcpProxy.before(db.url)
    child = await startChild(proxy.url)
    token = (await child.signIn()).access_token
    product_id = await stockThrough(child, token, 1000)
    const party = { name: 'A', contacts: { phone: '12345' }, credit_limit: '1000' }
    const customer = await child.call('POST', '/customers', party, token)
    const owed = { items: [{ product_id, quantity: 10 }], customer_id: customer.body.id }
    invoice_id = (await child.call('POST', '/invoices', owed, token)).body.id
  })
  after(async () => {
    await child?.kill()
    await proxy.close()
    await db.drop()
  })
  afterEach(() => {
    proxy.mode = 'open'
  })

  const sale = () => ({ items: [{ product_id, quantity: 1 }], payments: [{ method: 'card', amount: '10' }] })
  /** Every way in which a request uses the database: one statement, two, a transaction, and none. */
  const requests: Record<string, () => Promise<Answer>> = {
    'a list': () => child.call('GET', '/products', undefined, token),
    'a sale': () => child.call('POST', '/invoices', sale(), token),
    'a payment': () => child.call('POST', '/payments', { invoice_id, method: 'card', amount: '1' }, token),
    'goods in': () => child.call('POST', '/stock-entries', { product_id, type: 'IN', qty: 1 }, token),
    'a draft issued': () => child.call('PATCH', `/invoices/${invoice_id}`, { notes: 'x' }, token),
    'a sign-in': () => child.call('POST', '/auth/login', { username: 'admin', password: 'correct horse battery' })
  }

  async function assertHeals(): Promise<void> {
    proxy.mode = 'open'
    const started = Date.now()
    for (;;) {
      const answer = await child.call('POST', '/invoices', sale(), token)
      if (answer.status === 201) break
      assert.equal(answer.status, 503)
      assert.ok(Date.now() - started < 5000, 'it does not heal within five seconds')
      await pause(50)
    }
    assert.equal((await child.call('GET', '/health/ready')).status, 200)
  }

  for (const [mode, within] of [
    ['cut', 3000],
    ['hole', 3500]
  ] as const) {
    it(`${mode === 'cut' ? 'cut off' : 'in a black hole'}: 503 with Retry-After within ${within} ms, and it heals`, async () => {
      await Promise.all(Array.from({ length: 10 }, () => child.call('GET', '/products', undefined, token)))
      proxy.mode = mode
      const answers = Promise.all(Object.values(requests).map((request) => timed(request())))
      const [live, ready] = await Promise.all([
        timed(child.call('GET', '/health/live')),
        timed(child.call('GET', '/health/ready'))
      ])
      assert.deepEqual([live.status, ready.status], [200, 503])
      assert.ok(live.ms < 1000 && ready.ms < 1500, `${live.ms} ms, ${ready.ms} ms`)
      for (const answer of await answers) assertUnavailable(answer, within)
      // Connections that are new from now on, too.
      for (const answer of await Promise.all(Object.values(requests).map((request) => timed(request()))))
        assertUnavailable(answer, within)
      await assertHeals()
    })
  }

  it('a sale over a websocket is told the same, and the socket stays', async () => {
    const socket = io(child.url, { transports: ['websocket'], forceNew: true, reconnection: false, auth: { token } })
    try {
      await new Promise<void>((done) => void socket.once('connect', done))
      proxy.mode = 'cut'
      const { error } = await emit(socket, 'create', 'invoices', sale(), {})
      assert.deepEqual([error?.code, error?.data.reason], [503, 'unavailable'])
      await assertHeals()
      assert.equal((await emit(socket, 'create', 'invoices', sale(), {})).result?.status, 'paid')
    } finally {
      socket.disconnect()
    }
  })

  it('a sale that was committed, but whose answer was lost on the way, is answered when it is sent again', async () => {
    const id = randomUUID()
    const send = () => child.call('POST', '/invoices', { id, ...sale() }, token)
    const lost = await db.database.transaction(async (tx) => {
      await tx.query('select 1 from number_series for update')
      const answer = send()
      for (;;) {
        const [row] = await db.database.query<{ n: number }>(
          `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
        )
        if (row!.n) break
        await pause(10)
      }
      proxy.mode = 'mute'
      return { answer }
    })
    assert.equal((await lost.answer).status, 503)
    const [kept] = await db.database.query<Json>('select invoice_no from invoices where id = $1', [id])
    assert.ok(kept, 'it was committed')
    await assertHeals()
    const again = await send()
    assert.deepEqual([again.status, again.body.invoice_no], [200, kept.invoice_no])
  })

  it('leaves books that agree', () => assertBooks(db.database))
})
