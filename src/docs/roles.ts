import { AccessTable, type Action, actionOf, type Rule } from '../policy/access.ts'
import { BUILT_IN_ROLES, type BuiltInRole, presetOf } from '../policy/presets.ts'
import type { Method, Resource } from '../schemas/define.ts'

const presets = new Map(BUILT_IN_ROLES.map((role) => [role, new AccessTable(presetOf(role))]))

const WORDS: Record<string, string> = {
  '$user.id': 'the caller',
  '$user.branch_id': "the caller's branch",
  $today: 'today',
  null: 'empty'
}
const wordOf = (value: unknown): string => WORDS[String(value)] ?? String(value)

function conditionText([field, value]: [string, unknown]): string {
  const values = (value as { $in?: unknown[] } | null)?.$in
  if (values) return `${field} is ${values.map(wordOf).join(' or ')}`
  return `${field} is ${typeof value === 'object' && value ? JSON.stringify(value) : wordOf(value)}`
}

const rowsOf = (rules: Rule[]): string =>
  rules.map(({ conditions = {} }) => Object.entries(conditions).map(conditionText).join(' and ')).join(', or ')

function limitsOf(role: BuiltInRole, resource: Resource, action: Action): string {
  const table = presets.get(role)!
  const access = table.of(resource.name, action)!
  const rules = table.rules.filter((rule) => rule.subject.includes(resource.name) && rule.action.includes(action))
  const hidden = action === 'delete' ? [] : namesOf(resource, action).filter((name) => !access.has.has(name))
  const rows = access.alternatives && `where ${rowsOf(rules)}`
  const fields = hidden.length && `without ${hidden.join(', ')}`
  const limits = [rows, fields].filter(Boolean).join('; ')
  return limits ? `${role} (${limits})` : role
}

const namesOf = (resource: Resource, action: Action): readonly string[] =>
  action === 'read' ? resource.readable : [...resource.writable, ...Object.keys(resource.input ?? {})]

const holders = (resource: string, action: Action): BuiltInRole[] =>
  BUILT_IN_ROLES.filter((role) => presets.get(role)!.of(resource, action))

/** Which of the built-in roles may call a method, for machines: `x-roles`. */
export const rolesOf = (resource: Resource, method: Method): BuiltInRole[] => holders(resource.name, actionOf(method))

const sentences = new WeakMap<Resource, Map<Action, string>>()

/** Said of a resource's list, record, query and export alike. */
function sentenceOf(resource: Resource, action: Action): string {
  const known = sentences.get(resource) ?? new Map<Action, string>()
  sentences.set(resource, known)
  let sentence = known.get(action)
  if (sentence === undefined) {
    const who = holders(resource.name, action).map((role) => limitsOf(role, resource, action))
    sentence = `Roles: ${who.join('; ') || 'none of the built-in ones'}.`
    known.set(action, sentence)
  }
  return sentence
}

/** The same for people, with the rows and fields it is limited to. */
export function rolesText(resource: Resource, method: Method): string {
  const lines = [sentenceOf(resource, actionOf(method))]
  if (resource.name === 'invoices' && (method === 'create' || method === 'patch')) {
    lines.push(`A price other than the product's own: ${holders('invoices', 'override').join(', ')}.`)
    lines.push(`A discount above the limit of the settings: ${holders('invoices', 'discount').join(', ')}.`)
  }
  return lines.join('\n')
}
