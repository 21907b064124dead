import assert from 'node:assert/strict'
import fc from 'fast-check'
import { ean13CheckDigit, isEan13 } from '../../src/domain/ean.ts'
import { refused } from './refused.ts'

describe('ean13CheckDigit', () => {
  const table: [twelve: string, digit: string][] = [
    ['400638133393', '1'],
    ['978020137962', '4'],
    ['000000000000', '0'],
    ['200000000001', '5']
  ]
  for (const [twelve, digit] of table) {
    it(`of ${twelve} is ${digit}`, () => {
      assert.equal(ean13CheckDigit(twelve), digit)
    })
  }

  it('asks for twelve digits', () => {
    for (const code of ['', '12345678901', '1234567890123', '12345678901x']) {
      assert.throws(() => ean13CheckDigit(code), refused('invalid_barcode'))
    }
  })
})

describe('isEan13', () => {
  const table: [code: string, valid: boolean, why: string][] = [
    ['4006381333931', true, 'the check digit fits'],
    ['4006381333932', false, 'it does not'],
    ['400638133393', false, 'twelve digits'],
    ['40063813339310', false, 'fourteen digits'],
    ['400638133393X', false, 'a letter'],
    ['', false, 'nothing']
  ]
  for (const [code, valid, why] of table) {
    it(`${JSON.stringify(code)} is ${valid ? '' : 'not '}one: ${why}`, () => {
      assert.equal(isEan13(code), valid)
    })
  }

  it('notices any single digit misread', () => {
    const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 12 })
    fc.assert(
      fc.property(digits, fc.nat(12), fc.integer({ min: 1, max: 9 }), (twelve, position, shift) => {
        const code = twelve.join('') + ean13CheckDigit(twelve.join(''))
        assert.ok(isEan13(code))
        const misread = (Number(code[position]) + shift) % 10
        assert.ok(!isEan13(code.slice(0, position) + misread + code.slice(position + 1)))
      })
    )
  })
})
