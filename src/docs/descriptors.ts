import { type Access, type AccessTable, actionOf } from '../policy/access.ts'
import type { Resource } from '../schemas/define.ts'
import { resourceNamed, resources } from '../schemas/index.ts'
import { isFilterable } from './filters.ts'
import { createBody, givenFields, isPatchable, type Json, patchBody, readSchema, titleOf } from './wire.ts'

/** What one caller may do with one resource. Everything a descriptor says is asked of it. */
interface Reach {
  resource: Resource
  table: AccessTable
  read: Access
  create: ReadonlySet<string>
  patch: ReadonlySet<string>
}

const nothing: ReadonlySet<string> = new Set()

function reachOf(resource: Resource, table: AccessTable): Reach | undefined {
  const read = table.of(resource.name, 'read')
  if (!read) return undefined
  const { methods } = resource
  const fields = givenFields(resource)
  const create = methods.includes('create') ? table.of(resource.name, 'create')?.has : undefined
  const patch = methods.includes('patch') ? table.of(resource.name, 'update')?.has : undefined
  const settable = [...(patch ?? [])].filter((name) => fields[name] && isPatchable(fields[name]))
  return { resource, table, read, create: create ?? nothing, patch: new Set(settable) }
}

function fieldOf({ resource, table, read, create, patch }: Reach, name: string): Json {
  const field = resource.all[name] ?? resource.input![name]!
  const readable = read.has.has(name)
  const written = create.has(name) || patch.has(name)
  const column = readable && isFilterable(field)
  return {
    name,
    title: titleOf(name),
    kind: field.kind,
    ...(field.under && { under: field.under }),
    required: create.has(name) && !field.optional && name !== 'id',
    readOnly: !written,
    ...(!readable && !resource.children[name] && { writeOnly: true }),
    searchable: readable && resource.searched.includes(name),
    sortable: column,
    filterable: column,
    creatable: create.has(name),
    patchable: patch.has(name),
    ...(field.ref && table.of(field.ref, 'read') && { relation: field.ref })
  }
}

/** Children and relations whose records the caller may read too. */
function related({ resource, table, read }: Reach) {
  const relations = Object.entries(resource.relations).filter(
    ([, { field, resource: target }]) => read.has.has(field) && table.of(target, 'read')
  )
  const children = Object.entries(resource.children).filter(([, child]) => table.of(child.resource, 'read'))
  return { relations: Object.fromEntries(relations), children: Object.fromEntries(children) }
}

function recordSchema({ resource, table, read }: Reach): Json {
  const embedded = Object.entries(resource.children).flatMap(([name, child]) => {
    const access = child.embed ? table.of(child.resource, 'read') : null
    if (!access) return []
    return [[name, { type: 'array', items: readSchema(resourceNamed(child.resource), access.fields) }]]
  })
  return readSchema(resource, read.fields, Object.fromEntries(embedded))
}

function describe(reach: Reach): Json {
  const { resource, table, read, create, patch } = reach
  const names = new Set([...read.fields, ...create, ...patch])
  const all = [...Object.keys(resource.all), ...Object.keys(resource.input ?? {})]
  const methods = resource.methods.filter((method) => table.of(resource.name, actionOf(method)))
  return {
    name: resource.name,
    title: titleOf(resource.name.replaceAll('-', '_')),
    label: read.has.has(resource.label) ? resource.label : 'id',
    methods,
    fields: [...new Set(all)].filter((name) => names.has(name)).map((name) => fieldOf(reach, name)),
    ...related(reach),
    schema: recordSchema(reach),
    ...(methods.includes('create') && { create: createBody(resource, (name) => create.has(name)) }),
    ...(methods.includes('patch') && { patch: patchBody(resource, (name) => patch.has(name)) })
  }
}

const made = new WeakMap<AccessTable, object[]>()

/**
 * The resources that holders of a role may read, each with what they may see and send of it, for a client to draw lists
 * and forms from. Fields and resources out of their reach are not mentioned.
 */
export function descriptorsFor(access: AccessTable): object[] {
  let list = made.get(access)
  if (!list) {
    list = resources.flatMap((resource) => {
      const reach = reachOf(resource, access)
      return reach ? [describe(reach)] : []
    })
    made.set(access, list)
  }
  return list
}
