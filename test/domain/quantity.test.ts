import assert from 'node:assert/strict'
import fc from 'fast-check'
import { parseQuantity, quantityToNumber } from '../../src/domain/quantity.ts'
import { refused } from './refused.ts'

describe('parseQuantity', () => {
  const accepted: [value: number | string, thousandths: bigint][] = [
    [1, 1000n],
    [0.001, 1n],
    [1.5, 1500n],
    [-2.25, -2250n],
    ['0.125', 125n],
    ['2.000', 2000n],
    [999_999_999, 999_999_999_000n],
    [-999_999_999, -999_999_999_000n]
  ]
  for (const [value, thousandths] of accepted) {
    it(`takes ${JSON.stringify(value)} as ${thousandths} thousandths`, () => {
      assert.equal(parseQuantity(value), thousandths)
    })
  }

  for (const value of [
    0.0001,
    0.1 + 0.2,
    999_999_999.001,
    -1e9,
    1e-7,
    1e21,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    ''
  ]) {
    it(`refuses ${value === '' ? 'an empty text' : value}`, () => {
      assert.throws(() => parseQuantity(value), refused('invalid_quantity'))
    })
  }

  it('comes back from the wire as the same quantity', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -999_999_999_000n, max: 999_999_999_000n }), (quantity) => {
        const wire = JSON.stringify(quantityToNumber(quantity))
        assert.equal(parseQuantity(JSON.parse(wire)), quantity)
      })
    )
  })
})
