import { failure } from '../errors.ts'
import { type Gate, type Reach, refuse } from './conditions.ts'
import type { Resource } from './define.ts'
import { resourceNamed } from './index.ts'

/** The way from a record to related ones: `own` column here equals `their` column there. */
export interface Relation {
  name: string
  target: Resource
  own: string
  their: string
  /** Children: any number of records. Otherwise the one that a reference points to, or none. */
  many: boolean
  /** What the reader may see of the target. */
  access: Reach
}

/** Relations one after another in one path: `items.product.vendor`. */
const MAX_PATH = 3

/**
 * The relation of that name, as this reader may follow it; `given` is the path a query named it in. @throws 400 for none, 403 where
 * its records are not theirs
 */
export function relationOf(gate: Gate, name: string, given = name): Relation {
  const { resource, readable, prefix = '', steps = 0 } = gate
  const path = prefix + given
  const none = (): never => refuse(path, given === name ? 'is not a relation' : 'is not a field')
  const reference = Object.hasOwn(resource.relations, name) ? resource.relations[name]! : undefined
  const child = Object.hasOwn(resource.children, name) ? resource.children[name]! : undefined
  const known = reference ? readable.has(reference.field) : child !== undefined
  if (!known || !gate.related) return none()
  if (steps >= MAX_PATH) return refuse(path, `is more than ${MAX_PATH} relations away`)
  const target = resourceNamed((reference ?? child!).resource)
  const access = gate.related(target.name)
  if (!access) throw failure('not_allowed', { errors: [{ path, message: 'is not for you to read' }] })
  if (reference) return { name, target, own: reference.field, their: 'id', many: false, access }
  // Which record a child belongs to is the child's to tell, unless it is shown in that record.
  if (!child!.embed && !access.has.has(child!.field)) return none()
  // What a document is made of is as visible as the document; a rule on its rows is for reading them by themselves.
  const reach = child!.embed ? { ...access, alternatives: undefined } : access
  return { name, target, own: 'id', their: child!.field, many: true, access: reach }
}

/** The gate behind a relation: the same reader before another resource. */
export const gateBehind = (gate: Gate, relation: Relation): Gate => ({
  ...gate,
  resource: relation.target,
  readable: relation.access.has,
  prefix: `${gate.prefix ?? ''}${relation.name}.`,
  steps: (gate.steps ?? 0) + 1
})
