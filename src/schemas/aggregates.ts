import { columnOf, type Gate, isFalse, isPlain, isTrue, refuse } from './conditions.ts'
import type { Field } from './fields.ts'
import { kinds } from './kinds.ts'
import { gateBehind, type Relation, relationOf } from './paths.ts'
import { directionOf, namesOf, wholeNumber } from './words.ts'

export const PERIODS = ['day', 'week', 'month', 'quarter', 'year'] as const
export type Period = (typeof PERIODS)[number]
export const FUNCTIONS = ['sum', 'avg', 'min', 'max'] as const
type Function = (typeof FUNCTIONS)[number]
export const MEASURES = ['$count', ...FUNCTIONS.map((name) => `$${name}`)]

/** What records are grouped by: a field of theirs or of a record they refer to, or the period it falls into. */
export interface GroupKey {
  /** As it was asked for, and as the answer names it: `branch_id`, `product.category_id`, `created_at:month`. */
  key: string
  path: Relation[]
  name: string
  field: Field
  period?: Period
}

export interface Measure {
  fn: Function
  name: string
  field: Field
}

export interface Aggregate {
  group: GroupKey[]
  measures: Measure[]
  count: boolean
  /** By a group's key, `count`, or a measure such as `sum.total`. */
  sort: [by: string, direction: 1 | -1][]
  limit: number
}

export const MAX_GROUPS = 1000
export const MAX_KEYS = 4
export const MAX_MEASURES = 20
const NUMBERS = new Set(['money', 'decimal', 'quantity', 'integer'])
/** Words of a list of records: they mean nothing for groups. */
const NOT_HERE = ['$select', '$include', '$after']

function keyOf(gate: Gate, key: string): GroupKey {
  const [path = '', period, more] = key.split(':')
  const names = path.split('.')
  const name = names.pop()!
  const relations: Relation[] = []
  let here: Gate = gate
  for (const step of names) {
    const relation = relationOf(here, step)
    if (relation.many) refuse(`$group.${key}`, 'leads to many records: group those by themselves')
    relations.push(relation)
    here = gateBehind(here, relation)
  }
  const field = columnOf(here, name)
  if (field.kind === 'json') refuse(`$group.${key}`, 'cannot be compared')
  if (period === undefined) return { key, path: relations, name, field }
  if (more !== undefined || !PERIODS.includes(period as Period))
    refuse(`$group.${key}`, `takes one of ${PERIODS.join(', ')}`)
  if (field.kind !== 'date' && field.kind !== 'instant') refuse(`$group.${key}`, 'is neither a date nor an instant')
  return { key, path: relations, name, field, period: period as Period }
}

function measuresOf(gate: Gate, fn: Function, given: unknown): Measure[] {
  if (given === undefined) return []
  return namesOf(`$${fn}`, given).map((name) => {
    const field = columnOf(gate, name)
    const fits =
      fn === 'sum' || fn === 'avg' ? NUMBERS.has(field.kind) : kinds[field.kind].ordered && field.kind !== 'uuid'
    if (!fits) refuse(`$${fn}.${name}`, fn === 'sum' || fn === 'avg' ? 'is no number' : 'has no order')
    return { fn, name, field }
  })
}

function sortOf(gate: Gate, given: unknown, known: ReadonlySet<string>): Aggregate['sort'] {
  if (!isPlain(given)) refuse('$sort', 'must look like $sort[count]=-1')
  return Object.entries(given).map(([by, direction]) => {
    if (!known.has(by)) refuse(`$sort.${by}`, 'is neither a group nor a measure of this query')
    return [by, directionOf(gate, by, direction)]
  })
}

const flag = (value: unknown): boolean =>
  isTrue(value) || (!isFalse(value) && refuse('$count', 'must be true or false'))

/** Reads `$group`, `$sum`, `$avg`, `$min`, `$max`, `$count`. @throws 400 for what is hidden, unknown or has no sum */
export function aggregateOf(gate: Gate, given: Record<string, unknown>): Aggregate {
  for (const word of NOT_HERE) if (given[word] !== undefined) refuse(word, 'does not go with groups and sums')
  const keys = given.$group === undefined ? [] : namesOf('$group', given.$group)
  if (keys.length > MAX_KEYS) refuse('$group', `takes at most ${MAX_KEYS} fields`)
  const group = keys.map((key) => keyOf(gate, key))
  const measures = FUNCTIONS.flatMap((fn) => measuresOf(gate, fn, given[`$${fn}`]))
  if (measures.length > MAX_MEASURES) refuse('query', `takes at most ${MAX_MEASURES} measures`)
  const count = given.$count === undefined ? !measures.length : flag(given.$count)
  const known = new Set([...keys, ...(count ? ['count'] : []), ...measures.map(({ fn, name }) => `${fn}.${name}`)])
  return {
    group,
    measures,
    count,
    sort: given.$sort === undefined ? [] : sortOf(gate, given.$sort, known),
    limit: given.$limit === undefined ? MAX_GROUPS : wholeNumber('$limit', given.$limit, gate.textual, MAX_GROUPS)
  }
}
