import type { Fields, Resource } from '../src/schemas/define.ts'
import type { Field } from '../src/schemas/fields.ts'
import { resources } from '../src/schemas/index.ts'
import type { Comments } from './definition-comments.ts'

type Json = Record<string, unknown>

/** `invoice-items` -> `InvoiceItems`, what the names of its types begin with. */
const pascal = (name: string) => name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase())
const quoted = (value: unknown) => `'${String(value)}'`
const union = (types: string[]) => [...new Set(types)].join(' | ') || 'never'

/** A JSON Schema, as the definitions write them, in TypeScript. @throws for one that has no type here yet */
function typeOfSchema(schema: Json): string {
  const { type } = schema
  if (schema.anyOf) return union((schema.anyOf as Json[]).map(typeOfSchema))
  if (schema.enum) return union((schema.enum as unknown[]).map((value) => JSON.stringify(value).replaceAll('"', "'")))
  if (Array.isArray(type)) return union(type.map((one) => typeOfSchema({ ...schema, type: one })))
  if (type === 'array') return `(${typeOfSchema(schema.items as Json)})[]`
  if (type === 'object') return typeOfObject(schema)
  if (type === 'integer') return 'number'
  if (['string', 'number', 'boolean', 'null'].includes(type as string)) return type as string
  if (type === undefined) return 'unknown'
  throw new Error(`There is no TypeScript for ${JSON.stringify(schema)}`)
}

function typeOfObject({ properties, patternProperties, additionalProperties, required = [] }: Json): string {
  if (patternProperties) return `Record<string, ${union(Object.values(patternProperties).map(typeOfSchema))}>`
  if (!properties && typeof additionalProperties === 'object')
    return `Record<string, ${typeOfSchema(additionalProperties as Json)}>`
  const members = Object.entries((properties ?? {}) as Record<string, Json>).map(
    ([name, schema]) => `${name}${(required as string[]).includes(name) ? '' : '?'}: ${typeOfSchema(schema)}`
  )
  return `{ ${members.join('; ')} }`
}

const BY_KIND: Record<Exclude<Field['kind'], 'json' | 'choice'>, string> = {
  uuid: 'string',
  text: 'string',
  money: 'string',
  decimal: 'string',
  quantity: 'number',
  integer: 'number',
  boolean: 'boolean',
  date: 'string',
  instant: 'string'
}

function typeOf({ kind, options, schema, nullable }: Field): string {
  const inner = nullable ? (schema.anyOf as Json[])[0]! : schema
  if (kind === 'json') {
    const type = typeOfSchema(inner)
    return nullable && type !== 'unknown' ? `${type} | null` : type
  }
  const type = kind === 'choice' ? union((options.values ?? []).map(quoted)) : BY_KIND[kind]
  return nullable ? `${type} | null` : type
}

const FACTS: Partial<Record<Field['kind'], string>> = {
  money: 'An amount as text, such as "12.50".',
  decimal: 'A decimal as text.',
  quantity: 'Up to three decimals.',
  date: 'A day, such as "2026-01-31".',
  instant: 'An instant in UTC, such as "2026-01-31T09:30:00.000Z".'
}
const FILLED = { branch: 'the branch of the caller', user: 'the caller', today: 'today' }

/** What is known of a field: what its definition says, and what follows from it. */
function commentOf(name: string, field: Field, { fields }: Comments, sent: boolean): string {
  const { ref, defaultFrom, kind, options } = field
  const left = field.default === undefined ? defaultFrom && FILLED[defaultFrom] : JSON.stringify(field.default)
  return [
    fields[name],
    ref ? `The id of one of \`${ref}\`.` : FACTS[kind],
    sent && kind === 'text' && `At most ${options.max} characters.`,
    sent && left && `Left out: ${left}.`,
    sent && name === 'id' && 'Left out: the client makes one.'
  ]
    .filter(Boolean)
    .join(' ')
}

interface Member {
  name: string
  type: string
  comment?: string
  optional?: boolean
}

function membersOf(fields: Fields, names: readonly string[], comments: Comments, sent?: 'create' | 'patch'): Member[] {
  return names.map((name) => ({
    name,
    type: typeOf(fields[name]!),
    comment: commentOf(name, fields[name]!, comments, sent === 'create'),
    optional: sent === 'patch' || (sent === 'create' && (name === 'id' || fields[name]!.optional))
  }))
}

const printed = ({ name, type, comment, optional }: Member, indent = '  '): string =>
  `${comment ? `${indent}/** ${comment.replaceAll('\n', ' ')} */\n` : ''}${indent}${name}${optional ? '?' : ''}: ${type}`

const interfaceOf = (name: string, members: Member[], comment: string): string =>
  `/** ${comment} */\nexport interface ${name} {\n${members.map((member) => printed(member)).join('\n')}\n}\n`

/** The members of a record: fields in their groups, and what is embedded. */
function rowMembers({ all, readable, children }: Resource, comments: Comments): Member[] {
  const plain = readable.filter((name) => !all[name]!.under)
  const groups = [...new Set(readable.flatMap((name) => all[name]!.under ?? []))].map((group) => {
    const members = readable.filter((name) => all[name]!.under === group)
    const text = membersOf(all, members, comments).map((member) => printed(member, '    '))
    return { name: group, type: `{\n${text.join('\n')}\n  }` }
  })
  const embedded = Object.entries(children)
    .filter(([, { embed }]) => embed)
    .map(([name, { resource }]) => ({ name, type: `${pascal(resource)}Row[]` }))
  return [...membersOf(all, plain, comments), ...groups, ...embedded]
}

const VERSION = 'The version that the change is based on: refused when the record has changed since.'

/** What a client may send: the columns it may set, and what the service takes beside them. */
function sentMembers(resource: Resource, comments: Comments, sent: 'create' | 'patch'): Member[] {
  const fields = { ...resource.all, ...resource.input }
  const names = [...new Set([...resource.writable, ...Object.keys(resource.input ?? {})])]
  if (sent === 'create') return membersOf(fields, names, comments, sent)
  const version = { name: 'version', type: 'number', optional: true, comment: VERSION }
  const changing = names.filter((name) => !fields[name]!.fixed)
  return [...membersOf(fields, changing, comments, sent), version]
}

const mapOf = (entries: [string, string][]) =>
  entries.length ? `{ ${entries.map(([name, target]) => `${name}: ${quoted(target)}`).join('; ')} }` : 'Nothing'

function entryOf(resource: Resource, hasFields: boolean): string {
  const { name, methods, all, readable, relations, children } = resource
  const prefix = pascal(name)
  const computed = readable.filter((field) => all[field]!.computed)
  const lines = [
    `row: ${prefix}Row`,
    `fields: ${prefix}${hasFields ? 'Fields' : 'Row'}`,
    `computed: ${union(computed.map(quoted))}`,
    `create: ${methods.includes('create') ? `${prefix}Create` : 'never'}`,
    `patch: ${methods.includes('patch') ? `${prefix}Patch` : 'never'}`,
    `methods: ${union(methods.map(quoted))}`,
    `relations: ${mapOf(Object.entries(relations).map(([relation, to]) => [relation, to.resource]))}`,
    `lists: ${mapOf(Object.entries(children).map(([list, to]) => [list, to.resource]))}`
  ]
  return `  ${quoted(name)}: {\n${lines.map((line) => `    ${line}\n`).join('')}  }`
}

function interfacesOf(resource: Resource, comments: Comments, hasFields: boolean): string[] {
  const { name, all, readable, methods } = resource
  const prefix = pascal(name)
  const about = comments.resource?.replaceAll('\n', ' ') ?? `One of \`${name}\`.`
  const made = [interfaceOf(`${prefix}Row`, rowMembers(resource, comments), about)]
  const fields = membersOf(all, readable, { fields: {} })
  if (hasFields)
    made.push(interfaceOf(`${prefix}Fields`, fields, `What \`${name}\` are filtered, sorted and selected by.`))
  for (const sent of ['create', 'patch'] as const) {
    if (!methods.includes(sent)) continue
    const members = sentMembers(resource, comments, sent)
    made.push(interfaceOf(`${prefix}${pascal(sent)}`, members, `What a ${sent} of \`${name}\` takes.`))
  }
  return made
}

/** The types of every resource as text: what src/client/resources.ts infers, for programs without the definitions. */
export function clientTypes(comments: ReadonlyMap<string, Comments>): string {
  const interfaces: string[] = []
  const entries: string[] = []
  for (const resource of resources) {
    const { all, children, readable } = resource
    const hasFields = readable.some((name) => all[name]!.under) || Object.values(children).some(({ embed }) => embed)
    interfaces.push(...interfacesOf(resource, comments.get(resource.name) ?? { fields: {} }, hasFields))
    entries.push(entryOf(resource, hasFields))
  }
  return [
    '// Printed from the definitions of Regal; see scripts/client-types.ts there.',
    'type Nothing = Record<never, never>\n',
    ...interfaces,
    `/** What the client knows of every resource. */\nexport interface Resources {\n${entries.join('\n')}\n}\n`
  ].join('\n')
}
