import { AssertionError } from 'node:assert'
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { singularOf } from '../../src/docs/components.ts'
import { openApi } from '../../src/docs/openapi.ts'
import type { Resource } from '../../src/schemas/define.ts'
import { resources } from '../../src/schemas/index.ts'

/**
 * Every answer that the tests get is held against the OpenAPI document: an address, method or status that it does not
 * name, a reason it does not list, a body that is not as it says, is a fault of the test that made the call.
 *
 * The document leaves two things open which are closed here. Objects may hold more than it names, as clients must bear
 * with fields added later: here an unknown one is a fault. And only the id of a record is required, as a role may read no
 * more: here an administrator who selects nothing is answered every field.
 */
type Schema = Record<string, unknown> & { properties?: Record<string, Schema>; required?: string[] }
interface Response {
  $ref?: string
  content?: Record<string, { schema?: Schema; examples?: Record<string, unknown> }>
}
interface Document {
  paths: Record<string, Record<string, { responses: Record<string, Response> }>>
  components: { schemas: Record<string, Schema>; responses: Record<string, Response> }
}

export interface Exchange {
  method: string
  /** With or without a query. */
  path: string
  status: number
  body: unknown
  /** The caller may read every field, and asked for no selection. */
  whole?: boolean
}

const OPEN = new Set(['example', 'examples', 'default', 'enum', 'const'])

/** Closes the objects that say what is in them. */
function close(part: unknown): void {
  if (typeof part !== 'object' || part === null) return
  const schema = part as Schema
  if (schema.properties && !Object.hasOwn(schema, 'additionalProperties')) schema.additionalProperties = false
  for (const [name, inner] of Object.entries(schema)) if (!OPEN.has(name)) close(inner)
}

/** Children and related records: there where they are asked for, or where the record was read by itself. */
const isRelated = (schema: Schema) =>
  schema.readOnly === true || String(schema.description ?? '').startsWith('With $include=')

/** Every field that a record has by itself, those that stand in an object of their own included. */
function requireAll(schema: Schema, { all }: Resource): void {
  const { properties = {} } = schema
  schema.required = Object.keys(properties).filter((name) => !isRelated(properties[name]!))
  for (const { under } of Object.values(all))
    if (under) properties[under]!.required = Object.keys(properties[under]!.properties!)
}

class Contract {
  readonly document: Document
  #ajv = new Ajv2020({ strict: false, allErrors: true, logger: false })
  #compiled = new Map<object, ValidateFunction>()
  #byText = new Map<string, ValidateFunction>()

  constructor(whole: boolean) {
    // References lead into the document, wherever the schema that holds them is compiled.
    const text = JSON.stringify(openApi()).replaceAll('"$ref":"#/', '"$ref":"regal#/')
    this.document = JSON.parse(text)
    close(this.document.components.schemas)
    close(this.document.paths)
    const { schemas } = this.document.components
    if (whole) for (const resource of resources) requireAll(schemas[singularOf(resource.name)]!, resource)
    addFormats.default(this.#ajv)
    this.#ajv.addFormat('decimal', /^-?\d+(\.\d+)?$/)
    this.#ajv.addSchema(this.document, 'regal')
  }

  /** Compiled once, also where several answers say the same in objects of their own. */
  validator(schema: object): ValidateFunction {
    let validate = this.#compiled.get(schema)
    if (!validate) {
      const text = JSON.stringify(schema)
      validate = this.#byText.get(text) ?? this.#ajv.compile(schema)
      this.#byText.set(text, validate)
      this.#compiled.set(schema, validate)
    }
    return validate
  }

  response(path: string, verb: string, status: number): Response | undefined {
    const given = this.document.paths[path]?.[verb]?.responses[status]
    return given?.$ref ? this.document.components.responses[given.$ref.split('/').at(-1)!] : given
  }
}

const contracts = new Map<boolean, Contract>()

/** Compiled once per process, when first needed. */
function contractFor(whole: boolean): Contract {
  const contract = contracts.get(whole) ?? new Contract(whole)
  contracts.set(whole, contract)
  return contract
}

/** The documented path that an address is one of, where that takes the method. */
function templateOf({ document }: Contract, address: string, verb: string): string | undefined {
  const path = address.split('?')[0]!.replace(/(?<=.)\/$/, '')
  if (document.paths[path]?.[verb]) return path
  const template = path.replace(/[^/]+(\/content)?$/, '{id}$1')
  return document.paths[template]?.[verb] ? template : undefined
}

/** The fault that lies deepest: of several shapes that a body could have, the one that it comes nearest to. */
function deepest(errors: ErrorObject[]): string {
  const [{ instancePath, message = '', params }] = [...errors].sort(
    (a, b) => b.instancePath.split('/').length - a.instancePath.split('/').length
  ) as [ErrorObject]
  const what = params.additionalProperty ?? params.allowedValues ?? ''
  return `${instancePath.slice(1) || 'the body'} ${message} ${what && JSON.stringify(what)}`.trim()
}

function fail(exchange: Exchange, what: string): never {
  const { method, path, status, body } = exchange
  const sentence = `${method} ${path.slice(0, 300)} answered ${status}: ${what}`
  const text = JSON.stringify(body)?.slice(0, 1000)
  throw new AssertionError({ message: `${sentence}\n${text}`, stackStartFn: checkExchange })
}

function requireShape(contract: Contract, exchange: Exchange, schema: object): void {
  const validate = contract.validator(schema)
  if (!validate(exchange.body)) fail(exchange, `${deepest(validate.errors!)}, says the document`)
}

const ERROR = { $ref: 'regal#/components/schemas/Error' }

/** Throws unless an answer is as the OpenAPI document says. */
export function checkExchange(exchange: Exchange): void {
  const { method, path, status, body, whole = false } = exchange
  // A browser's question about other origins, answered for all addresses alike and without a body.
  if (method === 'OPTIONS') return
  // Node's own, to headers that are too large: the program never sees the request.
  if (status === 431 && body === undefined) return
  const contract = contractFor(whole && status < 300)
  const verb = method === 'HEAD' ? 'get' : method.toLowerCase()
  const template = templateOf(contract, path, verb)
  if (!template) {
    if (status < 400) fail(exchange, 'no such address is in the document')
    if (body !== undefined) requireShape(contract, exchange, ERROR)
    return
  }
  const { reason } = (body as { data?: { reason?: string } } | undefined)?.data ?? {}
  // Said once for all addresses, in the description of the document.
  if (reason === 'no_method' || reason === 'no_route') {
    requireShape(contract, exchange, ERROR)
    return
  }
  const response = contract.response(template, verb, status)
  if (!response) fail(exchange, `${template} has no such status in the document`)
  const media = response.content?.['application/json']
  if (!media || method === 'HEAD') return
  requireShape(contract, exchange, media.schema!)
  if (status >= 400 && reason && !Object.hasOwn(media.examples ?? {}, reason))
    fail(exchange, `${template} does not list ${reason} in the document`)
}

const HTTP: Record<string, [verb: string, one: boolean]> = {
  find: ['GET', false],
  get: ['GET', true],
  create: ['POST', false],
  patch: ['PATCH', true],
  remove: ['DELETE', true]
}

/** The same for a call over a socket: its answers are those of REST, without a status where it went well. */
export function checkCall(
  method: string,
  path: unknown,
  { error, result }: { error?: unknown; result?: unknown }
): void {
  const [verb, one] = (Object.hasOwn(HTTP, method) && HTTP[method]) || []
  if (!verb || typeof path !== 'string') return
  const address = `/${path}${one ? '/id' : ''}`
  const status = error ? (error as { code: number }).code : successOf(address, verb.toLowerCase())
  checkExchange({ method: verb, path: address, status, body: error ?? result })
}

/** The status that REST would have answered: the last of those below 300, as a replayed create comes before a new one. */
function successOf(address: string, verb: string): number {
  const contract = contractFor(false)
  const { responses } = contract.document.paths[templateOf(contract, address, verb) ?? '']?.[verb] ?? { responses: {} }
  return Number(Object.keys(responses).findLast((status) => Number(status) < 300))
}

/** The same for the record that an event carries. */
export function checkEvent(name: string, record: unknown): void {
  const [path = '', event = ''] = name.split(' ')
  if (!['created', 'patched', 'removed'].includes(event)) return
  const contract = contractFor(false)
  const schema = contract.document.components.schemas[singularOf(path)]
  if (schema) requireShape(contract, { method: 'event', path: name, status: 0, body: record }, schema)
}
