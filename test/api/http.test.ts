import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { io } from 'socket.io-client'
import { v7 as uuidv7 } from 'uuid'
import { openLog } from '../../src/ops/log.ts'
import { listen } from '../../src/ops/start.ts'
import { assertTight } from '../support/leaks.ts'
import { exchange, request } from '../support/raw.ts'
import { type Answer, emit, type Json, openShop, PASSWORD, type Shop } from '../support/shop.ts'

const HEADERS: Record<string, RegExp> = {
  'cache-control': /^no-store$/,
  'content-security-policy': /default-src 'none'.*frame-ancestors 'none'/,
  'cross-origin-resource-policy': /^same-origin$/,
  'referrer-policy': /^no-referrer$/,
  'strict-transport-security': /^max-age=\d{8}/,
  'x-content-type-options': /^nosniff$/,
  'x-frame-options': /^DENY$/
}
const ORIGIN = 'https://till.example'
const json = { 'content-type': 'application/json' }
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-/

describe('HTTP', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop({ cors_origins: [ORIGIN], metrics_token: 'a token for the scraper' })
  })
  after(() => shop.close())

  const at = (path: string, init?: RequestInit) => fetch(shop.url + path, init)

  describe('headers', () => {
    it('are safe on every answer, whoever gives it', async () => {
      const auth = { authorization: `Bearer ${shop.admin}` }
      const answers: [string, RequestInit?][] = [
        ['/products', { headers: auth }],
        ['/products', { method: 'HEAD', headers: auth }],
        ['/products', { method: 'OPTIONS', headers: { origin: ORIGIN, 'access-control-request-method': 'POST' } }],
        ['/products', { method: 'POST', body: '{', headers: json }],
        ['/products/x', { headers: auth }],
        ['/nothing'],
        ['/health/live'],
        ['/health/ready'],
        ['/metrics'],
        ['/openapi.json'],
        ['/docs'],
        ['/schema', { headers: auth }],
        ['/auth/login', { method: 'POST', body: '{}', headers: json }],
        ['/socket.io/?EIO=4&transport=polling'],
        ['/socket.io/?EIO=4&transport=nothing'],
        ['/socket.io/?EIO=4&transport=polling', { headers: { origin: 'https://evil.example' } }]
      ]
      for (const [path, init] of answers) {
        const { headers, status } = await at(path, init)
        for (const [name, pattern] of Object.entries(HEADERS)) {
          // The page to browse the API needs its own style and script; nothing else may run there either.
          if (path === '/docs' && name === 'content-security-policy') continue
          assert.match(headers.get(name) ?? '', pattern, `${path} ${status}: ${name}`)
        }
        assert.equal(headers.get('x-powered-by'), null)
        assert.equal(headers.get('server'), null)
        assert.equal(headers.get('set-cookie'), null, path)
      }
      assert.match((await at('/docs')).headers.get('content-security-policy') ?? '', /default-src 'none'/)
    })

    it('name every request, and take a name only from a trusted proxy', async () => {
      const given = { 'x-request-id': 'made-by-a-client' }
      const own = (await at('/health/live', { headers: given })).headers.get('x-request-id')
      assert.match(own ?? '', UUID)
      assert.notEqual(own, (await at('/health/live')).headers.get('x-request-id'))
    })
  })

  describe('other origins', () => {
    const preflight = (origin: string) =>
      at('/products', {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PATCH',
          'access-control-request-headers': 'authorization,content-type,idempotency-key'
        }
      })

    it('are let in when they are on the list, for errors too', async () => {
      const { status, headers } = await preflight(ORIGIN)
      assert.equal(status, 204)
      assert.equal(headers.get('access-control-allow-origin'), ORIGIN)
      assert.match(headers.get('access-control-allow-methods') ?? '', /PATCH/)
      assert.doesNotMatch(headers.get('access-control-allow-methods') ?? '', /PUT/)
      assert.match(headers.get('access-control-allow-headers') ?? '', /Idempotency-Key/i)
      assert.equal(headers.get('access-control-allow-credentials'), null)
      for (const init of [{}, { method: 'POST', body: '{', headers: json }, { method: 'POST', body: 'x' }]) {
        const answer = await at('/products', { ...init, headers: { origin: ORIGIN, ...(init as Json).headers } })
        assert.ok(answer.status >= 400)
        assert.equal(answer.headers.get('access-control-allow-origin'), ORIGIN, `${answer.status}`)
        assert.match(answer.headers.get('access-control-expose-headers') ?? '', /Retry-After/i)
        assert.match(answer.headers.get('vary') ?? '', /Origin/)
      }
    })

    it('get no header otherwise', async () => {
      for (const origin of [
        'https://evil.example',
        `${ORIGIN}.evil.example`,
        `${ORIGIN}:8443`,
        'http://till.example',
        'null'
      ])
        for (const { headers } of [await preflight(origin), await at('/products', { headers: { origin } })])
          assert.equal(headers.get('access-control-allow-origin'), null, origin)
    })

    it('open no socket', async () => {
      const handshake = (origin: string) => at('/socket.io/?EIO=4&transport=polling', { headers: { origin } })
      const open = (origin: string) =>
        new Promise<boolean>((done) => {
          const client = io(shop.url, {
            transports: ['websocket'],
            forceNew: true,
            reconnection: false,
            extraHeaders: { origin },
            auth: { token: shop.admin }
          })
          client.once('connect', () => {
            client.disconnect()
            done(true)
          })
          client.once('connect_error', () => done(false))
        })
      const refused = await handshake('https://evil.example')
      assert.equal(refused.status, 403)
      assert.equal(refused.headers.get('access-control-allow-origin'), null)
      assert.equal(await open('https://evil.example'), false)
      assert.equal((await handshake(ORIGIN)).headers.get('access-control-allow-origin'), ORIGIN)
      assert.equal(await open(ORIGIN), true)
    })
  })

  describe('methods', () => {
    it('HEAD answers what GET would, without the body', async () => {
      const headers = { authorization: `Bearer ${shop.admin}` }
      for (const path of ['/branches', `/branches/${shop.branch}`, '/health/live', '/openapi.json']) {
        const answer = await at(path, { method: 'HEAD', headers })
        assert.equal(answer.status, 200, path)
        assert.equal(await answer.text(), '')
        assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8')
      }
      assert.equal((await at('/branches', { method: 'HEAD' })).status, 401)
    })

    it('that are not offered are 405, with those that are', async () => {
      const cases: [string, string, string][] = [
        ['PUT', '/brands', 'GET, HEAD, POST'],
        ['PUT', `/brands/${shop.branch}`, 'GET, HEAD, PATCH, DELETE'],
        ['OPTIONS', '/brands', 'GET, HEAD, POST'],
        ['PROPFIND', '/brands', 'GET, HEAD, POST'],
        ['POST', `/stock-levels`, 'GET, HEAD'],
        ['DELETE', `/stock-entries/${shop.branch}`, 'GET, HEAD'],
        ['GET', '/auth/login', 'POST'],
        ['POST', '/health/live', 'GET, HEAD']
      ]
      for (const [method, path, allow] of cases) {
        const answer = await exchange(shop.url, request(`${method} ${path}`))
        assert.equal(answer.status, 405, `${method} ${path}`)
        assert.match(answer.head, new RegExp(`\r\nallow: ${allow}\r\n`, 'i'), `${method} ${path}: ${answer.head}`)
        assert.equal(JSON.parse(answer.body).data.reason, 'no_method')
      }
    })

    it('TRACE and CONNECT give nothing back', async () => {
      const trace = await exchange(shop.url, request('TRACE /brands', ['X-Secret: abc']))
      assert.equal(trace.status, 405)
      assert.ok(!trace.body.includes('abc'))
      const connect = await exchange(shop.url, request('CONNECT example.com:443'))
      assert.ok(connect.status === 0 || connect.status >= 400)
    })
  })

  describe('bodies', () => {
    const send = (headers: string[], body = '') =>
      exchange(shop.url, request('POST /brands', [`Authorization: Bearer ${shop.admin}`, ...headers], body))

    it('of any other type are 415', async () => {
      const types = [
        'application/x-www-form-urlencoded',
        'text/plain',
        'text/json',
        'multipart/form-data; boundary=x',
        'application/xml',
        'application/json; charset=utf-16',
        'application/json; charset=latin1',
        'application/jsonp',
        'application/json, text/plain',
        'x'
      ]
      for (const type of [...types.map((type) => `Content-Type: ${type}`), 'X-None: 1', 'Content-Encoding: gzip']) {
        const { status, body } = await send([type, 'Content-Length: 10'], '{"name":1}')
        assert.equal(status, 415, type)
        assert.equal(JSON.parse(body).data.reason, 'unsupported_type')
      }
    })

    it('of JSON are taken however the type is written', async () => {
      const types = ['application/json', 'Application/JSON; charset=UTF-8', 'application/json;charset="utf-8"']
      for (const type of types) {
        const text = JSON.stringify({ name: `Brand ${type}` })
        const { status, body } = await send([`Content-Type: ${type}`, `Content-Length: ${text.length}`], text)
        assert.equal(status, 201, `${type}: ${body}`)
      }
    })

    it('end at the limit, declared or not, and the connection with them', async () => {
      const limit = shop.settings.limits.body_bytes
      const type = 'Content-Type: application/json'
      const body = (bytes: number) => JSON.stringify({ name: 'x' }).padEnd(bytes)
      const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`
      assert.equal((await send([type, `Content-Length: ${limit}`], body(limit))).status, 201)
      const cases = [
        await send([type, `Content-Length: ${limit + 1}`], body(limit + 1)),
        await send([type, 'Content-Length: 11000000']),
        await send([type, 'Transfer-Encoding: chunked'], chunked(body(limit + 1)))
      ]
      for (const { status, head, body } of cases) {
        assert.equal(status, 413, head)
        assert.match(head, /\r\nconnection: close\r\n/i)
        assert.equal(JSON.parse(body).data.reason, 'too_large')
      }
      const text = body(limit).replace('"x"', '"y"')
      assert.equal((await send([type, 'Transfer-Encoding: chunked'], chunked(text))).status, 201)
    })

    it('of a DELETE or GET are not read', async () => {
      const brand = await shop.call('POST', '/brands', { name: 'Gone' }, shop.admin)
      const headers = ['Content-Type: application/json', 'Content-Length: 1', `Authorization: Bearer ${shop.admin}`]
      const { status } = await exchange(shop.url, request(`DELETE /brands/${brand.body.id}`, headers, '{'))
      assert.equal(status, 200)
    })
  })

  describe('operations', () => {
    it('say whether the process lives and is ready, and nothing else', async () => {
      assert.deepEqual((await shop.call('GET', '/health/live')).body, { status: 'live' })
      // On a busy machine the database may take its half second once.
      let ready = await shop.call('GET', '/health/ready')
      for (let n = 0; n < 20 && ready.status !== 200; n++) ready = await shop.call('GET', '/health/ready')
      assert.deepEqual([ready.status, ready.body], [200, { status: 'ready' }])
    })

    it('show figures to who has the token', async () => {
      for (const token of [undefined, 'x', 'a token for the scrapes', shop.admin])
        assert.equal((await shop.call('GET', '/metrics', undefined, token)).status, 401)
      const answer = await at('/metrics', { headers: { authorization: 'Bearer a token for the scraper' } })
      assert.equal(answer.status, 200)
      assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/)
      const text = await answer.text()
      assert.match(text, /^regal_call_seconds_count\{.*service="auth\/login".*\} \d+$/m)
      assert.match(text, /^regal_refusals_total\{reason="unsupported_type"\} \d+$/m)
      assertTight('/metrics', text)
    })
  })

  describe('what is wrong on our side', () => {
    const table = (name: string, to: string) => shop.db.database.query(`alter table ${name} rename to ${to}`)

    it('is 500 with the request id and nothing more, over both transports', async () => {
      await table('brands', 'brands_away')
      try {
        const socket = await shop.socket(shop.admin)
        const { status, body, headers } = await shop.call('GET', '/brands', undefined, shop.admin)
        assert.equal(status, 500)
        const request_id = headers.get('x-request-id')
        assert.deepEqual(body, {
          name: 'GeneralError',
          message: 'Something went wrong on our side.',
          code: 500,
          className: 'general-error',
          data: { reason: 'failed', request_id }
        })
        const { error } = await emit(socket, 'find', 'brands', {})
        assert.match(error!.data.request_id, UUID)
        assert.deepEqual({ ...error, data: 0 }, { ...body, data: 0 })
      } finally {
        await table('brands_away', 'brands')
      }
    })

    it('is 503 with Retry-After when the database does not answer in time', async () => {
      const slow = await openShop({ database: { query_timeout_ms: 300 } })
      const lock = await slow.db.database.pool.connect()
      try {
        const socket = await slow.socket(slow.admin)
        await lock.query('begin; lock table brands in access exclusive mode')
        const answers = [
          await slow.call('GET', '/brands', undefined, slow.admin),
          await slow.call('POST', '/brands', { name: 'x' }, slow.admin)
        ]
        for (const { status, body, headers } of answers) {
          assert.equal(status, 503)
          assert.equal(headers.get('retry-after'), '1')
          assert.equal(body.data.reason, 'unavailable')
          assert.equal(body.data.request_id, headers.get('x-request-id'))
          assertTight('503', JSON.stringify(body))
        }
        const { error } = await emit(socket, 'find', 'brands', {})
        assert.deepEqual([error!.code, error!.data.reason, error!.data.retry_after], [503, 'unavailable', 1])
        await lock.query('rollback')
        assert.equal((await slow.call('GET', '/brands', undefined, slow.admin)).status, 200)
      } finally {
        lock.release()
        await slow.close()
      }
    })
  })

  describe('the log', () => {
    it('has a line per call with its request id, and no secret', async () => {
      let text = ''
      const stream = new Writable({
        write(chunk, _encoding, done) {
          text += chunk
          done()
        }
      })
      const node = await listen({ ...shop.settings, trusted_proxies: 1 }, openLog({ log_level: 'trace' }, stream))
      const send = (path: string, body: unknown, headers: Record<string, string> = {}) =>
        fetch(node.url + path, { method: 'POST', body: JSON.stringify(body), headers: { ...json, ...headers } })
      const id = uuidv7()
      const signedIn = await send('/auth/login', { username: 'admin', password: PASSWORD }, { 'x-request-id': id })
      assert.equal(signedIn.headers.get('x-request-id'), id)
      const { access_token, refresh_token } = (await signedIn.json()) as Json
      const authorization = `Bearer ${access_token}`
      await send('/auth/login', { username: 'admin', password: 'a wrong secret' })
      await send('/users', { full_name: 'x', password: 'another secret', pin: '98765' }, { authorization })
      await send('/auth/refresh', { refresh_token, also: 'x' }, { authorization })
      await shop.db.database.query('alter table users rename to users_away')
      await send('/auth/login', { username: 'admin', password: PASSWORD })
      await shop.db.database.query('alter table users_away rename to users')
      const bad = await fetch(`${node.url}/brands`, { method: 'POST', body: `{"password":"${PASSWORD}`, headers: json })
      await node.stop()

      const lines = text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Json)
      const calls = lines.filter(({ call }) => call)
      assert.equal(calls.length, 5, text)
      assert.equal(calls[0]!.request_id, id)
      assert.deepEqual([calls[0]!.call, calls[0]!.via], ['auth/login.create', 'rest'])
      assert.deepEqual(
        calls.map(({ status = 200, reason }) => [status, reason]),
        [
          [200, undefined],
          [401, 'invalid_login'],
          [400, 'invalid_data'],
          [400, 'invalid_data'],
          [500, 'failed']
        ]
      )
      const [unserved] = lines.filter(({ path }) => path === '/brands')
      assert.deepEqual(
        [unserved!.request_id, unserved!.status, unserved!.reason],
        [bad.headers.get('x-request-id'), 400, 'invalid_json']
      )
      // The cause of a 500 is what its reader needs; the caller got the id alone.
      assert.match(calls[4]!.err.message, /users/)
      for (const secret of [
        PASSWORD,
        'a wrong secret',
        'another secret',
        '98765',
        access_token,
        refresh_token,
        '$argon2'
      ])
        assert.ok(!text.includes(secret), `the log has ${secret}: ${text}`)
    })

    it('cuts out what is called like a secret, wherever it is', () => {
      let text = ''
      const log = openLog(
        { log_level: 'info' },
        {
          write(line: string) {
            text += line
          }
        }
      )
      const secret = {
        password: 'abc1',
        pin: 'abc2',
        authorization: 'abc3',
        refresh_token: 'abc4',
        accessToken: 'abc5'
      }
      log.info({ ...secret, cookie: 'abc6', body: secret, request: { headers: secret } }, 'x')
      assert.doesNotMatch(text, /abc\d/)
      assert.match(text, /\[redacted\]/)
    })
  })
})

describe('Limits', () => {
  /** How many calls pass before the first is turned away. */
  async function until429(
    call: (n: number) => Promise<Answer>,
    most = 20
  ): Promise<{ passed: number; answer: Answer }> {
    for (let n = 0; n < most; n++) {
      const answer = await call(n)
      if (answer.status === 429) return { passed: n, answer }
    }
    return { passed: most, answer: undefined as never }
  }
  function assert429({ status, headers, body }: Answer): void {
    assert.equal(status, 429)
    assert.equal(body.data.reason, 'rate_limited')
    const seconds = Number(headers.get('retry-after'))
    assert.ok(Number.isInteger(seconds) && seconds >= 1 && seconds <= 60, String(seconds))
    assert.equal(body.data.retry_after, seconds)
    assert.equal(headers.get('ratelimit-remaining'), '0')
    assert.equal(headers.get('ratelimit-reset'), String(seconds))
  }

  describe('without a proxy', () => {
    let shop: Shop
    before(async () => {
      shop = await openShop({
        limits: {
          requests_per_minute_user: 5,
          requests_per_minute_address: 10
        }
      })
    })
    after(() => shop.close())

    it('hold a user to so many requests a minute, over both transports together', async () => {
      const { token } = await shop.user('cashier')
      const socket = await shop.socket(token)
      assert.equal((await emit(socket, 'find', 'brands', {})).error, undefined)
      const { passed, answer } = await until429(() => shop.call('GET', '/brands', undefined, token))
      assert.equal(passed, 4)
      assert429(answer)
      const { error } = await emit(socket, 'find', 'brands', {})
      assert.equal(error!.data.reason, 'rate_limited')
      const other = await shop.user('cashier')
      assert.equal((await shop.call('GET', '/brands', undefined, other.token)).status, 200)
    })

    it('tell a client how many are left, also with a refusal, but not where none are counted', async () => {
      const { token } = await shop.user('cashier')
      const left = async (path: string) => {
        const { headers } = await shop.call('GET', path, undefined, token)
        return ['limit', 'remaining'].map((name) => headers.get(`ratelimit-${name}`))
      }
      assert.deepEqual(await left('/brands'), ['5', '4'])
      assert.deepEqual(await left('/brands/1'), ['5', '3'])
      assert.deepEqual(await left('/schema'), ['5', '2'])
      assert.deepEqual(await left('/health/live'), [null, null])
    })

    it('hold an address to so many without a sign-in, whatever it claims to be', async () => {
      const forwarded = (n: number) => ({ 'x-forwarded-for': `203.0.113.${n}`, 'x-real-ip': `203.0.113.${n}` })
      const { passed, answer } = await until429((n) => shop.call('GET', '/brands', undefined, undefined, forwarded(n)))
      assert.ok(passed < 10, String(passed))
      assert429(answer)
      assert429(await shop.call('POST', '/auth/login', { username: 'x', password: 'x' }, undefined, forwarded(99)))
      assert.equal((await shop.call('GET', '/health/live')).status, 200)
    })
  })

  describe('of sockets', () => {
    let shop: Shop
    before(async () => {
      shop = await openShop({ limits: { messages_per_second: 20, sockets_per_user: 3 } })
    })
    after(() => shop.close())

    it('hold a socket to so many messages a second, and cut it far beyond', async () => {
      const client = await shop.socket()
      const cut = new Promise<void>((done) => client.once('disconnect', () => done()))
      const reasons = new Map<string, number>()
      for (let n = 0; n < 1_000; n++)
        client.emit('nothing', (error: Json) => {
          reasons.set(error.data.reason, (reasons.get(error.data.reason) ?? 0) + 1)
          if (error.data.reason === 'rate_limited') assert.equal(error.data.retry_after, 1)
        })
      await cut
      // The burst may fall on two seconds, never on more than a few.
      assert.ok(reasons.get('no_method')! <= 60, JSON.stringify([...reasons]))
      assert.ok(reasons.get('rate_limited')! >= 1)
      const again = await shop.socket()
      assert.ok(again.connected)
    })

    it('hold a user to so many sockets, and free the place of one that left, or never came to be', async () => {
      const { username } = await shop.user('cashier')
      const auth = shop.running.regal.auth.sessions
      const fresh = async () => (await auth.login({ username, password: PASSWORD })).access_token
      // Gone before the server has looked up its session: a place must not be kept for it.
      for (let n = 0; n < 5; n++) {
        const leaving = await shop.socket()
        const { ws } = leaving.io.engine.transport as unknown as { ws: { send(data: string): void; terminate(): void } }
        ws.send('41')
        ws.send(`40${JSON.stringify({ token: await fresh() })}`)
        ws.terminate()
      }
      await sleep(200)
      const token = await fresh()
      const open = [await shop.socket(token), await shop.socket(token), await shop.socket(token)]
      await assert.rejects(shop.socket(token), (error: Error & { data: Json }) => {
        assert.equal(error.data.reason, 'rate_limited')
        return true
      })
      open[0]!.disconnect()
      await sleep(100)
      assert.ok((await shop.socket(token)).connected)
    })
  })

  describe('behind a proxy', () => {
    let shop: Shop
    before(async () => {
      shop = await openShop({ trusted_proxies: 1, limits: { requests_per_minute_address: 5 } })
    })
    after(() => shop.close())

    it('count the address that the proxy saw, not what the client claims', async () => {
      const from = (chain: string) => shop.call('GET', '/brands', undefined, undefined, { 'x-forwarded-for': chain })
      const { passed, answer } = await until429((n) => from(`203.0.113.${n}, 198.51.100.7`))
      assert.equal(passed, 5)
      assert429(answer)
      assert.equal((await from('198.51.100.7, 198.51.100.8')).status, 401)
    })

    it('count an IPv6 network as one', async () => {
      const from = (address: string) =>
        shop.call('GET', '/brands', undefined, undefined, { 'x-forwarded-for': `::1, ${address}` })
      const { passed } = await until429((n) => from(`2001:db8:1:2::${n}`))
      assert.equal(passed, 5)
      assert.equal((await from('2001:db8:1:3::1')).status, 401)
    })
  })
})
