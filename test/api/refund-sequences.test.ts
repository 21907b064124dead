import assert from 'node:assert/strict'
import fc from 'fast-check'
import { assertBooks, assertVerified } from '../support/books.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const minor = (amount: string) => Math.round(Number(amount) * 100)
const amount = (cents: number) => (cents / 100).toFixed(2)

/** One line of a sale, in pieces or thousandths, and into how many refunds each is cut. */
const soldLine = fc.record({
  price: fc.integer({ min: 1, max: 5000 }),
  thousandths: fc.oneof(
    fc.integer({ min: 1, max: 6 }).map((pieces) => pieces * 1000),
    fc.integer({ min: 1, max: 4000 })
  ),
  taxed: fc.boolean(),
  discounted: fc.integer({ min: 0, max: 60 }),
  cuts: fc.array(fc.integer({ min: 1, max: 999 }), { maxLength: 3 })
})
const history = fc.record({
  lines: fc.array(soldLine, { minLength: 1, maxLength: 3 }),
  paidPart: fc.integer({ min: 0, max: 100 }),
  discounts: fc.integer({ min: 0, max: 30 }),
  damaged: fc.boolean()
})

/** Parts of a quantity that add up to it. */
function partsOf(thousandths: number, cuts: number[]): number[] {
  const points = [...new Set([0, ...cuts.map((cut) => Math.floor((thousandths * cut) / 1000)), thousandths])]
  points.sort((a, b) => a - b)
  return points.slice(1).map((point, i) => point - points[i]!)
}

describe('Any sequence of refunds', () => {
  let shop: Shop
  let customer_id: string
  const products: Json[] = []
  before(async () => {
    shop = await openShop()
    for (const tax_rate of ['0', '7.7']) products.push(await stockedProduct(shop, { tax_rate }, 100_000))
    const given = { name: 'Club', contacts: { phone: '12345' }, credit_limit: '1000000.00' }
    customer_id = (await shop.call('POST', '/customers', given, shop.admin)).body.id
  })
  after(() => shop.close())

  it('that brings back everything brings back what was paid and owed, to the last cent, and the books hold', async () => {
    const post = async (path: string, data: Json): Promise<Json> => {
      const { status, body } = await shop.call('POST', path, data, shop.admin)
      assert.equal(status, 201, JSON.stringify(body))
      return body
    }
    await fc.assert(
      fc.asyncProperty(history, async ({ lines, paidPart, discounts, damaged }) => {
        const items = lines.map(({ price, thousandths, taxed, discounted }) => ({
          product_id: products[taxed ? 1 : 0]!.id,
          quantity: thousandths / 1000,
          unit_price: amount(price),
          discount: amount(Math.floor((Math.round((price * thousandths) / 1000) * discounted) / 100))
        }))
        const draft = await post('/invoices', { items, customer_id, status: 'draft' })
        const off = amount(Math.floor((minor(draft.totals.total) * discounts) / 200))
        const priced = await post('/invoices', { items, customer_id, status: 'draft', discounts: off })
        const paid = Math.floor((minor(priced.totals.total) * paidPart) / 100)
        const payments = paid > 0 ? [{ method: 'cash', amount: amount(paid) }] : []
        const sold = await post('/invoices', { items, customer_id, discounts: off, payments })
        const parts = lines.flatMap(({ thousandths, cuts }, i) =>
          partsOf(thousandths, cuts).map((quantity) => ({ line_no: i + 1, quantity: quantity / 1000 }))
        )
        let [back, credited, out] = [0, 0, 0]
        for (const part of parts) {
          const given = { ...part, condition: damaged ? 'damaged' : 'restock' }
          const refund = await post('/refunds', { invoice_id: sold.id, items: [given], reason: 'any' })
          back += minor(refund.amount)
          credited += minor(refund.credited)
          out += minor(refund.paid_out)
        }
        const { status, refunded, totals } = (await shop.call('GET', `/invoices/${sold.id}`, undefined, shop.admin))
          .body
        assert.deepEqual([status, totals.balance], ['refunded', '0.00'])
        assert.deepEqual([back, minor(refunded)], [minor(sold.totals.total), minor(sold.totals.total)])
        assert.deepEqual([credited, out], [minor(sold.totals.balance), paid])
      }),
      { numRuns: 25 }
    )
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  }).timeout(120_000)
})
