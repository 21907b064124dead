import { createMongoAbility } from '@casl/ability'
import { parseWhere, type Reach, type Where } from '../schemas/conditions.ts'
import type { Resource } from '../schemas/define.ts'
import { isResource, resourceNamed } from '../schemas/index.ts'

/** A CASL rule as `roles.permissions` keeps it. Rules only allow; what no rule allows is forbidden. */
export interface Rule {
  action: string[]
  subject: string[]
  fields?: string[]
  conditions?: Record<string, unknown>
}

export type Action = 'read' | 'create' | 'update' | 'delete' | 'override' | 'discount'

/** What one role may do with one resource by one action: fields that may be read (for `read`) or written (for `create`
 * and `update`), in the order of the definition, and one alternative per rule. */
export type Access = Reach

const everything = new WeakMap<Resource, Access>()

/** What an internal call reaches: every row, every field that is not a secret. */
export function fullAccess(resource: Resource): Access {
  let access = everything.get(resource)
  if (!access) {
    access = { fields: resource.readable, has: new Set(resource.readable) }
    everything.set(resource, access)
  }
  return access
}

const actions: Record<string, Action> = {
  find: 'read',
  get: 'read',
  create: 'create',
  patch: 'update',
  remove: 'delete',
  // Of many at once, from and to a file.
  import: 'create',
  export: 'read'
}
export const actionOf = (method: string): Action => actions[method] ?? 'read'

/** The access of one role, compiled once per resource and action and shared by all who hold the role. */
export class AccessTable {
  readonly rules: Rule[]
  #ability
  #compiled = new Map<string, Access | null>()

  constructor(rules: Rule[]) {
    this.rules = rules
    this.#ability = createMongoAbility(rules)
  }

  /** Null when no rule allows it: a missing rule is a no. */
  of(resource: string, action: Action): Access | null {
    const key = `${action} ${resource}`
    let access = this.#compiled.get(key)
    if (access === undefined) {
      access = this.#compile(resource, action)
      this.#compiled.set(key, access)
    }
    return access
  }

  #compile(name: string, action: Action): Access | null {
    const rules = this.#ability.rulesFor(action, name)
    if (!rules.length || !isResource(name)) return null
    const resource = resourceNamed(name)
    // Where rules differ in their fields only those that all of them allow are given: a row may fall under any.
    const allowed = (field: string) =>
      rules.every((rule) => !rule.fields || rule.fields.includes(field) || field === 'id')
    const reads = resource.readable.filter(allowed)
    const writes = [...resource.writable, ...Object.keys(resource.input ?? {})].filter(allowed)
    const fields = action === 'read' ? reads : writes
    const gate = { resource, readable: new Set(resource.readable), textual: false, variables: true }
    // Who may change a row must see it too: an answer to a change would show it, and a refusal that it exists.
    const seen = action === 'update' || action === 'delete' ? this.of(name, 'read')?.alternatives : undefined
    const open = rules.some(({ conditions }) => !conditions || !Object.keys(conditions).length)
    const alternatives = rules.map(({ conditions = {} }) => ({
      and: parseWhere(gate, conditions as Record<string, unknown>)
    }))
    const reach = both(open ? undefined : alternatives, seen)
    return { fields, has: new Set(fields), ...(reach && { alternatives: reach }) }
  }
}

/** The rows that both lists reach. */
function both(first: Where[] | undefined, second: Where[] | undefined): Where[] | undefined {
  if (!first || !second) return first ?? second
  if (JSON.stringify(first) === JSON.stringify(second)) return first
  return first.flatMap((one) => second.map((other) => ({ and: [one, other] })))
}

const tables = new Map<string, AccessTable>()

/** Compiles a role's rules; equal rules share one table, whoever holds them. */
export function compileAccess(rules: Rule[]): AccessTable {
  const key = JSON.stringify(rules)
  let table = tables.get(key)
  if (!table) {
    if (tables.size > 200) tables.clear()
    table = new AccessTable(rules)
    tables.set(key, table)
  }
  return table
}

const ACTIONS = new Set<string>(['read', 'create', 'update', 'delete', 'override', 'discount'] satisfies Action[])

function checkSubject(name: string, { fields = [], conditions }: Rule): void {
  if (name === 'all') {
    if (conditions || fields.length) throw new TypeError('a rule on all subjects takes no conditions and no fields')
    return
  }
  if (!isResource(name)) throw new TypeError(`there is no resource ${name}`)
  const resource = resourceNamed(name)
  const names = new Set([...resource.readable, ...Object.keys(resource.input ?? {})])
  for (const field of fields) if (!names.has(field)) throw new TypeError(`${name} has no field ${field}`)
  parseWhere({ resource, readable: new Set(resource.readable), textual: false, variables: true }, conditions ?? {})
}

/**
 * Checks rules before they are kept: a word misspelt would allow nothing, and nobody would be told.
 * @throws TypeError, or BadRequest for a condition, naming what cannot be understood
 */
export function checkRules(rules: Rule[]): void {
  for (const rule of rules) {
    for (const action of rule.action) if (!ACTIONS.has(action)) throw new TypeError(`there is no action ${action}`)
    for (const name of rule.subject) checkSubject(name, rule)
  }
}
