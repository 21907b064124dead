import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Socket } from 'socket.io-client'
import { io } from 'socket.io-client'
import { resources } from '../../src/schemas/index.ts'
import { edgesOf, onBoth, statementsOf } from '../support/edges.ts'
import { emit, type Json, nextEvent, openShop, PASSWORD, type Shop } from '../support/shop.ts'

const transports = edgesOf('T', 14)
const signIn = edgesOf('A', 5)
let names = 0
const fresh = (word: string) => `${word} ${++names}`

/** Everything a socket hears, by name. */
function heardBy(socket: Socket): [event: string, ...payload: Json[]][] {
  const heard: [string, ...Json[]][] = []
  socket.onAny((event, ...payload) => heard.push([event, ...payload]))
  return heard
}

describe('Sharp edges of transports and sign-in', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const { edge } = transports
  const admin = () => ({ as: shop.admin })
  const brand = async (): Promise<Json> =>
    (await shop.call('POST', '/brands', { name: fresh('Brand') }, shop.admin)).body

  edge('T1', 'malformed JSON is 400 and a large body 413, never 500', async () => {
    assert.equal((await shop.call('POST', '/brands', '{', shop.admin)).status, 400)
    const large = await shop.call('POST', '/brands', { name: 'x'.repeat(200_000) }, shop.admin).catch(() => undefined)
    // A client that is still sending may see the connection end before it reads the answer.
    if (large) assert.equal(large.status, 413)
  })

  edge('T2', 'an error over a socket has what it has over REST, and no more', async () => {
    const { name } = await brand()
    const { body } = await shop.call('POST', '/brands', { name }, shop.admin)
    const { error } = await emit(await shop.socket(shop.admin), 'create', 'brands', { name }, {})
    assert.deepEqual(error, body)
    assert.deepEqual(Object.keys(error!).sort(), ['className', 'code', 'data', 'errors', 'message', 'name'])
  })

  edge('T3', 'a socket message has the limit of a body, and one beyond it ends the connection', async () => {
    const socket = await shop.socket(shop.admin)
    const { error } = await emit(socket, 'create', 'brands', { name: 'x'.repeat(90_000) }, {})
    assert.equal(error?.code, 400)
    const cut = new Promise((done) => socket.once('disconnect', done))
    socket.emit('create', 'brands', { name: 'x'.repeat(shop.settings.limits.body_bytes) }, {})
    await cut
  })

  edge('T4 T8', 'an event is the record as its reader may see it, and nothing beside it', async () => {
    const { token } = await shop.user('cashier')
    const [all, some] = [heardBy(await shop.socket(shop.admin)), heardBy(await shop.socket(token))]
    const data = { sku: fresh('S'), name: 'Heard', unit_price: '5.00', cost_price: '3.00' }
    const { body } = await shop.call('POST', '/products', data, shop.admin)
    await sleep(100)
    // The level is that of the reader's branch, so each has to read it.
    const { stock_level: _, ...shared } = body
    assert.deepEqual(all, [['products created', shared]])
    const { cost_price: __, vendor_id: ___, ...visible } = shared
    assert.deepEqual(some, [['products created', visible]])
  })

  edge(
    'T5 T7',
    'events go to socket.io’s own rooms, which an adapter can carry; Feathers’ channels are not used',
    async () => {
      const socket = await shop.socket(shop.admin)
      const { app, sockets } = shop.running.regal
      assert.equal(app.channels.length, 0)
      assert.ok(sockets.io!.sockets.sockets.get(socket.id!)!.rooms.size > 1)
      socket.disconnect()
      await sleep(100)
      assert.equal(sockets.io!.sockets.adapter.sids.has(socket.id!), false)
    }
  )

  edge('T6', 'nobody hears what no rule lets them read', async () => {
    const { token } = await shop.user('cashier')
    const [nobody, cashier] = [heardBy(await shop.socket()), heardBy(await shop.socket(token))]
    await shop.call('POST', '/vendors', { name: fresh('V'), contacts: { phone: '123' } }, shop.admin)
    await shop.user('cashier')
    const made = await brand()
    await sleep(100)
    assert.deepEqual(nobody, [])
    assert.deepEqual(cashier, [['brands created', made]])
  })

  edge('T9', 'who was away finds what it missed by the sequence of the audit log', async () => {
    const logs = async (query: string) =>
      (await shop.call('GET', `/audit-logs?${query}`, undefined, shop.admin)).body.data
    await brand()
    const [{ seq }] = await logs('$limit=1')
    const { id } = await brand()
    await shop.call('PATCH', `/brands/${id}`, { name: fresh('Renamed') }, shop.admin)
    const missed = await logs(`seq[$gt]=${seq}&$sort[seq]=1`)
    assert.deepEqual(
      missed.map(({ action, resource, record_id }: Json) => [action, resource, record_id]),
      [
        ['create', 'brands', id],
        ['patch', 'brands', id]
      ]
    )
  })

  edge('T10', 'a socket takes a fresh token and stays; one that ran out is told before it is cut', async () => {
    const short = await openShop({ auth: { access_minutes: 1 / 20 } })
    try {
      const login = async () =>
        (await short.call('POST', '/auth/login', { username: 'admin', password: PASSWORD })).body
      const [leaves, stays] = [
        await short.socket((await login()).access_token),
        await short.socket((await login()).access_token)
      ]
      const heard = heardBy(stays)
      const expired = nextEvent(leaves, 'auth-expired', 5_000)
      const cut = new Promise((done) => leaves.once('disconnect', done))
      await sleep(1_500)
      const accessToken = (await login()).access_token
      const renewed = await emit(stays, 'create', 'authentication', { strategy: 'jwt', accessToken }, {})
      assert.equal(renewed.error, undefined)
      await Promise.all([expired, cut])
      await sleep(200)
      assert.ok(stays.connected)
      assert.equal((await emit(stays, 'find', 'brands', {})).error, undefined)
      assert.deepEqual(heard, [])
    } finally {
      await short.close()
    }
  })

  edge('T11', 'a change of role reaches an open socket at once', async () => {
    const { id, token } = await shop.user('cashier')
    const socket = await shop.socket(token)
    const heard = heardBy(socket)
    const roles = (await shop.call('GET', '/roles', undefined, shop.admin)).body.data
    const role_id = roles.find(({ name }: Json) => name === 'admin').id
    assert.equal((await shop.call('PATCH', `/users/${id}`, { role_id }, shop.admin)).status, 200)
    await sleep(100)
    const { body } = await shop.call('POST', '/vendors', { name: fresh('V'), contacts: { phone: '123' } }, shop.admin)
    await sleep(100)
    assert.ok(
      heard.some(([event, record]) => event === 'vendors created' && record?.id === body.id),
      JSON.stringify(heard)
    )
    assert.equal((await emit(socket, 'find', 'vendors', {})).error, undefined)
  })

  edge('T12', 'every service is there before the first socket, with every method it has', async () => {
    const socket = await shop.socket(shop.admin)
    for (const { name, methods } of resources)
      for (const method of ['find', 'get', 'create', 'patch', 'remove']) {
        const rest = method === 'find' ? [{}] : method === 'patch' ? ['x', {}, {}] : ['x', {}]
        const { error } = await emit(socket, method, name, ...rest)
        const offered = (methods as readonly string[]).includes(method)
        if (offered) assert.notEqual(error?.data.reason, 'no_method', `${method} ${name}`)
        else assert.equal(error?.data.reason, 'no_method', `${method} ${name}`)
      }
  })

  edge('T13', 'a socket has the address it came from, not the one it claims', async () => {
    const { username } = await shop.user('cashier')
    const client = io(shop.url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { 'x-forwarded-for': '203.0.113.9' }
    })
    const { result } = await emit(client, 'create', 'auth/login', { username, password: PASSWORD }, {})
    client.disconnect()
    const path = `/sessions?user_id=${result!.user.id}&$sort[created_at]=-1`
    const { body } = await shop.call('GET', path, undefined, shop.admin)
    assert.match(body.data[0].ip, /127\.0\.0\.1$/)
  })

  edge('T14', 'there is no method beside the five, and no header that names one', () =>
    onBoth(shop, async ({ name }) => {
      if (name === 'REST') {
        const headers = { 'x-service-method': 'verify' }
        assert.equal((await shop.call('POST', '/brands', {}, shop.admin, headers)).status, 405)
      } else {
        const { error } = await emit(await shop.socket(shop.admin), 'verify', 'brands', {}, {})
        assert.equal(error?.code, 405)
      }
    })
  )

  transports.complete()

  const login = async (username = 'admin', password = PASSWORD) =>
    shop.call('POST', '/auth/login', { username, password })

  signIn.edge('A1', 'refresh tokens rotate, and a logout ends the access token too', async () => {
    const first = (await login()).body
    const { body: second } = await shop.call('POST', '/auth/refresh', { refresh_token: first.refresh_token })
    assert.notEqual(second.refresh_token, first.refresh_token)
    await shop.call('POST', '/auth/logout', { refresh_token: second.refresh_token })
    for (const { access_token } of [first, second])
      assert.equal((await shop.call('GET', '/brands', undefined, access_token)).body.data.reason, 'session_ended')
  })

  signIn.edge('A2', 'knowing who calls costs no statement', () =>
    onBoth(shop, async ({ call }) => {
      const { id } = await brand()
      assert.equal(await statementsOf(shop, () => call('get', 'brands', { id, ...admin() })), 1)
    })
  )

  signIn.edge('A3', 'an unknown user and a wrong password are answered alike', async () => {
    const [wrong, unknown] = [await login('admin', 'not the one'), await login('nobody', 'not the one')]
    assert.equal(wrong.status, 401)
    assert.deepEqual([unknown.status, unknown.body], [wrong.status, wrong.body])
  })

  signIn.edge('A4', 'there is no OAuth to go wrong', async () => {
    for (const path of ['/oauth', '/oauth/google', '/oauth/google/callback'])
      assert.equal((await shop.call('GET', path)).status, 404)
  })

  signIn.edge(
    'A5',
    'sessions can be seen and ended one by one; passwords and tokens are the only ways in',
    async () => {
      const { id, token } = await shop.user('cashier')
      const { body } = await shop.call('GET', '/sessions', undefined, token)
      assert.deepEqual(
        body.data.map(({ user_id }: Json) => user_id),
        [id]
      )
      assert.equal((await shop.call('DELETE', `/sessions/${body.data[0].id}`, undefined, token)).status, 200)
      assert.equal((await shop.call('GET', '/sessions', undefined, token)).status, 401)
      for (const strategy of ['oauth', 'otp', 'webauthn', 'apikey', 'anonymous'])
        await onBoth(shop, async ({ call }) => {
          const { status } = await call('create', 'authentication', { data: { strategy, username: 'admin' } })
          assert.equal(status, 400, strategy)
        })
    }
  )

  signIn.complete()
})
