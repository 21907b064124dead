import { resources } from '../schemas/index.ts'
import { schemaRef } from './components.ts'
import { countedHeaders, usualHeaders } from './headers.ts'
import { answer } from './operations.ts'
import { routeReasons } from './reasons.ts'
import { operation } from './route.ts'
import { feathersPaths, signInPaths } from './sign-in.ts'
import type { Json } from './wire.ts'

const pub = { security: [] }

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
  ...signInPaths(),
  ...feathersPaths(),
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
