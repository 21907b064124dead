import { type Aggregate, aggregateOf, MEASURES } from './aggregates.ts'
import { columnOf, fieldOf, type Gate, isPlain, parseWhere, refuse, type Where } from './conditions.ts'
import { type Cursor, cursorOf } from './cursor.ts'
import type { Resource } from './define.ts'
import { gateBehind, type Relation, relationOf } from './paths.ts'
import { directionOf, namesOf, wholeNumber } from './words.ts'

/** Related records to put into each record, and what to put into those. */
export interface Include {
  relation: Relation
  include: Include[]
}

/** How many records match: counted, guessed above some thousands, or not asked. */
export type Total = 'exact' | 'estimated' | 'none'
export type Order = [field: string, direction: 1 | -1][]

/** A query that passed the gate: nothing in it is unknown, hidden or of the wrong type. */
export interface Plan {
  where?: Where
  /** Ends with the id, so that the order of any two records is decided. */
  sort: Order
  /** The order was asked for, and is not the resource's own. */
  sorted?: boolean
  /** The columns asked for; undefined for all the reader may see. */
  select?: string[]
  limit: number
  skip: number
  include: Include[]
  search?: string
  total: Total
  /** Pages follow each other by the last record's place in the order, not by counting. */
  after?: Cursor
  /** Groups and measures instead of records. */
  aggregate?: Aggregate
}

export const DEFAULT_LIMIT = 50
export const MAX_LIMIT = 200
export const MAX_SKIP = 10_000_000
export const MAX_INCLUDES = 20
const ALIASES: Record<string, string> = { limit: '$limit', offset: '$skip', search: '$search' }
const TOTALS: Record<string, Total> = {
  true: 'exact',
  false: 'none',
  exact: 'exact',
  estimated: 'estimated',
  none: 'none'
}

function sortOf(gate: Gate, given: unknown): Order {
  if (!isPlain(given)) refuse('$sort', 'must look like $sort[field]=1')
  return Object.entries(given).map(([name, direction]) => {
    if (columnOf(gate, name).kind === 'json') refuse(`$sort.${name}`, 'has no order')
    return [name, directionOf(gate, name, direction)]
  })
}

/** The id decides between equals; in the direction of what it follows, so that an index can be read one way. */
const decided = (sort: Order): Order =>
  sort.some(([name]) => name === 'id') ? sort : [...sort, ['id', sort[0]?.[1] ?? 1]]

const own = new WeakMap<Resource, Order>()

/** The order of a list that asks for none; of fields that its reader does not see it tells nothing. */
export function ownOrder(resource: Resource, readable: ReadonlySet<string>): Order {
  let order = own.get(resource)
  if (!order) {
    order = decided(Object.entries(resource.sort))
    own.set(resource, order)
  }
  return order.every(([name]) => readable.has(name)) ? order : decided(order.filter(([name]) => readable.has(name)))
}

const defaultPlan = ({ resource, readable }: Gate): Plan => ({
  sort: ownOrder(resource, readable),
  limit: DEFAULT_LIMIT,
  skip: 0,
  include: [],
  total: 'exact'
})

function includesOf(gate: Gate, given: unknown): Include[] {
  const roots: Include[] = []
  const paths = namesOf('$include', given)
  if (paths.length > MAX_INCLUDES) refuse('$include', `takes at most ${MAX_INCLUDES} relations`)
  for (const path of paths) {
    let level = roots
    let here: Gate = { ...gate, prefix: '$include.' }
    for (const name of path.split('.')) {
      let node = level.find(({ relation }) => relation.name === name)
      if (!node) {
        node = { relation: relationOf(here, name), include: [] }
        level.push(node)
      }
      here = gateBehind(here, node.relation)
      level = node.include
    }
  }
  return roots
}

function selectOf(gate: Gate, given: unknown): string[] {
  const list = namesOf('$select', given)
  for (const name of list) fieldOf(gate, name)
  return list.includes('id') ? list : ['id', ...list]
}

function searchOf({ resource, readable }: Gate, given: unknown): string {
  if (typeof given !== 'string' || given.length > 200) refuse('$search', 'must be text of at most 200 characters')
  if (!resource.searched.some((name) => readable.has(name))) refuse('$search', 'is not offered here')
  return given.normalize('NFC').trim()
}

/** What each word of a query does to the plan. Anything else is a condition. */
const WORDS: Record<string, (plan: Plan, value: unknown, gate: Gate) => void> = {
  $limit: (plan, value, { textual }) => {
    plan.limit = wholeNumber('$limit', value, textual, MAX_LIMIT)
  },
  $skip: (plan, value, { textual }) => {
    plan.skip = wholeNumber('$skip', value, textual, MAX_SKIP)
  },
  $sort: (plan, value, gate) => {
    const asked = sortOf(gate, value)
    if (!asked.length) return
    plan.sort = decided(asked)
    plan.sorted = true
  },
  $select: (plan, value, gate) => {
    plan.select = selectOf(gate, value)
  },
  $include: (plan, value, gate) => {
    plan.include = includesOf(gate, value)
  },
  $search: (plan, value, gate) => {
    plan.search = searchOf(gate, value)
  },
  $total: (plan, value) => {
    const total = typeof value === 'string' || typeof value === 'boolean' ? TOTALS[String(value)] : undefined
    plan.total = total ?? refuse('$total', 'must be exact, estimated or none')
  }
}

/** Words that are read once the order of the plan is known, or that make it another plan. */
const LATER = new Set(['$after', '$group', ...MEASURES])

function split(query: Record<string, unknown>): { words: [string, unknown][]; conditions: Record<string, unknown> } {
  const words: [string, unknown][] = []
  const conditions: Record<string, unknown> = {}
  for (const [given, value] of Object.entries(query)) {
    const name = ALIASES[given] ?? given
    if (Object.hasOwn(WORDS, name) || LATER.has(name)) words.push([name, value])
    else conditions[given] = value
  }
  return { words, conditions }
}

/** Pages after a cursor: the total is what the reader asked for, as counting would cost more than the page. */
function keyset(gate: Gate, plan: Plan, given: Record<string, unknown>): void {
  if (plan.skip) refuse('$skip', 'does not go with $after')
  if (given.$total === undefined) plan.total = 'none'
  plan.after = cursorOf(gate, plan.sort, given.$after)
}

/** Reads a Feathers query. @throws BadRequest for anything unknown, hidden, nested or of the wrong type */
export function parseQuery(gate: Gate, query: unknown): Plan {
  const plan = defaultPlan(gate)
  if (query === undefined || query === null) return plan
  if (!isPlain(query)) refuse('query', 'must be an object')
  const { words, conditions } = split(query)
  const given = Object.fromEntries(words)
  const aggregate = words.some(([name]) => LATER.has(name) && name !== '$after')
  if (aggregate) plan.aggregate = aggregateOf(gate, given)
  for (const [name, value] of words) {
    if (LATER.has(name) || (aggregate && (name === '$sort' || name === '$limit'))) continue
    WORDS[name]!(plan, value, gate)
  }
  if (given.$after !== undefined) keyset(gate, plan, given)
  const all = parseWhere(gate, conditions)
  if (all.length) plan.where = { and: all }
  return plan
}
