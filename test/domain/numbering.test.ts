import assert from 'node:assert/strict'
import { documentNumber } from '../../src/domain/numbering.ts'

describe('documentNumber', () => {
  const table: [n: number | bigint, text: string][] = [
    [1, 'MAIN-01-000001'],
    [123, 'MAIN-01-000123'],
    [123n, 'MAIN-01-000123'],
    [999_999, 'MAIN-01-999999'],
    [1_000_000, 'MAIN-01-1000000']
  ]
  for (const [n, text] of table) {
    it(`writes number ${n} of MAIN, register 01, as ${text}`, () => {
      assert.equal(documentNumber('MAIN', '01', n), text)
    })
  }
})
