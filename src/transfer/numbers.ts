const SPACES = /[\s\u00a0\u202f'’]/g
const GROUPED = (mark: string) => new RegExp(`^-?\\d{1,3}(\\${mark}\\d{3})+$`)
const COMMAS = GROUPED(',')
const POINTS = GROUPED('.')

/** Which sign stands before the decimals: told by the caller, else read from the number itself. */
export type DecimalSign = ',' | '.' | undefined

function withSign(text: string, sign: ',' | '.'): string {
  const mark = sign === ',' ? '.' : ','
  const [whole = '', ...decimals] = text.split(sign)
  if (decimals.length > 1 || decimals[0]?.includes(mark)) return text
  if (whole.includes(mark) && !GROUPED(mark).test(whole)) return text
  return [whole.replaceAll(mark, ''), ...decimals].join('.')
}

/**
 * A number as people write it, as the API has it: `1.234,50`, `1,234.50` and `1 234,50` are `1234.50`. The last of two
 * different signs is the decimal one. What is no number is answered as it is, for the field to refuse.
 * @throws TypeError for `1,234`, which is 1234 to one and 1.234 to another, unless the sign is told
 */
export function plainNumber(given: string, sign?: DecimalSign): string {
  const text = given.replace(SPACES, '')
  if (!/^-?[\d.,]+$/.test(text)) return given
  if (sign) return withSign(text, sign)
  const [comma, point] = [text.lastIndexOf(','), text.lastIndexOf('.')]
  if (comma < 0) return (text.match(/\./g)?.length ?? 0) > 1 && POINTS.test(text) ? text.replaceAll('.', '') : text
  if (point >= 0) return withSign(text, comma > point ? ',' : '.')
  if ((text.match(/,/g)?.length ?? 0) > 1) return COMMAS.test(text) ? text.replaceAll(',', '') : text
  if (COMMAS.test(text))
    throw new TypeError(
      `could be ${text.replace(',', '')} or ${text.replace(',', '.')}; say which with decimal=, or decimal=.`
    )
  return text.replace(',', '.')
}
