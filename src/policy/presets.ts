import { resources } from '../schemas/index.ts'
import type { Rule } from './access.ts'
import type { Grant } from './grants.ts'
import { endpoints, matrix } from './matrix.ts'

export const BUILT_IN_ROLES = ['admin', 'employee', 'cashier'] as const
export type BuiltInRole = (typeof BUILT_IN_ROLES)[number]

/** `except` becomes the list of the other fields, so that a field added later is hidden until somebody allows it. */
function expand(subject: string, grant: Grant[number]): Rule {
  const { except, ...rule } = grant
  const resource = resources.find(({ name }) => name === subject)!
  const names = [...new Set([...resource.readable, ...Object.keys(resource.input ?? {})])]
  return { ...rule, subject: [subject], ...(except && { fields: names.filter((name) => !except.includes(name)) }) }
}

/** The rules of a built-in role, as `roles.permissions` keeps them. */
export function presetOf(role: BuiltInRole): Rule[] {
  return Object.entries(matrix).flatMap(([subject, row]) => row[role].map((grant) => expand(subject, grant)))
}

/** @throws when a resource, or a method of a service, has no line here: deny by default, and loudly. */
export function requireComplete(services: Record<string, readonly string[]>): void {
  const names = new Set(resources.map(({ name }) => name))
  for (const name of names) if (!matrix[name]) throw new Error(`The role matrix has no line for ${name}`)
  for (const name of Object.keys(matrix))
    if (!names.has(name)) throw new Error(`The role matrix names ${name}, which is not registered`)
  for (const [path, methods] of Object.entries(services)) {
    if (names.has(path)) continue
    for (const method of methods) {
      if (!endpoints[path]?.[method]) throw new Error(`The role matrix has no line for ${method} of ${path}`)
    }
  }
}
