import { createHash } from 'node:crypto'
import type { AccessTable } from '../policy/access.ts'
import { matches, type Reader } from '../policy/reader.ts'
import type { Variable, Where } from '../schemas/conditions.ts'
import type { Resource } from '../schemas/define.ts'
import { resources } from '../schemas/index.ts'

type Bound = { field: string; variable: Variable['variable']; orShared: boolean }
/** One rule's rows: what any node can decide from the record alone, and what depends on who listens. */
interface Alternative {
  rest: Where
  bound: Bound[]
}

const ANY = '*'
const keys = new WeakMap<AccessTable, string>()
const plans = new WeakMap<AccessTable, Map<string, Alternative[] | null>>()

/** The same on every node: equal rules, equal rooms. */
function keyOf(table: AccessTable): string {
  let key = keys.get(table)
  if (!key) {
    key = createHash('sha256').update(JSON.stringify(table.rules)).digest('base64url').slice(0, 16)
    keys.set(table, key)
  }
  return key
}

const variableIn = (value: unknown): Variable['variable'] | undefined => {
  const variable = (value as Variable | null)?.variable
  return variable === '$user.id' || variable === '$user.branch_id' ? variable : undefined
}

/** `field = $user.x`, or `field in (null, $user.x)`. */
function boundBy(part: Where): Bound | undefined {
  if (!('field' in part)) return undefined
  if (part.op === '$eq') {
    const variable = variableIn(part.value)
    return variable && { field: part.field, variable, orShared: false }
  }
  if (part.op !== '$in') return undefined
  const list = part.value as unknown[]
  const variable = list.map(variableIn).find(Boolean)
  return variable && list.length === 2 && list.includes(null)
    ? { field: part.field, variable, orShared: true }
    : undefined
}

function planOf(table: AccessTable, resource: Resource): Alternative[] | null {
  let known = plans.get(table)
  if (!known) {
    known = new Map()
    plans.set(table, known)
  }
  let plan = known.get(resource.name)
  if (plan === undefined) {
    plan = table.of(resource.name, 'read')?.alternatives?.map(alternativeOf) ?? null
    known.set(resource.name, plan)
  }
  return plan
}

function alternativeOf(where: Where): Alternative {
  const parts = 'and' in where ? where.and : [where]
  const bound = parts.map(boundBy)
  return {
    rest: { and: parts.filter((_, i) => !bound[i]) },
    bound: bound.filter((entry) => entry !== undefined)
  }
}

const valueFor = ({ variable }: Bound, reader: Reader) =>
  variable === '$user.id' ? reader.user_id : (reader.scope_branch_id ?? 'none')

const roomName = (table: AccessTable, resource: Resource, rule: number, values: string[]) =>
  `${keyOf(table)} ${resource.name} ${rule} ${values.join(' ')}`

/** Every room a reader belongs in; derived from the same rules as their reads. */
export function roomsOf(table: AccessTable, reader: Reader): string[] {
  const rooms = [keyOf(table)]
  for (const resource of resources) {
    for (const [rule, { bound }] of (planOf(table, resource) ?? []).entries()) {
      let combinations: string[][] = [[]]
      for (const entry of bound) {
        const choices = entry.orShared ? [valueFor(entry, reader), ANY] : [valueFor(entry, reader)]
        combinations = combinations.flatMap((values) => choices.map((choice) => [...values, choice]))
      }
      rooms.push(...combinations.map((values) => roomName(table, resource, rule, values)))
    }
  }
  return rooms
}

/** The rooms of `table`'s holders that a record is for. `today` is the business date where the record belongs. */
export function roomsFor(
  table: AccessTable,
  resource: Resource,
  record: Record<string, unknown>,
  today: string
): string[] {
  if (!table.of(resource.name, 'read')) return []
  const plan = planOf(table, resource)
  if (!plan) return [keyOf(table)]
  const reader = { today, user_id: '', branch_id: null, scope_branch_id: null }
  return plan.flatMap(({ rest, bound }, rule) => {
    if (!matches(rest, record, reader)) return []
    const values = bound.map(({ field, orShared }) =>
      record[field] == null ? (orShared ? ANY : undefined) : String(record[field])
    )
    return values.includes(undefined) ? [] : [roomName(table, resource, rule, values as string[])]
  })
}
