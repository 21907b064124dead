import assert from 'node:assert/strict'
import fc from 'fast-check'
import { refundOf, type SoldPart } from '../../src/domain/refund.ts'
import { refused } from './refused.ts'

const sold = (quantity: bigint, total: bigint, tax = 0n): SoldPart => ({
  quantity,
  total,
  tax,
  refundedQuantity: 0n,
  refundedTotal: 0n,
  refundedTax: 0n
})

function following(line: SoldPart, quantity: bigint): SoldPart {
  const { amount, tax } = refundOf(line, quantity)
  return {
    ...line,
    refundedQuantity: line.refundedQuantity + quantity,
    refundedTotal: line.refundedTotal + amount,
    refundedTax: line.refundedTax + tax
  }
}

describe('A refund', () => {
  it('gives back what was paid for the part, the last piece the remainder', () => {
    const line = sold(3000n, 1000n, 160n)
    const first = following(line, 1000n)
    const second = following(first, 1000n)
    assert.deepEqual(
      [first.refundedTotal, second.refundedTotal - first.refundedTotal, following(second, 1000n).refundedTotal],
      [333n, 334n, 1000n]
    )
    assert.equal(following(second, 1000n).refundedTax, 160n)
  })

  it('gives nothing back for what was given away', () => {
    assert.deepEqual(refundOf(sold(2000n, 0n), 1000n), { amount: 0n, tax: 0n })
  })

  it('is refused for nothing, and for more than is left', () => {
    assert.throws(() => refundOf(sold(1000n, 100n), 0n), refused('invalid_quantity'))
    assert.throws(() => refundOf(sold(1000n, 100n), -1n), refused('invalid_quantity'))
    assert.throws(() => refundOf(sold(1000n, 100n), 1001n), refused('refund_exceeds_sold'))
    assert.throws(() => refundOf(following(sold(2000n, 100n), 1500n), 501n), refused('refund_exceeds_sold'))
  })

  it('in any parts brings back exactly what was paid, and never more on the way', () => {
    const parts = fc.array(fc.bigInt({ min: 1n, max: 5000n }), { minLength: 1, maxLength: 30 })
    const money = fc.bigInt({ min: 0n, max: 10_000_000n })
    fc.assert(
      fc.property(parts, money, fc.bigInt({ min: 0n, max: 100n }), (quantities, total, percent) => {
        const tax = (total * percent) / 100n
        let line = sold(
          quantities.reduce((a, b) => a + b),
          total,
          tax
        )
        for (const quantity of quantities) {
          const { amount, tax: back } = refundOf(line, quantity)
          assert.ok(amount >= 0n && back >= 0n && back <= total)
          line = following(line, quantity)
          assert.ok(line.refundedTotal <= total && line.refundedTax <= tax)
        }
        assert.deepEqual([line.refundedTotal, line.refundedTax], [total, tax])
      })
    )
  })
})
