import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { io } from 'socket.io-client'
import { listen } from '../../src/ops/start.ts'
import { addressOf } from '../../src/rest/edge.ts'
import { resources } from '../../src/schemas/index.ts'
import { edgesOf, onBoth, statementsOf } from '../support/edges.ts'
import { SECRETS, SOCKET_IDS } from '../support/hostile.ts'
import { assertRefused, assertTight } from '../support/leaks.ts'
import { exchange, request } from '../support/raw.ts'
import { emit, type Json, openShop, PASSWORD, type Shop, stockedProduct } from '../support/shop.ts'

const { edge, complete } = edgesOf('P', 28)
const OPERATORS = ['$ne', '$lt', '$lte', '$gt', '$gte', '$in', '$nin', '$null', '$like', '$regex']

describe('Security probes of the framework', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const admin = () => ({ as: shop.admin })
  const product = (fields: Json) => ({ sku: 'S', name: 'N', unit_price: '1.00', cost_price: '1.00', ...fields })
  const signedIn = async (username: string): Promise<Json> =>
    (await shop.call('POST', '/auth/login', { username, password: PASSWORD })).body

  edge('P1 P2', 'a user name or password that is no plain text is 400, and signs nobody in', () =>
    onBoth(shop, async ({ call }) => {
      for (const value of SECRETS)
        for (const [path, data] of [
          ['auth/login', { username: value, password: PASSWORD }],
          ['auth/login', { username: 'admin', password: value }],
          ['authentication', { strategy: 'local', email: value, password: PASSWORD }]
        ] as [string, Json][]) {
          const { status, body } = await call('create', path, { data })
          assert.equal(status, 400, JSON.stringify(data).slice(0, 100))
          assertRefused(path, status, body)
        }
    })
  )

  edge('P3', 'no name can stand for a hash, and no answer has one', () =>
    onBoth(shop, async ({ call }) => {
      for (const name of ['password_hash', 'users.password_hash as x', 'password_hash as phone', '*', 'pin_hash'])
        assert.equal((await call('find', 'users', { query: { $select: [name] }, ...admin() })).status, 400, name)
      for (const path of ['users', 'audit-logs', 'sessions'])
        assertTight(path, JSON.stringify((await call('find', path, { query: { $limit: 200 }, ...admin() })).body))
    })
  )

  edge('P4', 'a hidden column cannot be asked about in any way', async () => {
    const { token } = await shop.user('cashier')
    const hidden: [path: string, name: string, as: string][] = [
      ...resources.flatMap(({ name, all }) =>
        Object.keys(all)
          .filter((field) => all[field]!.secret)
          .map((field): [string, string, string] => [name, field, shop.admin])
      ),
      ['products', 'cost_price', token],
      ['products', 'vendor_id', token],
      ['stock-levels', 'average_cost', token],
      ['invoice-items', 'unit_cost', token],
      ['customers', 'credit_limit', token],
      ['audit-logs', 'fingerprint', shop.admin]
    ]
    assert.ok(hidden.length > 6, 'no resource has a secret column: the test proves less than it says')
    for (const [path, name, as] of hidden) {
      const queries: Json[] = [
        { [name]: 'x' },
        ...OPERATORS.map((op) => ({ [name]: { [op]: 'x' } })),
        { $sort: { [name]: 1 } },
        { $select: ['id', name] },
        { $or: [{ [name]: 'x' }] },
        { $and: [{ $or: [{ id: shop.branch }, { [name]: { $ne: 'x' } }] }] }
      ]
      await onBoth(shop, async ({ call }) => {
        for (const query of queries) {
          const { status } = await call('find', path, { query, as })
          assert.equal(status, 400, `${path} ${JSON.stringify(query)}`)
        }
      })
    }
  })

  edge('P5', 'nested keys never become columns', () =>
    onBoth(shop, async ({ call }) => {
      for (const query of [
        { a: { b: { c: 1 } } },
        { a: { name: 1 } },
        { name: { id: 1 } },
        { attributes: { name: 'x' } },
        { name: { $ne: { id: 1 } } }
      ])
        assert.equal((await call('find', 'products', { query, ...admin() })).status, 400, JSON.stringify(query))
    })
  )

  edge('P6 P7', 'an id that is no UUID reaches no database, whatever its type or the query beside it', async () => {
    const socket = await shop.socket(shop.admin)
    const verbs: [string, ...Json[]][] = [['get'], ['patch', {}], ['remove']]
    const sent = await statementsOf(shop, async () => {
      for (const id of SOCKET_IDS.slice(0, -1))
        for (const [method, ...data] of verbs) {
          const { error } = await emit(socket, method, 'users', id, ...data, { username: 'admin' })
          assert.equal(error?.code, 400, `${method} ${JSON.stringify(id)?.slice(0, 50)}`)
          assertRefused(method, error!.code, error!)
        }
    })
    assert.equal(sent, 0)
  })

  edge('P8 P9', 'each fault has its own code, and none tells of the inside', async () => {
    const { id } = await stockedProduct(shop, { sku: 'P9' }, 0)
    const post = (path: string, body: unknown) => shop.call('POST', path, body, shop.admin)
    const get = (path: string) => shop.call('GET', path, undefined, shop.admin)
    const cases: [code: number, reason: string, call: Promise<{ status: number; body: Json }>][] = [
      [400, 'invalid_json', post('/products', '{')],
      [400, 'invalid_data', post('/products', 'null')],
      [400, 'invalid_query', get('/products?$skip=-1')],
      [404, 'no_route', get('/__proto__')],
      [404, 'no_route', get('/constructor')],
      [400, 'invalid_data', post('/products', product({ unit_price: '9'.repeat(30) }))],
      [400, 'invalid_id', get('/products/not-a-uuid')],
      [400, 'malformed_text', post('/products', product({ name: 'a\u0000b' }))],
      [409, 'duplicate', post('/products', product({ sku: 'P9' }))],
      [409, 'id_conflict', post('/products', product({ id, sku: 'P9b' }))],
      [422, 'unknown_reference', post('/products', product({ sku: 'P9c', vendor_id: shop.branch }))],
      [404, 'not_found', get(`/products/${shop.branch}`)],
      [401, 'not_signed_in', shop.call('GET', '/products')]
    ]
    for (const [code, reason, call] of cases) {
      const { status, body } = await call
      assert.deepEqual([status, body.data.reason], [code, reason])
      assertTight(reason, JSON.stringify(body))
    }
  })

  edge('P10', 'the answer to a sign-in does not tell whether the user exists or is active', async () => {
    const { id, username } = await shop.user('cashier')
    await shop.call('PATCH', `/users/${id}`, { is_active: false }, shop.admin)
    const answers = [
      await shop.call('POST', '/auth/login', { username: 'admin', password: 'wrong' }),
      await shop.call('POST', '/auth/login', { username: 'nobody', password: 'wrong' }),
      await shop.call('POST', '/auth/login', { username, password: PASSWORD })
    ]
    for (const { status, body } of answers) assert.deepEqual([status, body], [401, answers[0]!.body])
  })

  edge('P11', 'a token is good for its own use alone', async () => {
    const { access_token, refresh_token } = await signedIn('admin')
    assert.equal((await shop.call('GET', '/auth/me', undefined, refresh_token)).status, 401)
    assert.equal((await shop.call('POST', '/auth/refresh', { refresh_token: access_token })).status, 401)
    const asJwt = { strategy: 'jwt', accessToken: refresh_token }
    assert.equal((await shop.call('POST', '/authentication', asJwt)).status, 401)
    await assert.rejects(shop.socket(refresh_token), /not valid/)
    assert.equal((await shop.call('GET', '/metrics', undefined, access_token)).status, 404)
    assert.equal((await shop.call('GET', '/auth/me', undefined, access_token)).status, 200)
  })

  edge('P12', 'after a logout the access token is worth nothing', async () => {
    const { username } = await shop.user('cashier')
    for (const end of [
      (token: Json) => shop.call('POST', '/auth/logout', { refresh_token: token.refresh_token }),
      (token: Json) => shop.call('DELETE', '/authentication', undefined, token.access_token)
    ]) {
      const token = await signedIn(username)
      assert.equal((await end(token)).status, 200)
      assert.equal((await shop.call('GET', '/brands', undefined, token.access_token)).status, 401)
      assert.equal((await shop.call('POST', '/auth/refresh', { refresh_token: token.refresh_token })).status, 401)
    }
  })

  edge(
    'P13',
    'sockets of who is deactivated are cut and hear nothing more; who has signed in is not deleted',
    async () => {
      const { id, token } = await shop.user('cashier')
      const socket = await shop.socket(token)
      const heard: string[] = []
      socket.onAny((event) => heard.push(event))
      const removed = await shop.call('DELETE', `/users/${id}`, undefined, shop.admin)
      assert.deepEqual([removed.status, removed.body.data.reason], [409, 'in_use'])
      const cut = new Promise((done) => socket.once('disconnect', done))
      assert.equal((await shop.call('PATCH', `/users/${id}`, { is_active: false }, shop.admin)).status, 200)
      await cut
      await shop.call('POST', '/brands', { name: `After ${id}` }, shop.admin)
      assert.deepEqual(heard, ['auth-expired'])
      await assert.rejects(shop.socket(token), /ended/)
    }
  )

  edge('P14', 'a socket whose token ran out is cut', async () => {
    const short = await openShop({ auth: { access_minutes: 1 / 20 } })
    try {
      const { body } = await short.call('POST', '/auth/login', { username: 'admin', password: PASSWORD })
      const socket = await short.socket(body.access_token)
      await new Promise((done) => socket.once('disconnect', done))
      const { status, body: error } = await short.call('GET', '/brands', undefined, body.access_token)
      assert.deepEqual([status, error.data.reason], [401, 'token_expired'])
    } finally {
      await short.close()
    }
  })

  edge('P15', 'stopping does not wait for sockets, and loses no call under way', async () => {
    const node = await listen(shop.settings, pino({ level: 'silent' }))
    const client = io(node.url, { transports: ['websocket'], reconnection: false, auth: { token: shop.admin } })
    await new Promise<void>((done) => client.once('connect', done))
    const cut = new Promise((done) => client.once('disconnect', done))
    const received = new Promise<void>((done) => {
      let left = 20
      node.server.on('request', () => --left || done())
    })
    const calls = Array.from({ length: 20 }, () =>
      fetch(`${node.url}/brands`, { headers: { authorization: `Bearer ${shop.admin}` } }).then(({ status }) => status)
    )
    const answers = Promise.all(calls)
    await received
    await node.stop()
    assert.deepEqual(await answers, Array(20).fill(200))
    await cut
  })

  edge('P16', 'NaN is no price, neither for the API nor for the table', async () => {
    await onBoth(shop, async ({ call }) => {
      for (const unit_price of ['NaN', 'Infinity', '-Infinity', 'nan', Number.NaN])
        assert.equal((await call('create', 'products', { data: product({ unit_price }), ...admin() })).status, 400)
    })
    const { id } = await stockedProduct(shop, {}, 0)
    for (const price of ['NaN', '-0.01'])
      await assert.rejects(
        shop.db.database.query('update products set unit_price = $2 where id = $1', [id, price]),
        /products_unit_price_bounds/
      )
  })

  edge('P17', 'text is kept as it was sent, or refused', async () => {
    await onBoth(shop, async ({ call }) => {
      for (const name of ['\ud800', 'a\udc00b', 'a\u0000b', 'a\u0007b', 'a\u001b[1m', 'a\u0085b', 'a\u007f'])
        assert.equal(
          (await call('create', 'brands', { data: { name }, ...admin() })).body.data.reason,
          'malformed_text'
        )
    })
    const texts = [
      'emoji 👩‍👩‍👧',
      'العربية',
      `<script>alert('x')</script>`,
      `Robert'); drop table students;--`,
      '\u202egnp.exe',
      '100% _of_ \\ $1 ::int',
      'line\nand\ttab'
    ]
    for (const name of texts) {
      const { body } = await shop.call('POST', '/brands', { name }, shop.admin)
      assert.equal(body.name, name)
      const found = await shop.call('GET', `/brands?name=${encodeURIComponent(name)}`, undefined, shop.admin)
      assert.deepEqual(found.body.data, [body])
    }
    const composed = await shop.call('POST', '/brands', { name: 'Caf\u00e9' }, shop.admin)
    const decomposed = await shop.call('POST', '/brands', { name: 'Cafe\u0301' }, shop.admin)
    assert.deepEqual([composed.status, decomposed.status], [201, 409])
    // A wildcard in a search is a letter like others.
    for (const [search, total] of [
      ['%', 1],
      ['_of_', 1],
      ['\\', 1],
      ['no%thing', 0]
    ] as const) {
      const found = await shop.call('GET', `/brands?$search=${encodeURIComponent(search)}`, undefined, shop.admin)
      assert.equal(found.body.total, total, search)
    }
  })

  edge('P18', 'depth is refused before anything looks at what is inside', async () => {
    const deep = (levels: number) => `{"attributes":${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}}`
    for (const levels of [40, 1_000, 15_000]) {
      const { status, body } = await shop.call('POST', '/products', deep(levels), shop.admin)
      assert.deepEqual([status, body.data.reason], [400, 'too_deep'])
    }
    const socket = await shop.socket(shop.admin)
    assert.equal((await emit(socket, 'create', 'products', JSON.parse(deep(1_000)), {})).error?.data.reason, 'too_deep')
    const within = product({ sku: 'deep', attributes: JSON.parse(deep(25)) })
    assert.equal((await shop.call('POST', '/products', within, shop.admin)).status, 201)
  })

  edge('P19', 'another origin gets no permission and no socket', async () => {
    const headers = { origin: 'https://evil.example' }
    const answer = await fetch(`${shop.url}/brands`, { headers })
    assert.equal(answer.headers.get('access-control-allow-origin'), null)
    const handshake = await fetch(`${shop.url}/socket.io/?EIO=4&transport=polling`, { headers })
    assert.equal(handshake.status, 403)
  })

  edge('P20', 'only JSON makes records', async () => {
    const { total } = (await shop.call('GET', '/brands', undefined, shop.admin)).body
    for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])
      assert.equal((await shop.call('POST', '/brands', 'name=Form', shop.admin, { 'content-type': type })).status, 415)
    assert.equal((await shop.call('GET', '/brands', undefined, shop.admin)).body.total, total)
  })

  edge('P21', 'a list is 50 records, at most 200, and its count can be left out', () =>
    onBoth(shop, async ({ call }) => {
      for (const { name } of resources) {
        assert.equal((await call('find', name, admin())).body.limit, 50)
        const { body } = await call('find', name, { query: { $limit: 100_000, $total: false }, ...admin() })
        assert.equal(body.limit, 200)
        assert.ok(!('total' in body), name)
      }
    })
  )

  edge('P22', 'the end of a session reaches another node on the same database, and its sockets', async () => {
    const node = await listen(shop.settings, pino({ level: 'silent' }))
    try {
      const { username } = await shop.user('cashier')
      const { access_token, refresh_token } = await signedIn(username)
      const there = async () =>
        (await fetch(`${node.url}/brands`, { headers: { authorization: `Bearer ${access_token}` } })).status
      assert.equal(await there(), 200)
      const client = io(node.url, { transports: ['websocket'], reconnection: false, auth: { token: access_token } })
      await new Promise<void>((done) => client.once('connect', done))
      const cut = new Promise((done) => client.once('disconnect', done))
      await shop.call('POST', '/auth/logout', { refresh_token })
      await cut
      assert.equal(await there(), 401)
    } finally {
      await node.stop()
    }
  })

  edge('P23 P25', 'a database that is away is 503 with Retry-After, and needs nobody to come back', async () => {
    const { database } = shop.running.regal
    assert.equal(database.pool.options.query_timeout, shop.settings.database.query_timeout_ms)
    assert.equal(database.pool.options.connectionTimeoutMillis, shop.settings.database.acquire_timeout_ms)
    const list = () => shop.call('GET', '/brands', undefined, shop.admin)
    const running = Array.from({ length: 20 }, list)
    await shop.db.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`
    )
    for (const { status, headers, body } of await Promise.all(running)) {
      if (status === 200) continue
      assert.deepEqual([status, headers.get('retry-after'), body.data.reason], [503, '1', 'unavailable'])
    }
    await sleep(100)
    assert.equal((await list()).status, 200)
  })

  edge('P24', 'without its Redis the shop still signs in, sells and stops', async () => {
    const alone = await openShop({ redis_url: 'redis://127.0.0.1:1' })
    try {
      const { sku } = await stockedProduct(alone)
      const sale = { items: [{ sku, quantity: 1 }], payments: [{ method: 'cash', amount: '10.00' }] }
      assert.equal((await alone.call('POST', '/invoices', sale, alone.admin)).status, 201)
    } finally {
      await alone.close()
    }
  })

  edge('P26', 'what the framework does right stays right', async () => {
    const both = ['Content-Length: 2', 'Transfer-Encoding: chunked', 'Content-Type: application/json']
    assert.equal((await exchange(shop.url, request('POST /brands', both, '0\r\n\r\n'))).status, 400)
    assert.equal((await exchange(shop.url, request('TRACE /brands'))).status, 405)
    for (const method of ['remove', '_remove']) {
      const { status } = await shop.call('POST', '/brands', {}, shop.admin, { 'x-service-method': method })
      assert.equal(status, 405)
    }
    for (const body of ['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}'])
      assert.equal((await shop.call('POST', '/brands', body, shop.admin)).status, 400)
    for (const query of ['__proto__[polluted]=1', '__proto__.polluted=1', 'constructor[prototype][polluted]=1'])
      assert.equal((await shop.call('GET', `/brands?${query}`, undefined, shop.admin)).status, 400)
    assert.equal(({} as Json).polluted, undefined)
  })

  edge('P27', 'a body is taken as it is: nothing in it is converted', () =>
    onBoth(shop, async ({ call }) => {
      const wrong: Json = { name: null, sku: true, is_active: 'true', limited_qty: '1', unit_price: true, tax_rate: [] }
      const { status, body } = await call('create', 'products', { data: wrong, ...admin() })
      assert.equal(status, 400)
      const paths = body.errors.map(({ path }: Json) => path)
      for (const name of Object.keys(wrong)) assert.ok(paths.includes(name), name)
    })
  )

  edge('P28', 'of a chain of proxies only the part that ours wrote is believed', () => {
    assert.equal(addressOf('10.0.0.1', '1.1.1.1, 2.2.2.2', 0), '10.0.0.1')
    assert.equal(addressOf('10.0.0.1', '1.1.1.1, 2.2.2.2', 1), '2.2.2.2')
    assert.equal(addressOf('10.0.0.1', '1.1.1.1, 2.2.2.2, 3.3.3.3', 2), '2.2.2.2')
    assert.equal(addressOf('10.0.0.1', '1.1.1.1', 2), '10.0.0.1')
    assert.equal(addressOf('10.0.0.1', undefined, 1), '10.0.0.1')
  })

  complete()
})
