import assert from 'node:assert/strict'
import auth, { MemoryStorage } from '@feathersjs/authentication-client'
import { type Application, feathers } from '@feathersjs/feathers'
import rest from '@feathersjs/rest-client'
import socketio from '@feathersjs/socketio-client'
import { io, type Socket } from 'socket.io-client'
import { type Json, openShop, PASSWORD, type Shop, stockedProduct } from '../support/shop.ts'

/** A service as a program without types uses it. */
interface Remote {
  find(params?: Json): Promise<Json>
  get(id: string): Promise<Json>
  create(data: Json): Promise<Json>
  patch(id: string, data: Json): Promise<Json>
  on(event: string, listener: (record: Json) => void): void
}
type Client = { authenticate(credentials: Json): Promise<Json>; service(path: string): Remote }

describe('Feathers’ own clients', () => {
  let shop: Shop
  const sockets: Socket[] = []
  before(async () => {
    shop = await openShop()
  })
  after(async () => {
    for (const socket of sockets) socket.disconnect()
    await shop.close()
  })

  const connections: Record<string, () => Application> = {
    rest: () => feathers().configure(rest.default(shop.url).fetch(fetch)),
    websocket: () => {
      const socket = io(shop.url, { transports: ['websocket'], forceNew: true, reconnection: false })
      sockets.push(socket)
      return feathers().configure(socketio.default(socket as never))
    }
  }

  async function signedIn(transport: string, username: string): Promise<Client> {
    const client = connections[transport]!().configure(
      auth.default({ storage: new MemoryStorage() })
    ) as unknown as Client
    await client.authenticate({ strategy: 'local', username, password: PASSWORD })
    return client
  }

  for (const transport of Object.keys(connections)) {
    it(`sell, find, get and patch over ${transport}`, async () => {
      const product = await stockedProduct(shop)
      const client = await signedIn(transport, (await shop.user('cashier')).username)
      const items = [{ product_id: product.id, quantity: 2 }]
      const draft = await client.service('invoices').create({ items, status: 'draft' })
      const payments = [{ method: 'cash', amount: '20.00', tendered: '50.00' }]
      const sold = await client.service('invoices').patch(draft.id, { status: 'issued', payments })
      assert.equal(sold.totals.change, '30.00')
      assert.deepEqual(await client.service('invoices').get(draft.id), sold)
      const query = {
        status: 'paid',
        id: { $in: [sold.id] },
        $limit: 1,
        $select: ['invoice_no'],
        $sort: { created_at: -1 }
      }
      const page = await client.service('invoices').find({ query })
      assert.deepEqual(page.data, [{ id: sold.id, invoice_no: sold.invoice_no }])
      const short = { items: [{ product_id: product.id, quantity: 1000 }], payments: [] }
      await assert.rejects(
        client.service('invoices').create({ ...short, payments: [{ method: 'card', amount: '10000' }] }),
        {
          name: 'Conflict',
          code: 409
        }
      )
    })
  }

  it('hear events over a websocket', async () => {
    const product = await stockedProduct(shop)
    const { username, token } = await shop.user('cashier')
    const client = await signedIn('websocket', username)
    const heard = new Promise<Json>((done) => void client.service('invoices').on('created', done))
    const level = new Promise<Json>((done) => void client.service('stock-levels').on('patched', done))
    const items = [{ product_id: product.id, quantity: 1 }]
    const { body } = await shop.call(
      'POST',
      '/invoices',
      { items, payments: [{ method: 'card', amount: '10' }] },
      token
    )
    assert.deepEqual(await heard, body)
    assert.equal((await level).on_hand, 99)
  })

  it('hear their own writes too, once', async () => {
    const client = await signedIn('websocket', 'admin')
    const names: string[] = []
    client.service('brands').on('created', ({ name }: Json) => void names.push(name))
    await client.service('brands').create({ name: 'One' })
    await client.service('brands').create({ name: 'Two' })
    await client.service('brands').find()
    assert.deepEqual(names, ['One', 'Two'])
  })

  it('sign in with a token from elsewhere', async () => {
    const client = connections.websocket!().configure(
      auth.default({ storage: new MemoryStorage() })
    ) as unknown as Client
    const { user } = await client.authenticate({ strategy: 'jwt', accessToken: shop.admin })
    assert.equal(user.username, 'admin')
    assert.equal((await client.service('users').find({ query: { username: 'admin' } })).total, 1)
  })
})
