import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { memoryStorage, type Row } from '../../src/client.ts'
import { TcpProxy } from '../support/proxy.ts'
import { openShop, PASSWORD, type Shop } from '../support/shop.ts'
import { Clients, next, transports } from './support.ts'

/** How long tokens of this shop last, in ms. */
const LIFE = 4000

/** Counts what goes to an address; `edit` may change what comes back. */
function watched(edit: (path: string, body: Record<string, unknown>) => object = (_, body) => body) {
  const paths: string[] = []
  const refused: string[] = []
  const call = async (url: string, init: RequestInit) => {
    const path = new URL(url).pathname
    paths.push(path)
    const answer = await fetch(url, init)
    if (answer.status === 401) refused.push(path)
    return Response.json(edit(path, (await answer.json()) as Record<string, unknown>), answer)
  }
  return { refused, count: (path: string) => paths.filter((given) => given === path).length, fetch: call }
}

describe('The client’s sign-in', () => {
  let shop: Shop
  const clients = new Clients()
  before(async () => {
    shop = await openShop({ auth: { access_minutes: LIFE / 60_000 } })
  })
  afterEach(() => clients.close())
  after(() => shop.close())

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      it('is found again in the storage, and renewed once for all who wait', async () => {
        const storage = memoryStorage()
        const first = await clients.signedIn(shop, transport, { storage })
        await first.me()
        first.close()
        const { count, fetch } = watched()
        const second = clients.open({ url: shop.url, transport, storage, fetch })
        await Promise.all(Array.from({ length: 8 }, () => second.me()))
        assert.deepEqual([count('/auth/refresh'), count('/auth/login')], [1, 0])
      })

      it('is renewed before its token ends', async () => {
        const { count, refused, fetch } = watched()
        const regal = await clients.signedIn(shop, transport, { fetch })
        const connections: unknown[] = []
        regal.on('connected', () => connections.push(1))
        for (let i = 0; i < 5; i++) {
          await Promise.all([regal.me(), regal.service('brands').find()])
          await pause(LIFE / 4)
        }
        assert.ok(count('/auth/refresh') > 0)
        assert.deepEqual(refused, [])
        assert.equal(connections.length, transport === 'socket' ? 1 : 0)
      })

      it('is renewed after the server refused its token, and the call made again', async () => {
        // A clock that is wrong: the client takes its token for good.
        const { count, fetch } = watched((_, body) => ('expires_in' in body ? { ...body, expires_in: 900 } : body))
        const regal = await clients.signedIn(shop, transport, { fetch })
        await regal.me()
        await pause(LIFE + 300)
        const made = regal.service('brands').create({ name: `After ${transport}` })
        await Promise.all([made, regal.me(), regal.me()])
        assert.equal(count('/auth/refresh'), 1)
      })

      it('ends when it was ended elsewhere', async () => {
        const storage = memoryStorage()
        const regal = await clients.signedIn(shop, transport, { storage })
        await regal.me()
        const out = next<string>((listener) => regal.on('signed-out', listener))
        const refresh_token = await storage.getItem(`regal ${shop.url}`)
        await shop.call('POST', '/auth/logout', { refresh_token })
        await assert.rejects(regal.me(), { code: 401 })
        assert.equal(await out, 'session_ended')
        assert.equal(await storage.getItem(`regal ${shop.url}`), undefined)
        await assert.rejects(regal.me(), { reason: 'not_signed_in' })
        assert.equal((await regal.login('admin', PASSWORD)).username, 'admin')
        await regal.me()
      })

      it('ends when it cannot be renewed', async () => {
        const storage = memoryStorage()
        storage.setItem(`regal ${shop.url}`, 'rt_of_long_ago')
        const regal = clients.open({ url: shop.url, transport, storage })
        const out = next<string>((listener) => regal.on('signed-out', listener))
        await assert.rejects(regal.me(), { code: 401, reason: 'token_invalid' })
        assert.equal(await out, 'token_invalid')
      })

      it('outlasts a server that is away', async () => {
        const proxy = await TcpProxy.before(shop.url)
        const storage = memoryStorage()
        const regal = clients.open({ url: proxy.url, transport, storage })
        await regal.login('admin', PASSWORD)
        await regal.me()
        proxy.mode = 'cut'
        await pause(LIFE + 100)
        let out = false
        regal.on('signed-out', () => {
          out = true
        })
        const waiting = regal.me()
        await pause(50)
        proxy.mode = 'open'
        assert.equal((await waiting).user.username, 'admin')
        assert.equal(out, false)
        regal.close()
        await proxy.close()
      })
    })
  }

  it('is shared by two that have one storage', async () => {
    const storage = memoryStorage()
    const first = await clients.signedIn(shop, 'rest', { storage })
    const second = clients.open({ url: shop.url, storage })
    await Promise.all([first.me(), second.me()])
    await pause(LIFE)
    await Promise.all([first.me(), second.me()])
    await pause(LIFE)
    await first.me()
    await second.me()
  })

  it('lasts for one who only listens', async () => {
    const regal = await clients.signedIn(shop, 'socket')
    let cut = 0
    regal.on('disconnected', () => void cut++)
    const open = next<undefined>((listener) => regal.on('connected', listener))
    const heard = next<Row<'brands'>>((listener) => regal.service('brands').on('created', listener), 20_000)
    await open
    await pause(2 * LIFE + 200)
    await (await clients.signedIn(shop, 'rest')).service('brands').create({ name: 'Heard late' })
    assert.equal((await heard).name, 'Heard late')
    assert.equal(cut, 0)
  })

  it('is taken up by a socket that was cut, and by one that is open already', async () => {
    const proxy = await TcpProxy.before(shop.url)
    const regal = clients.open({ url: proxy.url, transport: 'socket' })
    const connected = () => next<undefined>((listener) => regal.on('connected', listener))
    const first = connected()
    const names: string[] = []
    regal.service('brands').on('created', ({ name }) => void names.push(name))
    await first
    await regal.login('admin', PASSWORD)
    await regal.service('brands').create({ name: 'Before the cut' })
    const again = connected()
    proxy.mode = 'cut'
    proxy.mode = 'open'
    await again
    await shop.call('POST', '/brands', { name: 'After the cut' }, await shop.signIn('admin'))
    await regal.me()
    assert.deepEqual(names, ['Before the cut', 'After the cut'])
    regal.close()
    await proxy.close()
  })
})
