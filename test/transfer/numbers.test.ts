import assert from 'node:assert/strict'
import fc from 'fast-check'
import { v7 as uuidv7 } from 'uuid'
import { isUuid } from '../../src/schemas/kinds.ts'
import { plainNumber } from '../../src/transfer/numbers.ts'
import { rowIds } from '../../src/transfer/row-ids.ts'

describe('Numbers as people write them', () => {
  const cases: [given: string, plain: string][] = [
    ['12', '12'],
    ['-12.5', '-12.5'],
    ['12,50', '12.50'],
    ['0,5', '0.5'],
    ['1.234,50', '1234.50'],
    ['1,234.50', '1234.50'],
    ['1.234.567,8', '1234567.8'],
    ['1,234,567', '1234567'],
    ['1.234.567', '1234567'],
    ['1.234', '1.234'],
    ['1 234,50', '1234.50'],
    ["1'234.50", '1234.50'],
    ['1\u00a0234,50', '1234.50']
  ]
  for (const [given, plain] of cases) it(`reads ${given}`, () => assert.equal(plainNumber(given), plain))

  it('leaves what is no number as it is, to be refused', () => {
    for (const text of ['', 'x', '1.2.3,4,5', '1,23.4,5', '12e3', '1,2,3', '--1', '12 EUR'])
      assert.equal(plainNumber(text), text)
  })

  it('reads 1,234 only when it is told how', () => {
    assert.throws(() => plainNumber('1,234'), /1234 or 1\.234/)
    assert.equal(plainNumber('1,234', ','), '1.234')
    assert.equal(plainNumber('1,234', '.'), '1234')
    assert.equal(plainNumber('1.234', ','), '1234')
    assert.equal(plainNumber('12.50', ','), '12.50')
    assert.equal(plainNumber('12,50', '.'), '12,50')
  })

  it('reads every amount with either sign, grouped or not', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 999_999_999_999 }),
        fc.constantFrom('de-DE', 'en-US', 'de-CH', 'fr-FR'),
        (cents, locale) => {
          const written = new Intl.NumberFormat(locale, { minimumFractionDigits: 2 }).format(cents / 100)
          assert.equal(plainNumber(written), (cents / 100).toFixed(2))
        }
      )
    )
  })
})

describe('The ids of rows', () => {
  it('are UUIDs in the order of the rows, the same each time, and others for another import', () => {
    const [id, other] = [uuidv7(), uuidv7()]
    const began = '2026-01-31T09:30:00.123Z'
    fc.assert(
      fc.property(fc.nat(4_000_000_000), fc.nat(4_000_000_000), (a, b) => {
        const [one, two] = [rowIds(id, began)(a), rowIds(id, began)(b)]
        assert.ok(isUuid(one) && one[14] === '7' && '89ab'.includes(one[19]!))
        assert.equal(one, rowIds(id, began)(a))
        assert.notEqual(one, rowIds(other, began)(a))
        assert.equal(Math.sign(a - b), one < two ? -1 : one > two ? 1 : 0)
      })
    )
  })
})
