import assert from 'node:assert/strict'
import { assertBooks, assertNoCost, assertSums, onHand, openBranch, receive } from '../support/books.ts'
import { type Caller, caller, transports } from '../support/caller.ts'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

interface Line {
  quantity: number
  price: string
  rate?: string
  /** The product's own discount, in percent. */
  percent?: string
  discount?: string
}
interface Case {
  name: string
  branch?: 'main' | 'document' | 'included' | 'included document'
  lines: Line[]
  discounts?: string
  totals: { subtotal: string; discount: string; tax: string; total: string }
  /** Per line: tax and total. */
  shares?: [tax: string, total: string][]
}
const thrice = <T>(value: T): T[] => [value, value, value]

const cases: Case[] = [
  {
    name: 'tax on top, rounded at the line',
    lines: [
      { quantity: 3, price: '0.33', rate: '7.5' },
      { quantity: 1, price: '10.01', rate: '20' }
    ],
    totals: { subtotal: '11.00', discount: '0.00', tax: '2.07', total: '13.07' },
    shares: [
      ['0.07', '1.06'],
      ['2.00', '12.01']
    ]
  },
  {
    name: 'a discount given on a line, taxed after it',
    lines: [{ quantity: 2, price: '10.00', rate: '10', discount: '1.00' }],
    totals: { subtotal: '20.00', discount: '1.00', tax: '1.90', total: '20.90' }
  },
  {
    name: "the product's own percent",
    lines: [{ quantity: 3, price: '9.99', percent: '15' }],
    totals: { subtotal: '29.97', discount: '4.50', tax: '0.00', total: '25.47' }
  },
  {
    name: "a given discount of 0 in place of the product's percent",
    lines: [{ quantity: 3, price: '9.99', percent: '15', discount: '0' }],
    totals: { subtotal: '29.97', discount: '0.00', tax: '0.00', total: '29.97' }
  },
  {
    name: 'a document discount spread without losing a cent',
    lines: thrice({ quantity: 1, price: '10.00', rate: '10' }),
    discounts: '1.00',
    totals: { subtotal: '30.00', discount: '1.00', tax: '2.91', total: '31.91' },
    shares: [
      ['0.97', '10.63'],
      ['0.97', '10.64'],
      ['0.97', '10.64']
    ]
  },
  {
    name: 'prices that include tax',
    branch: 'included',
    lines: [
      { quantity: 1, price: '10.00', rate: '19' },
      { quantity: 3, price: '1.99', rate: '7' }
    ],
    totals: { subtotal: '15.97', discount: '0.00', tax: '1.99', total: '15.97' },
    shares: [
      ['1.60', '10.00'],
      ['0.39', '5.97']
    ]
  },
  {
    name: 'tax rounded at each line',
    lines: thrice({ quantity: 1, price: '0.33', rate: '7.5' }),
    totals: { subtotal: '0.99', discount: '0.00', tax: '0.06', total: '1.05' }
  },
  {
    name: 'tax rounded once for the document',
    branch: 'document',
    lines: thrice({ quantity: 1, price: '0.33', rate: '7.5' }),
    totals: { subtotal: '0.99', discount: '0.00', tax: '0.07', total: '1.06' },
    shares: [
      ['0.03', '0.36'],
      ['0.02', '0.35'],
      ['0.02', '0.35']
    ]
  },
  {
    name: 'tax contained, rounded once for the document',
    branch: 'included document',
    lines: thrice({ quantity: 1, price: '0.99', rate: '19' }),
    totals: { subtotal: '2.97', discount: '0.00', tax: '0.47', total: '2.97' }
  },
  {
    name: 'parts of a unit, half up',
    lines: [
      { quantity: 0.125, price: '3.99' },
      { quantity: 1.5, price: '0.01' },
      { quantity: 0.001, price: '0.01' }
    ],
    totals: { subtotal: '0.52', discount: '0.00', tax: '0.00', total: '0.52' }
  },
  {
    name: 'everything at once',
    branch: 'included',
    lines: [
      { quantity: 2.345, price: '7.77', rate: '19', percent: '12.5' },
      { quantity: 3, price: '100.01', rate: '7', discount: '0.02' },
      { quantity: 1, price: '0.00', rate: '19' }
    ],
    discounts: '10.00',
    // 18.22 - 2.28 = 15.94 and 300.03 - 0.02 = 300.01; of 10.00 they bear 0.50 and 9.50; tax within 15.44 and 290.51
    totals: { subtotal: '318.25', discount: '12.30', tax: '21.48', total: '305.95' },
    shares: [
      ['2.47', '15.44'],
      ['19.01', '290.51'],
      ['0.00', '0.00']
    ]
  }
]

describe('What a sale comes to', () => {
  let shop: Shop
  const branches: Record<string, { branch: string; register: string }> = {}
  before(async () => {
    shop = await openShop()
    branches.main = { branch: shop.branch, register: shop.register }
    branches.document = await openBranch(shop, { tax_rounding: 'document' })
    branches.included = await openBranch(shop, { prices_include_tax: true })
    branches['included document'] = await openBranch(shop, { prices_include_tax: true, tax_rounding: 'document' })
  })
  after(() => shop.close())

  async function itemsOf({ lines }: Case, branch: string): Promise<Json[]> {
    const items: Json[] = []
    for (const { quantity, price, rate = '0', percent = '0', discount } of lines) {
      const fields = { unit_price: price, tax_rate: rate, discount: percent }
      const { id } = await stockedProduct(shop, fields, 0)
      await receive(shop, id, branch, 10)
      items.push({ product_id: id, quantity, ...(discount !== undefined && { discount }) })
    }
    return items
  }

  for (const transport of transports) {
    describe(`over ${transport}`, () => {
      const tills: Record<string, Caller> = {}
      before(async () => {
        for (const [name, { branch }] of Object.entries(branches)) {
          tills[name] = await caller(shop, transport, (await shop.user('cashier', branch)).token)
        }
      })

      for (const sale of cases) {
        it(sale.name, async () => {
          const { branch, register } = branches[sale.branch ?? 'main']!
          const till = tills[sale.branch ?? 'main']!
          const items = await itemsOf(sale, branch)
          const { status, body } = await till.create('invoices', {
            items,
            ...(sale.discounts && { discounts: sale.discounts }),
            expected_total: sale.totals.total,
            payments: [{ method: 'card', amount: sale.totals.total }]
          })
          assert.equal(status, 201, JSON.stringify(body))
          assert.deepEqual(body.totals, { ...sale.totals, paid: sale.totals.total, change: '0.00', balance: '0.00' })
          assert.equal(body.register_id, register)
          assert.equal(body.status, 'paid')
          if (sale.shares)
            assert.deepEqual(
              body.items.map(({ tax, total }: Json) => [tax, total]),
              sale.shares
            )
          assertSums(body)
          assertNoCost(body)
          for (const [i, { quantity }] of sale.lines.entries()) assert.equal(body.items[i].quantity, quantity)
          assert.deepEqual((await till.get('invoices', body.id)).body, body)
        })
      }

      it('merges lines of one product for the stock, and keeps them apart on the invoice', async () => {
        const product = await stockedProduct(shop, { barcode: `M-${transport}` }, 7)
        const { body } = await tills.main!.create('invoices', {
          items: [
            { product_id: product.id, quantity: 2 },
            { sku: product.sku, quantity: 1.5 },
            { barcode: product.barcode, quantity: 3.5 }
          ],
          payments: [{ method: 'card', amount: '70' }]
        })
        assert.deepEqual(
          body.items.map(({ line_no, quantity, sku }: Json) => [line_no, quantity, sku]),
          [
            [1, 2, product.sku],
            [2, 1.5, product.sku],
            [3, 3.5, product.sku]
          ]
        )
        assert.equal(await onHand(shop, product.id), 0)
        const entries = await shop.call('GET', `/stock-entries?document_id=${body.id}`, undefined, shop.admin)
        assert.deepEqual(
          entries.body.data.map(({ qty, balance_after, type, ref }: Json) => ({ qty, balance_after, type, ref })),
          [{ qty: -7, balance_after: 0, type: 'OUT', ref: body.invoice_no }]
        )
      })

      it('takes 500 lines and not 501', async () => {
        const product = await stockedProduct(shop, { unit_price: '0.07', tax_rate: '5' }, 1000)
        const lines = (n: number) => Array.from({ length: n }, () => ({ sku: product.sku, quantity: 1 }))
        const sold = await tills.main!.create('invoices', {
          items: lines(500),
          payments: [{ method: 'card', amount: '35.00' }]
        })
        assert.equal(sold.status, 201, JSON.stringify(sold.body))
        assert.equal(sold.body.items.length, 500)
        assertSums(sold.body)
        const refused = await tills.main!.create('invoices', { items: lines(501) })
        assert.equal(refused.status, 400)
        assert.equal(refused.body.errors[0].path, 'items')
        assert.equal(await onHand(shop, product.id), 500)
      })
    })
  }

  it('keeps the lines as they were sold, whatever becomes of the product', async () => {
    const product = await stockedProduct(shop, { unit_price: '5.00', tax_rate: '10' })
    const sale = { items: [{ product_id: product.id, quantity: 1 }], payments: [{ method: 'card', amount: '5.50' }] }
    const sold = await shop.call('POST', '/invoices', sale, shop.admin)
    const changes = { name: 'Another', sku: `${product.sku}-2`, unit_price: '9.00', cost_price: '8.00', tax_rate: '0' }
    assert.equal((await shop.call('PATCH', `/products/${product.id}`, changes, shop.admin)).status, 200)
    const read = await shop.call('GET', `/invoices/${sold.body.id}`, undefined, shop.admin)
    assert.deepEqual(read.body, sold.body)
    assert.equal(read.body.items[0].name, product.name)
    assert.equal(read.body.items[0].unit_cost, '6.0000')
  })

  it('costs at most three statements a sale', async () => {
    const products = await Promise.all([1, 2, 3].map(() => stockedProduct(shop)))
    const { token } = await shop.user('cashier')
    const sale = {
      items: products.map(({ id }) => ({ product_id: id, quantity: 1 })),
      payments: [{ method: 'card', amount: '30' }]
    }
    const { database } = shop.running.regal
    const before = database.statements
    for (let i = 0; i < 20; i++) assert.equal((await shop.call('POST', '/invoices', sale, token)).status, 201)
    const statements = database.statements - before
    assert.ok(statements <= 60, `${statements} statements for 20 sales`)
  })

  describe('afterwards', () => {
    it('the books agree', () => assertBooks(shop.db.database))
  })
})
