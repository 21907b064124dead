import type { Reason } from '../errors.ts'
import { endpoints } from '../policy/matrix.ts'
import { resources } from '../schemas/index.ts'
import { schemaRef } from './components.ts'
import { countedHeaders, usualHeaders } from './headers.ts'
import { answer, body } from './operations.ts'
import { errorResponses, routeReasons } from './reasons.ts'
import { exampleRules } from './route-schemas.ts'
import type { Json } from './wire.ts'

const ID = '01920000-0000-7000-8000-000000000004'
const ACCESS = 'eyJhbGciOiJIUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJzaWQiOiIwMTkyIn0.c2lnbmF0dXJl'
const REFRESH = 'rt_4rKc0oCq2mEo1oW5'
const user = {
  id: ID,
  username: 'ada',
  email: 'ada@example.com',
  full_name: 'Ada Marsh',
  role: 'cashier',
  branch_id: null,
  is_active: true
}
const tokens = { access_token: ACCESS, refresh_token: REFRESH, token_type: 'bearer', expires_in: 900 }

const pub = { security: [] }

/** `security` as the matrix has it, so that the document cannot say otherwise. */
const reach = (path: string, method: string): Json => (endpoints[path]?.[method] === 'public' ? pub : {})

interface Route {
  tag: string
  id: string
  summary: string
  description: string
  /** Answers by status. */
  gives: Json
  reasons: Reason[]
  /** `security`, `requestBody`, `parameters`. */
  more?: Json
}

const operation = ({ tag, id, summary, description, gives, reasons, more }: Route): Json => ({
  tags: [tag],
  operationId: id,
  summary,
  description,
  ...more,
  responses: { ...gives, ...errorResponses(reasons) }
})

const signIn = (): Json => ({
  '/auth/login': {
    post: operation({
      tag: 'sign-in',
      id: 'authLogin',
      summary: 'Sign in',
      description: 'Opens a session. No sign-in needed. Failed attempts are counted per account and address.',
      more: {
        ...reach('auth/login', 'create'),
        requestBody: body(schemaRef('Login'), { username: 'ada', password: 'a long pass phrase' })
      },
      gives: { 200: answer('Signed in', schemaRef('LoginAnswer'), { ...tokens, user }) },
      reasons: routeReasons.login
    })
  },
  '/auth/refresh': {
    post: operation({
      tag: 'sign-in',
      id: 'authRefresh',
      summary: 'Buy the next pair of tokens; each refresh token is good for one',
      description: 'The refresh token stands for the sign-in. One that was used before ends the session.',
      more: {
        ...reach('auth/refresh', 'create'),
        requestBody: body(schemaRef('RefreshToken'), { refresh_token: REFRESH })
      },
      gives: { 200: answer('The next pair', schemaRef('Tokens'), tokens) },
      reasons: routeReasons.refresh
    })
  },
  '/auth/logout': {
    post: operation({
      tag: 'sign-in',
      id: 'authLogout',
      summary: 'End a session with its access tokens and sockets',
      description: 'The refresh token stands for the sign-in: whoever has it may end its session.',
      more: {
        ...reach('auth/logout', 'create'),
        requestBody: body(schemaRef('RefreshToken'), { refresh_token: REFRESH })
      },
      gives: { 200: answer('Ended', schemaRef('LoggedOut'), { message: 'The session has ended.' }) },
      reasons: routeReasons.logout
    })
  },
  '/auth/me': {
    get: operation({
      tag: 'sign-in',
      id: 'authMe',
      summary: 'Who the caller is, and which rules apply',
      description: 'For whoever is signed in.',
      gives: {
        200: answer('The caller', schemaRef('Me'), { user, role: { id: ID, name: 'cashier' }, rules: exampleRules() })
      },
      reasons: routeReasons.session
    })
  }
})

const ended = { authentication: { strategy: 'jwt' }, user }

/** The protocol of Feathers' own client. */
const feathers = (): Json => ({
  '/authentication': {
    post: operation({
      tag: 'sign-in',
      id: 'feathersSignIn',
      summary: 'Sign in as Feathers’ own client does',
      description: 'By user name or e-mail and password, or with an access token again. No sign-in needed.',
      more: {
        ...reach('authentication', 'create'),
        requestBody: body(schemaRef('AuthenticationRequest'), {
          strategy: 'local',
          username: 'ada',
          password: 'a long pass phrase'
        })
      },
      gives: {
        201: answer('Signed in', schemaRef('AuthenticationAnswer'), {
          accessToken: ACCESS,
          refreshToken: REFRESH,
          authentication: {
            strategy: 'local',
            payload: { sub: ID, sid: ID, aud: 'regal', iat: 1_769_850_000, exp: 1_769_850_900 }
          },
          user
        })
      },
      reasons: [...routeReasons.login, 'token_invalid', 'token_expired', 'session_ended']
    }),
    delete: operation({
      tag: 'sign-in',
      id: 'feathersSignOut',
      summary: 'Sign out as Feathers’ own client does',
      description: 'Ends the caller’s session. For whoever is signed in.',
      gives: { 200: answer('Ended', schemaRef('AuthenticationEnd'), ended) },
      reasons: [...routeReasons.session, 'no_dry_run']
    })
  },
  '/authentication/{id}': {
    delete: operation({
      tag: 'sign-in',
      id: 'feathersSignOutOf',
      summary: 'The same, with the caller’s own access token as the id',
      description: 'Ends the caller’s session. Addresses end up in logs: leave the token out.',
      more: {
        parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string', maxLength: 2000 } }]
      },
      gives: { 200: answer('Ended', schemaRef('AuthenticationEnd'), ended) },
      reasons: [...routeReasons.session, 'no_dry_run']
    })
  }
})

const example = {
  name: 'brands',
  title: 'Brands',
  label: 'name',
  methods: ['find', 'get'],
  fields: [
    {
      name: 'name',
      title: 'Name',
      kind: 'text',
      required: false,
      readOnly: true,
      searchable: true,
      sortable: true,
      filterable: true,
      creatable: false,
      patchable: false
    }
  ],
  relations: {},
  children: {},
  schema: { type: 'object', properties: { id: { type: 'string', format: 'uuid', maxLength: 36 } }, required: ['id'] }
}

const documents = (): Json => ({
  '/schema': {
    get: operation({
      tag: 'schema',
      id: 'describeResources',
      summary: 'The resources the caller may read, to draw a client from',
      description: 'For whoever is signed in; fields and resources out of their reach are not mentioned.',
      gives: {
        200: answer('For the caller', { type: 'array', items: schemaRef('Descriptor'), maxItems: resources.length }, [
          example
        ])
      },
      reasons: routeReasons.document
    })
  },
  '/openapi.json': {
    get: operation({
      tag: 'schema',
      id: 'openApi',
      summary: 'This document',
      description: 'No sign-in needed: it says what there is, not what is in it.',
      more: pub,
      gives: { 200: answer('OpenAPI 3.1', { type: 'object' }, { openapi: '3.1.0' }) },
      reasons: routeReasons.open
    })
  },
  '/docs': {
    get: operation({
      tag: 'schema',
      id: 'docsPage',
      summary: 'This document as a page to browse',
      description: 'No sign-in needed.',
      more: pub,
      gives: { 200: { description: 'The page', headers: countedHeaders, content: { 'text/html': {} } } },
      reasons: routeReasons.open
    })
  }
})

const health = (id: string, summary: string, no?: string): Json => ({
  get: operation({
    tag: 'health',
    id,
    summary,
    description: 'No sign-in needed, and not counted: asked for by machines, as often as they like.',
    more: pub,
    gives: {
      200: answer('Yes', schemaRef('Health'), { status: no ? 'ready' : 'live' }, usualHeaders),
      ...(no && { 503: answer('No', schemaRef('Health'), { status: no }, usualHeaders) })
    },
    reasons: ['invalid_query']
  })
})

/** Sign-in, health, and the descriptions of the API. */
export const routePaths = (): Json => ({
  ...signIn(),
  ...feathers(),
  ...documents(),
  '/health/live': health('healthLive', 'Whether the process answers'),
  '/health/ready': health(
    'healthReady',
    'Whether it takes requests: database reachable, migrations at head, not stopping',
    'not ready'
  ),
  '/metrics': {
    get: operation({
      tag: 'health',
      id: 'metrics',
      summary: 'Figures for Prometheus',
      description: 'For the holder of `metrics_token`; there is no such address where the settings have none.',
      more: { security: [{ metrics: [] }] },
      gives: { 200: { description: 'Figures', headers: usualHeaders, content: { 'text/plain': {} } } },
      reasons: routeReasons.metrics
    })
  }
})

export const routeTags: Json[] = [
  { name: 'batch', description: 'Many calls in one transaction.' },
  { name: 'sign-in', description: 'Access tokens last 15 minutes, refresh tokens 30 days.' },
  { name: 'schema', description: 'What a client may show and send, per caller.' },
  { name: 'health', description: 'For balancers and supervisors.' }
]
