import assert from 'node:assert/strict'
import fc from 'fast-check'
import { leftOf } from '../../src/domain/ageing.ts'

const amounts = fc.array(fc.bigInt({ min: 0n, max: 10_000_000n }), { maxLength: 8 })
const sum = (list: readonly bigint[]) => list.reduce((all, one) => all + one, 0n)

describe('What is left of debts', () => {
  it('is of the newest', () => {
    assert.deepEqual(leftOf(120n, [50n, 60n, 70n]), [50n, 60n, 10n])
    assert.deepEqual(leftOf(50n, [50n, 60n, 70n]), [50n, 0n, 0n])
    assert.deepEqual(leftOf(-5n, [50n, 60n]), [0n, 0n])
    assert.deepEqual(leftOf(500n, [50n, 60n]), [50n, 60n])
  })

  it('is what paying the oldest first leaves', () => {
    fc.assert(
      fc.property(amounts, fc.bigInt({ min: 0n, max: 80_000_000n }), (debts, paid) => {
        let rest = paid
        const oldest = [...debts].reverse().map((debt) => {
          // biome-ignore lint/complexity/useMathMinMax: Math.min takes no bigint
          const part = debt < rest ? debt : rest
          rest -= part
          return debt - part
        })
        assert.deepEqual(leftOf(sum(debts) - paid, debts), oldest.reverse())
      })
    )
  })
})
