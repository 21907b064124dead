import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, onHand } from '../support/books.ts'
import { caller } from '../support/caller.ts'
import { type Answer, type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

/** Runs `tasks` with at most `width` at a time, in order of their start. */
async function inParallel<T>(width: number, tasks: (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const worker = async () => {
    while (next < tasks.length) {
      const i = next++
      results[i] = await tasks[i]!()
    }
  }
  await Promise.all(Array.from({ length: width }, worker))
  return results
}

const count = (answers: Pick<Answer, 'status'>[]) => {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** A generator of numbers that is the same at every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

function shuffled<T>(list: T[], random: () => number): T[] {
  return list
    .map((value) => ({ value, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}

describe('Races', function () {
  this.timeout(60_000)
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const saleOf = (items: Json[]): Json => ({
    items,
    payments: [{ method: 'card', amount: `${items.reduce((sum, { quantity }) => sum + quantity * 10, 0)}.00` }]
  })

  it('500 buyers of 100 units: 100 sales numbered 1 to 100, nothing left, 400 told so', async () => {
    const register = await shop.call('POST', '/registers', { branch_id: shop.branch, code: 'RACE' }, shop.admin)
    const register_id = register.body.id
    const product = await stockedProduct(shop, {}, 100)
    const { token } = await shop.user('cashier')
    const sale = { ...saleOf([{ product_id: product.id, quantity: 1 }]), register_id }
    const answers = await Promise.all(Array.from({ length: 500 }, () => shop.call('POST', '/invoices', sale, token)))
    assert.deepEqual(count(answers), { 201: 100, 409: 400 })
    for (const { status, body } of answers) {
      if (status !== 409) continue
      assert.equal(body.data.reason, 'insufficient_stock')
      assert.equal(body.data.lines[0].requested, 1)
    }
    assert.equal(await onHand(shop, product.id), 0)
    const numbers = answers.filter(({ status }) => status === 201).map(({ body }) => body.series_no)
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      Array.from({ length: 100 }, (_, i) => i + 1)
    )
  })

  it('40 sellers of 20 hot products in any order: all served, every unit counted', async () => {
    const random = seeded(7)
    const products = await Promise.all(Array.from({ length: 20 }, () => stockedProduct(shop, {}, 1000)))
    const { token } = await shop.user('cashier')
    const sold = new Map<string, number>()
    const sale = () => {
      const lines = shuffled(products, random).slice(0, 5)
      return lines.map(({ id }) => ({ product_id: id as string, quantity: 1 + Math.floor(random() * 3) }))
    }
    const tasks = Array.from({ length: 400 }, () => async () => {
      const items = sale()
      const answer = await shop.call('POST', '/invoices', saleOf(items), token)
      for (const { product_id, quantity } of items) sold.set(product_id, (sold.get(product_id) ?? 0) + quantity)
      return answer
    })
    assert.deepEqual(count(await inParallel(40, tasks)), { 201: 400 })
    for (const { id } of products) assert.equal(await onHand(shop, id), 1000 - sold.get(id)!)
  })

  it('sales, receipts and drafts of the same products cross each other and are all served', async () => {
    const random = seeded(11)
    const products = await Promise.all(Array.from({ length: 6 }, () => stockedProduct(shop, {}, 500)))
    const lines = () => shuffled(products, random).map(({ id }) => ({ product_id: id, quantity: 1 }))
    const post = (path: string, data: Json) => shop.call('POST', path, data, shop.admin)
    const kinds = [
      () => post('/invoices', saleOf(lines())),
      () =>
        post('/stock-entries', {
          product_id: products[Math.floor(random() * 6)]!.id,
          branch_id: shop.branch,
          type: 'IN',
          qty: 1,
          unit_cost: '5'
        }),
      async () => {
        const draft = await post('/invoices', { items: lines(), status: 'draft' })
        const payments = saleOf(lines()).payments
        const issued = await shop.call(
          'PATCH',
          `/invoices/${draft.body.id}`,
          { status: 'issued', payments },
          shop.admin
        )
        return { ...issued, status: issued.status === 200 ? 201 : issued.status }
      }
    ]
    const tasks = Array.from({ length: 90 }, (_, i) => kinds[i % 3]!)
    assert.deepEqual(count(await inParallel(12, tasks)), { 201: 90 })
  })

  it('one key three times at once, 200 keys: 200 invoices, equal answers', async () => {
    const product = await stockedProduct(shop, {}, 300)
    const { token } = await shop.user('cashier')
    const sale = saleOf([{ product_id: product.id, quantity: 1 }])
    const tasks = Array.from({ length: 200 }, (_, i) => async () => {
      // Half by the header, half by the id in the body.
      const id = uuidv7()
      const send = () =>
        i % 2
          ? shop.call('POST', '/invoices', { id, ...sale }, token)
          : shop.call('POST', '/invoices', sale, token, { 'Idempotency-Key': `till 1, sale ${i}` })
      return Promise.all([send(), send(), send()])
    })
    const triples = await inParallel(8, tasks)
    for (const answers of triples) {
      assert.deepEqual(count(answers), { 200: 2, 201: 1 }, JSON.stringify(answers.map(({ body }) => body)))
      for (const { body, status, headers } of answers) {
        assert.deepEqual(body, answers[0]!.body)
        assert.equal(headers.get('idempotent-replayed'), status === 200 ? 'true' : null)
      }
    }
    assert.equal(new Set(triples.map(([first]) => first!.body.id)).size, 200)
    assert.equal(await onHand(shop, product.id), 100)
  })

  it('one id over both transports at once is one invoice', async () => {
    const product = await stockedProduct(shop, {}, 50)
    const { token } = await shop.user('cashier')
    const [rest, socket] = [await caller(shop, 'rest', token), await caller(shop, 'websocket', token)]
    for (let i = 0; i < 20; i++) {
      const sale = { id: uuidv7(), ...saleOf([{ product_id: product.id, quantity: 1 }]) }
      const [a, b] = await Promise.all([rest.create('invoices', sale), socket.create('invoices', sale)])
      assert.deepEqual(a.body, b.body)
    }
    assert.equal(await onHand(shop, product.id), 30)
  })

  it('another sale under a used id, or the same by another cashier, is a conflict', async () => {
    const product = await stockedProduct(shop, {}, 5)
    const [one, two] = [await shop.user('cashier'), await shop.user('cashier')]
    const sale = { id: uuidv7(), ...saleOf([{ product_id: product.id, quantity: 1 }]) }
    assert.equal((await shop.call('POST', '/invoices', sale, one.token)).status, 201)
    const more = { ...sale, ...saleOf([{ product_id: product.id, quantity: 2 }]) }
    for (const [data, token] of [
      [more, one.token],
      [sale, two.token]
    ] as const) {
      const { status, body } = await shop.call('POST', '/invoices', data, token)
      assert.deepEqual([status, body.data.reason], [409, 'id_conflict'])
    }
    assert.equal(await onHand(shop, product.id), 4)
  })

  describe('answers a repeated create with the first one, although by now', () => {
    async function assertReplays(path: string, data: Json, between: () => Promise<unknown> = async () => {}) {
      const given = { id: uuidv7(), ...data }
      const first = await shop.call('POST', path, given, shop.admin)
      await between()
      const again = await shop.call('POST', path, given, shop.admin)
      assert.deepEqual([first.status, again.status], [201, 200], JSON.stringify(again.body))
      assert.equal(again.body.id, first.body.id)
      const other = await shop.call('POST', path, given, (await shop.user('admin', null)).token)
      assert.deepEqual([other.status, other.body.data.reason], [409, 'id_conflict'])
    }
    const patch = async (path: string, data: Json) =>
      assert.equal((await shop.call('PATCH', path, data, shop.admin)).status, 200)

    it('its stock is gone', async () => {
      const product = await stockedProduct(shop, {}, 1)
      await assertReplays('/invoices', saleOf([{ product_id: product.id, quantity: 1 }]))
      assert.equal(await onHand(shop, product.id), 0)
    })

    it('its product costs more and is not sold any more', async () => {
      const product = await stockedProduct(shop, {}, 5)
      const sale = { ...saleOf([{ product_id: product.id, quantity: 1 }]), expected_total: '10.00' }
      await assertReplays('/invoices', sale, () =>
        patch(`/products/${product.id}`, { unit_price: '99.00', is_active: false })
      )
      assert.equal(await onHand(shop, product.id), 4)
    })

    it('its customer has no credit left', async () => {
      const product = await stockedProduct(shop, {}, 5)
      const party = { name: 'A', contacts: { phone: '12345' }, credit_limit: '10.00' }
      const customer = await shop.call('POST', '/customers', party, shop.admin)
      const items = [{ product_id: product.id, quantity: 1 }]
      await assertReplays('/invoices', { items, customer_id: customer.body.id })
    })

    it('the payment has settled the invoice', async () => {
      const product = await stockedProduct(shop, {}, 5)
      const party = { name: 'A', contacts: { phone: '12345' }, credit_limit: '10.00' }
      const customer = await shop.call('POST', '/customers', party, shop.admin)
      const items = [{ product_id: product.id, quantity: 1 }]
      const sold = await shop.call('POST', '/invoices', { items, customer_id: customer.body.id }, shop.admin)
      await assertReplays('/payments', { invoice_id: sold.body.id, method: 'card', amount: '10.00' })
    })

    it('the level it took from is down to nothing', async () => {
      const product = await stockedProduct(shop, {}, 5)
      const entry = { product_id: product.id, branch_id: shop.branch, type: 'OUT', qty: -5 }
      await assertReplays('/stock-entries', entry)
      assert.equal(await onHand(shop, product.id), 0)
    })
  })

  describe('afterwards', () => {
    it('the books agree', () => assertBooks(shop.db.database))

    it('PostgreSQL counts no deadlock', async () => {
      const { database } = shop.db
      // A connection tells its figures at its end, so the server's are ended.
      const others = `pid <> pg_backend_pid() and datname = current_database() and backend_type = 'client backend'`
      await database.query(`select pg_terminate_backend(pid, 2000) from pg_stat_activity where ${others}`)
      const [stat] = await database.query(
        'select deadlocks::int from pg_stat_database where datname = current_database()'
      )
      assert.deepEqual(stat, { deadlocks: 0 })
    })
  })
})
