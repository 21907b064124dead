import assert from 'node:assert/strict'
import fc from 'fast-check'
import { bestOffer, type Offer } from '../../src/domain/price-list.ts'

const offer = (price_list_id: string, minQuantity: bigint, price: bigint): Offer => ({
  price_list_id,
  minQuantity,
  price
})
const offers = [offer('a', 0n, 900n), offer('b', 5000n, 800n), offer('c', 5000n, 800n), offer('d', 10_000n, 850n)]

describe('bestOffer', () => {
  const examples: [quantity: bigint, own: bigint, list: string | undefined][] = [
    [1000n, 1000n, 'a'],
    [4999n, 1000n, 'a'],
    [5000n, 1000n, 'b'],
    [20_000n, 1000n, 'b'],
    [1000n, 900n, undefined],
    [5000n, 850n, 'b'],
    [1000n, 500n, undefined]
  ]
  for (const [quantity, own, list] of examples)
    it(`takes ${list ?? 'none'} for ${quantity} at ${own}`, () => {
      assert.equal(bestOffer(own, quantity, offers)?.price_list_id, list)
    })

  const some = fc.record(
    {
      price_list_id: fc.constantFrom('a', 'b', 'c', 'd'),
      minQuantity: fc.bigInt(0n, 5n),
      price: fc.bigInt(0n, 9n)
    },
    { noNullPrototype: true }
  )
  it('is never dearer for more, never above the own price, and the same in any order', () => {
    fc.assert(
      fc.property(fc.array(some), fc.bigInt(0n, 9n), fc.bigInt(1n, 5n), (list, own, quantity) => {
        const best = bestOffer(own, quantity, list)
        const price = best?.price ?? own
        assert.ok(price <= own)
        assert.ok((bestOffer(own, quantity + 1n, list)?.price ?? own) <= price)
        assert.deepEqual(bestOffer(own, quantity, [...list].reverse()), best)
        for (const { minQuantity, price: other } of list) if (minQuantity <= quantity) assert.ok(price <= other)
      })
    )
  })
})
