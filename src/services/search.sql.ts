import type { Resource } from '../schemas/define.ts'
import { searchText } from '../schemas/search.ts'
import { column, type Statement } from './statement.ts'

/** `words`: every word appears. `near`: every word is like one that appears, for when nothing has them as they are. */
export type Match = 'words' | 'near'

/** Of more hits than this the best are not looked for: who searches for so little will type another letter. */
const CANDIDATES = 1000
const MAX_WORDS = 8

const likeText = (word: string) => `%${word.replace(/[\\%_]/g, '\\$&')}%`
const wordsOf = (search: string) => search.split(/\s+/).filter(Boolean).slice(0, MAX_WORDS)
const visible = (resource: Resource, readable: ReadonlySet<string>) =>
  resource.searched.filter((name) => readable.has(name))

/**
 * The texts to look into: that of all searched fields, which has the index, and where the reader sees only some of
 * them, theirs, which decides. What is like a word in a part is at least as like it in the whole.
 */
function textsOf(resource: Resource, readable: ReadonlySet<string>, alias: string): string[] {
  const whole = `(${searchText(resource, resource.searched, alias)})`
  const names = visible(resource, readable)
  return names.length === resource.searched.length ? [whole] : [whole, `(${searchText(resource, names, alias)})`]
}

/** The condition of a search. pg_trgm's index serves both: https://www.postgresql.org/docs/current/pgtrgm.html */
export function searchSql(
  search: string,
  match: Match,
  resource: Resource,
  readable: ReadonlySet<string>,
  alias: string,
  { bind }: Statement
): string {
  const texts = textsOf(resource, readable, alias)
  const clauses = wordsOf(search).map((word) => {
    const given = bind(match === 'words' ? likeText(word) : word)
    return texts.map((text) => (match === 'words' ? `${text} ilike ${given}` : `${given} <% ${text}`)).join(' and ')
  })
  return clauses.length ? clauses.join(' and ') : 'true'
}

/** How far a hit is from what was searched for; the smallest comes first. */
export interface Ranking {
  /** An expression of the row. */
  distance: string
  /** The ids that are worth ranking, as a condition on the row. */
  candidates(conditions: string): string
}

const hitsSql = (resource: Resource, conditions: string) =>
  `(select t."id" from "${resource.table}" t where ${conditions} limit ${CANDIDATES})`

/**
 * A code or name that is what was typed comes first, then what begins with it, then the rest by likeness. Only the
 * first thousand hits are ranked, and those whose unique code is the search are always among them: ranking all of a
 * million rows for one letter took seconds.
 */
function rankWords(search: string, resource: Resource, names: string[], { bind }: Statement): Ranking {
  const given = bind(search)
  const begins = bind(likeText(search).slice(1))
  const any = (test: (target: string) => string) => names.map((name) => test(column('t', name))).join(' or ')
  const codes = names.filter((name) => resource.all[name]!.unique)
  return {
    distance:
      `case when ${any((target) => `lower(${target}) = lower(${given})`)} then 0` +
      ` when ${any((target) => `${target} ilike ${begins}`)} then 2 else 4 end` +
      ` - word_similarity(${given}, ${searchText(resource, names, 't')})`,
    candidates(conditions) {
      const hits = hitsSql(resource, conditions)
      if (!codes.length) return `t."id" in ${hits}`
      const exact = codes.map((name) => `${column('t', name)} = ${given}`).join(' or ')
      return `t."id" in ((select t."id" from "${resource.table}" t where (${exact}) and ${conditions}) union ${hits})`
    }
  }
}

function rankNear(search: string, resource: Resource, names: string[], { bind }: Statement): Ranking {
  const text = searchText(resource, names, 't')
  const near = wordsOf(search).map((word) => `word_similarity(${bind(word)}, ${text})`)
  return {
    distance: `-(${near.join(' + ')})`,
    candidates: (conditions) => `t."id" in ${hitsSql(resource, conditions)}`
  }
}

export const rankingOf = (
  search: string,
  match: Match,
  resource: Resource,
  readable: ReadonlySet<string>,
  statement: Statement
): Ranking => (match === 'words' ? rankWords : rankNear)(search, resource, visible(resource, readable), statement)
