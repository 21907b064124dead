import assert from 'node:assert/strict'
import { priceSale, type SaleLine } from '../../src/domain/pricing.ts'
import { traceLine } from '../../src/domain/trace.ts'

const line: SaleLine = { quantity: 2000n, unitPrice: 900n, discountPercent: 100_000n, taxRate: 170_000n }

function traced(sold: SaleLine, documentDiscount: bigint, listPrice?: bigint, pricesIncludeTax = false): string[] {
  const sale = priceSale({ scale: 2, pricesIncludeTax, taxRounding: 'line', lines: [sold], documentDiscount })
  return traceLine(sold, sale.lines[0]!, listPrice).map(({ step, amount }) => `${step} ${amount}`)
}

describe('traceLine', () => {
  it('shows every step from the list price to the total', () => {
    const steps = ['list_price 2000', 'override -200', 'product_discount -180', 'document_discount -20', 'tax 272']
    assert.deepEqual(traced(line, 20n, 1000n), steps)
  })

  it('shows what a price list took off before an override', () => {
    const [sold] = priceSale({
      scale: 2,
      pricesIncludeTax: true,
      taxRounding: 'line',
      lines: [line],
      documentDiscount: 0n
    }).lines
    const steps = traceLine(line, sold!, 1000n, 950n).map(({ step, amount }) => `${step} ${amount}`)
    assert.deepEqual(steps, ['list_price 2000', 'price_list -100', 'override -100', 'product_discount -180'])
  })

  it('names a discount that was given at the till', () => {
    assert.deepEqual(traced({ ...line, discount: 300n }, 0n), ['list_price 1800', 'line_discount -300', 'tax 255'])
  })

  it('leaves out what changed nothing, and tax inside the price', () => {
    assert.deepEqual(traced({ ...line, discount: 0n }, 0n, 900n, true), ['list_price 1800'])
  })

  it('keeps the list price of what is free', () => {
    assert.deepEqual(traced({ ...line, unitPrice: 0n }, 0n), ['list_price 0'])
  })
})
