import { type Fields, fieldId, type Resource } from '../../schemas/define.ts'
import { resources } from '../../schemas/index.ts'
import { CommandError } from '../command.ts'
import type { Changes } from './changes.ts'
import { editingDefinition, fieldIn, known } from './definition.ts'
import { type FieldCode, fieldOf } from './field-words.ts'
import { lastingId } from './lasting-id.ts'
import { settleDefinition, settleElsewhere } from './mentions.ts'
import { settleReports } from './mentions-reports.ts'
import { camel, requireFieldName } from './names.ts'
import { placesOf } from './places.ts'
import { requireDistinct } from './resource.ts'
import { addImport, dropUnusedImports, editing, keyOf, listIn } from './source.ts'

/** Refuses a name that another field, a relation or a list of children has. `others` are the fields beside it. */
function requireNew({ name: resource, children }: Resource, others: Fields, name: string, ref?: string): void {
  if (others[name]) throw new CommandError(`${name}: ${resource} has such a field.`)
  const had = Object.entries(others).map(([field, { ref: target }]) => ({
    name: field,
    ...(target && { ref: target })
  }))
  requireDistinct([...had, ...Object.keys(children).map((child) => ({ name: child })), { name, ...(ref && { ref }) }])
}

/** A new field is known to migrations by its name, which may be that of an older one for good. */
function requireOwnId(resource: Resource, name: string): void {
  const former = Object.keys(resource.all).find((field) => fieldId(resource, field) === name)
  if (former) throw new CommandError(`${name}: is what ${former} was first called, and is known by to migrations.`)
}

function requireOwnedTable({ name, ownTable }: Resource): void {
  if (ownTable) throw new CommandError(`${name}: its table is written by migrations alone; change it by hand.`)
}

/** The tables are made in the order of the registry: one that refers to another comes after it. */
async function order(changes: Changes, { name }: Resource, refs: string[]): Promise<void> {
  const at = (resource: string) => resources.findIndex((one) => one.name === resource)
  const last = Math.max(...refs.map(at))
  if (last < at(name)) return
  const between = resources.slice(at(name) + 1, last + 1)
  const user = between.find(({ all }) => Object.values(all).some(({ ref }) => ref === name))
  if (user)
    throw new CommandError(
      `${resources[last]!.name} come after ${name}, and ${user.name} refer to ${name}: two tables cannot each be made after the other.`
    )
  await editing(changes, 'src/schemas/index.ts', (source) => {
    const list = listIn(source, 'registry')
    list.removeElement(at(name))
    list.insertElement(last, camel(name), { useNewLines: true })
  })
}

/** Plans fields of a resource that is there. */
export async function planFields(changes: Changes, name: string, words: string[]): Promise<string[]> {
  const resource = known(name)
  requireOwnedTable(resource)
  const named = resources.map((one) => one.name)
  const added: FieldCode[] = words.map((word) => fieldOf(word, named))
  requireDistinct(added)
  for (const field of added) {
    requireNew(resource, resource.all, field.name, field.ref)
    requireOwnId(resource, field.name)
  }
  const refs = added.flatMap(({ ref }) => (ref && ref !== name ? [ref] : []))
  if (refs.length) await order(changes, resource, refs)
  await editingDefinition(changes, resource, (definition) => {
    for (const { name: key, code } of added)
      definition.fields.addPropertyAssignment({ name: keyOf(key), initializer: code })
    addImport(
      definition,
      './fields.ts',
      added.flatMap(({ uses }) => uses)
    )
    if (added.some(({ type }) => type === 'json')) addImport(definition, '@feathersjs/typebox', ['Type'])
  })
  return added.some(({ required }) => required)
    ? ['Rows that are there need a value: "npx regal migrate plan" takes it with --fill.']
    : []
}

/** Plans another name for a field; its lasting id keeps what is stored under it. */
export async function planRename(changes: Changes, name: string, old: string, now: string): Promise<string[]> {
  const resource = known(name)
  requireOwnedTable(resource)
  const { [old]: field, ...others } = resource.all
  const ref = field?.ref
  if (old === now) throw new CommandError(`${now}: is what it is called.`)
  requireFieldName(now)
  if (ref && !now.endsWith('_id')) throw new CommandError(`${now}: a reference ends in _id, as in ${now}_id.`)
  const path = await editingDefinition(changes, resource, (definition) => {
    const line = fieldIn(definition, old)
    requireNew(resource, others, now, ref)
    settleDefinition(definition, old, now)
    if (!field!.computed) lastingId(definition, line, old, now)
    line.getNameNode().replaceWithText(keyOf(now))
  })
  await settleElsewhere(changes, resource, old, now)
  await settleReports(changes, resource, old, now)
  const relation = ref ? [`The record it refers to is included as ${now.slice(0, -3)} now.`] : []
  return [
    ...relation,
    ...(await placesOf(changes, resource, old)),
    `The lasting id in ${path} keeps what is stored; leave it there.`
  ]
}

/** Plans a resource without one of its fields. What is stored in it goes with a migration that counts it first. */
export async function planRemoval(changes: Changes, name: string, old: string): Promise<string[]> {
  const resource = known(name)
  requireOwnedTable(resource)
  await editingDefinition(changes, resource, (definition) => {
    const line = fieldIn(definition, old)
    settleDefinition(definition, old)
    line.remove()
    dropUnusedImports(definition)
  })
  await settleElsewhere(changes, resource, old)
  await settleReports(changes, resource, old)
  return placesOf(changes, resource, old)
}
