// JSON's number grammar without the exponent: one spelling per figure ("007", "+1", ".5" and "1e3" are refused), at most
// twelve digits before the point, which bounds every figure before it reaches BigInt.
const PLAIN_DECIMAL = /^(-?)(0|[1-9]\d{0,11})(?:\.(\d+))?$/

/**
 * A plain decimal as an integer of its smallest unit: ("12.5", scale 2) -> 1250n.
 * `undefined` when it is no plain decimal, has more than `scale` decimals, or lies beyond ±limit (itself scaled).
 * A number counts with the decimals JavaScript prints for it: 0.1 has one, 0.1 + 0.2 has seventeen.
 */
export function parseDecimal(value: string | number, scale: number, limit: bigint): bigint | undefined {
  const match = PLAIN_DECIMAL.exec(typeof value === 'number' ? String(value) : value)
  if (!match) return undefined
  const [, sign, whole, fraction = ''] = match
  if (fraction.length > scale) return undefined
  const scaled = BigInt(`${whole}${fraction.padEnd(scale, '0')}`)
  if (scaled > limit) return undefined
  return sign ? -scaled : scaled
}

/** The reverse, always with `scale` decimals: (1250n, 2) -> "12.50". */
export function formatDecimal(scaled: bigint, scale: number): string {
  const sign = scaled < 0n ? '-' : ''
  const digits = String(scaled < 0n ? -scaled : scaled)
  if (scale === 0) return sign + digits
  const padded = digits.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}
