import { titleOf } from '../docs/wire.ts'
import type { Access } from '../policy/access.ts'
import type { Call } from '../policy/call.ts'
import type { Resource } from '../schemas/define.ts'
import type { Field } from '../schemas/fields.ts'
import { resourceNamed } from '../schemas/index.ts'

/** What a column fills. */
export interface Target {
  /** The field of the record. */
  name: string
  field: Field
  /** A part of a structured field: `contacts.phone`. */
  part?: string
  /** The related record is named by this field of its own: `vendor.name`. */
  related?: { resource: Resource; by: string; access: Access | undefined }
}

export interface Reach {
  resource: Resource
  /** What the caller may set; undefined for everything. */
  create?: Access
  call: Call
}

const fieldsOf = (resource: Resource) => ({ ...resource.all, ...resource.input })

/** What may name one record of a resource: a unique field, or what a person calls it by. */
const names = ({ all, label }: Resource, by: string): boolean =>
  Object.hasOwn(all, by) && !all[by]!.secret && (Boolean(all[by]!.unique) || by === label) && all[by]!.kind === 'text'

function relatedOf({ resource, call }: Reach, relation: string, by: string): Target['related'] {
  const found = Object.hasOwn(resource.relations, relation) ? resource.relations[relation] : undefined
  const target = found && resourceNamed(found.resource)
  if (!target || !names(target, by)) return undefined
  const access = call.principal?.access.of(target.name, 'read')
  if (call.principal && !access?.has.has(by)) return undefined
  return { resource: target, by, access: access ?? undefined }
}

/**
 * What a path fills: `name`, `contacts.phone` or `vendor.name`; a sentence where that is nothing the caller may set.
 */
export function targetOf(reach: Reach, path: string): Target | string {
  const { resource, create, call } = reach
  const fields = fieldsOf(resource)
  const [first = '', part, ...more] = path.split('.')
  const related = part && !more.length ? relatedOf(reach, first, part) : undefined
  const name = related ? resource.relations[first]!.field : first
  const field = Object.hasOwn(fields, name) ? fields[name]! : undefined
  const read = call.principal?.access.of(resource.name, 'read')?.has
  const may = name === 'id' || !create || create.has.has(name)
  if (!field || field.secret || (!may && !read?.has(name))) return 'is not a field'
  if (field.readOnly || !may) return 'cannot be set'
  if (related) return { name, field, related }
  if (part === undefined) return { name, field }
  return field.kind === 'json' && !more.length ? { name, field, part } : 'is not a field'
}

/** Titles are compared as people mean them: `Unit price`, `unit_price` and `UNIT PRICE` are one. */
const plainTitle = (title: string): string =>
  title
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim()

/**
 * What a column fills by its title alone: a field by its name or label, or a path. Null for a field that only the server
 * sets, so that an export can be imported again.
 */
export function targetOfTitle(reach: Reach, title: string): Target | null | string {
  const plain = plainTitle(title)
  const found = Object.keys(fieldsOf(reach.resource)).find(
    (name) => plainTitle(name) === plain || plainTitle(titleOf(name)) === plain
  )
  const target = targetOf(reach, found ?? title.trim())
  return target === 'cannot be set' ? null : target
}
