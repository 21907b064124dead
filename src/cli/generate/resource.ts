import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { singularOf } from '../../docs/components.ts'
import { openApi } from '../../docs/openapi.ts'
import { resources } from '../../schemas/index.ts'
import { CommandError } from '../command.ts'
import { type Allowed, allow, rowsOf } from './access.ts'
import type { Changes } from './changes.ts'
import { type FieldCode, fieldOf, MAX_INDEXED } from './field-words.ts'
import { camel, requireResourceName, sentence } from './names.ts'
import { addEntry, addImport, editing, listIn } from './source.ts'

export interface ResourceWish {
  name: string
  /** As typed: `code:text:unique`. */
  fields: string[]
  label?: string | undefined
  allowed: Allowed
  service: boolean
}

/** Refuses what would meet something that is there: an address, a table, a schema of the API's description. */
async function requireFree(changes: Changes, name: string): Promise<void> {
  if (resources.some((resource) => resource.name === name)) throw new CommandError(`${name}: there is such a resource.`)
  const former = resources.find((resource) => resource.id === name)
  if (former) throw new CommandError(`${name}: is what ${former.name} was first called, and is known by to migrations.`)
  const table = name.replaceAll('-', '_')
  if ((await tablesOf(changes)).has(table))
    throw new CommandError(`${name}: the database has a table ${table} of its own; choose another name.`)
  const { schemas } = (openApi() as { components: { schemas: object } }).components
  const one = singularOf(name)
  const met = ['', 'Page', 'Create', 'Patch'].map((kind) => one + kind).find((schema) => Object.hasOwn(schemas, schema))
  if (met)
    throw new CommandError(
      `${name}: would be ${met} in the API's description, which is something else there; choose another name.`
    )
}

/** Tables, views and indexes that migrations make: they share one space of names. */
async function tablesOf({ root }: Changes): Promise<Set<string>> {
  const folder = join(root, 'migrations')
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql'))
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  const made =
    /\bcreate (?:table|(?:materialized )?view|sequence|(?:unique )?index)(?: concurrently)?(?: if not exists)? "?(\w+)/gi
  return new Set(texts.flatMap((text) => [...text.matchAll(made)].map(([, name]) => name!)))
}

/** @throws CommandError when two of the fields, or a field and a relation, have one name */
export function requireDistinct(fields: readonly { name: string; ref?: string }[]): void {
  const names = fields.flatMap(({ name, ref }) => (ref && name.endsWith('_id') ? [name, name.slice(0, -3)] : [name]))
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice)
    throw new CommandError(`${twice}: two fields, or a field and the record that another refers to, have this name.`)
}

function labelOf(fields: FieldCode[], wished: string | undefined): string {
  if (wished === undefined) return fields.find(({ type, optional }) => type === 'text' && !optional)?.name ?? 'id'
  if (wished !== 'id' && !fields.some(({ name }) => name === wished))
    throw new CommandError(`--label ${wished}: there is no such field.`)
  return wished
}

function definitionOf(name: string, fields: FieldCode[], label: string): string {
  const uses = [...new Set(fields.flatMap((field) => field.uses))].sort()
  const named = fields.find((field) => field.name === label)
  // By name, where there is one that every record has and an index can hold; else the newest first.
  const sorted = named && named.type === 'text' && !named.optional && (named.max ?? 0) <= MAX_INDEXED
  return `${uses.includes('json') ? "import { Type } from '@feathersjs/typebox'\n" : ''}import { defineResource } from './define.ts'
import { ${uses.join(', ')} } from './fields.ts'

/** ${sentence(name)}. */
export const ${camel(name)} = defineResource('${name}', {
  fields: {
${fields.map((field) => `    ${field.name}: ${field.code}`).join(',\n')}
  },
  label: '${label}'${sorted ? `,\n  sort: { ${label}: 1 }` : ''}
})
`
}

const serviceOf = (name: string, service: string) => `import type { Call } from '../policy/call.ts'
import { resourceNamed } from '../schemas/index.ts'
import type { Row } from './projection.ts'
import { type Engine, ResourceService } from './resource.ts'

/** ${sentence(name)}: what they do beyond being found, read, made, changed and removed. */
export class ${service} extends ResourceService {
  constructor(engine: Engine) {
    super(resourceNamed('${name}'), engine)
  }

  /** What a client sent, checked against the definition, on its way to be written; \`id\` is given at a change. */
  protected override prepare(data: Row, call: Call, id?: string): Promise<Row> | Row {
    return super.prepare(data, call, id)
  }
}
`

/** Plans a new resource: definition, registry, access, and a service of its own where one is wished. */
export async function planResource(changes: Changes, wish: ResourceWish): Promise<string[]> {
  const { name } = wish
  requireResourceName(name)
  await requireFree(changes, name)
  if (!wish.fields.length) throw new CommandError(`${name}: name its fields, as in code:text:unique value:money.`)
  const known = [...resources.map((resource) => resource.name), name]
  const fields = wish.fields.map((word) => fieldOf(word, known))
  requireDistinct(fields)
  requireNoLoop(name, fields)
  changes.create(`src/schemas/${name}.ts`, definitionOf(name, fields, labelOf(fields, wish.label)))
  await editing(changes, 'src/schemas/index.ts', (source) => {
    addImport(source, `./${name}.ts`, [camel(name)])
    listIn(source, 'registry').addElement(camel(name), { useNewLines: true })
  })
  await allow(changes, name, wish.allowed, rowsOf(fields))
  if (wish.service) await planService(changes, name)
  return []
}

/** A record that must refer to one of its own kind could never be the first. */
function requireNoLoop(name: string, fields: FieldCode[]): void {
  const own = fields.find(({ ref, optional }) => ref === name && !optional)
  if (own)
    throw new CommandError(`${own.name}: refers to ${name} itself, so that the first could not be made; add :optional.`)
}

async function planService(changes: Changes, name: string): Promise<void> {
  const service = `${singularOf(name)}Service`
  changes.create(`src/services/${name}.ts`, serviceOf(name, service))
  await editing(changes, 'src/services/index.ts', (source) => {
    addImport(source, `./${name}.ts`, [service])
    addEntry(source, 'special', name, `(parts) => new ${service}(parts)`)
  })
}
