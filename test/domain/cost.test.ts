import assert from 'node:assert/strict'
import fc from 'fast-check'
import { movingAverageCost } from '../../src/domain/cost.ts'
import { refused } from './refused.ts'

/** 10.00 in ten-thousandths of a major unit. */
const TEN = 100_000n
const TWELVE = 120_000n

describe('movingAverageCost', () => {
  const table: [says: string, onHand: bigint, average: bigint, qtyIn: bigint, unitCost: bigint, cost: bigint][] = [
    ['10 at 10.00 and 10 at 12.00 average 11.00', 10_000n, TEN, 10_000n, TWELVE, 110_000n],
    ['30 at 10.00 and 10 at 12.00 average 10.50', 30_000n, TEN, 10_000n, TWELVE, 105_000n],
    ['0.5 kg at 10.00 and 1 kg at 12.00 average 11.3333', 500n, TEN, 1000n, TWELVE, 113_333n],
    ['half a ten-thousandth goes up', 1000n, 1n, 1000n, 2n, 2n],
    ['the first goods cost what they cost', 0n, 0n, 5000n, TWELVE, TWELVE],
    ['an empty shelf has no old cost', 0n, TEN, 5000n, TWELVE, TWELVE],
    ['goods sold before they came in have no value to average with', -9000n, TEN, 10_000n, TWELVE, TWELVE],
    ['goods given for nothing bring the average down', 1000n, TEN, 1000n, 0n, 50_000n]
  ]
  for (const [says, onHand, average, qtyIn, unitCost, cost] of table) {
    it(says, () => {
      assert.equal(movingAverageCost(onHand, average, qtyIn, unitCost), cost)
    })
  }

  it('asks for goods that come in', () => {
    for (const qtyIn of [0n, -1000n]) {
      assert.throws(() => movingAverageCost(5000n, TEN, qtyIn, TWELVE), refused('invalid_quantity'))
    }
  })

  it('never leaves the range of the costs it is made of', () => {
    const cost = fc.bigInt({ min: 0n, max: 10n ** 16n })
    const onHand = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })
    fc.assert(
      fc.property(onHand, cost, fc.bigInt({ min: 1n, max: 10n ** 12n }), cost, (held, average, qtyIn, unitCost) => {
        const result = movingAverageCost(held, average, qtyIn, unitCost)
        const [low, high] = average < unitCost ? [average, unitCost] : [unitCost, average]
        assert.ok(result >= low && result <= high)
      })
    )
  })
})
