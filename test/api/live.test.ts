import assert from 'node:assert/strict'
import { io, type Socket } from 'socket.io-client'
import { assertNoCost, openBranch } from '../support/books.ts'
import { caller, transports } from '../support/caller.ts'
import { emit, type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

interface Listener {
  socket: Socket
  heard: { event: string; record: Json }[]
}

const once = (socket: Socket, event: string) => new Promise<void>((done) => void socket.once(event, () => done()))

describe('Live', () => {
  let shop: Shop
  let elsewhere: string
  before(async () => {
    shop = await openShop()
    elsewhere = (await openBranch(shop)).branch
  })
  after(() => shop.close())

  async function listen(token?: string): Promise<Listener> {
    const socket = await shop.socket(token)
    const heard: Listener['heard'] = []
    socket.onAny((event, record) => void heard.push({ event, record }))
    return { socket, heard }
  }

  let fences = 0
  /** After it, everything that was sent before has arrived: a socket gets its events in their order. */
  async function fence(...listeners: Listener[]): Promise<void> {
    const name = `fence ${++fences}`
    const arrived = listeners.map(
      ({ socket }) =>
        new Promise<void>((done) => {
          const look = (record: Json) => {
            if (record.name !== name) return
            socket.off('brands created', look)
            done()
          }
          socket.on('brands created', look)
        })
    )
    assert.equal((await shop.call('POST', '/brands', { name }, shop.admin)).status, 201)
    await Promise.all(arrived)
    for (const { heard } of listeners)
      heard.splice(0, heard.length, ...heard.filter(({ event }) => event !== 'brands created'))
  }
  const events = ({ heard }: Listener) => heard.map(({ event }) => event).sort()
  const recordOf = ({ heard }: Listener, event: string) => heard.find((entry) => entry.event === event)!.record

  const sale = (product: Json, more: Json = {}): Json => ({
    items: [{ product_id: product.id, quantity: 1 }],
    payments: [{ method: 'card', amount: '10.00' }],
    ...more
  })

  async function customer(): Promise<string> {
    const given = { name: 'A', contacts: { phone: '12345' }, credit_limit: '100', branch_id: shop.branch }
    return (await shop.call('POST', '/customers', given, shop.admin)).body.id
  }

  describe('a sale', () => {
    for (const transport of transports) {
      it(`over ${transport} is heard by those who may see it, as they may see it`, async () => {
        const product = await stockedProduct(shop)
        const seller = await shop.user('cashier')
        const [admin, employee, cashier, stranger, otherAdmin, nobody] = await Promise.all([
          listen(shop.admin),
          listen((await shop.user('employee')).token),
          listen((await shop.user('cashier')).token),
          listen((await shop.user('cashier', elsewhere)).token),
          listen((await shop.user('admin', elsewhere)).token),
          listen()
        ])
        const { body } = await (await caller(shop, transport, seller.token)).create('invoices', sale(product))
        await fence(admin!, employee!, cashier!, stranger!, otherAdmin!)
        await emit(nobody!.socket, 'find', 'products', {})
        const three = ['invoices created', 'payments created', 'stock-levels patched']
        for (const listener of [admin, employee, cashier, otherAdmin]) assert.deepEqual(events(listener!), three)
        for (const listener of [stranger, nobody]) assert.deepEqual(events(listener!), [])
        assert.deepEqual(recordOf(cashier!, 'invoices created'), body)
        assertNoCost(cashier!.heard)
        assert.equal(recordOf(admin!, 'invoices created').items[0].unit_cost, '6.0000')
        assert.equal(recordOf(admin!, 'stock-levels patched').average_cost, '6.0000')
        assert.deepEqual(recordOf(cashier!, 'payments created'), body.payments[0])
        const read = await shop.call('GET', `/stock-levels?product_id=${product.id}`, undefined, shop.admin)
        assert.deepEqual(recordOf(admin!, 'stock-levels patched'), read.body.data[0])
      })
    }

    it('that fails or is repeated is heard by nobody', async () => {
      const product = await stockedProduct(shop, {}, 2)
      const admin = await listen(shop.admin)
      const till = await caller(shop, 'rest', (await shop.user('cashier')).token)
      const statuses = []
      for (const given of [
        sale(product, {
          items: [{ product_id: product.id, quantity: 3 }],
          payments: [{ method: 'card', amount: '30' }]
        }),
        sale(product, { payments: [] }),
        sale(product, { payments: [{ method: 'card', amount: '10.01' }] }),
        sale(product, { expected_total: '9.00' }),
        sale(product, {
          customer_id: await customer(),
          items: [
            { product_id: product.id, quantity: 2 },
            { sku: 'none', quantity: 1 }
          ]
        })
      ])
        statuses.push((await till.create('invoices', given)).status)
      await fence(admin)
      admin.heard.length = 0
      assert.deepEqual(statuses, [409, 422, 422, 409, 422])
      const given = sale(product, { id: '0190a000-0000-7000-8000-000000000001' })
      const twice = [await till.create('invoices', given), await till.create('invoices', given)]
      assert.deepEqual(
        twice.map(({ status }) => status),
        [201, 200]
      )
      await fence(admin)
      assert.deepEqual(events(admin), ['invoices created', 'payments created', 'stock-levels patched'])
    })

    it('that loses a race is heard by nobody', async () => {
      const product = await stockedProduct(shop, {}, 1)
      const admin = await listen(shop.admin)
      const answers = await Promise.all(
        [1, 2, 3, 4].map(() => shop.call('POST', '/invoices', sale(product), shop.admin))
      )
      assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409])
      await fence(admin)
      assert.equal(events(admin).filter((event) => event === 'invoices created').length, 1)
      const level = recordOf(admin, 'stock-levels patched')
      assert.deepEqual([level.on_hand, level.version], [0, 3])
    })

    it('is followed: held as a draft, issued, paid', async () => {
      const product = await stockedProduct(shop)
      const cashier = await listen((await shop.user('cashier')).token)
      const till = await caller(shop, 'rest', (await shop.user('cashier')).token)
      const draft = await till.create(
        'invoices',
        sale(product, { status: 'draft', payments: [], customer_id: await customer() })
      )
      await fence(cashier)
      assert.deepEqual(
        events(cashier).filter((event) => event !== 'customers created'),
        ['invoices created']
      )
      cashier.heard.length = 0
      const issued = await till.patch('invoices', draft.body.id, { status: 'issued', payments: [] })
      await fence(cashier)
      assert.deepEqual(events(cashier), ['invoices patched', 'stock-levels patched'])
      assert.deepEqual(recordOf(cashier, 'invoices patched'), issued.body)
      cashier.heard.length = 0
      const [patched, paid] = ['invoices patched', 'payments created'].map((event) => nextEvent(cashier.socket, event))
      await till.create('payments', { invoice_id: draft.body.id, method: 'cash', amount: '4.00' })
      assert.deepEqual(await patched, (await till.get('invoices', draft.body.id)).body)
      assert.equal((await paid)!.amount, '4.00')
      assert.deepEqual(events(cashier), ['invoices patched', 'payments created'])
      assertNoCost(cashier.heard)
    })
  })

  it('catalogue changes reach each role without what it may not read', async () => {
    const { id } = await stockedProduct(shop, { vendor_id: null })
    const [admin, cashier] = [await listen(shop.admin), await listen((await shop.user('cashier')).token)]
    await shop.call('PATCH', `/products/${id}`, { cost_price: '7.77', name: 'New' }, shop.admin)
    await fence(admin, cashier)
    assert.equal(recordOf(admin, 'products patched').cost_price, '7.77')
    const seen = recordOf(cashier, 'products patched')
    assert.equal(seen.name, 'New')
    assert.ok(!('cost_price' in seen) && !('vendor_id' in seen))
  })

  it('a row that is for another branch, or for nobody but its user, stays with them', async () => {
    const [admin, cashier, stranger] = [
      await listen(shop.admin),
      await listen((await shop.user('cashier')).token),
      await listen((await shop.user('cashier', elsewhere)).token)
    ]
    await shop.call('POST', '/customers', { name: 'X', contacts: { phone: '123' }, branch_id: elsewhere }, shop.admin)
    await shop.call('POST', '/customers', { name: 'All', contacts: { phone: '123' }, branch_id: null }, shop.admin)
    await fence(admin, cashier, stranger)
    const names = ({ heard }: Listener) => heard.map(({ record }) => record.name)
    assert.deepEqual([names(admin), names(cashier), names(stranger)], [['X', 'All'], ['All'], ['X', 'All']])
  })

  describe('a socket', () => {
    const change = async (path: string, data: Json) =>
      assert.equal((await shop.call('PATCH', path, data, shop.admin)).status, 200)
    const roleId = async (name: string) =>
      (await shop.call('GET', `/roles?name=${name}`, undefined, shop.admin)).body.data[0].id

    /** Waits for what follows a change of rights: it reaches sockets at once, but not in the same tick. */
    async function until(true_: () => Promise<boolean>): Promise<void> {
      for (let i = 0; i < 100; i++) {
        if (await true_()) return
        await new Promise((done) => setTimeout(done, 20))
      }
      assert.fail('it did not come about within two seconds')
    }

    it('follows its user into another role and another branch', async () => {
      const user = await shop.user('cashier')
      const product = await stockedProduct(shop)
      const listener = await listen(user.token)
      await change(`/users/${user.id}`, { role_id: await roleId('employee') })
      await until(async () => {
        listener.heard.length = 0
        await change(`/products/${product.id}`, { desc: `${Date.now()}` })
        await new Promise((done) => setTimeout(done, 20))
        return listener.heard.some(({ record }) => record.cost_price === '6.00')
      })
      await change(`/users/${user.id}`, { branch_id: elsewhere })
      await until(
        async () => (await emit(listener.socket, 'get', 'products', product.id, {})).result?.stock_level === 0
      )
      listener.heard.length = 0
      assert.equal((await shop.call('POST', '/invoices', sale(product), shop.admin)).status, 201)
      await fence(listener)
      assert.deepEqual(events(listener), [])
    })

    it('hears no more of what a change of its role took away', async () => {
      const rules = [{ action: ['read'], subject: ['brands'] }]
      const reading = [...rules, { action: ['read'], subject: ['products'] }]
      const role = await shop.call('POST', '/roles', { name: 'reader', permissions: reading }, shop.admin)
      assert.equal(role.status, 201, JSON.stringify(role.body))
      const user = await shop.user('cashier')
      await change(`/users/${user.id}`, { role_id: role.body.id })
      const product = await stockedProduct(shop)
      const listener = await listen(user.token)
      await change(`/products/${product.id}`, { desc: 'a' })
      await fence(listener)
      assert.deepEqual(events(listener), ['products patched'])
      await change(`/roles/${role.body.id}`, { permissions: rules })
      listener.heard.length = 0
      await change(`/products/${product.id}`, { desc: 'b' })
      await until(async () => (await emit(listener.socket, 'find', 'products', {})).error?.code === 403)
      await until(async () => {
        await shop.call('POST', '/brands', { name: `b ${Date.now()}` }, shop.admin)
        return events(listener).includes('brands created')
      })
      assert.equal(events(listener).includes('products patched'), false)
    })

    const ends: [name: string, end: (user: { id: string; token: string; refresh: string }) => Promise<unknown>][] = [
      ['when its user is deactivated', ({ id }) => change(`/users/${id}`, { is_active: false })],
      [
        'when its session is logged out',
        async ({ refresh }) =>
          assert.equal((await shop.call('POST', '/auth/logout', { refresh_token: refresh })).status, 200)
      ],
      [
        'when an administrator ends its session',
        async ({ id }) => {
          const { body } = await shop.call('GET', `/sessions?user_id=${id}`, undefined, shop.admin)
          for (const session of body.data)
            assert.equal((await shop.call('DELETE', `/sessions/${session.id}`, undefined, shop.admin)).status, 200)
        }
      ],
      ['when its user gets a new password', ({ id }) => change(`/users/${id}`, { password: 'another long password' })]
    ]
    for (const [name, end] of ends) {
      it(`is cut ${name}, and hears nothing after it`, async () => {
        const { id, username } = await shop.user('cashier')
        const { body } = await shop.call('POST', '/auth/login', { username, password: 'correct horse battery' })
        const listener = await listen(body.access_token)
        const control = await listen(shop.admin)
        const cut = once(listener.socket, 'disconnect')
        await end({ id, token: body.access_token, refresh: body.refresh_token })
        await cut
        listener.heard.length = 0
        await stockedProduct(shop)
        await fence(control)
        assert.deepEqual(listener.heard, [])
        const back = await shop.socket(body.access_token).then(
          () => 'in',
          (error) => error.data?.reason ?? error.message
        )
        assert.equal(back, 'session_ended')
        assert.equal((await shop.call('GET', '/products', undefined, body.access_token)).status, 401)
      })
    }

    it('is refused with a token that is none', async () => {
      await assert.rejects(shop.socket('nonsense'))
    })
  })

  describe('with three sockets to a user', () => {
    let narrow: Shop
    before(async () => {
      narrow = await openShop({ limits: { sockets_per_user: 3 } })
    })
    after(() => narrow.close())

    it('refuses a fourth until one goes, and does not count those that broke while they signed in', async () => {
      const { username, token } = await narrow.user('cashier')
      for (let i = 0; i < 10; i++) {
        // A session the server has not seen yet: it has to ask the database, and the connection is gone by the answer.
        const auth = { token: await narrow.signIn(username) }
        const broken = io(narrow.url, {
          transports: ['websocket'],
          forceNew: true,
          reconnection: false,
          auth
        })
        await new Promise<void>((done) => {
          // The connection stands and the sign-in is on its way; nobody waits for its answer.
          broken.io.once('open', () => {
            broken.io.engine.transport.close()
            done()
          })
        })
      }
      const open: Socket[] = []
      for (let i = 0; i < 100 && open.length < 3; i++) {
        const socket = await narrow.socket(token).catch(() => undefined)
        if (socket) open.push(socket)
        else await new Promise((done) => setTimeout(done, 20))
      }
      assert.equal(open.length, 3)
      await assert.rejects(narrow.socket(token), (error: Json) => error.data.reason === 'rate_limited')
      open[0]!.disconnect()
      for (let i = 0; i < 100; i++) {
        if (await narrow.socket(token).catch(() => undefined)) return
        await new Promise((done) => setTimeout(done, 20))
      }
      assert.fail('the place of a socket that went is not free again')
    })
  })

  describe('with access tokens of three seconds', () => {
    let brief: Shop
    before(async () => {
      const { auth } = shop.settings
      brief = await openShop({ auth: { ...auth, access_minutes: 3 / 60 } })
    })
    after(() => brief.close())

    it('a socket is cut when its token expires, unless it signs in again with a fresh one', async () => {
      const { username } = await brief.user('cashier')
      const login = async () =>
        (await brief.call('POST', '/auth/login', { username, password: 'correct horse battery' })).body
      const [one, two] = await Promise.all([login(), login()])
      const [left, kept] = [await brief.socket(one.access_token), await brief.socket(two.access_token)]
      const [leftEnd, keptEnd] = [once(left, 'disconnect'), once(kept, 'disconnect')]
      const told = once(left, 'auth-expired')
      await new Promise((done) => setTimeout(done, 1500))
      const { body } = await brief.call('POST', '/auth/refresh', { refresh_token: two.refresh_token })
      const again = { strategy: 'jwt', accessToken: body.access_token }
      assert.equal((await emit(kept, 'create', 'authentication', again, {})).error, undefined)
      await Promise.all([leftEnd, told])
      assert.equal(kept.connected, true)
      const event = nextEvent(kept, 'products created')
      const product = { sku: 'A', name: 'A', unit_price: '1', cost_price: '1' }
      const admin = await brief.signIn('admin')
      assert.equal((await brief.call('POST', '/products', product, admin)).status, 201)
      assert.equal((await event).sku, 'A')
      assert.equal((await emit(kept, 'find', 'products', {})).result!.total, 1)
      await keptEnd
    })
  })
})
