import { BUILT_IN_ROLES, presetOf } from '../policy/presets.ts'
import { ALL_METHODS } from '../schemas/define.ts'
import { resourceNamed, resources } from '../schemas/index.ts'
import { kinds } from '../schemas/kinds.ts'
import { schemaRef } from './components.ts'
import { fieldSchema, type Json } from './wire.ts'

const text = (limits: Json): Json => ({ type: 'string', ...limits })
const object = (properties: Json, optional: Json = {}): Json => ({
  type: 'object',
  properties: { ...properties, ...optional },
  required: Object.keys(properties)
})
const strict = (properties: Json, optional: Json = {}): Json => ({
  ...object(properties, optional),
  additionalProperties: false
})
const flag: Json = { type: 'boolean' }
const uuid = text({ format: 'uuid' })
const name = text({ pattern: '^[a-z][a-z0-9_-]*$', maxLength: 60 })
const title = text({ maxLength: 100 })
const seconds: Json = { type: 'integer', format: 'int64', minimum: 0, maximum: Number.MAX_SAFE_INTEGER }

const jwt = text({
  pattern: '^[\\w-]+\\.[\\w-]+\\.[\\w-]+$',
  maxLength: 2000,
  description: 'A JWT; goes into `Authorization: Bearer`'
})
const refresh = text({
  pattern: '^rt_[\\w-]+$',
  maxLength: 200,
  description: 'Buys the next pair, once'
})
const tokens = {
  access_token: jwt,
  refresh_token: refresh,
  token_type: text({ const: 'bearer' }),
  expires_in: { type: 'integer', minimum: 1, description: 'Seconds the access token lasts' }
}
const userName = text({ minLength: 1, maxLength: 254, description: 'The user name or the e-mail' })
const password = text({ minLength: 1, maxLength: 200, format: 'password' })

/** As the definition of the users has them. */
function userField(field: string): Json {
  return fieldSchema(resourceNamed('users').all[field]!)
}

const relation = object({ field: name, resource: name })
const children = object({ resource: name, field: name }, { embed: flag })

const signIn = (): Json => ({
  SignedInUser: object({
    id: uuid,
    username: userField('username'),
    email: userField('email'),
    full_name: userField('full_name'),
    role: text({ maxLength: 40, description: 'The name of the role' }),
    is_active: flag,
    branch_id: userField('branch_id')
  }),
  Login: strict({ username: userName, password }),
  RefreshToken: strict({ refresh_token: text({ minLength: 1, maxLength: 2000 }) }),
  Tokens: object(tokens),
  LoginAnswer: object({ ...tokens, user: schemaRef('SignedInUser') }),
  LoggedOut: object({ message: text({ maxLength: 100 }) }),
  Me: object({
    user: schemaRef('SignedInUser'),
    role: object({ id: uuid, name: text({ maxLength: 40 }) }),
    rules: {
      ...fieldSchema(resourceNamed('roles').all.permissions!),
      description: 'CASL rules, as `permissions` of the role keeps them'
    }
  })
})

/** What Feathers' own client sends and reads. */
const feathers = (): Json => ({
  AuthenticationRequest: {
    anyOf: [
      strict({ strategy: text({ const: 'local' }), password }, { username: userName, email: userName }),
      strict({ strategy: text({ const: 'jwt' }), accessToken: text({ minLength: 1, maxLength: 2000 }) })
    ]
  },
  AuthenticationAnswer: object(
    {
      accessToken: jwt,
      authentication: object({
        strategy: text({ enum: ['local', 'jwt'] }),
        payload: object({
          sub: uuid,
          sid: uuid,
          aud: text({ const: 'regal' }),
          iat: seconds,
          exp: seconds
        })
      }),
      user: schemaRef('SignedInUser')
    },
    { refreshToken: refresh }
  ),
  AuthenticationEnd: object({
    authentication: object({ strategy: text({ const: 'jwt' }) }),
    user: schemaRef('SignedInUser')
  })
})

const most = Math.max(...resources.map(({ all, input }) => Object.keys({ ...all, ...input }).length))

const descriptors: Json = {
  Descriptor: object(
    {
      name,
      title,
      label: { ...name, description: 'The field that names a record to a person' },
      methods: { type: 'array', items: text({ enum: ALL_METHODS }), maxItems: ALL_METHODS.length },
      fields: { type: 'array', items: schemaRef('FieldDescriptor'), maxItems: most },
      relations: {
        type: 'object',
        description: 'Relation -> its field and resource, for $include',
        additionalProperties: relation
      },
      children: {
        type: 'object',
        description: 'Records of another resource that belong to this one',
        additionalProperties: children
      },
      schema: { type: 'object', description: 'JSON Schema of a record, with the fields the caller may read' }
    },
    {
      create: { type: 'object', description: 'JSON Schema of what a create by the caller takes' },
      patch: { type: 'object', description: 'JSON Schema of what a patch by the caller takes' }
    }
  ),
  FieldDescriptor: object(
    {
      name,
      title,
      kind: text({ enum: Object.keys(kinds) }),
      required: { ...flag, description: 'In a create' },
      readOnly: flag,
      searchable: flag,
      sortable: flag,
      filterable: flag,
      creatable: flag,
      patchable: flag
    },
    {
      writeOnly: { ...flag, description: 'Sent, and never answered' },
      under: { ...name, description: 'The object that the field stands in' },
      relation: { ...name, description: 'The resource that the field refers to' }
    }
  )
}

/** Schemas of the addresses that are no resource. */
export const routeSchemas = (): Json => ({
  ...signIn(),
  ...feathers(),
  ...descriptors,
  Health: object({ status: text({ enum: ['live', 'ready', 'not ready'] }) })
})

/** What the built-in role of the example may do, short enough to be read. */
export const exampleRules = () => presetOf(BUILT_IN_ROLES[2]).slice(0, 1)
