import { type Gate, refuse } from './conditions.ts'

/** A number of records, cut to the most there may be. */
export function wholeNumber(name: string, given: unknown, textual: boolean, most: number): number {
  const value = textual && typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) refuse(name, 'must be a whole number')
  return Math.min(value, most)
}

/** A list of names: as a list, or as text with commas. */
export function namesOf(name: string, given: unknown): string[] {
  const list = typeof given === 'string' ? given.split(',') : given
  if (!Array.isArray(list) || list.length > 100 || !list.every((item) => typeof item === 'string'))
    refuse(name, 'must be a list of names')
  return [...new Set(list as string[])]
}

export function directionOf(gate: Gate, name: string, given: unknown): 1 | -1 {
  const value = gate.textual && typeof given === 'string' ? Number(given) : given
  return value === 1 || value === -1 ? value : refuse(`$sort.${name}`, 'must be 1 or -1')
}
