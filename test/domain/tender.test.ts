import assert from 'node:assert/strict'
import { settle, statusOf, type Tender } from '../../src/domain/tender.ts'
import { refused } from './refused.ts'

const cash = (amount: bigint, tendered?: bigint): Tender => ({ method: 'cash', amount, tendered })
const card = (amount: bigint, tendered?: bigint): Tender => ({ method: 'card', amount, tendered })

describe('settle', () => {
  const examples: { says: string; total: bigint; payments: Tender[]; paid: bigint; change: bigint; balance: bigint }[] =
    [
      { says: 'cash to the cent', total: 5000n, payments: [cash(5000n)], paid: 5000n, change: 0n, balance: 0n },
      {
        says: 'change from a note',
        total: 5000n,
        payments: [cash(5000n, 10000n)],
        paid: 5000n,
        change: 5000n,
        balance: 0n
      },
      {
        says: 'card and cash together, change from the cash',
        total: 5000n,
        payments: [card(3000n, 3000n), cash(2000n, 2050n)],
        paid: 5000n,
        change: 50n,
        balance: 0n
      },
      { says: 'a part', total: 5000n, payments: [card(1999n)], paid: 1999n, change: 0n, balance: 3001n },
      {
        says: 'change beside an open balance',
        total: 90n,
        payments: [cash(40n, 50n)],
        paid: 40n,
        change: 10n,
        balance: 50n
      },
      { says: 'nothing', total: 5000n, payments: [], paid: 0n, change: 0n, balance: 5000n },
      { says: 'a sale of nothing', total: 0n, payments: [], paid: 0n, change: 0n, balance: 0n }
    ]
  for (const { says, total, payments, paid, change, balance } of examples) {
    it(`settles ${says}`, () => {
      const settled = settle(total, payments)
      assert.deepEqual([settled.paid, settled.change, settled.balance], [paid, change, balance])
      assert.equal(paid + balance, total)
      assert.equal(
        settled.payments.reduce((sum, payment) => sum + payment.change, 0n),
        change
      )
    })
  }

  it('keeps what else a payment says', () => {
    const [payment] = settle(100n, [{ ...cash(100n, 150n), reference: 'r-1' }]).payments
    assert.deepEqual(payment, { method: 'cash', amount: 100n, tendered: 150n, reference: 'r-1', change: 50n })
  })

  const refusals: [says: string, payments: Tender[], code: string, path: (string | number)[]][] = [
    ['more than is owed', [card(60n), cash(41n)], 'overpaid', ['payments', 1, 'amount']],
    ['less handed over than paid', [cash(100n, 99n)], 'tendered_short', ['payments', 0, 'tendered']],
    ['change from a card', [card(50n), card(50n, 60n)], 'change_not_cash', ['payments', 1, 'tendered']],
    ['a payment of nothing', [cash(0n)], 'invalid_amount', ['payments', 0, 'amount']],
    ['a negative payment', [card(101n), cash(-1n)], 'overpaid', ['payments', 0, 'amount']],
    ['a negative payment in front', [cash(-1n), card(101n)], 'invalid_amount', ['payments', 0, 'amount']]
  ]
  for (const [says, payments, code, path] of refusals) {
    it(`refuses ${says}`, () => {
      assert.throws(() => settle(100n, payments), refused(code, path))
    })
  }
})

describe('statusOf', () => {
  const table: [total: bigint, paid: bigint, status: string][] = [
    [100n, 0n, 'issued'],
    [100n, 1n, 'partial'],
    [100n, 99n, 'partial'],
    [100n, 100n, 'paid'],
    [0n, 0n, 'paid']
  ]
  for (const [total, paid, status] of table) {
    it(`${paid} of ${total} is ${status}`, () => {
      assert.equal(statusOf(total, paid), status)
    })
  }
})
