import assert from 'node:assert/strict'
import fc from 'fast-check'
import { formatMoney, maxMoney, parseMoney, roundDivide, split } from '../../src/domain/money.ts'
import { refused } from './refused.ts'

const sum = (amounts: bigint[]) => amounts.reduce((a, b) => a + b, 0n)

describe('parseMoney', () => {
  const accepted: [text: string | number, scale: number, minor: bigint][] = [
    ['12.50', 2, 1250n],
    ['12.5', 2, 1250n],
    ['12', 2, 1200n],
    ['0', 2, 0n],
    ['-0.05', 2, -5n],
    ['-0.00', 2, 0n],
    ['12', 0, 12n],
    ['1.005', 3, 1005n],
    [12.5, 2, 1250n],
    [0.1, 2, 10n],
    [-0, 2, 0n],
    [999_999_999_999, 2, 99_999_999_999_900n],
    ['999999999999.00', 2, 99_999_999_999_900n],
    ['-999999999999', 0, -999_999_999_999n]
  ]
  for (const [text, scale, minor] of accepted) {
    it(`takes ${JSON.stringify(text)} at scale ${scale} as ${minor}`, () => {
      assert.equal(parseMoney(text, scale), minor)
    })
  }

  const rejected: [text: string | number, scale: number, why: string][] = [
    [Number.NaN, 2, 'no number'],
    ['NaN', 2, 'no number, though numeric in PostgreSQL takes it'],
    [Number.POSITIVE_INFINITY, 2, 'not finite'],
    ['-Infinity', 2, 'not finite'],
    ['1e3', 2, 'an exponent'],
    [1e21, 2, 'an exponent'],
    [1e-7, 2, 'an exponent'],
    ['12.505', 2, 'more decimals than the currency has'],
    ['12.500', 2, 'more decimals than the currency has'],
    [0.1 + 0.2, 2, 'more decimals than the currency has'],
    ['12.0', 0, 'more decimals than the currency has'],
    ['999999999999.01', 2, 'above the bound'],
    ['-1000000000000', 2, 'below the bound'],
    [Number.MAX_SAFE_INTEGER, 2, 'above the bound'],
    ['', 2, 'empty'],
    [' 1', 2, 'a blank'],
    ['1\n', 2, 'a line break'],
    ['+1', 2, 'a plus sign'],
    ['.5', 2, 'no digit before the point'],
    ['5.', 2, 'no digit after the point'],
    ['007', 2, 'leading zeros'],
    ['1,50', 2, 'a comma'],
    ['0x10', 2, 'hexadecimal'],
    ['１２', 2, 'digits that are not ASCII']
  ]
  for (const [text, scale, why] of rejected) {
    it(`refuses ${JSON.stringify(text)} (${text}) at scale ${scale}: ${why}`, () => {
      assert.throws(() => parseMoney(text, scale), refused('invalid_amount'))
    })
  }
})

describe('formatMoney', () => {
  const table: [minor: bigint, scale: number, text: string][] = [
    [1250n, 2, '12.50'],
    [5n, 2, '0.05'],
    [-5n, 2, '-0.05'],
    [-1250n, 2, '-12.50'],
    [0n, 2, '0.00'],
    [12n, 0, '12'],
    [-12n, 0, '-12'],
    [1n, 3, '0.001']
  ]
  for (const [minor, scale, text] of table) {
    it(`writes ${minor} at scale ${scale} as ${text}`, () => {
      assert.equal(formatMoney(minor, scale), text)
    })
  }

  it('is undone by parseMoney at every scale', () => {
    const amounts = fc
      .integer({ min: 0, max: 4 })
      .chain((scale) => fc.tuple(fc.bigInt({ min: -maxMoney(scale), max: maxMoney(scale) }), fc.constant(scale)))
    fc.assert(
      fc.property(amounts, ([minor, scale]) => {
        assert.equal(parseMoney(formatMoney(minor, scale), scale), minor)
      })
    )
  })
})

describe('roundDivide', () => {
  const table: [numerator: bigint, denominator: bigint, quotient: bigint][] = [
    [5n, 2n, 3n],
    [-5n, 2n, -3n],
    [5n, -2n, -3n],
    [-5n, -2n, 3n],
    [7n, 3n, 2n],
    [8n, 3n, 3n],
    [-7n, 3n, -2n],
    [1n, 2n, 1n],
    [49n, 100n, 0n],
    [0n, 7n, 0n]
  ]
  for (const [numerator, denominator, quotient] of table) {
    it(`rounds ${numerator} / ${denominator} to ${quotient}`, () => {
      assert.equal(roundDivide(numerator, denominator), quotient)
    })
  }

  it('is never off by more than half, and mirrors for negatives', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }),
        fc.bigInt({ min: 1n, max: 10n ** 9n }),
        (n, d) => {
          const error = 2n * (roundDivide(n, d) * d - n)
          assert.ok(error <= d && error >= -d)
          assert.equal(roundDivide(-n, d), -roundDivide(n, d))
        }
      )
    )
  })
})

describe('split', () => {
  const table: { total: bigint; weights: bigint[]; shares: bigint[]; why: string }[] = [
    { total: 100n, weights: [1n, 1n, 1n], shares: [34n, 33n, 33n], why: 'equal remainders: the first gets the cent' },
    { total: 200n, weights: [1n, 1n, 1n], shares: [67n, 67n, 66n], why: 'two cents left: the first two' },
    { total: 10n, weights: [1n, 2n, 4n], shares: [1n, 3n, 6n], why: '1.43, 2.86, 5.71: the largest remainders first' },
    { total: 500n, weights: [1999n, 2001n], shares: [250n, 250n], why: '249.88, 250.13' },
    { total: 1n, weights: [0n, 5n, 5n], shares: [0n, 1n, 0n], why: 'nothing to a line worth nothing' },
    { total: 5n, weights: [1n, 1n, 3n], shares: [1n, 1n, 3n], why: 'the whole sum takes each weight whole' },
    { total: 4n, weights: [1n, 1n, 3n], shares: [1n, 1n, 2n], why: '0.8, 0.8, 2.4: never above the weight' },
    { total: 7n, weights: [0n, 0n, 0n], shares: [3n, 2n, 2n], why: 'no weights: evenly' },
    { total: -100n, weights: [1n, 1n, 1n], shares: [-34n, -33n, -33n], why: 'a negative total mirrors' },
    { total: 0n, weights: [3n, 4n], shares: [0n, 0n], why: 'nothing to spread' },
    { total: 0n, weights: [], shares: [], why: 'nothing to spread over nothing' },
    { total: 9n, weights: [7n], shares: [9n], why: 'one takes all' }
  ]
  for (const { total, weights, shares, why } of table) {
    it(`${total} over [${weights}] is [${shares}]: ${why}`, () => {
      assert.deepEqual(split(total, weights), shares)
      assert.equal(sum(shares), total)
    })
  }

  it('refuses what cannot be conserved', () => {
    assert.throws(() => split(1n, []), RangeError)
    assert.throws(() => split(1n, [2n, -1n]), RangeError)
  })

  const amount = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n })
  const weight = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 20n }), fc.bigInt({ min: 0n, max: 10n ** 14n }))
  const weights = fc.array(weight, { minLength: 1, maxLength: 30 })

  it('conserves the total and never gives a share of the opposite sign', () => {
    fc.assert(
      fc.property(amount, weights, (total, ws) => {
        const shares = split(total, ws)
        assert.equal(sum(shares), total)
        assert.ok(shares.every((share) => share * total >= 0n))
      })
    )
  })

  it('gives each its exact part, rounded down or up, more weight never less', () => {
    fc.assert(
      fc.property(amount, weights, (total, ws) => {
        const whole = sum(ws)
        fc.pre(whole > 0n)
        const shares = split(total, ws)
        for (const [i, share] of shares.entries()) {
          const error = share * whole - total * ws[i]!
          assert.ok(error < whole && error > -whole)
          for (const [j, other] of shares.entries()) if (ws[i]! > ws[j]!) assert.ok(share * share >= other * other)
        }
      })
    )
  })

  it('never gives more than the weight while the total is at most the sum of the weights', () => {
    fc.assert(
      fc.property(weights, fc.bigInt({ min: 0n, max: 1000n }), (ws, perMille) => {
        const shares = split((sum(ws) * perMille) / 1000n, ws)
        assert.ok(shares.every((share, i) => share <= ws[i]!))
      })
    )
  })
})
