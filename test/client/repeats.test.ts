import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import type { RegalClient, RegalError, TransportName } from '../../src/client.ts'
import { TcpProxy } from '../support/proxy.ts'
import { type Json, openShop, PASSWORD, type Shop, stockedProduct } from '../support/shop.ts'
import { Clients, transports } from './support.ts'

/** How long an attempt waits here, in ms: an answer that is kept back is given up soon. */
const TIMEOUT = 400
const retry = { timeout: TIMEOUT, pause: 50, longest: 2000 }

describe('A call that got no answer', () => {
  let shop: Shop
  let proxy: TcpProxy
  const clients = new Clients()
  before(async () => {
    shop = await openShop()
    proxy = await TcpProxy.before(shop.url)
  })
  afterEach(() => {
    clients.close()
    proxy.mode = 'open'
  })
  after(async () => {
    await proxy.close()
    await shop.close()
  })

  /** A client behind the proxy, signed in and connected. */
  async function connected<T extends TransportName>(transport: T, fetcher?: typeof fetch): Promise<RegalClient<T>> {
    const regal = clients.open({ url: proxy.url, transport, retry, ...(fetcher && { fetch: fetcher }) })
    await regal.login('admin', PASSWORD)
    await regal.me()
    return regal
  }
  const list = async (path: string): Promise<Json[]> => (await shop.call('GET', path, undefined, shop.admin)).body.data
  const sale = (product: Json, note: string) => ({
    items: [{ product_id: product.id as string, quantity: 1 }],
    payments: [{ method: 'cash', amount: '10.00' }],
    notes: note
  })
  const made = async (note: string) => (await list('/invoices?$limit=200')).filter(({ notes }) => notes === note)

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      for (const mode of ['mute', 'hole', 'cut'] as const) {
        it(`is made again, and the sale made once: ${mode}`, async () => {
          const product = await stockedProduct(shop)
          const regal = await connected(transport)
          proxy.mode = mode
          const note = `${transport} ${mode}`
          const selling = regal.service('invoices').create(sale(product, note))
          // The first attempt arrives and its answer does not, or it does not arrive at all.
          if (mode === 'mute') while (!(await made(note)).length) await pause(20)
          await pause(TIMEOUT + 100)
          proxy.mode = 'open'
          const sold = await selling
          const found = await made(note)
          assert.deepEqual(
            found.map(({ id }) => id),
            [sold.id]
          )
          const [level] = await list(`/stock-levels?product_id=${product.id}`)
          assert.equal(level?.on_hand, 99)
        })
      }

      it('is made again when it reads', async () => {
        const regal = await connected(transport)
        proxy.mode = 'mute'
        const reading = regal.service('brands').find()
        await pause(TIMEOUT + 100)
        proxy.mode = 'open'
        assert.ok((await reading).total >= 0)
      })

      it('is given up as uncertain when it removes, or patches whatever version', async () => {
        const regal = await connected(transport)
        const gone = await regal.service('brands').create({ name: `Gone ${transport}` })
        const changed = await regal.service('brands').create({ name: `Old ${transport}` })
        proxy.mode = 'mute'
        const uncertain = ({ code, uncertain }: RegalError) => code === 408 && uncertain === true
        await Promise.all([
          assert.rejects(regal.service('brands').remove(gone.id), uncertain),
          assert.rejects(regal.service('brands').patch(changed.id, { name: `New ${transport}` }), uncertain)
        ])
        proxy.mode = 'open'
        while ((await regal.service('brands').find({ query: { id: gone.id } })).total) await pause(20)
        while ((await regal.service('brands').get(changed.id)).version < 2) await pause(20)
      })

      it('is made again when it patches a version, and then refused if it was carried out', async () => {
        const regal = await connected(transport)
        const brand = await regal.service('brands').create({ name: `First ${transport}` })
        const patch = () => regal.service('brands').patch(brand.id, { name: `Second ${transport}`, version: 1 })
        proxy.mode = 'hole'
        const lost = patch()
        await pause(TIMEOUT / 2)
        proxy.mode = 'cut'
        proxy.mode = 'open'
        assert.equal((await lost).version, 2)
        proxy.mode = 'mute'
        const late = assert.rejects(
          regal.service('brands').patch(brand.id, { name: `Third ${transport}`, version: 2 }),
          {
            reason: 'stale_version'
          }
        )
        await pause(TIMEOUT + 100)
        proxy.mode = 'open'
        await late
        assert.equal((await regal.service('brands').get(brand.id)).version, 3)
      })

      it('is made again whatever it does, when nobody answered the door', async () => {
        const regal = await connected(transport)
        const brand = await regal.service('brands').create({ name: `Door ${transport}` })
        const closed = await TcpProxy.before(shop.url)
        const other = clients.open({ url: closed.url, transport, retry: { ...retry, attempts: 3 } })
        await closed.close()
        const begun = Date.now()
        await assert.rejects(other.login('admin', PASSWORD), { code: 503, reason: 'unreachable', uncertain: false })
        assert.ok(Date.now() - begun >= 50, 'it waited between attempts')
        assert.equal((await regal.service('brands').remove(brand.id)).id, brand.id)
      })
    })
  }

  it('comes again when it is told to, over a socket', async () => {
    const busy = await openShop({ limits: { messages_per_second: 5 } })
    try {
      const regal = clients.open({ url: busy.url, transport: 'socket', retry })
      await regal.login('admin', PASSWORD)
      const names = Array.from({ length: 12 }, (_, i) => `Busy ${i}`)
      await Promise.all(names.map((name) => regal.service('brands').create({ name })))
      assert.equal((await regal.service('brands').find()).total, 12)
    } finally {
      clients.close()
      await busy.close()
    }
  })

  it('does not wait longer than it was told it may', async () => {
    const busy = await openShop({ limits: { requests_per_minute_user: 3 } })
    try {
      const regal = clients.open({ url: busy.url, retry })
      await regal.login('admin', PASSWORD)
      await assert.rejects(
        async () => {
          for (let i = 0; i < 5; i++) await regal.me()
        },
        { code: 429, reason: 'rate_limited' }
      )
    } finally {
      await busy.close()
    }
  })

  it('is refused where a user has too many sockets', async () => {
    const small = await openShop({ limits: { sockets_per_user: 1 } })
    try {
      const [first, second] = [1, 2].map(() => clients.open({ url: small.url, transport: 'socket', retry }))
      for (const regal of [first!, second!]) await regal.login('admin', PASSWORD)
      await first!.me()
      await assert.rejects(second!.me(), { code: 429, reason: 'rate_limited' })
      first!.close()
      await second!.me()
    } finally {
      clients.close()
      await small.close()
    }
  })

  it('is an error of the gateway where one answers instead', async () => {
    let answers = 0
    const page = async () => {
      answers++
      return new Response('<h1>Bad gateway</h1>', { status: 502, headers: { 'Retry-After': '0.1' } })
    }
    const regal = clients.open({ url: proxy.url, retry: { ...retry, attempts: 2 }, fetch: page })
    await assert.rejects(regal.service('brands').find(), { name: 'BadGateway', code: 502 })
    assert.equal(answers, 2)
    await assert.rejects(regal.service('brands').remove('0'), { code: 502 })
    assert.equal(answers, 3)
  })
})
