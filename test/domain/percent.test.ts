import assert from 'node:assert/strict'
import { parsePercent, percentOf } from '../../src/domain/percent.ts'
import { refused } from './refused.ts'

describe('parsePercent', () => {
  const accepted: [value: string | number, parsed: bigint][] = [
    [15, 150_000n],
    ['15', 150_000n],
    ['7.7', 77_000n],
    ['8.8750', 88_750n],
    [0.0001, 1n],
    [0, 0n],
    ['100', 1_000_000n],
    ['999.9999', 9_999_999n]
  ]
  for (const [value, parsed] of accepted) {
    it(`takes ${JSON.stringify(value)} % as ${parsed}`, () => {
      assert.equal(parsePercent(value), parsed)
    })
  }

  for (const value of [-1, '-0.0001', 1000, '12.34567', 1e-5, Number.NaN, '15%', '']) {
    it(`refuses ${JSON.stringify(value)} (${value})`, () => {
      assert.throws(() => parsePercent(value), refused('invalid_percent'))
    })
  }
})

describe('percentOf', () => {
  const table: [amount: bigint, percent: string, part: bigint, why: string][] = [
    [1999n, '15', 300n, '299.85'],
    [1000n, '0.05', 1n, 'exactly half goes up'],
    [-1000n, '0.05', -1n, 'and away from zero below it'],
    [1000n, '0.0499', 0n, 'just under half goes down'],
    [1999n, '100', 1999n, 'the whole'],
    [1999n, '0', 0n, 'nothing']
  ]
  for (const [amount, percent, part, why] of table) {
    it(`${percent} % of ${amount} is ${part}: ${why}`, () => {
      assert.equal(percentOf(amount, parsePercent(percent)), part)
    })
  }
})
