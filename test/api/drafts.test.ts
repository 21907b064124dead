import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { assertBooks, assertNoCost, assertSums, onHand, openBranch } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const card = (amount: string) => [{ method: 'card', amount }]

describe('Drafts', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      let till: Caller
      let product: Json
      before(async () => {
        till = await caller(shop, transport, (await shop.user('cashier')).token)
        product = await stockedProduct(shop, { tax_rate: '10' }, 1000)
      })

      async function draft(quantity = 2, more: Json = {}): Promise<Json> {
        const items = [{ product_id: product.id, quantity }]
        const { status, body } = await till.create('invoices', { items, status: 'draft', ...more })
        assert.equal(status, 201, JSON.stringify(body))
        return body
      }
      const issue = (id: string, amount: string, more: Json = {}) =>
        till.patch('invoices', id, { status: 'issued', payments: card(amount), ...more })

      it('have figures, but no number, no payment and no stock moved', async () => {
        const before = await onHand(shop, product.id)
        const made = await draft(2, { notes: 'blue bag' })
        const { status, invoice_no, series_no, issued_at, payments, notes } = made
        assert.deepEqual(
          { status, invoice_no, series_no, issued_at, payments, notes },
          { status: 'draft', invoice_no: null, series_no: null, issued_at: null, payments: [], notes: 'blue bag' }
        )
        assert.equal(made.totals.total, '22.00')
        assert.equal(made.totals.balance, '22.00')
        assertSums(made)
        assertNoCost(made)
        assert.equal(await onHand(shop, product.id), before)
        assert.deepEqual((await till.get('invoices', made.id)).body, made)
      })

      it('may ask for more than there is, until they are issued', async () => {
        const made = await draft(100_000)
        const refused = await issue(made.id, '1100000.00')
        assert.deepEqual([refused.status, refused.body.data.reason], [409, 'insufficient_stock'])
        assert.equal(refused.body.data.lines[0].requested, 100_000)
        assert.deepEqual((await till.get('invoices', made.id)).body, made)
      })

      it('change in content, keeping what is not named and when they were made', async () => {
        const made = await draft(2, { notes: 'blue bag', discounts: '1.00' })
        const items = [{ sku: product.sku, quantity: 3 }]
        const { status, body } = await till.patch('invoices', made.id, { items, version: made.version })
        assert.equal(status, 200, JSON.stringify(body))
        assert.deepEqual(
          [body.status, body.notes, body.discounts, body.totals.total, body.version, body.created_at],
          ['draft', 'blue bag', '1.00', '31.90', made.version + 1, made.created_at]
        )
        assert.equal(body.items.length, 1)
        assertSums(body)
        const renamed = await till.patch('invoices', made.id, { notes: null })
        assert.deepEqual([renamed.body.notes, renamed.body.totals.total], [null, '31.90'])
        const stale = await till.patch('invoices', made.id, { notes: 'late', version: made.version })
        assert.deepEqual([stale.status, stale.body.data.reason], [409, 'stale_version'])
        const read = await till.get('invoices', made.id)
        assert.deepEqual(read.body, renamed.body)
      })

      it('keep a given discount and a price of their own, and follow the price list otherwise', async () => {
        const own = await stockedProduct(shop, { unit_price: '10.00' })
        const admin = await caller(shop, transport, shop.admin)
        const items = [
          { product_id: own.id, quantity: 1, discount: '0.50' },
          { product_id: own.id, quantity: 1, unit_price: '8.00' },
          { product_id: own.id, quantity: 1 }
        ]
        const made = await admin.create('invoices', { items, status: 'draft' })
        assert.equal(made.body.totals.total, '27.50')
        assert.equal((await admin.patch('products', own.id, { unit_price: '20.00' })).status, 200)
        const changed = await admin.patch('invoices', made.body.id, { notes: 'again' })
        assert.equal(changed.body.totals.total, '47.50')
        const refused = await till.patch('invoices', made.body.id, { notes: 'mine' })
        assert.deepEqual([refused.status, refused.body.data.reason], [403, 'override_not_allowed'])
      })

      it('become sales with a number and their stock', async () => {
        const before = (await onHand(shop, product.id))!
        const made = await draft()
        const { status, body } = await issue(made.id, '22.00', { expected_total: '22.00' })
        assert.equal(status, 200, JSON.stringify(body))
        assert.match(body.invoice_no, /^MAIN-01-\d{6}$/)
        assert.deepEqual([body.id, body.status, body.totals.paid], [made.id, 'paid', '22.00'])
        assertSums(body)
        assertNoCost(body)
        assert.equal(await onHand(shop, product.id), before - 2)
        assert.deepEqual((await till.get('invoices', made.id)).body, body)
      })

      it('are sold by the rules of a sale', async () => {
        const made = await draft()
        for (const [changes, status, reason] of [
          [{ payments: [] }, 422, 'payment_required'],
          [{ payments: card('22.01') }, 422, 'overpaid'],
          [{ payments: card('22.00'), expected_total: '21.00' }, 409, 'total_mismatch'],
          [{ payments: card('11.00'), discounts: '10.00' }, 403, 'discount_above_limit'],
          [{ payments: card('22.00'), customer_id: uuidv7() }, 422, 'unknown_reference']
        ] as [Json, number, string][]) {
          const refused = await till.patch('invoices', made.id, { status: 'issued', ...changes })
          assert.deepEqual([refused.status, refused.body.data.reason], [status, reason], JSON.stringify(changes))
        }
        assert.deepEqual((await till.get('invoices', made.id)).body, made)
      })

      it('can be cancelled, and are then closed', async () => {
        const made = await draft()
        const { status, body } = await till.patch('invoices', made.id, { status: 'cancelled' })
        assert.equal(status, 200, JSON.stringify(body))
        assert.deepEqual([body.status, body.invoice_no, body.items.length], ['cancelled', null, 1])
        const late = await issue(made.id, '22.00')
        assert.deepEqual([late.status, late.body.data.reason], [409, 'invoice_issued'])
      })

      it('cannot be changed once issued, nor removed', async () => {
        const { body: sold } = await issue((await draft()).id, '22.00')
        for (const changes of [
          { notes: 'x' },
          { items: [{ product_id: product.id, quantity: 1 }] },
          { discounts: '1.00' },
          { status: 'cancelled' },
          { status: 'draft' },
          { status: 'issued' },
          { customer_id: null }
        ]) {
          const refused = await till.patch('invoices', sold.id, changes)
          assert.deepEqual([refused.status, refused.body.data.reason], [409, 'invoice_issued'], JSON.stringify(changes))
        }
        for (const status of ['paid', 'partial', 'refunded'])
          assert.equal((await till.patch('invoices', sold.id, { status })).status, 400)
        assert.ok([403, 405].includes((await till.remove('invoices', sold.id)).status))
        assert.deepEqual((await till.get('invoices', sold.id)).body, sold)
      })

      it("are not there for another branch's cashier", async () => {
        const made = await draft()
        const { branch } = await openBranch(shop)
        const stranger = await caller(shop, transport, (await shop.user('cashier', branch)).token)
        for (const answer of [
          await stranger.get('invoices', made.id),
          await stranger.patch('invoices', made.id, { notes: 'x' }),
          await stranger.patch('invoices', made.id, { status: 'issued', payments: card('22.00') }),
          await stranger.patch('invoices', made.id, { status: 'cancelled' }),
          await stranger.patch('invoices', made.id, {})
        ])
          assert.deepEqual([answer.status, answer.body.data.reason], [404, 'not_found'])
        assert.equal((await stranger.find('invoices', { id: made.id })).body.total, 0)
      })
    })
  }

  describe('at two tills at once', () => {
    const made = async () => {
      const product = await stockedProduct(shop, {}, 10)
      const items = [{ product_id: product.id, quantity: 1 }]
      const { body } = await shop.call('POST', '/invoices', { items, status: 'draft' }, shop.admin)
      return { product, id: body.id as string }
    }
    const patch = (id: string, data: Json) => shop.call('PATCH', `/invoices/${id}`, data, shop.admin)
    const issued = { status: 'issued', payments: card('10.00') }

    it('are issued by exactly one', async () => {
      for (let round = 0; round < 8; round++) {
        const { product, id } = await made()
        const answers = await Promise.all([patch(id, issued), patch(id, issued), patch(id, issued)])
        assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409])
        for (const { status, body } of answers) if (status === 409) assert.equal(body.data.reason, 'invoice_issued')
        assert.equal(await onHand(shop, product.id), 9)
      }
    })

    it('are either issued or cancelled', async () => {
      for (let round = 0; round < 8; round++) {
        const { product, id } = await made()
        const answers = await Promise.all([patch(id, { status: 'cancelled' }), patch(id, issued)])
        assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
        const { body } = await shop.call('GET', `/invoices/${id}`, undefined, shop.admin)
        assert.equal(await onHand(shop, product.id), body.status === 'cancelled' ? 10 : 9)
      }
    })

    it('take the changes of both, or refuse the one that did not see the other', async () => {
      const { id } = await made()
      const both = await Promise.all([patch(id, { notes: 'a' }), patch(id, { discounts: '1.00' })])
      assert.deepEqual(
        both.map(({ status }) => status),
        [200, 200]
      )
      const { body } = await shop.call('GET', `/invoices/${id}`, undefined, shop.admin)
      assert.deepEqual([body.notes, body.discounts, body.version], ['a', '1.00', 3])
      const versioned = await Promise.all([
        patch(id, { notes: 'b', version: 3 }),
        patch(id, { notes: 'c', version: 3 })
      ])
      assert.deepEqual(versioned.map(({ status }) => status).sort(), [200, 409])
    })
  })

  describe('more at once than the server has connections', () => {
    const MANY = 14
    async function drafts(product_id: string, register_id: string) {
      const data = { items: [{ product_id, quantity: 1 }], register_id, status: 'draft' }
      const made = await Promise.all(
        Array.from({ length: MANY }, () => shop.call('POST', '/invoices', data, shop.admin))
      )
      return made.map(({ body }) => body.id as string)
    }
    const issueAll = (ids: string[]) =>
      Promise.all(
        ids.map((id) =>
          shop.call('PATCH', `/invoices/${id}`, { status: 'issued', payments: card('10.00') }, shop.admin)
        )
      )

    it('are issued for a product that the branch never had', async () => {
      const { branch, register } = await openBranch(shop, { stock_policy: 'allow' })
      const { id } = await stockedProduct(shop, {}, 0)
      const answers = await issueAll(await drafts(id, register))
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]))
      assert.equal(await onHand(shop, id, branch), -MANY)
    })

    it('are told what falls short when the last unit goes while they wait for it', async () => {
      const { id } = await stockedProduct(shop, {}, 1)
      const ids = await drafts(id, shop.register)
      const { database } = shop.db
      const answers = await database.transaction(async (tx) => {
        await tx.query('update stock_levels set on_hand = 0 where product_id = $1', [id])
        await tx.query(
          `insert into stock_entries (id, product_id, branch_id, qty, type, balance_after)
           values (gen_random_uuid(), $1, $2, -1, 'OUT', 0)`,
          [id, shop.branch]
        )
        const issuing = issueAll(ids)
        for (let waiting = 0; waiting < 10; await new Promise((done) => setTimeout(done, 10))) {
          const [row] = await database.query<{ n: number }>(
            `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
          )
          waiting = row!.n
        }
        return { issuing }
      })
      for (const { status, body } of await answers.issuing) {
        assert.deepEqual([status, body.data.reason], [409, 'insufficient_stock'], JSON.stringify(body))
        assert.deepEqual([body.data.lines[0].requested, body.data.lines[0].available], [1, 0])
      }
    })
  })

  it('leave an audit row for each step, with what changed', async () => {
    const product = await stockedProduct(shop, {}, 10)
    const items = [{ product_id: product.id, quantity: 1 }]
    const { body } = await shop.call('POST', '/invoices', { items, status: 'draft' }, shop.admin)
    await shop.call('PATCH', `/invoices/${body.id}`, { notes: 'a' }, shop.admin)
    await shop.call('PATCH', `/invoices/${body.id}`, { status: 'issued', payments: card('10.00') }, shop.admin)
    const rows = await shop.db.database.query<Json>(
      `select action, before->>'status' as before, after->>'status' as after, after->>'notes' as notes
         from audit_logs where record_id = $1 order by id`,
      [body.id]
    )
    assert.deepEqual(rows, [
      { action: 'create', before: null, after: 'draft', notes: null },
      { action: 'patch', before: null, after: null, notes: 'a' },
      { action: 'patch', before: 'draft', after: 'paid', notes: null }
    ])
  })

  describe('afterwards', () => {
    it('the books agree', () => assertBooks(shop.db.database))
  })
})
