import assert from 'node:assert/strict'
import { formatMoney, parseMoney } from '../../src/domain/money.ts'
import { parsePercent } from '../../src/domain/percent.ts'
import { type PricedSale, priceSale, type SaleInput } from '../../src/domain/pricing.ts'
import { parseQuantity } from '../../src/domain/quantity.ts'
import { refused } from './refused.ts'

interface Item {
  quantity?: number
  price: string
  discount?: string
  percent?: string
  rate?: string
}

interface Cart {
  items: Item[]
  discounts?: string
  included?: boolean
  per?: 'line' | 'document'
}

function price({ items, discounts = '0', included = false, per = 'line' }: Cart, scale = 2): PricedSale {
  const lines = items.map(({ quantity = 1, price, discount, percent = '0', rate = '0' }) => ({
    quantity: parseQuantity(quantity),
    unitPrice: parseMoney(price, scale),
    discount: discount === undefined ? undefined : parseMoney(discount, scale),
    discountPercent: parsePercent(percent),
    taxRate: parsePercent(rate)
  }))
  const documentDiscount = parseMoney(discounts, scale)
  const input: SaleInput = { scale, pricesIncludeTax: included, taxRounding: per, lines, documentDiscount }
  return priceSale(input)
}

/** "gross - discount - share | net + tax = total" for a line. */
function shown(sale: PricedSale): string[] {
  const text = (amount: bigint) => formatMoney(amount, 2)
  return sale.lines.map(
    ({ gross, discount, documentDiscount, net, tax, total }) =>
      `${text(gross)} - ${text(discount)} - ${text(documentDiscount)} | ${text(net)} + ${text(tax)} = ${text(total)}`
  )
}

function totals({ subtotal, discount, tax, total }: PricedSale): string {
  return [subtotal, discount, tax, total].map((amount) => formatMoney(amount, 2)).join(' ')
}

interface Example extends Cart {
  says: string
  lines: string[]
  /** Subtotal, discount, tax, total. */
  sums: string
}

const examples: Example[] = [
  {
    says: 'quantity x unit price',
    items: [{ quantity: 2, price: '4.50' }, { price: '10.00' }],
    lines: ['9.00 - 0.00 - 0.00 | 9.00 + 0.00 = 9.00', '10.00 - 0.00 - 0.00 | 10.00 + 0.00 = 10.00'],
    sums: '19.00 0.00 0.00 19.00'
  },
  {
    says: 'a weighed quantity rounds half up: 0.345 kg x 9.00 = 3.105',
    items: [{ quantity: 0.345, price: '9.00' }],
    lines: ['3.11 - 0.00 - 0.00 | 3.11 + 0.00 = 3.11'],
    sums: '3.11 0.00 0.00 3.11'
  },
  {
    says: "the product's own percent applies where no discount is given: 15 % of 19.99 = 2.9985",
    items: [{ price: '19.99', percent: '15' }],
    lines: ['19.99 - 3.00 - 0.00 | 16.99 + 0.00 = 16.99'],
    sums: '19.99 3.00 0.00 16.99'
  },
  {
    says: "a given discount replaces the product's, also when it is nothing",
    items: [
      { price: '20.00', percent: '15', discount: '1.00' },
      { price: '20.00', percent: '15', discount: '0' }
    ],
    lines: ['20.00 - 1.00 - 0.00 | 19.00 + 0.00 = 19.00', '20.00 - 0.00 - 0.00 | 20.00 + 0.00 = 20.00'],
    sums: '40.00 1.00 0.00 39.00'
  },
  {
    says: 'a document discount is spread by what is left of each line, no cent lost',
    items: [{ price: '10.00' }, { price: '10.00' }, { price: '20.00', discount: '10.00' }],
    discounts: '5.00',
    lines: [
      '10.00 - 0.00 - 1.67 | 8.33 + 0.00 = 8.33',
      '10.00 - 0.00 - 1.67 | 8.33 + 0.00 = 8.33',
      '20.00 - 10.00 - 1.66 | 8.34 + 0.00 = 8.34'
    ],
    sums: '40.00 15.00 0.00 25.00'
  },
  {
    says: 'tax on top, at the rate of each line, on what is really paid',
    items: [
      { price: '100.00', rate: '17', discount: '10.00' },
      { price: '50.00', rate: '5' }
    ],
    discounts: '14.00',
    lines: ['100.00 - 10.00 - 9.00 | 81.00 + 13.77 = 94.77', '50.00 - 0.00 - 5.00 | 45.00 + 2.25 = 47.25'],
    sums: '150.00 24.00 16.02 142.02'
  },
  {
    says: 'tax contained in the price changes no total',
    items: [
      { price: '117.00', rate: '17' },
      { price: '9.99', rate: '17' }
    ],
    included: true,
    lines: ['117.00 - 0.00 - 0.00 | 100.00 + 17.00 = 117.00', '9.99 - 0.00 - 0.00 | 8.54 + 1.45 = 9.99'],
    sums: '126.99 0.00 18.45 126.99'
  },
  {
    says: 'rounded per line, three times 0.015 make 0.06',
    items: [0, 1, 2].map(() => ({ price: '0.30', rate: '5' })),
    lines: [0, 1, 2].map(() => '0.30 - 0.00 - 0.00 | 0.30 + 0.02 = 0.32'),
    sums: '0.90 0.00 0.06 0.96'
  },
  {
    says: 'rounded per document, three times 0.015 make 0.05, and the lines add up to it',
    items: [0, 1, 2].map(() => ({ price: '0.30', rate: '5' })),
    per: 'document',
    lines: [
      '0.30 - 0.00 - 0.00 | 0.30 + 0.02 = 0.32',
      '0.30 - 0.00 - 0.00 | 0.30 + 0.02 = 0.32',
      '0.30 - 0.00 - 0.00 | 0.30 + 0.01 = 0.31'
    ],
    sums: '0.90 0.00 0.05 0.95'
  },
  {
    says: 'rounded per document with tax contained: 3 x 0.10 at 20 % hold 0.05, not 0.06',
    items: [0, 1, 2].map(() => ({ price: '0.10', rate: '20' })),
    included: true,
    per: 'document',
    lines: [
      '0.10 - 0.00 - 0.00 | 0.08 + 0.02 = 0.10',
      '0.10 - 0.00 - 0.00 | 0.08 + 0.02 = 0.10',
      '0.10 - 0.00 - 0.00 | 0.09 + 0.01 = 0.10'
    ],
    sums: '0.30 0.00 0.05 0.30'
  },
  {
    says: 'a sale may be given away whole',
    items: [
      { price: '3.00', rate: '17' },
      { price: '2.00', rate: '17', discount: '2.00' }
    ],
    discounts: '3.00',
    lines: ['3.00 - 0.00 - 3.00 | 0.00 + 0.00 = 0.00', '2.00 - 2.00 - 0.00 | 0.00 + 0.00 = 0.00'],
    sums: '5.00 5.00 0.00 0.00'
  }
]

describe('priceSale', () => {
  for (const { says, lines, sums, ...cart } of examples) {
    it(says, () => {
      const sale = price(cart)
      assert.deepEqual(shown(sale), lines)
      assert.equal(totals(sale), sums)
    })
  }

  it('sums tax by rate, lowest first, zero rates included', () => {
    const rates = ['17', '0', '5', '17']
    const { taxes } = price({ items: rates.map((rate) => ({ price: '10.00', rate })) })
    assert.deepEqual(taxes, [
      { rate: 0n, base: 1000n, tax: 0n },
      { rate: 50_000n, base: 1000n, tax: 50n },
      { rate: 170_000n, base: 2000n, tax: 340n }
    ])
  })

  it('works in a currency without decimals', () => {
    const sale = price({ items: [{ quantity: 3, price: '333', rate: '10' }] }, 0)
    assert.equal(sale.total, 1099n) // 999 + 99.9
  })

  it('prices nothing at nothing', () => {
    assert.deepEqual(price({ items: [] }), { lines: [], subtotal: 0n, discount: 0n, tax: 0n, total: 0n, taxes: [] })
  })

  const ok: Item = { price: '10.00' }
  const huge: Item = { price: '999999999999' }
  const refusals: { says: string; cart: Cart; code: string; path: (string | number)[] }[] = [
    {
      says: 'a line discount above the line',
      cart: { items: [ok, { ...ok, discount: '10.01' }] },
      code: 'discount_exceeds_line',
      path: ['items', 1, 'discount']
    },
    {
      says: 'a percent above the whole',
      cart: { items: [{ ...ok, percent: '101' }] },
      code: 'discount_exceeds_line',
      path: ['items', 0, 'discount']
    },
    {
      says: 'a document discount above what the line discounts left',
      cart: { items: [{ ...ok, discount: '4.00' }, ok], discounts: '16.01' },
      code: 'discount_exceeds_total',
      path: ['discounts']
    },
    {
      says: 'a quantity of nothing',
      cart: { items: [{ ...ok, quantity: 0 }] },
      code: 'invalid_quantity',
      path: ['items', 0, 'quantity']
    },
    {
      says: 'a negative quantity (goods come back by a refund)',
      cart: { items: [ok, { ...ok, quantity: -1 }] },
      code: 'invalid_quantity',
      path: ['items', 1, 'quantity']
    },
    {
      says: 'a negative price',
      cart: { items: [{ price: '-0.01' }] },
      code: 'invalid_amount',
      path: ['items', 0, 'unit_price']
    },
    {
      says: 'a negative line discount',
      cart: { items: [{ ...ok, discount: '-0.01' }] },
      code: 'invalid_amount',
      path: ['items', 0, 'discount']
    },
    {
      says: 'a negative document discount',
      cart: { items: [ok], discounts: '-0.01' },
      code: 'invalid_amount',
      path: ['discounts']
    },
    {
      says: 'a line beyond what an amount can hold',
      cart: { items: [{ ...huge, quantity: 1.001 }] },
      code: 'invalid_amount',
      path: ['items', 0, 'quantity']
    },
    {
      says: 'lines that together are beyond it',
      cart: { items: [huge, { price: '0.01' }] },
      code: 'invalid_amount',
      path: ['items']
    },
    {
      says: 'lines together beyond it, though discounts bring the total below',
      cart: { items: [huge, { ...huge, discount: '999999999999' }] },
      code: 'invalid_amount',
      path: ['items']
    },
    {
      says: 'tax that lifts the total beyond it',
      cart: { items: [{ ...huge, rate: '1' }] },
      code: 'invalid_amount',
      path: ['items']
    }
  ]
  for (const { says, cart, code, path } of refusals) {
    it(`refuses ${says}`, () => {
      assert.throws(() => price(cart), refused(code, path))
    })
  }

  it('refuses a negative tax rate', () => {
    const line = { quantity: 1000n, unitPrice: 100n, discountPercent: 0n, taxRate: -1n }
    const sale: SaleInput = {
      scale: 2,
      pricesIncludeTax: true,
      taxRounding: 'line',
      lines: [line],
      documentDiscount: 0n
    }
    assert.throws(() => priceSale(sale), refused('invalid_amount', ['items', 0, 'tax_rate']))
  })
})
