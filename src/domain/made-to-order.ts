import { DomainError } from './errors.ts'
import type { Minor } from './money.ts'

export interface OptionGroup {
  name: string
  required: boolean
  options: { name: string; surcharge: Minor }[]
}

export interface ChosenOption {
  group: string
  option: string
  surcharge: Minor
}

/** Between the names of a combination; no name has it. */
const BAR = '|'

/** Names that differ in case alone are one to a person. */
const twiceIn = (names: string[]): number =>
  names.findIndex((name, i) => names.some((other, j) => j < i && other.toLowerCase() === name.toLowerCase()))

/** Throws DomainError `duplicate` with the path of a group, or an option in its group, whose name is there already. */
export function checkGroups(groups: readonly { name: string; options: readonly { name: string }[] }[]): void {
  const group = twiceIn(groups.map(({ name }) => name))
  if (group >= 0) throw new DomainError('duplicate', ['groups', group, 'name'])
  for (const [i, { options }] of groups.entries()) {
    const option = twiceIn(options.map(({ name }) => name))
    if (option >= 0) throw new DomainError('duplicate', ['groups', i, 'options', option, 'name'])
  }
}

/**
 * The options of a line, in the order of their groups, with what each costs. `chosen` is group -> option.
 * Throws DomainError `unknown_option` at a group or option that is not there, `option_required` at a group left out that
 * must not be; paths begin with the name of the group.
 */
export function chooseOptions(
  groups: readonly OptionGroup[],
  chosen: Readonly<Record<string, string>>
): ChosenOption[] {
  const unknown = Object.keys(chosen).find((name) => !groups.some((group) => group.name === name))
  if (unknown !== undefined) throw new DomainError('unknown_option', [unknown])
  return groups.flatMap(({ name, required, options }) => {
    const wanted = Object.hasOwn(chosen, name) ? chosen[name] : undefined
    if (wanted === undefined) {
      if (required) throw new DomainError('option_required', [name])
      return []
    }
    const option = options.find((one) => one.name === wanted)
    if (!option) throw new DomainError('unknown_option', [name])
    return [{ group: name, option: option.name, surcharge: option.surcharge }]
  })
}

/**
 * The options that a combination names, group by group: `Round|Cotton`, with nothing between two bars for a group left out.
 * Throws DomainError `unknown_option` or `option_required` without a path.
 */
export function readCombination(groups: readonly OptionGroup[], combination: string): ChosenOption[] {
  const names = combination.split(BAR).map((name) => name.trim())
  if (names.length !== groups.length) throw new DomainError('option_required')
  const chosen = Object.fromEntries(groups.map(({ name }, i) => [name, names[i]!] as const).filter(([, name]) => name))
  try {
    return chooseOptions(groups, chosen)
  } catch (error) {
    throw error instanceof DomainError ? new DomainError(error.code) : error
  }
}

/** The combination as it is kept: the names in the order of the groups. */
export const combinationOf = (groups: readonly OptionGroup[], chosen: readonly ChosenOption[]): string =>
  groups.map(({ name }) => chosen.find(({ group }) => group === name)?.option ?? '').join(BAR)

/** What one piece costs: the agreed price, what its options add, and what haste adds. */
export const pieceOf = (price: Minor, chosen: readonly ChosenOption[], rush: Minor): Minor =>
  chosen.reduce((sum, { surcharge }) => sum + surcharge, price + rush)
