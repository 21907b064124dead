import assert from 'node:assert/strict'
import auth, { MemoryStorage } from '@feathersjs/authentication-client'
import { type Application, feathers } from '@feathersjs/feathers'
import rest from '@feathersjs/rest-client'
import socketio from '@feathersjs/socketio-client'
import { io } from 'socket.io-client'
import { emit, openShop, PASSWORD, type Shop } from '../support/shop.ts'
import { refusal } from './support.ts'

type Client = Application & ReturnType<typeof feathers>

describe('Feathers’ own client', () => {
  let shop: Shop
  const open: (() => void)[] = []

  before(async () => {
    shop = await openShop()
  })
  afterEach(() => {
    for (const close of open.splice(0)) close()
  })
  after(() => shop?.close())

  const transports: Record<string, () => Client> = {
    rest: () => feathers().configure(rest.default(shop.url).fetch(fetch)) as Client,
    websocket: () => {
      const socket = io(shop.url, { transports: ['websocket'], forceNew: true, reconnection: false })
      open.push(() => socket.disconnect())
      return feathers().configure(socketio.default(socket as never)) as Client
    }
  }
  for (const [transport, connect] of Object.entries(transports)) {
    const start = () => connect().configure(auth.default({ storage: new MemoryStorage() })) as Client

    it(`signs in, calls, signs in again with the token it kept, and signs out: ${transport}`, async () => {
      const client = start()
      await assert.rejects(client.service('products').find(), refusal(401, 'not_signed_in'))
      const { accessToken, refreshToken, user } = await client.authenticate({
        strategy: 'local',
        email: 'admin@localhost.local',
        password: PASSWORD
      })
      assert.equal(user.username, 'admin')
      assert.match(refreshToken, /^rt_/)
      assert.equal((await client.service('products').find()).total, 0)
      const again = await client.reAuthenticate(true)
      assert.equal(again.accessToken, accessToken)
      assert.equal((await client.logout())?.user.username, 'admin')
      await assert.rejects(client.service('products').find(), refusal(401, 'not_signed_in'))
      assert.equal((await shop.call('GET', '/auth/me', undefined, accessToken)).body.data.reason, 'session_ended')
    })

    it(`says why it cannot: ${transport}`, async () => {
      const client = start()
      await assert.rejects(
        client.authenticate({ strategy: 'local', username: 'admin', password: 'wrong' }),
        refusal(401, 'invalid_login')
      )
      await assert.rejects(
        client.authenticate({ strategy: 'local', email: { $ne: '' }, password: PASSWORD }),
        refusal(400, 'invalid_data')
      )
      await assert.rejects(client.authenticate({ strategy: 'jwt', accessToken: 'rt_x' }), refusal(401, 'token_invalid'))
    })
  }

  it('keeps a socket that renews its token over itself', async () => {
    const { body } = await shop.call('POST', '/auth/login', { username: 'admin', password: PASSWORD })
    const socket = await shop.socket(body.access_token)
    const { result } = await emit(socket, 'create', 'auth/refresh', { refresh_token: body.refresh_token }, {})
    assert.equal((await shop.call('GET', '/auth/me', undefined, result?.access_token)).status, 200)
    const me = await emit(socket, 'find', 'auth/me', {})
    assert.equal(me.result?.user.username, 'admin')
    await emit(socket, 'create', 'auth/logout', { refresh_token: result?.refresh_token }, {})
    assert.equal((await emit(socket, 'find', 'auth/me', {})).error?.code, 401)
  })

  it('cuts the sockets of a session that ends elsewhere, at once', async () => {
    const { body } = await shop.call('POST', '/auth/login', { username: 'admin', password: PASSWORD })
    const socket = await shop.socket(body.access_token)
    const cut = new Promise((resolve) => socket.once('disconnect', resolve))
    await shop.call('POST', '/auth/logout', { refresh_token: body.refresh_token })
    assert.equal(await cut, 'io server disconnect')
  })
})
