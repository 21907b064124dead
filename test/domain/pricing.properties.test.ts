import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type PricedSale, priceSale, type SaleInput, type SaleLine } from '../../src/domain/pricing.ts'
import { traceLine } from '../../src/domain/trace.ts'

const sum = (amounts: bigint[]) => amounts.reduce((a, b) => a + b, 0n)
const WHOLE = 1_000_000n

const rates = fc.oneof(fc.constantFrom(0n, 50_000n, 170_000n), fc.bigInt({ min: 0n, max: 9_999_999n }))
const cartLine = fc.record({
  quantity: fc.bigInt({ min: 1n, max: 100_000n }),
  unitPrice: fc.bigInt({ min: 0n, max: 100_000_00n }),
  discountPercent: fc.bigInt({ min: 0n, max: WHOLE }),
  taxRate: rates,
  /** Thousandths of the line given as an explicit discount, if any. */
  discounted: fc.option(fc.bigInt({ min: 0n, max: 1000n }), { nil: undefined })
})

/** Any cart that the rules accept: discounts are drawn as parts of what they may take off. */
function carts(pricesIncludeTax: boolean, taxRounding: 'line' | 'document'): fc.Arbitrary<SaleInput> {
  return fc.tuple(fc.array(cartLine, { maxLength: 12 }), fc.bigInt({ min: 0n, max: 1000n })).map(([drawn, part]) => {
    const lines = drawn.map(({ discounted, ...line }): SaleLine => {
      if (discounted === undefined) return line
      return { ...line, discount: (((line.quantity * line.unitPrice) / 1000n) * discounted) / 1000n }
    })
    const sale: SaleInput = { scale: 2, pricesIncludeTax, taxRounding, lines, documentDiscount: 0n }
    const { subtotal, discount } = priceSale(sale)
    return { ...sale, documentDiscount: ((subtotal - discount) * part) / 1000n }
  })
}

/** |tax - exact tax| in units of 1 / `of`, for what is paid for goods at one rate. */
function taxError(sale: SaleInput, rate: bigint, payable: bigint, tax: bigint): { error: bigint; of: bigint } {
  const of = sale.pricesIncludeTax ? WHOLE + rate : WHOLE
  const error = tax * of - payable * rate
  return { error: error < 0n ? -error : error, of }
}

const payable = (line: PricedSale['lines'][number]) => line.gross - line.discount - line.documentDiscount

for (const pricesIncludeTax of [false, true]) {
  for (const taxRounding of ['line', 'document'] as const) {
    describe(`any cart, tax ${pricesIncludeTax ? 'contained' : 'on top'}, rounded per ${taxRounding}`, () => {
      const holds = (check: (sale: SaleInput, priced: PricedSale) => void) =>
        fc.assert(fc.property(carts(pricesIncludeTax, taxRounding), (sale) => check(sale, priceSale(sale))))

      it('adds up: lines, rates and document', () => {
        holds((sale, { lines, subtotal, discount, tax, total, taxes }) => {
          assert.equal(sum(lines.map((line) => line.total)), total)
          assert.equal(sum(lines.map((line) => line.tax)), tax)
          assert.equal(sum(taxes.map((entry) => entry.tax)), tax)
          assert.equal(sum(lines.map((line) => line.gross)), subtotal)
          assert.equal(sum(lines.map((line) => line.net)), sum(taxes.map((entry) => entry.base)))
          assert.equal(sum(lines.map((line) => line.discount)) + sale.documentDiscount, discount)
          assert.equal(sum(lines.map((line) => line.documentDiscount)), sale.documentDiscount)
          assert.equal(total, subtotal - discount + (pricesIncludeTax ? 0n : tax))
        })
      })

      it('keeps every line whole: nothing negative, net + tax = total', () => {
        holds((_, { lines }) => {
          for (const line of lines) {
            assert.ok(Object.values(line).every((amount) => amount >= 0n))
            assert.equal(line.net + line.tax, line.total)
            assert.equal(payable(line), pricesIncludeTax ? line.total : line.net)
          }
        })
      })

      it('charges the tax that is owed, to half a unit where it is rounded', () => {
        holds((sale, { lines, taxes }) => {
          const owed = new Map<bigint, bigint>()
          for (const [index, line] of lines.entries()) {
            const rate = sale.lines[index]!.taxRate
            owed.set(rate, (owed.get(rate) ?? 0n) + payable(line))
            const { error, of } = taxError(sale, rate, payable(line), line.tax)
            // Per document a line takes its share of the rounded sum: half a unit from rounding, below one from spreading.
            assert.ok(taxRounding === 'line' ? 2n * error <= of : 2n * error < 3n * of)
          }
          if (taxRounding === 'line') return
          for (const entry of taxes) {
            const { error, of } = taxError(sale, entry.rate, owed.get(entry.rate)!, entry.tax)
            assert.ok(2n * error <= of)
          }
        })
      })

      it('explains every line by steps that add up to it', () => {
        holds((sale, { lines }) => {
          for (const [index, line] of lines.entries()) {
            const steps = traceLine(sale.lines[index]!, line, sale.lines[index]!.unitPrice + 7n)
            assert.equal(sum(steps.map((step) => step.amount)), line.total)
          }
        })
      })
    })
  }
}
