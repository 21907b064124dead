import assert from 'node:assert/strict'
import fc from 'fast-check'
import { commissionBack, commissionOf } from '../../src/domain/commission.ts'
import { parsePercent } from '../../src/domain/percent.ts'

const rate = fc.bigInt({ min: 0n, max: 1_000_000n })
const amounts = fc.array(fc.bigInt({ min: 0n, max: 10_000_000n }), { maxLength: 8 })
const sum = (list: readonly bigint[]) => list.reduce((all, one) => all + one, 0n)

describe('Commission', () => {
  it('is rounded half up, once per document', () => {
    const percent = parsePercent('2.5')
    assert.deepEqual(
      [2997n, 20n, 19n, 0n].map((net) => commissionOf(net, percent)),
      [75n, 1n, 0n, 0n]
    )
  })

  it('goes back whole with a sale that comes back in any parts, and never more of it than it was', () => {
    fc.assert(
      fc.property(amounts, rate, (parts, percent) => {
        let before = 0n
        const back = parts.map((net) => {
          const part = commissionBack(net, before, percent)
          before += net
          return part
        })
        assert.ok(back.every((part) => part >= 0n))
        assert.equal(sum(back), commissionOf(sum(parts), percent))
      })
    )
  })
})
