import { DomainError } from './errors.ts'

/**
 * The thirteenth digit of an EAN-13: what the weighted sum of the twelve (1, 3, 1, 3, ... from the left) lacks to the next
 * multiple of ten (GS1 General Specifications, 7.9). Throws `invalid_barcode` unless given twelve digits.
 */
export function ean13CheckDigit(twelve: string): string {
  if (!/^\d{12}$/.test(twelve)) throw new DomainError('invalid_barcode')
  const sum = Array.from(twelve, Number).reduce((total, digit, i) => total + digit * (i % 2 === 0 ? 1 : 3), 0)
  return String((10 - (sum % 10)) % 10)
}

/** Whether a code is thirteen digits whose last one is their check digit. */
export function isEan13(code: string): boolean {
  return /^\d{13}$/.test(code) && ean13CheckDigit(code.slice(0, 12)) === code[12]
}

/** The EAN-13 codes that begin with `prefix` and go on with the numbers from `from`: `count` of them, fewer at the end of the series. */
export function codesOf(prefix: string, from: number, count: number): string[] {
  const width = 12 - prefix.length
  const left = Math.max(0, Math.min(count, 10 ** width - from))
  return Array.from({ length: left }, (_, i) => {
    const twelve = prefix + String(from + i).padStart(width, '0')
    return twelve + ean13CheckDigit(twelve)
  })
}
