import assert from 'node:assert/strict'
import { CASH_MOVEMENTS, drawerEffect, expectedCash } from '../../src/domain/drawer.ts'

describe('The drawer', () => {
  it('gains by what is paid in and loses by what is taken out', () => {
    const effects = CASH_MOVEMENTS.map((kind) => [kind, drawerEffect(kind, 500n)])
    assert.deepEqual(Object.fromEntries(effects), {
      paid_in: 500n,
      paid_out: -500n,
      drop: -500n,
      expense: -500n,
      deposit: -500n,
      no_sale: 0n
    })
  })

  it('must hold float + sales - refunds + movements', () => {
    assert.equal(expectedCash({ float: 10_000n, sales: 25_050n, refunds: 1_999n, movements: -12_000n }), 21_051n)
  })
})
