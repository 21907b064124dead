import type { Resource } from './define.ts'
import { countsNull } from './model.ts'

/** What names one record beside its id: a unique field, or several that are unique together. */
export interface Key {
  fields: readonly string[]
  /** Whether "Coffee" and "coffee" are the same. */
  ignoresCase: boolean
  /** Whether null is a value like others; else records without a value are never the same. */
  countsNull: boolean
}

/** The unique keys that a client can send. What the server alone sets names nothing yet when a record is sent. */
export function keysOf(resource: Resource): Key[] {
  const { all, unique = [] } = resource
  const single = Object.keys(all)
    .filter((name) => all[name]!.unique)
    .map((name) => ({ fields: [name], ignoresCase: all[name]!.unique === 'ignoring-case', countsNull: false }))
  const several = unique.map((fields) => ({ fields, ignoresCase: false, countsNull: countsNull(resource, fields) }))
  return [...single, ...several].filter(({ fields }) => fields.every((name) => !all[name]!.readOnly))
}

/** The unique key over exactly the named fields, in any order; undefined where there is none. */
export function keyNamed(resource: Resource, names: readonly string[]): Key | undefined {
  return keysOf(resource).find(
    ({ fields }) => fields.length === names.length && fields.every((name) => names.includes(name))
  )
}
