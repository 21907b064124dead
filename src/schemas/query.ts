import { BadRequest } from '@feathersjs/errors'
import type { Resource } from './define.ts'
import type { Field } from './fields.ts'
import { kinds } from './kinds.ts'

export type Operator = '$eq' | '$ne' | '$lt' | '$lte' | '$gt' | '$gte' | '$in' | '$nin' | '$null'
/** A value known only at run time: who reads, and which day it is there. */
export interface Variable {
  variable: '$user.id' | '$user.branch_id' | '$today'
}
export type Where = { and: Where[] } | { or: Where[] } | { field: string; op: Operator; value: unknown }

/** A query that passed the gate: nothing in it is unknown, hidden or of the wrong type. */
export interface Plan {
  where?: Where
  sort: [field: string, direction: 1 | -1][]
  /** The columns asked for; undefined for all the reader may see. */
  select?: string[]
  limit: number
  skip: number
  include: string[]
  search?: string
  total: boolean
}

export const DEFAULT_LIMIT = 50
export const MAX_LIMIT = 200
const MAX_SKIP = 10_000_000
const MAX_CONDITIONS = 100
/** How deep `$and` and `$or` nest. */
export const MAX_DEPTH = 5
const MAX_LIST = 500
const OPERATORS = new Set<string>(['$ne', '$lt', '$lte', '$gt', '$gte', '$in', '$nin', '$null'])
const ALIASES: Record<string, string> = { limit: '$limit', offset: '$skip', search: '$search' }
const VARIABLES = new Set<unknown>(['$user.id', '$user.branch_id', '$today'])

export interface Gate {
  resource: Resource
  /** The fields this reader may see: all others do not exist for them. */
  readable: ReadonlySet<string>
  /** Values come from an address, where everything is text. Over a socket nothing is converted. */
  textual: boolean
  /** Conditions of a role may name variables; queries may not. */
  variables?: boolean
}

function refuse(path: string, message: string): never {
  throw new BadRequest(`${path} ${message}`, { reason: 'invalid_query', errors: [{ path, message }] })
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isTrue = (value: unknown) => value === true || value === 'true'
const isFalse = (value: unknown) => value === false || value === 'false'

function fieldOf({ resource, readable }: Gate, name: string): Field {
  const field = Object.hasOwn(resource.all, name) && readable.has(name) ? resource.all[name] : undefined
  return field ?? refuse(name, 'is not a field')
}

function columnOf(gate: Gate, name: string): Field {
  const field = fieldOf(gate, name)
  return field.computed ? refuse(name, 'is computed and cannot be searched or sorted by') : field
}

function comparable(gate: Gate, name: string, field: Field, given: unknown): unknown {
  if (gate.variables && VARIABLES.has(given)) return { variable: given }
  const kind = kinds[field.kind]
  const value = gate.textual && typeof given === 'string' && kind.parse ? kind.parse(given) : given
  if (field.kind === 'json') refuse(name, 'cannot be compared')
  if (field.kind === 'text') return typeof value === 'string' ? value.normalize('NFC') : refuse(name, 'must be text')
  try {
    return kind.clean(value, { scale: field.options.scale, values: field.options.values })
  } catch (error) {
    if (error instanceof TypeError) refuse(name, error.message)
    throw error
  }
}

function listOf(gate: Gate, name: string, field: Field, given: unknown): unknown[] {
  const list = Array.isArray(given) ? given : gate.textual ? [given] : refuse(name, 'needs a list')
  if (list.length > MAX_LIST) refuse(name, `takes at most ${MAX_LIST} values`)
  return list.map((value) => (gate.variables && value === null ? null : comparable(gate, name, field, value)))
}

function condition(gate: Gate, name: string, op: string, given: unknown): Where {
  const field = columnOf(gate, name)
  if (op === '$null') {
    const value = isTrue(given) || (!isFalse(given) && refuse(name, '$null takes true or false'))
    return { field: name, op, value }
  }
  if (op === '$in' || op === '$nin') return { field: name, op, value: listOf(gate, name, field, given) }
  if (op !== '$eq' && !OPERATORS.has(op)) refuse(`${name}.${op}`, 'is not an operator')
  if (given === null && (op === '$eq' || op === '$ne')) return { field: name, op: '$null', value: op === '$eq' }
  if (op !== '$eq' && op !== '$ne' && !kinds[field.kind].ordered) refuse(name, 'has no order')
  return { field: name, op: op as Operator, value: comparable(gate, name, field, given) }
}

interface Budget {
  left: number
}

function spend(budget: Budget): void {
  if (--budget.left < 0) refuse('query', `takes at most ${MAX_CONDITIONS} conditions`)
}

function group(gate: Gate, name: '$or' | '$and', value: unknown, depth: number, budget: Budget): Where[] {
  if (!Array.isArray(value) || !value.every(isPlain)) refuse(name, 'needs a list of conditions')
  const parts = (value as Record<string, unknown>[]).map((part) => ({ and: parseWhere(gate, part, depth + 1, budget) }))
  if (!parts.length) return []
  return [name === '$or' ? { or: parts } : { and: parts }]
}

/** Parses the conditions of a query (or of a role's rule) into a tree. @throws BadRequest naming the path at fault */
export function parseWhere(
  gate: Gate,
  given: Record<string, unknown>,
  depth = 0,
  budget: Budget = { left: MAX_CONDITIONS }
): Where[] {
  if (depth > MAX_DEPTH) refuse('query', 'is nested too deeply')
  return Object.entries(given).flatMap(([name, value]) => {
    spend(budget)
    if (name === '$or' || name === '$and') return group(gate, name, value, depth, budget)
    if (name.startsWith('$')) refuse(name, 'is not an operator')
    if (!isPlain(value)) return [condition(gate, name, '$eq', value)]
    return Object.entries(value).map(([op, operand]) => {
      spend(budget)
      return condition(gate, name, op, operand)
    })
  })
}

function wholeNumber(name: string, given: unknown, textual: boolean, most: number): number {
  const value = textual && typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) refuse(name, 'must be a whole number')
  return Math.min(value, most)
}

const names = (name: string, given: unknown): string[] => {
  const list = typeof given === 'string' ? given.split(',') : given
  if (!Array.isArray(list) || list.length > 100 || !list.every((item) => typeof item === 'string'))
    refuse(name, 'must be a list of names')
  return [...new Set(list as string[])]
}

function sortOf(gate: Gate, given: unknown): Plan['sort'] {
  if (!isPlain(given)) refuse('$sort', 'must look like $sort[field]=1')
  return Object.entries(given).map(([name, direction]) => {
    if (columnOf(gate, name).kind === 'json') refuse(`$sort.${name}`, 'has no order')
    const value = gate.textual && typeof direction === 'string' ? Number(direction) : direction
    return value === 1 || value === -1 ? [name, value] : refuse(`$sort.${name}`, 'must be 1 or -1')
  })
}

const defaultPlan = (resource: Resource): Plan => ({
  sort: Object.entries(resource.sort),
  limit: DEFAULT_LIMIT,
  skip: 0,
  include: [],
  total: true
})

const flagOf = (name: string, value: unknown): boolean =>
  isTrue(value) || (!isFalse(value) && refuse(name, 'must be true or false'))

/** What each word of a query does to the plan. Anything else is a condition. */
const WORDS: Record<string, (plan: Plan, value: unknown, gate: Gate) => void> = {
  $limit: (plan, value, { textual }) => {
    plan.limit = wholeNumber('$limit', value, textual, MAX_LIMIT)
  },
  $skip: (plan, value, { textual }) => {
    plan.skip = wholeNumber('$skip', value, textual, MAX_SKIP)
  },
  $sort: (plan, value, gate) => {
    plan.sort = sortOf(gate, value)
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
    plan.total = flagOf('$total', value)
  }
}

/** Reads a Feathers query. @throws BadRequest for anything unknown, hidden, nested or of the wrong type */
export function parseQuery(gate: Gate, query: unknown): Plan {
  const plan = defaultPlan(gate.resource)
  if (query === undefined || query === null) return plan
  if (!isPlain(query)) refuse('query', 'must be an object')
  const conditions: Record<string, unknown> = {}
  for (const [given, value] of Object.entries(query)) {
    const name = ALIASES[given] ?? given
    const word = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined
    if (word) word(plan, value, gate)
    else conditions[given] = value
  }
  const all = parseWhere(gate, conditions)
  if (all.length) plan.where = { and: all }
  return plan
}

function includesOf({ resource, readable }: Gate, given: unknown): string[] {
  const list = names('$include', given)
  for (const name of list) {
    const relation = Object.hasOwn(resource.relations, name) ? resource.relations[name] : undefined
    const known = relation ? readable.has(relation.field) : Object.hasOwn(resource.children, name)
    if (!known) refuse(`$include.${name}`, 'is not a relation')
  }
  return list
}

function selectOf(gate: Gate, given: unknown): string[] {
  const list = names('$select', given)
  for (const name of list) fieldOf(gate, name)
  return list.includes('id') ? list : ['id', ...list]
}

function searchOf({ resource, readable }: Gate, given: unknown): string {
  if (typeof given !== 'string' || given.length > 200) refuse('$search', 'must be text of at most 200 characters')
  if (!resource.searched.some((name) => readable.has(name))) refuse('$search', 'is not offered here')
  return given.normalize('NFC').trim()
}
