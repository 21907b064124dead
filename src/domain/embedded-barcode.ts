import { isEan13 } from './ean.ts'
import { DomainError } from './errors.ts'

/** How a shop's scales print: `2PPPPPWWWWWC` and the like, one letter per digit (GS1 leaves 02 and 20 to 29 to the shop). */
export interface EmbeddedPattern {
  /** Leading digits that tell these codes from others. */
  prefix: string
  /** Digits of the item, after the prefix. */
  item: number
  /** What the digits after the item say. */
  value: 'price' | 'weight'
}

export interface EmbeddedCode {
  item: string
  /** Minor units for a price, thousandths (grams of a kilogram) for a weight. */
  value: bigint
  kind: 'price' | 'weight'
}

const LENGTH = 13

/** Whether a pattern leaves room for a value between prefix, item and check digit. */
export const isPattern = ({ prefix, item }: EmbeddedPattern): boolean =>
  /^\d{1,4}$/.test(prefix) && item >= 1 && prefix.length + item <= LENGTH - 2

/**
 * Takes a price- or weight-embedded EAN-13 apart; undefined when none of the patterns fits, so that it is an ordinary
 * code. Throws `invalid_barcode` where the prefix is one of ours and the check digit is wrong: a misread would sell at
 * another weight.
 */
export function parseEmbedded(code: string, patterns: readonly EmbeddedPattern[]): EmbeddedCode | undefined {
  if (!/^\d{13}$/.test(code)) return undefined
  const pattern = patterns.find(({ prefix }) => code.startsWith(prefix))
  if (!pattern) return undefined
  if (!isEan13(code)) throw new DomainError('invalid_barcode')
  const from = pattern.prefix.length
  const to = from + pattern.item
  return { item: code.slice(from, to), value: BigInt(code.slice(to, LENGTH - 1)), kind: pattern.value }
}
