import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parsePercent } from '../../src/domain/percent.ts'
import { addedTax, containedTax } from '../../src/domain/tax.ts'

describe('addedTax', () => {
  const table: [net: bigint, rate: string, tax: bigint][] = [
    [10000n, '17', 1700n],
    [999n, '17', 170n], // 169.83
    [250n, '5', 13n], // 12.5
    [999n, '0', 0n],
    [100n, '250', 250n]
  ]
  for (const [net, rate, tax] of table) {
    it(`${rate} % on ${net} is ${tax}`, () => {
      assert.equal(addedTax(net, parsePercent(rate)), tax)
    })
  }
})

describe('containedTax', () => {
  const table: [gross: bigint, rate: string, tax: bigint][] = [
    [11700n, '17', 1700n],
    [999n, '17', 145n], // 145.15
    [299n, '4', 12n], // 11.5
    [1n, '20', 0n], // 0.17
    [999n, '0', 0n],
    [300n, '200', 200n]
  ]
  for (const [gross, rate, tax] of table) {
    it(`${gross} at ${rate} % holds ${tax}`, () => {
      assert.equal(containedTax(gross, parsePercent(rate)), tax)
    })
  }

  it('finds the tax again that was put on top', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.bigInt({ min: 0n, max: 9_999_999n }), (net, rate) => {
        const tax = addedTax(net, rate)
        const found = containedTax(net + tax, rate)
        // Half a unit lost on the way there is less than half on the way back, so at most one unit, and only by rounding.
        assert.ok(found - tax <= 1n && tax - found <= 1n)
      })
    )
  })
})
