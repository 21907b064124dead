/** The arithmetic of the model: plain whole numbers, written without a look at src/domain. Exact below 2^53. */

/** n / d rounded half up, ties away from zero. */
export function halfUp(n: number, d: number): number {
  if (n < 0) return -halfUp(-n, d)
  const rest = n % d
  return (n - rest) / d + (2 * rest >= d ? 1 : 0)
}

export const sum = (numbers: number[]): number => numbers.reduce((a, b) => a + b, 0)

/** Cents handed out in proportion to weights: each its whole part, then one each to the largest remainders, first come first. */
export function handOut(cents: number, given: number[]): number[] {
  const weights = sum(given) === 0 ? given.map(() => 1) : given
  const all = sum(weights)
  const parts = weights.map((weight) => Math.floor((cents * weight) / all))
  const byRemainder = weights
    .map((weight, i) => ({ i, remainder: (cents * weight) % all }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i)
  for (const { i } of byRemainder.slice(0, cents - sum(parts))) parts[i]! += 1
  return parts
}

const decimal = (scaled: number, scale: number): string => {
  const digits = String(Math.abs(scaled)).padStart(scale + 1, '0')
  return `${scaled < 0 ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
/** Cents as the wire has them. */
export const money = (cents: number): string => decimal(cents, 2)
/** Ten-thousandths as the wire has costs. */
export const cost = (scaled: number): string => decimal(scaled, 4)
