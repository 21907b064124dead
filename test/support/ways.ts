import type { Resource } from '../../src/schemas/define.ts'
import { resourceNamed } from '../../src/schemas/index.ts'
import { grants, hidden } from '../policy/roles.ts'

/** The roles that do not see everything. */
export const READERS = ['employee', 'cashier'] as const
export type ReaderRole = (typeof READERS)[number]

export const may = (role: ReaderRole, { name }: Resource): boolean => grants[name]![role].verbs.includes('find')
export const hiddenFrom = (role: ReaderRole, { name }: Resource): string[] => [
  ...(hidden[role][name] ?? []),
  ...(hidden.admin[name] ?? [])
]
/** Whether a role does not know of a relation, as its reference is hidden. */
export const unknown = (role: ReaderRole, from: Resource, field: string | undefined): boolean =>
  field !== undefined && hiddenFrom(role, from).includes(field)

/** A step from a record to related ones, as the definition has it. */
export interface Step {
  name: string
  target: Resource
  /** The reference field here; undefined for children. */
  field?: string
  /** Children that are part of the record. */
  embed?: boolean
}

/** All steps from a resource. */
const stepsOf = ({ relations, children }: Resource): Step[] => [
  ...Object.entries(relations).map(([name, { field, resource }]) => ({ name, field, target: resourceNamed(resource) })),
  ...Object.entries(children).map(([name, { resource, embed }]) => ({
    name,
    target: resourceNamed(resource),
    embed: embed === true
  }))
]

/** All ways of one and of two steps. */
export const waysFrom = (resource: Resource): Step[][] =>
  stepsOf(resource).flatMap((first) => [[first], ...stepsOf(first.target).map((second) => [first, second])])

export const pathOf = (way: Step[]): string => way.map(({ name }) => name).join('.')
