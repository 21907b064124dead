import { endpoints } from '../policy/matrix.ts'
import { kinds } from '../schemas/kinds.ts'
import { schemaRef } from './components.ts'
import { answer, body } from './operations.ts'
import { authReasons, errorResponses } from './reasons.ts'
import type { Json } from './wire.ts'

const text = (limits: Json = {}): Json => ({ type: 'string', ...limits })
const object = (properties: Json): Json => ({ type: 'object', properties, required: Object.keys(properties) })
const strict = (properties: Json): Json => ({ ...object(properties), additionalProperties: false })
const flag: Json = { type: 'boolean' }
const uuid = text({ format: 'uuid' })

const tokens = {
  access_token: text({ description: 'A JWT; goes into `Authorization: Bearer`' }),
  refresh_token: text({ description: 'Buys the next pair, once' }),
  token_type: text({ const: 'bearer' }),
  expires_in: { type: 'integer', description: 'Seconds the access token lasts' }
}

/** Schemas of the addresses that are no resource. */
export const routeSchemas: Json = {
  SignedInUser: object({
    id: uuid,
    username: text(),
    email: text(),
    full_name: text(),
    role: text({ description: 'The name of the role' }),
    is_active: flag,
    branch_id: { type: ['string', 'null'], format: 'uuid' }
  }),
  Login: strict({
    username: text({ minLength: 1, maxLength: 254, description: 'The user name or the e-mail' }),
    password: text({ minLength: 1, maxLength: 200, format: 'password' })
  }),
  RefreshToken: strict({ refresh_token: text({ minLength: 1, maxLength: 2000 }) }),
  Tokens: object(tokens),
  LoginAnswer: object({ ...tokens, user: schemaRef('SignedInUser') }),
  Me: object({
    user: schemaRef('SignedInUser'),
    role: object({ id: uuid, name: text() }),
    rules: {
      type: 'array',
      items: { type: 'object' },
      description: 'CASL rules, as `permissions` of the role keeps them'
    }
  }),
  Health: object({ status: text() }),
  Descriptor: object({
    name: text(),
    title: text(),
    label: text({ description: 'The field that names a record to a person' }),
    methods: { type: 'array', items: text() },
    fields: { type: 'array', items: schemaRef('FieldDescriptor') },
    relations: { type: 'object', description: 'Relation -> its field and resource, for $include' },
    children: { type: 'object', description: 'Records of another resource that belong to this one' },
    schema: { type: 'object', description: 'JSON Schema of a record, with the fields the caller may read' }
  }),
  FieldDescriptor: object({
    name: text(),
    title: text(),
    kind: text({ enum: Object.keys(kinds) }),
    required: { ...flag, description: 'In a create' },
    readOnly: flag,
    searchable: flag,
    sortable: flag,
    filterable: flag,
    creatable: flag,
    patchable: flag
  })
}

const pub = { security: [] }

/** `security` as the matrix has it, so that the document cannot say otherwise. */
const reach = (path: string, method: string): Json => (endpoints[path]?.[method] === 'public' ? pub : {})

const auth = (name: 'login' | 'refresh' | 'logout', summary: string, take: Json, give: Json): Json => ({
  post: {
    tags: ['sign-in'],
    operationId: `auth${name[0]!.toUpperCase()}${name.slice(1)}`,
    summary,
    ...reach(`auth/${name}`, 'create'),
    requestBody: take,
    responses: { 200: give, ...errorResponses(authReasons[name]) }
  }
})

const health = (name: string, summary: string): Json => ({
  get: {
    tags: ['health'],
    operationId: `health${name}`,
    summary,
    ...pub,
    responses: {
      200: answer('Yes', schemaRef('Health')),
      ...(name === 'Ready' && { 503: answer('No', schemaRef('Health')) })
    }
  }
})

const read = (tag: string, operationId: string, summary: string, schema: Json): Json => ({
  get: {
    tags: [tag],
    operationId,
    summary,
    responses: { 200: answer('For the caller', schema), ...errorResponses(authReasons.session) }
  }
})

const refreshExample = { refresh_token: 'rt_4rKc0oCq2mEo1oW5' }

/** Sign-in, health and the descriptors. */
export const routePaths: Json = {
  '/auth/login': auth(
    'login',
    'Sign in',
    body(schemaRef('Login'), { username: 'ada', password: 'a long pass phrase' }),
    answer('Signed in', schemaRef('LoginAnswer'))
  ),
  '/auth/refresh': auth(
    'refresh',
    'Buy the next pair of tokens; each refresh token is good for one',
    body(schemaRef('RefreshToken'), refreshExample),
    answer('The next pair', schemaRef('Tokens'))
  ),
  '/auth/logout': auth(
    'logout',
    'End a session with its access tokens and sockets',
    body(schemaRef('RefreshToken'), refreshExample),
    answer('Ended', object({ message: text() }))
  ),
  '/auth/me': read('sign-in', 'authMe', 'Who the caller is, and which rules apply', schemaRef('Me')),
  '/schema': read('schema', 'describeResources', 'The resources the caller may read, to draw a client from', {
    type: 'array',
    items: schemaRef('Descriptor')
  }),
  '/health/live': health('Live', 'Whether the process answers'),
  '/health/ready': health('Ready', 'Whether it takes requests: database reachable, migrations at head, not stopping')
}

export const routeTags: Json[] = [
  { name: 'sign-in', description: 'Access tokens last 15 minutes, refresh tokens 30 days.' },
  { name: 'schema', description: 'What a client may show and send, per caller.' },
  { name: 'health', description: 'For balancers and supervisors.' }
]
