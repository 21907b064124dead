import { Script } from 'node:vm'
import { CommandError } from '../command.ts'

/** `gift-cards` -> `giftCards`. */
export const camel = (kebab: string): string => kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
/** `gift-cards` -> `Gift cards`. */
export const sentence = (kebab: string): string => kebab[0]!.toUpperCase() + kebab.slice(1).replaceAll('-', ' ')

const IRREGULAR: Record<string, string> = { man: 'men', person: 'people', child: 'children', datum: 'data' }
const PLURALS = new Set(Object.values(IRREGULAR))

/** Of a word, or of the last word of a kebab-case name. */
function plural(name: string): string {
  const cut = name.lastIndexOf('-') + 1
  const [before, word] = [name.slice(0, cut), name.slice(cut)]
  for (const [one, many] of Object.entries(IRREGULAR))
    if (word.endsWith(one)) return before + word.slice(0, -one.length) + many
  if (/[^aeiou]y$/.test(word)) return `${before}${word.slice(0, -1)}ies`
  return before + word + (/(s|x|z|ch|sh)$/.test(word) ? 'es' : 's')
}

const isPlural = (name: string): boolean => {
  const word = name.slice(name.lastIndexOf('-') + 1)
  return /[^s]s$/.test(word) || [...PLURALS].some((many) => word.endsWith(many))
}

/** Whatever was typed, as words in kebab-case: `GiftCard`, `gift_card` -> `gift-card`. */
const kebab = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .replace(/^-+|-+$/g, '')

const KEBAB = /^[a-z]+(-[a-z]+)*$/
/** Below the 63 bytes that PostgreSQL keeps of a name, with room for what indexes are called. */
const MAX_NAME = 50

/** Addresses of Regal itself, and those that it keeps for itself. */
const ADDRESSES = new Set(
  'api auth authentication batch dashboard docs exports files health imports jobs metrics openapi query reports schema socket'.split(
    ' '
  )
)
/** What the files that the name is written into mean by it. */
const TAKEN = new Set(
  'aliases columns context fields hook indexes kinds next options parts print resources rows tables'.split(' ')
)

/** Whether a variable may be called so. */
function isIdentifier(name: string): boolean {
  try {
    new Script(`'use strict'; const ${name} = 0`)
    return true
  } catch {
    return false
  }
}

function requireFree(name: string): void {
  if (TAKEN.has(name) || !isIdentifier(camel(name)))
    throw new CommandError(`${name}: means something else in the code; add a word, as in shop-${name}.`)
  if (name.length > MAX_NAME) throw new CommandError(`${name}: is longer than ${MAX_NAME} letters.`)
}

/** @throws CommandError, saying what would be a name */
export function requireResourceName(name: string): void {
  const better = kebab(name) && plural(kebab(name))
  const reserved = (word: string) => ADDRESSES.has(word) || ADDRESSES.has(word.replace(/s$/, ''))
  if (reserved(name.replace(/\..*/, '')))
    throw new CommandError(
      `${name}: is an address of Regal itself; say which kind you mean, as in shop-${plural(kebab(name.replace(/s?(\..*)?$/, '')))}.`
    )
  if (!KEBAB.test(name))
    throw new CommandError(
      `${name}: a resource is a plural in small letters and dashes${better && `: ${isPlural(kebab(name)) ? kebab(name) : better}`}.`
    )
  if (!isPlural(name)) throw new CommandError(`${name}: a resource is a plural: ${better}.`)
  requireFree(name)
}

/** Fields that every resource has, words of a query that need no `$`, and what JavaScript means by a name. */
const FIELDS: Record<string, string> = {
  id: 'every resource has it',
  created_at: 'every resource has it',
  updated_at: 'every resource has it',
  version: 'every resource has it',
  limit: 'in a query it is the length of a page',
  offset: 'in a query it is the start of a page',
  search: 'in a query it is what to look for',
  count: 'of groups it is their number of records',
  constructor: 'JavaScript means something else by it',
  prototype: 'JavaScript means something else by it',
  ...Object.fromEntries(
    ['ctid', 'cmin', 'cmax', 'xmin', 'xmax', 'tableoid'].map((name) => [name, 'PostgreSQL keeps it for itself'])
  )
}

/** @throws CommandError, saying what would be a name */
export function requireFieldName(name: string): void {
  if (Object.hasOwn(FIELDS, name)) throw new CommandError(`${name}: ${FIELDS[name]}; choose another word.`)
  if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
    const better = name
      .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[_0-9]+|_+$/g, '')
    throw new CommandError(`${name || '""'}: a field is in small letters and underscores${better && `: ${better}`}.`)
  }
  if (name.length > MAX_NAME) throw new CommandError(`${name}: is longer than ${MAX_NAME} letters.`)
}

/** A name for a file and what it exports. @throws CommandError */
export function requireKebab(name: string, what: string): void {
  if (!KEBAB.test(name))
    throw new CommandError(`${name}: ${what} is in small letters and dashes${kebab(name) && `: ${kebab(name)}`}.`)
  requireFree(name)
}
