import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ean13CheckDigit } from '../../src/domain/ean.ts'
import { type EmbeddedPattern, isPattern, parseEmbedded } from '../../src/domain/embedded-barcode.ts'
import { refused } from './refused.ts'

const weight: EmbeddedPattern = { prefix: '21', item: 5, value: 'weight' }
const price: EmbeddedPattern = { prefix: '23', item: 5, value: 'price' }
const coded = (twelve: string) => twelve + ean13CheckDigit(twelve)

describe('A barcode with a weight or price in it', () => {
  it('says which item and how much', () => {
    assert.deepEqual(parseEmbedded(coded('210123400755'), [weight, price]), {
      item: '01234',
      value: 755n,
      kind: 'weight'
    })
    assert.deepEqual(parseEmbedded(coded('239999901250'), [weight, price]), {
      item: '99999',
      value: 1250n,
      kind: 'price'
    })
  })

  it('is an ordinary code without one of our prefixes, or of another length', () => {
    for (const code of [coded('400638133393'), '2101234', 'COF-250', ''])
      assert.equal(parseEmbedded(code, [weight, price]), undefined)
  })

  it('is refused where its check digit is wrong', () => {
    const right = coded('210123400755')
    const wrong = right.slice(0, 12) + String((Number(right[12]) + 1) % 10)
    assert.throws(() => parseEmbedded(wrong, [weight]), refused('invalid_barcode'))
  })

  it('gives back whatever item and value were put in, for every pattern that leaves room for them', () => {
    const pattern = fc
      .record({
        prefix: fc.stringMatching(/^\d{1,4}$/),
        item: fc.integer({ min: 1, max: 10 }),
        value: fc.constant('weight' as const)
      })
      .filter(isPattern)
    fc.assert(
      fc.property(pattern, fc.nat(), fc.nat(), (given, item, value) => {
        const digits = 12 - given.prefix.length - given.item
        const asked = {
          item: String(item % 10 ** given.item).padStart(given.item, '0'),
          value: BigInt(value % 10 ** digits)
        }
        const code = coded(given.prefix + asked.item + String(asked.value).padStart(digits, '0'))
        assert.deepEqual(parseEmbedded(code, [given]), { ...asked, kind: 'weight' })
      })
    )
  })
})
