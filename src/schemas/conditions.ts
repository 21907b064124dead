import { BadRequest } from '@feathersjs/errors'
import type { Resource } from './define.ts'
import type { Field } from './fields.ts'
import { kinds } from './kinds.ts'
import { gateBehind, type Relation, relationOf } from './paths.ts'

export type Operator = '$eq' | '$ne' | '$lt' | '$lte' | '$gt' | '$gte' | '$in' | '$nin' | '$null'
/** A value known only at run time: who reads, and which day it is there. */
export interface Variable {
  variable: '$user.id' | '$user.branch_id' | '$today'
}
/** Conditions on a row: on its own fields, or on related rows, of which one within reach must fit. */
export type Where =
  | { and: Where[] }
  | { or: Where[] }
  | { field: string; op: Operator; value: unknown }
  | { relation: Relation; where: Where }

/** What somebody may read of a resource: fields, and rows where any of `alternatives` holds (undefined: every row). */
export interface Reach {
  fields: readonly string[]
  has: ReadonlySet<string>
  alternatives?: Where[]
}

export interface Gate {
  resource: Resource
  /** The fields this reader may see: all others do not exist for them. */
  readable: ReadonlySet<string>
  /** Values come from an address, where everything is text. Over a socket nothing is converted. */
  textual: boolean
  /** Conditions of a role may name variables; queries may not. */
  variables?: boolean
  /** What the reader may see of another resource; null for nothing. Without it relations cannot be named. */
  related?: (resource: string) => Reach | null
  /** The relations on the way here, for the path that an error names: `vendor.`. */
  prefix?: string
  /** How many they are. */
  steps?: number
}

const MAX_CONDITIONS = 100
/** How deep `$and` and `$or` nest. */
export const MAX_DEPTH = 5
/** Conditions on related rows: each is a search of its own. */
const MAX_RELATED = 6
export const MAX_LIST = 500
const OPERATORS = new Set<string>(['$ne', '$lt', '$lte', '$gt', '$gte', '$in', '$nin', '$null'])
const VARIABLES = new Set<unknown>(['$user.id', '$user.branch_id', '$today'])

export function refuse(path: string, message: string): never {
  throw new BadRequest(`${path} ${message}`, { reason: 'invalid_query', errors: [{ path, message }] })
}

export const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isTrue = (value: unknown) => value === true || value === 'true'
export const isFalse = (value: unknown) => value === false || value === 'false'

/** @throws 400 for a field that is not there, or not for this reader: the answer is the same */
export function fieldOf({ resource, readable, prefix = '' }: Gate, name: string): Field {
  const field = Object.hasOwn(resource.all, name) && readable.has(name) ? resource.all[name] : undefined
  return field ?? refuse(prefix + name, 'is not a field')
}

/** A field that has a column, to compare, sort and group by. */
export function columnOf(gate: Gate, name: string): Field {
  const field = fieldOf(gate, name)
  return field.computed ? refuse((gate.prefix ?? '') + name, 'is computed and cannot be searched or sorted by') : field
}

/** A value to compare a field with, in its canonical form. */
export function comparable(gate: Gate, name: string, field: Field, given: unknown): unknown {
  const path = (gate.prefix ?? '') + name
  if (gate.variables && VARIABLES.has(given)) return { variable: given }
  const kind = kinds[field.kind]
  const value = gate.textual && typeof given === 'string' && kind.parse ? kind.parse(given) : given
  if (field.kind === 'json') refuse(path, 'cannot be compared')
  if (field.kind === 'text') return typeof value === 'string' ? value.normalize('NFC') : refuse(path, 'must be text')
  try {
    return kind.clean(value, { scale: field.options.scale, values: field.options.values })
  } catch (error) {
    if (error instanceof TypeError) refuse(path, error.message)
    throw error
  }
}

function listOf(gate: Gate, name: string, field: Field, given: unknown): unknown[] {
  const path = (gate.prefix ?? '') + name
  const list = Array.isArray(given) ? given : gate.textual ? [given] : refuse(path, 'needs a list')
  if (list.length > MAX_LIST) refuse(path, `takes at most ${MAX_LIST} values`)
  return list.map((value) => (gate.variables && value === null ? null : comparable(gate, name, field, value)))
}

function condition(gate: Gate, name: string, op: string, given: unknown): Where {
  const field = columnOf(gate, name)
  const path = (gate.prefix ?? '') + name
  if (op === '$null') {
    const value = isTrue(given) || (!isFalse(given) && refuse(path, '$null takes true or false'))
    return { field: name, op, value }
  }
  if (op === '$in' || op === '$nin') return { field: name, op, value: listOf(gate, name, field, given) }
  if (op !== '$eq' && !OPERATORS.has(op)) refuse(`${path}.${op}`, 'is not an operator')
  if (given === null && (op === '$eq' || op === '$ne')) return { field: name, op: '$null', value: op === '$eq' }
  if (op !== '$eq' && op !== '$ne' && !kinds[field.kind].ordered) refuse(path, 'has no order')
  return { field: name, op: op as Operator, value: comparable(gate, name, field, given) }
}

interface Budget {
  conditions: number
  related: number
}

function spend(budget: Budget, what: keyof Budget): void {
  if (--budget[what] >= 0) return
  const most = what === 'conditions' ? `${MAX_CONDITIONS} conditions` : `${MAX_RELATED} conditions on related records`
  refuse('query', `takes at most ${most}`)
}

function group(gate: Gate, name: '$or' | '$and', value: unknown, depth: number, budget: Budget): Where[] {
  if (!Array.isArray(value) || !value.every(isPlain)) refuse(name, 'needs a list of conditions')
  const parts = (value as Record<string, unknown>[]).map((part) => ({
    and: conditionsOf(gate, part, depth + 1, budget)
  }))
  if (!parts.length) return []
  return [name === '$or' ? { or: parts } : { and: parts }]
}

/** `vendor.name` and `vendor.terms` of one object speak of one and the same vendor. */
function related(gate: Gate, byRelation: Map<string, Record<string, unknown>>, depth: number, budget: Budget): Where[] {
  return [...byRelation].map(([name, conditions]) => {
    spend(budget, 'related')
    const relation = relationOf(gate, name, `${name}.${Object.keys(conditions)[0]}`)
    return { relation, where: { and: conditionsOf(gateBehind(gate, relation), conditions, depth + 1, budget) } }
  })
}

function conditionsOf(gate: Gate, given: Record<string, unknown>, depth: number, budget: Budget): Where[] {
  if (depth > MAX_DEPTH) refuse('query', 'is nested too deeply')
  const byRelation = new Map<string, Record<string, unknown>>()
  const own = Object.entries(given).flatMap(([name, value]) => {
    spend(budget, 'conditions')
    if (name === '$or' || name === '$and') return group(gate, name, value, depth, budget)
    if (name.startsWith('$')) refuse(name, 'is not an operator')
    const dot = name.indexOf('.')
    if (dot > 0) {
      const relation = name.slice(0, dot)
      byRelation.set(relation, { ...byRelation.get(relation), [name.slice(dot + 1)]: value })
      return []
    }
    if (!isPlain(value)) return [condition(gate, name, '$eq', value)]
    return Object.entries(value).map(([op, operand]) => {
      spend(budget, 'conditions')
      return condition(gate, name, op, operand)
    })
  })
  return byRelation.size ? [...own, ...related(gate, byRelation, depth, budget)] : own
}

/** Parses the conditions of a query (or of a role's rule) into a tree. @throws BadRequest naming the path at fault */
export const parseWhere = (gate: Gate, given: Record<string, unknown>): Where[] =>
  conditionsOf(gate, given, 0, { conditions: MAX_CONDITIONS, related: MAX_RELATED })
