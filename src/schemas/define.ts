import { type TObject, type TSchema, Type } from '@feathersjs/typebox'
import { type Field, instant, integer, uuid } from './fields.ts'

export type Fields = Record<string, Field>
export type Method = 'find' | 'get' | 'create' | 'patch' | 'remove'
export const ALL_METHODS: readonly Method[] = ['find', 'get', 'create', 'patch', 'remove']

/** Records of another resource that belong to this one (invoice -> items), embedded in every answer when `embed`. */
export interface Children {
  resource: string
  field: string
  embed?: boolean
}

/** An index over several fields, or over the rows where a condition holds; in the latter case unique among those rows. */
export interface TableIndex<Name extends string = string> {
  fields: readonly Name[]
  unique?: boolean
  /** An SQL condition. */
  where?: string
}

export type ChildrenByName = Record<string, Children>
export type None = Record<never, never>

/** The later parameters are what the static types of its records are inferred from; see infer.ts. */
export interface ResourceOptions<
  F extends Fields,
  I extends Fields = Fields,
  C extends ChildrenByName = ChildrenByName,
  M extends Method = Method,
  Changes extends boolean = boolean
> {
  fields: F
  /** Its first name, once it has another: what it is known by to migrations for good. */
  id?: string
  /** The field that names a record to a person. */
  label: (keyof F & string) | 'id'
  methods?: readonly M[]
  /** Uniqueness over several fields. */
  unique?: readonly (readonly (keyof F & string)[])[]
  /** Indexes beside those of single fields and unique keys, by name. */
  indexes?: Record<string, TableIndex<(keyof F & string) | 'created_at'>>
  /** Further rules the database holds: name -> SQL condition. */
  checks?: Record<string, string>
  children?: C
  /** The order of a list that asks for none. */
  sort?: Record<string, 1 | -1>
  /** Data a client sends that is not a column, checked and used by the resource's own service. */
  input?: I
  /** Rows change although no client patches them: a projection of a ledger. */
  changes?: Changes
  /** The table is written by migrations alone: partitioned, or with generated columns. */
  ownTable?: boolean
}

export interface Resource<
  F extends Fields = Fields,
  Name extends string = string,
  I extends Fields = Fields,
  C extends ChildrenByName = ChildrenByName,
  M extends Method = Method,
  Changes extends boolean = boolean
> extends ResourceOptions<F, I, C, M, Changes> {
  name: Name
  id: string
  table: string
  methods: readonly M[]
  children: C
  sort: Record<string, 1 | -1>
  /** The declared fields with `id`, `created_at` and, where records change, `updated_at` and `version`. */
  all: Fields
  /** Names of the columns of the table, in order. */
  columns: readonly string[]
  /** Names that may ever be read by anybody, computed ones included. */
  readable: readonly string[]
  writable: readonly string[]
  /** Relation name -> its reference field and the resource it points to. */
  relations: Record<string, { field: string; resource: string }>
  searched: readonly string[]
  /** Computed for the branch of whoever reads: another for every reader. */
  personal: readonly string[]
  changes: Changes
}

/** What a field is known by for good, through every rename: the id it states, else the name it still has. */
export const fieldId = ({ all }: Pick<Resource, 'all'>, name: string): string => all[name]!.id ?? name

function requireOwnIds(name: string, all: Fields): void {
  const ids = Object.keys(all).map((field) => fieldId({ all }, field))
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  if (twice) throw new Error(`${name}: two fields have the id ${twice}; give the newer one an id of its own`)
}

/** Records can be told apart by version: a client patches them, or `changes` says so. */
type Changed<M extends Method, Changes extends boolean> = 'patch' extends M ? true : Changes

/** Makes a resource of its declaration; throws when the declaration contradicts itself. */
export function defineResource<
  F extends Fields,
  const Name extends string,
  I extends Fields = None,
  const C extends ChildrenByName = None,
  const M extends Method = Method,
  const Changes extends boolean = false
>(name: Name, options: ResourceOptions<F, I, C, M, Changes>): Resource<F, Name, I, C, M, Changed<M, Changes>> {
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) throw new Error(`${name}: a resource is a kebab-case plural`)
  const methods: readonly Method[] = options.methods ?? ALL_METHODS
  const changes = options.changes ?? methods.includes('patch')
  const all: Fields = {
    id: uuid({ fixed: true }),
    created_at: instant({ readOnly: true }),
    ...(changes && { updated_at: instant({ readOnly: true }), version: integer({ readOnly: true }) }),
    ...options.fields
  }
  requireOwnIds(name, all)
  const names = Object.keys(all)
  const relations: Resource['relations'] = {}
  for (const [field, { ref, computed }] of Object.entries(all)) {
    if (ref && !computed && field.endsWith('_id')) relations[field.slice(0, -3)] = { field, resource: ref }
  }
  const indexed = Object.values(options.indexes ?? {}).flatMap(({ fields }) => fields)
  for (const field of [
    options.label,
    ...Object.keys(options.sort ?? {}),
    ...(options.unique ?? []).flat(),
    ...indexed
  ]) {
    if (!all[field]) throw new Error(`${name}: there is no field ${field}`)
  }
  const resource = {
    ...options,
    name,
    id: options.id ?? name,
    table: name.replaceAll('-', '_'),
    methods,
    children: options.children ?? {},
    sort: options.sort ?? { created_at: -1 },
    all,
    columns: names.filter((field) => !all[field]!.computed),
    readable: names.filter((field) => !all[field]!.secret),
    writable: names.filter((field) => !all[field]!.readOnly),
    relations,
    searched: names.filter((field) => all[field]!.search),
    personal: names.filter((field) => (all[field]!.computed?.length ?? 0) > 1),
    changes
  }
  return resource as unknown as Resource<F, Name, I, C, M, Changed<M, Changes>>
}

const schemaOf = (fields: Fields, names: readonly string[], required: (field: Field) => boolean): TObject => {
  const properties: Record<string, TSchema> = {}
  for (const name of names)
    properties[name] = required(fields[name]!) ? fields[name]!.schema : Type.Optional(fields[name]!.schema)
  return Type.Object(properties, { additionalProperties: false })
}

/** JSON Schemas of a resource: what is read, what a create takes. */
export const rowSchema = (resource: Resource): TObject => schemaOf(resource.all, resource.readable, () => false)
export const createSchema = (resource: Resource): TObject => {
  const fields = { ...resource.all, ...resource.input }
  const names = [...new Set([...resource.writable, ...Object.keys(resource.input ?? {})])]
  return schemaOf(fields, names, (field) => !field.optional && field !== resource.all.id)
}
