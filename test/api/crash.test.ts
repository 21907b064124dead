import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { assertBooks } from '../support/books.ts'
import { type Child, freePort, startChild, stockThrough } from '../support/child.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import type { Json } from '../support/shop.ts'

const TERMINALS = 8
const KILLS = 5
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms))

describe('Crashes', function () {
  this.timeout(120_000)
  let db: TestDatabase
  let child: Child
  before(async () => {
    db = await createTestDatabase()
  })
  after(async () => {
    await child?.kill()
    await db.drop()
  })

  it(`kill -9 of the server ${KILLS} times in mid-sale: no acknowledged sale is lost, none doubled, no number missing`, async () => {
    const PORT = String(await freePort())
    child = await startChild(db.url, { PORT })
    const { access_token: token } = await child.signIn()
    const products: string[] = []
    for (let i = 0; i < 5; i++) products.push(await stockThrough(child, token, 100_000))

    let open = true
    let refused = 0
    /** The sales that were answered, by their key. */
    const acknowledged = new Map<string, { invoice_no: string; total: string }>()

    /** Sends one sale until it is answered, as a till does that heard nothing. */
    async function sell(id: string, sale: Json): Promise<void> {
      for (;;) {
        try {
          const { status, body } = await child.call('POST', '/invoices', { id, ...sale }, token)
          if (status === 201 || status === 200) {
            acknowledged.set(id, { invoice_no: body.invoice_no, total: body.totals.total })
            return
          }
          assert.equal(status, 503, JSON.stringify(body))
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error
          refused++
        }
        await pause(50)
      }
    }

    async function terminal(n: number): Promise<void> {
      for (let i = 0; open; i++) {
        const items = [0, 1, 2].map((k) => ({ product_id: products[(n + i + k) % 5]!, quantity: 1 + k }))
        await sell(randomUUID(), { items, payments: [{ method: 'cash', amount: '60.00', tendered: '100.00' }] })
      }
    }

    const terminals = Promise.all(Array.from({ length: TERMINALS }, (_, n) => terminal(n)))
    for (let kill = 0; kill < KILLS; kill++) {
      const seen = acknowledged.size
      while (acknowledged.size < seen + 40) await pause(5)
      await child.kill()
      child = await startChild(db.url, { PORT })
    }
    open = false
    await terminals

    assert.ok(refused > 0, 'no terminal noticed a crash')
    const invoices = await db.database.query<{ id: string; invoice_no: string; total: string }>(
      'select id, invoice_no, trunc(total, 2)::text as total from invoices'
    )
    assert.equal(invoices.length, acknowledged.size)
    for (const { id, ...kept } of invoices) assert.deepEqual(acknowledged.get(id), kept)
    await assertBooks(db.database)
  })
})
