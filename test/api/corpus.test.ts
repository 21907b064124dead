import assert from 'node:assert/strict'
import type { Socket } from 'socket.io-client'
import type { Resource } from '../../src/schemas/define.ts'
import { resources } from '../../src/schemas/index.ts'
import { contentsOf } from '../support/contents.ts'
import { BODIES, IDS, NAMES, QUERIES, SECRETS, SOCKET_IDS, UNWRITABLE, wrongFor } from '../support/hostile.ts'
import { assertRefused, assertTight } from '../support/leaks.ts'
import { exchange, request } from '../support/raw.ts'
import { Samples } from '../support/samples.ts'
import { emit, type Json, openShop, type Shop } from '../support/shop.ts'

const SECURE = ['x-content-type-options', 'content-security-policy', 'cache-control', 'x-request-id']

/**
 * Bad input of every class, to every resource and the sign-in, over both transports: each is refused with a word of the
 * catalogue, nothing of the inside is told, no row changes and the process lives. Not in here, because they are no bad
 * input: duplicate JSON keys (the parser keeps the last, and nothing behind it reads the text again, so no two readers
 * can see two values), -0 (it is 0), emoji and other letters, which are text.
 */
describe('The bad-input corpus', function () {
  this.timeout(60_000)
  let shop: Shop
  let socket: Socket
  const patchable: { resource: Resource; record: Json }[] = []
  let untouched: Record<string, string>

  before(async () => {
    shop = await openShop()
    const samples = new Samples(shop)
    for (const resource of resources)
      if (resource.methods.includes('patch')) patchable.push({ resource, record: await samples.changeable(resource) })
    socket = await shop.socket(shop.admin)
    untouched = await contentsOf(shop.db.database)
  })
  after(() => shop.close())
  afterEach('nothing was written and the process lives', async () => {
    assert.deepEqual(await contentsOf(shop.db.database), untouched)
    assert.equal((await shop.call('GET', '/brands', undefined, shop.admin)).status, 200)
    assert.ok(socket.connected, 'the socket was cut')
  })

  /** One REST call that must be refused; answers the error. */
  async function refuse(
    method: string,
    path: string,
    body?: string | Buffer,
    headers: Record<string, string> = {}
  ): Promise<Json> {
    const where = `${method} ${path.slice(0, 200)} ${String(body ?? '').slice(0, 100)}`
    const response = await fetch(shop.url + path, {
      method,
      headers: {
        authorization: `Bearer ${shop.admin}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers
      },
      ...(body !== undefined && { body: body as string })
    })
    const text = await response.text()
    for (const name of SECURE) assert.ok(response.headers.get(name), `${where}: no ${name}`)
    assert.doesNotThrow(() => JSON.parse(text), `${where}: ${response.status} ${text.slice(0, 200)}`)
    assertRefused(where, response.status, JSON.parse(text))
    return JSON.parse(text)
  }

  async function refuseOver(method: string, ...args: unknown[]): Promise<Json> {
    const where = `socket ${method} ${JSON.stringify(args)?.slice(0, 200)}`
    const { error } = await emit(socket, method, ...args)
    assert.ok(error, `${where} was taken`)
    assertRefused(where, error.code, error)
    return error
  }

  /** The fault is told at its field, or is one of text and depth, which are looked at before fields are. */
  function assertNamed(error: Json, name: string, value: unknown): void {
    const where = `${name} = ${JSON.stringify(value)?.slice(0, 80)}: ${JSON.stringify(error).slice(0, 300)}`
    if (['malformed_text', 'too_deep', 'no_method'].includes(error.data.reason)) return
    assert.ok(
      error.errors?.some(({ path }: Json) => path.startsWith(name)),
      where
    )
  }

  describe('bodies', () => {
    const targets: [string, (record: Json) => string][] = [
      ['POST', () => '/products'],
      ['POST', () => '/invoices'],
      ['POST', () => '/auth/login'],
      ['POST', () => '/auth/refresh'],
      ['POST', () => '/auth/logout'],
      ['POST', () => '/authentication'],
      ['PATCH', ({ id }) => `/products/${id}`]
    ]
    for (const [what, body] of Object.entries(BODIES))
      it(`refuses ${what}`, async () => {
        const product = patchable.find(({ resource }) => resource.name === 'products')!.record
        for (const [method, path] of targets) {
          if (body.length <= 102_400) await refuse(method, path(product), body)
          else {
            const head = request(`${method} ${path(product)}`, [
              'Content-Type: application/json',
              `Authorization: Bearer ${shop.admin}`,
              `Content-Length: ${body.length}`
            ])
            const answer = await exchange(shop.url, head, body)
            assertRefused(`${method} ${path(product)} ${what}`, answer.status, JSON.parse(answer.body))
            assert.equal(answer.status, 413)
          }
        }
      })
  })

  describe('values', () => {
    for (const resource of resources) {
      const fields = Object.entries({ ...resource.all, ...resource.input }).filter(([, field]) => !field.readOnly)
      if (resource.methods.includes('create'))
        it(`refuses them in a create of ${resource.name}`, async () => {
          for (const [name, field] of fields)
            for (const value of wrongFor(field)) {
              const data = { [name]: value }
              assertNamed(await refuse('POST', `/${resource.name}`, JSON.stringify(data)), name, value)
              assertNamed(await refuseOver('create', resource.name, data, {}), name, value)
            }
        })
      if (resource.methods.includes('patch'))
        it(`refuses them in a patch of ${resource.name}`, async () => {
          const { record } = patchable.find((entry) => entry.resource === resource)!
          for (const [name, field] of fields)
            for (const value of wrongFor(field)) {
              const data = { [name]: value }
              assertNamed(await refuse('PATCH', `/${resource.name}/${record.id}`, JSON.stringify(data)), name, value)
              assertNamed(await refuseOver('patch', resource.name, record.id, data, {}), name, value)
            }
          for (const version of ['1', 1.5, null, {}, 2 ** 53 + 2])
            await refuse('PATCH', `/${resource.name}/${record.id}`, JSON.stringify({ version }))
        })
    }

    it('refuses what only the text of JSON can say', async () => {
      for (const { resource, record } of patchable)
        for (const name of resource.writable.filter((field) => resource.all[field]!.kind !== 'json'))
          for (const literal of UNWRITABLE)
            await refuse('PATCH', `/${resource.name}/${record.id}`, `{"${name}":${literal}}`)
    })

    it('refuses them inside a sale', async () => {
      const line = { sku: 'x', quantity: 1 }
      const cases: Json[] = [
        ...[[], {}, 'x', null, [null], [[]], ['x'], Array(501).fill(line)].map((items) => ({ items })),
        ...[0, -1, '1', null, 1e308, 0.0001, 1e-7, 2 ** 53 + 2, true, {}].map((quantity) => ({
          items: [{ ...line, quantity }]
        })),
        ...['NaN', '-1', '1e5', '0.001', '', {}, [], null, true, 1e308, '9'.repeat(400)].flatMap((amount) => [
          { items: [{ ...line, discount: amount }] },
          { items: [{ ...line, unit_price: amount }] },
          { items: [line], payments: [{ method: 'cash', amount }] },
          { items: [line], discounts: amount }
        ]),
        ...['x', {}, [null], [{}], Array(21).fill({ method: 'cash', amount: '1.00' })].map((payments) => ({
          items: [line],
          payments
        })),
        ...NAMES.map((name) => ({ items: [{ ...line, [name]: 1 }] })),
        { items: [{ quantity: 1 }] },
        { items: [{ ...line, barcode: 'y' }] },
        { items: [{ product_id: 'x', quantity: 1 }] },
        { items: [line], status: 'paid' },
        { items: [line], expected_total: 'x' }
      ]
      for (const data of cases) {
        await refuse('POST', '/invoices', JSON.stringify(data))
        await refuseOver('create', 'invoices', data, {})
      }
    })

    it('refuses long runs of one letter in every text, however the pattern is written', async () => {
      const run = `${'a'.repeat(50_000)}!`
      const texts = patchable.flatMap(({ resource, record }) =>
        resource.writable
          .filter((name) => resource.all[name]!.kind === 'text')
          .map((name) => ({ path: `/${resource.name}/${record.id}`, name }))
      )
      for (const { path, name } of texts)
        for (const text of [run, `a@${run}`, `${'0'.repeat(50_000)}!`])
          await refuse('PATCH', path, JSON.stringify({ [name]: text }))
      for (const email of [run, `a@${run}`, `a@${'a.'.repeat(20_000)}!`])
        await refuse('POST', '/customers', JSON.stringify({ name: 'x', contacts: { email } }))
    })
  })

  describe('names', () => {
    it('refuses a field that is not one', async () => {
      for (const { resource, record } of patchable)
        for (const name of NAMES) {
          // Written by hand: an object literal would set the prototype and not a key.
          const body = `{${JSON.stringify(name)}:1}`
          await refuse('POST', `/${resource.name}`, body)
          await refuse('PATCH', `/${resource.name}/${record.id}`, body)
          if (name === '__proto__') continue
          await refuseOver('create', resource.name, { [name]: 1 }, {})
          await refuseOver('patch', resource.name, record.id, { [name]: 1 }, {})
        }
      assert.equal(({} as Json).polluted, undefined)
    })

    it('refuses fields that only the server sets', async () => {
      for (const { resource, record } of patchable)
        for (const [name, field] of Object.entries(resource.all))
          if (field.readOnly && name !== 'version')
            await refuse('PATCH', `/${resource.name}/${record.id}`, JSON.stringify({ [name]: record[name] ?? 'x' }))
    })
  })

  describe('queries', () => {
    for (const { name, methods } of resources)
      it(`refuses them of ${name}`, async () => {
        for (const query of QUERIES) await refuse('GET', `/${name}?${query}`)
        if (!methods.includes('create')) return
        for (const query of QUERIES) await refuse('POST', `/${name}?${query}`, '{}')
      })

    it('refuses them over a socket', async () => {
      const deep = (levels: number): Json => (levels ? { $and: [deep(levels - 1)] } : { id: null })
      const queries: unknown[] = [
        ...NAMES.filter((name) => name !== '__proto__').map((name) => ({ [name]: 1 })),
        JSON.parse('{"__proto__":{"polluted":1}}'),
        { $limit: '1' },
        { $limit: -1 },
        { $skip: '0' },
        { $sort: { id: '1' } },
        { $sort: { id: 0 } },
        { $sort: 'id' },
        { $select: ['*'] },
        { $select: [['id']] },
        { $select: ['users.password_hash as x'] },
        { $include: ['__proto__'] },
        { $search: { $ne: '' } },
        { $search: 'NUL \u0000' },
        { $or: {} },
        { $or: [null] },
        { $or: Array(1_000).fill({ id: null }) },
        deep(20),
        { id: { $in: 'x' } },
        { id: { $in: [null] } },
        { id: { $in: Array(501).fill(shop.branch) } },
        { id: [shop.branch] },
        { id: { $ne: { $ne: 1 } } },
        { id: Buffer.from('x') },
        { created_at: { $gt: 0 } },
        { version: '1' },
        'text',
        5,
        true,
        [1]
      ]
      for (const { name } of resources) for (const query of queries) await refuseOver('find', name, query)
    })
  })

  describe('ids', () => {
    const verbs: [method: string, verb: string, body: string | undefined, more: Json[]][] = [
      ['GET', 'get', undefined, [{}]],
      ['PATCH', 'patch', '{}', [{}, {}]],
      ['DELETE', 'remove', undefined, [{}]]
    ]
    for (const { name } of resources)
      for (const [method, verb, body, more] of verbs)
        it(`refuses them in ${verb} of ${name}`, async () => {
          for (const id of IDS) await refuse(method, `/${name}/${id}`, body)
          for (const id of SOCKET_IDS) await refuseOver(verb, name, id, ...more)
          if (verb !== 'get') await refuse(method, `/${name}`, body)
        })
  })

  describe('the sign-in', () => {
    it('refuses operators, lists and other types for names, passwords and tokens, on both transports', async () => {
      const bodies = (value: unknown): [string, Json][] => [
        ['auth/login', { username: value, password: 'x' }],
        ['auth/login', { username: 'admin', password: value }],
        ['auth/refresh', { refresh_token: value }],
        ['auth/logout', { refresh_token: value }],
        ['authentication', { strategy: value, username: 'admin', password: 'x' }],
        ['authentication', { strategy: 'local', username: value, password: 'x' }],
        ['authentication', { strategy: 'local', email: value, password: 'x' }],
        ['authentication', { strategy: 'local', username: 'admin', password: value }],
        ['authentication', { strategy: 'jwt', accessToken: value }]
      ]
      for (const value of SECRETS)
        for (const [path, data] of bodies(value)) {
          assert.equal((await refuse('POST', `/${path}`, JSON.stringify(data))).code, 400, `${path} ${value}`)
          assert.equal((await refuseOver('create', path, data, {})).code, 400, `${path} ${value}`)
        }
    })

    it('refuses names that are no field and strategies there are not', async () => {
      for (const name of NAMES.filter((name) => name !== '__proto__')) {
        await refuse('POST', '/auth/login', JSON.stringify({ username: 'admin', password: 'x', [name]: 1 }))
        await refuse('POST', '/authentication', JSON.stringify({ strategy: name || 'none' }))
      }
    })

    it('refuses an authorization that is none', async () => {
      const bad = ['Bearer', 'Bearer ', 'Basic YTpi', 'x', `Bearer ${'x'.repeat(8_000)}`, 'Bearer a b', 'Bearer a.b.c']
      const [head, claims] = shop.admin.split('.')
      const none = Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')
      bad.push(`Bearer ${head}.${claims}.`, `Bearer ${none}.${claims}.`, `Bearer ${shop.admin}x`, `${shop.admin}`)
      for (const authorization of bad)
        assert.equal((await refuse('GET', '/products', undefined, { authorization })).code, 401, authorization)
    })
  })

  describe('methods and addresses', () => {
    it('refuses those there are not', async () => {
      for (const path of ['/', '/nothing', '/__proto__', '/constructor', '/toString/x', '/auth', '/..%2f', '//', '/%'])
        assert.equal((await refuse('GET', path)).code, 404, path)
      for (const { name } of resources) {
        assert.equal((await refuse('PUT', `/${name}/${shop.branch}`, '{}')).code, 405)
        assert.equal((await refuse('PUT', `/${name}`, '{}')).code, 405)
        assert.equal((await refuse('POST', `/${name}/${shop.branch}/more`, '{}')).code, 404)
      }
    })

    it('takes no method from a header', async () => {
      const brand = patchable.find(({ resource }) => resource.name === 'brands')!.record
      for (const method of [
        'remove',
        '_remove',
        'update',
        'patch',
        'find,remove',
        '__proto__',
        'setup',
        'constructor'
      ]) {
        const error = await refuse('POST', `/brands/${brand.id}`, '{}', { 'x-service-method': method })
        assert.equal(error.code, 405, method)
      }
      await refuse('POST', `/brands/${brand.id}`, '{}', { 'x-http-method-override': 'DELETE' })
    })
  })

  describe('sockets', () => {
    it('answers services and methods there are not as REST does', async () => {
      const paths = [
        'nothing',
        '__proto__',
        'constructor',
        '',
        null,
        undefined,
        5,
        {},
        [],
        ['brands'],
        'x'.repeat(10_000)
      ]
      for (const path of paths) {
        const error = await refuseOver('find', path, {})
        assert.equal(error.data.reason, 'no_route', String(path))
      }
      for (const method of [
        'update',
        'setup',
        'teardown',
        'hooks',
        'on',
        'emit',
        'publish',
        '__proto__',
        'toString',
        ''
      ]) {
        const error = await refuseOver(method, 'brands', {}, {})
        assert.equal(error.data.reason, 'no_method', method)
      }
      assert.equal((await refuseOver('patch', 'stock-entries', shop.branch, {}, {})).data.reason, 'no_method')
      assert.equal((await refuseOver('find', 'auth/login', {})).data.reason, 'no_method')
    })

    it('answers calls with too few or too many arguments', async () => {
      for (const method of ['find', 'get', 'create', 'patch', 'remove']) {
        await refuseOver(method, 'brands', ...Array(20).fill({}))
        await refuseOver(method)
      }
      for (const method of ['get', 'create', 'patch', 'remove']) await refuseOver(method, 'brands')
      await refuseOver('patch', 'brands', patchable[0]!.record.id)
    })

    it('answers data that is no object', async () => {
      for (const { resource, record } of patchable)
        for (const data of [null, undefined, 'x', 1, true, [], [{}], Buffer.from('x')]) {
          await refuseOver('create', resource.name, data, {})
          await refuseOver('patch', resource.name, record.id, data, {})
        }
    })

    it('lets nobody join a room by hand', async () => {
      for (const method of ['join', 'joinRoom', 'subscribe', 'channel'])
        assert.equal((await refuseOver(method, 'invoices', {})).data.reason, 'no_method')
    })

    it('bears calls without a callback', async () => {
      for (const path of ['brands', 'nothing', '__proto__', {}, null])
        for (const method of ['find', 'get', 'create', 'patch', 'remove', 'join', 'nothing']) socket.emit(method, path)
      await refuseOver('get', 'brands', 'x', {})
    })
  })

  describe('below socket.io', () => {
    /** Sends frames as they are on a connection of its own, and waits until the server has read them. */
    async function frames(...sent: (string | Buffer)[]): Promise<void> {
      const client = await shop.socket(shop.admin)
      const { ws } = client.io.engine.transport as unknown as { ws: { send(data: string | Buffer): void } }
      for (const frame of sent) ws.send(frame)
      // What follows is read after it, or never where the server cut the connection.
      const cut = new Promise((done) => client.once('disconnect', done))
      await Promise.race([emit(client, 'find', 'brands', {}), cut])
      client.disconnect()
    }

    const cases: Record<string, (string | Buffer)[]> = {
      'an unknown engine.io packet': ['9', 'x', ''],
      'an unknown socket.io packet': ['49', '48["find"]', '4x'],
      'binary without a header': [Buffer.from('x'), Buffer.alloc(0)],
      'a thousand declared attachments': ['451000-["create","brands",{"_placeholder":true,"num":0}]'],
      'no attachments': ['450-["create","brands",{"_placeholder":true,"num":0}]', '45-["find"]', '45["find"]'],
      'an attachment that is not there': ['451-["create","brands",{"_placeholder":true,"num":99}]', Buffer.from('x')],
      'an attachment with a name for a number': [
        '451-["create","brands",{"_placeholder":true,"num":"__proto__"}]',
        Buffer.from('x')
      ],
      'half an attachment': ['452-["create","brands",{"_placeholder":true,"num":0}]', Buffer.from('x'), '42["find"]'],
      'bad JSON': ['42["find"', '42', '42{}', '42null', '42[]', '42[null]', '42[{}]', '42[["find"]]'],
      'reserved events': ['42["connect"]', '42["disconnect"]', '42["newListener"]', '42["error",{}]'],
      'answers to nothing': ['43999999["x"]', '43[]', '461-7[{"_placeholder":true,"num":0}]', Buffer.from('x')],
      'other namespaces': ['40/admin,', '40/__proto__,{}', '42/admin,["find","brands"]', '41/admin,'],
      'a bad handshake': ['40{"token":', '40[]', '40"x"', '40{"token":{"$ne":""}}']
    }
    for (const [what, sent] of Object.entries(cases)) it(`bears ${what}`, () => frames(...sent))

    it('cuts who sends a message of 1.1 MB', async () => {
      const client = await shop.socket(shop.admin)
      const cut = new Promise((done) => client.once('disconnect', done))
      client.emit('create', 'brands', { name: 'x'.repeat(1_100_000) }, {})
      await cut
    })

    it('bears junk at its address', async () => {
      const open = await fetch(`${shop.url}/socket.io/?EIO=4&transport=polling`)
      const { sid } = JSON.parse((await open.text()).slice(1)) as { sid: string }
      const polling = `/socket.io/?EIO=4&transport=polling&sid=${sid}`
      // Takes the parting: with nobody to send it to, the server keeps it for half a minute.
      const waiting = fetch(shop.url + polling).then((answer) => answer.text())
      const upgrade = ['Upgrade: websocket', 'Sec-WebSocket-Key: eA==', 'Sec-WebSocket-Version: 13']
      const cases = [
        request('GET /socket.io/'),
        request('GET /socket.io/?EIO=9&transport=polling'),
        request('GET /socket.io/?EIO=4&transport=webtransport'),
        request('GET /socket.io/?EIO=4&transport=polling&sid=__proto__'),
        request('DELETE /socket.io/?EIO=4&transport=polling'),
        request(`POST ${polling}`, ['Content-Length: 4', 'Content-Type: text/plain'], '9999'),
        request(`POST ${polling}`, ['Content-Length: 200000', 'Content-Type: text/plain'], 'x'.repeat(200_000)),
        request('GET /socket.io/?EIO=4&transport=websocket&sid=nobody', upgrade).replace('close', 'Upgrade'),
        request('GET /socket.io/?EIO=4&transport=websocket', upgrade).replace('close', 'Upgrade'),
        request('GET /elsewhere', upgrade).replace('close', 'Upgrade')
      ]
      for (const bytes of cases) {
        const { status, head, body } = await exchange(shop.url, bytes)
        assert.ok(status < 500, `${bytes.slice(0, 80)}: ${head}`)
        assertTight(bytes.slice(0, 80), head + body)
      }
      await waiting
    })
  })

  describe('below HTTP', () => {
    it('answers junk that Node itself refuses', async () => {
      const login = 'POST /auth/login'
      const cases: [string, string, number][] = [
        ['a header of 17 kB', request('GET /products', [`X: ${'x'.repeat(17_000)}`]), 431],
        ['an address of 64 kB', request(`GET /products?a=${'x'.repeat(64_000)}`), 431],
        ['CL and TE', request(login, ['Content-Length: 2', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), 400],
        ['a negative length', request(login, ['Content-Length: -1'], '{}'), 400],
        [
          'a bad chunk',
          request(login, ['Content-Type: application/json', 'Transfer-Encoding: chunked'], 'zz\r\n'),
          400
        ],
        ['a line that is none', 'nonsense\r\n\r\n', 400],
        ['a bare line feed in a header', request('GET /products', ['X: a\nY: b\rZ']), 400],
        ['NUL in a header', request('GET /products', ['X: a\u0000b']), 400],
        ['no host', 'GET /products HTTP/1.1\r\nConnection: close\r\n\r\n', 400]
      ]
      for (const [what, bytes, status] of cases) {
        const answer = await exchange(shop.url, bytes)
        assert.equal(answer.status, status, `${what}: ${answer.head}`)
        assertTight(what, answer.head + answer.body)
      }
    })

    it('takes nothing from the Host header', async () => {
      for (const host of ['evil.example', 'evil.example:99999', 'a@b', '[::1', '', "'", '{}']) {
        const bytes = `GET /products HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`
        const answer = await exchange(shop.url, bytes)
        assert.ok([400, 401].includes(answer.status), `${host}: ${answer.head}`)
        assert.ok(!answer.body.includes('evil'), answer.body)
      }
      const two = await exchange(shop.url, request('GET /products', ['Host: evil.example']))
      assert.ok([400, 401].includes(two.status), two.head)
    })

    it('stops reading a body without end', async () => {
      const head = request('POST /products', ['Content-Type: application/json', 'Transfer-Encoding: chunked'])
      const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`
      const answer = await exchange(shop.url, head, ...Array(700).fill(chunk))
      assert.equal(answer.status, 413, answer.head)
      assert.match(answer.body, /too_large/)
    })
  })
})
