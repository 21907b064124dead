import assert from 'node:assert/strict'
import fc from 'fast-check'
import { allocate } from '../../src/domain/allocation.ts'
import { refused } from './refused.ts'

describe('A payment on account', () => {
  it('settles the oldest first, each in full before the next', () => {
    const owed = [
      { id: 'a', balance: 300n },
      { id: 'b', balance: 0n },
      { id: 'c', balance: 500n },
      { id: 'd', balance: 100n }
    ]
    const paid = allocate(700n, owed)
    assert.deepEqual(paid, {
      parts: [
        { id: 'a', amount: 300n },
        { id: 'c', amount: 400n }
      ],
      rest: 0n
    })
    assert.equal(allocate(1000n, owed).rest, 100n)
  })

  it('is above 0', () => {
    for (const amount of [0n, -1n]) assert.throws(() => allocate(amount, []), refused('invalid_amount'))
  })

  it('loses no cent and pays nothing that is not owed', () => {
    const balances = fc.array(fc.bigInt({ min: 0n, max: 100_000n }), { maxLength: 20 })
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 1_000_000n }), balances, (payment, list) => {
        const owed = list.map((balance, i) => ({ id: String(i), balance }))
        const { parts, rest } = allocate(payment, owed)
        assert.equal(
          parts.reduce((sum, { amount }) => sum + amount, rest),
          payment
        )
        for (const { id, amount } of parts) assert.ok(amount > 0n && amount <= owed[Number(id)]!.balance)
        const owing = list.reduce((a, b) => a + b, 0n)
        assert.equal(rest, payment > owing ? payment - owing : 0n)
      })
    )
  })
})
