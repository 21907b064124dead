import assert from 'node:assert/strict'
import { Validator } from '@seriousme/openapi-schema-validator'
import { openApi } from '../../src/docs/openapi.ts'
import { catalogue } from '../../src/errors.ts'
import { cleanRecord } from '../../src/schemas/clean.ts'
import { resourceNamed, resources } from '../../src/schemas/index.ts'
import { checkExchange } from '../support/contract.ts'

interface Operation {
  operationId: string
  tags: string[]
  description?: string
  'x-roles'?: string[]
  security?: unknown[]
  parameters?: { $ref?: string; name?: string }[]
  requestBody?: { content: { 'application/json': { example?: Record<string, unknown> } } }
  responses: Record<string, Response | { $ref: string }>
}
interface Response {
  description: string
  content?: Record<
    string,
    { schema?: { $ref?: string }; example?: unknown; examples?: Record<string, { $ref: string }> }
  >
}
interface Schema {
  type?: string | string[]
  pattern?: string
  properties?: Record<string, Schema>
  required?: string[]
}
interface Document {
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: {
    schemas: Record<string, Schema>
    responses: Record<string, Response>
    examples: Record<string, { value: { code: number; data: { reason: string } } }>
  }
}

const plain = JSON.parse(JSON.stringify(openApi())) as Document
const { paths, components } = plain
const operations = Object.values(paths).flatMap((item) => Object.values(item))
/** Every answer of every operation, with its JSON where it has any. */
const answers = Object.entries(paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, { responses }]) =>
    Object.entries(responses).map(([status, given]) => {
      const { content } = '$ref' in given ? components.responses[given.$ref.split('/').at(-1)!]! : given
      return { path, method, status, media: content?.['application/json'] }
    })
  )
)
const VERBS = { find: 'get', get: 'get', create: 'post', patch: 'patch', remove: 'delete' } as const
const operationOf = (resource: string, method: keyof typeof VERBS) =>
  paths[method === 'find' || method === 'create' ? `/${resource}` : `/${resource}/{id}`]?.[VERBS[method]]

function walk(value: unknown, visit: (node: Record<string, unknown>) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) visit(value as Record<string, unknown>)
  for (const inner of Object.values(value)) walk(inner, visit)
}

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(JSON.parse(JSON.stringify(plain)))
    assert.ok(valid, JSON.stringify(errors))
  })

  it('is built once', () => assert.equal(openApi(), openApi()))

  it('refers only to what it holds', () => {
    let seen = 0
    walk(plain, ({ $ref }) => {
      if (typeof $ref !== 'string') return
      seen += 1
      const place = $ref.slice(2).split('/')
      assert.ok(
        place.reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], plain),
        $ref
      )
    })
    assert.ok(seen > 500)
  })

  it('gives every operation an id of its own and a known tag', () => {
    const ids = operations.map(({ operationId }) => operationId)
    assert.equal(new Set(ids).size, ids.length)
    const tags = new Set(plain.tags.map(({ name }) => name))
    for (const { tags: own } of operations) assert.ok(own.length === 1 && tags.has(own[0]!))
  })

  it('holds exactly the methods that each resource offers', () => {
    // The body of an upload is no JSON, so that it is no create of Feathers.
    const offers = (name: string, methods: readonly string[]) => (name === 'files' ? [...methods, 'create'] : methods)
    for (const { name, methods } of resources)
      for (const method of Object.keys(VERBS) as (keyof typeof VERBS)[])
        assert.equal(Boolean(operationOf(name, method)), offers(name, methods).includes(method), `${method} ${name}`)
  })

  it('names every reason of the catalogue below its status, with an example, and no other', () => {
    const words = new Set(['no_method'])
    for (const { status, media } of answers) {
      if (media?.schema?.$ref !== '#/components/schemas/Error') continue
      const examples = Object.entries(media.examples ?? {})
      assert.ok(examples.length, status)
      for (const [word, { $ref }] of examples) {
        words.add(word)
        assert.equal($ref, `#/components/examples/${word}`)
        const { code, data } = components.examples[word]!.value
        assert.deepEqual([String(code), data.reason], [status, word])
      }
    }
    assert.deepEqual([...words].sort(), Object.keys(catalogue).sort())
  })

  it('shows for every answer an example that is one', () => {
    for (const { path, method, status, media } of answers) {
      if (!media) continue
      const named = Object.values(media.examples ?? {}).map(({ $ref }) => components.examples[$ref.split('/').at(-1)!]!)
      const bodies = media.example === undefined ? named.map(({ value }) => value) : [media.example]
      assert.ok(bodies.length, `${method} ${path} ${status}`)
      for (const body of bodies) checkExchange({ method: method.toUpperCase(), path, status: Number(status), body })
    }
    assert.ok(answers.length > 1000)
  })

  it('shows for every create an example that its definition takes', () => {
    for (const { name } of resources.filter(({ methods }) => methods.includes('create'))) {
      const { all, input } = resourceNamed(name)
      const example = operationOf(name, 'create')!.requestBody!.content['application/json'].example
      assert.ok(example, name)
      const fields = { ...all, ...input }
      cleanRecord(fields, example, { complete: true, allowed: (field) => !fields[field]!.readOnly })
    }
  })

  it('takes an Idempotency-Key on every create', () => {
    for (const { name } of resources.filter(({ methods }) => methods.includes('create'))) {
      const given = operationOf(name, 'create')!.parameters!.map(({ $ref }) => $ref)
      assert.ok(given.includes('#/components/parameters/IdempotencyKey'), name)
    }
  })

  it('says which built-in roles may, with their limits', () => {
    const list = operationOf('products', 'find')!
    assert.deepEqual(list['x-roles'], ['admin', 'employee', 'cashier'])
    assert.match(
      list.description!,
      /cashier \(where branch_id is empty or the caller's branch; without cost_price, vendor_id\)/
    )
    assert.deepEqual(operationOf('products', 'remove')!['x-roles'], ['admin'])
    assert.match(operationOf('invoices', 'create')!.description!, /A price other than the product's own: admin\./)
  })

  it('asks for a token everywhere but where none is needed', () => {
    const open = operations.filter(({ security }) => security?.length === 0).map(({ operationId }) => operationId)
    const signIn = ['authLogin', 'authLogout', 'authRefresh', 'feathersSignIn']
    assert.deepEqual(open.sort(), [...signIn, 'docsPage', 'healthLive', 'healthReady', 'openApi'].sort())
  })

  it('offers $search and filters where there is something to search and compare', () => {
    const namesOf = (resource: string) => operationOf(resource, 'find')!.parameters!.map(({ name }) => name)
    assert.ok(namesOf('products').includes('$search'))
    assert.ok(!namesOf('stock-levels').includes('$search'))
    assert.ok(namesOf('products').includes('unit_price'))
    assert.ok(!namesOf('products').includes('attributes'), 'structured content has no filter')
    assert.ok(!namesOf('products').includes('stock_level'), 'a computed field has no filter')
  })

  it('shows records as they are on the wire', () => {
    const { Product, ProductCreate, Invoice, User, UserCreate } = components.schemas
    const price = Product!.properties!.unit_price!
    assert.equal(price.type, 'string')
    assert.match('12.50', new RegExp(price.pattern!))
    assert.doesNotMatch('12.5', new RegExp(price.pattern!))
    const given = ProductCreate!.properties!.unit_price!
    assert.match('12.5', new RegExp(given.pattern!))
    assert.doesNotMatch('12.505', new RegExp(given.pattern!))
    assert.doesNotMatch('-1', new RegExp(given.pattern!))
    assert.deepEqual(ProductCreate!.required, ['sku', 'name', 'unit_price', 'cost_price'])
    assert.deepEqual(Object.keys(Invoice!.properties!.totals!.properties!), [
      'subtotal',
      'discount',
      'tax',
      'total',
      'paid',
      'change',
      'balance'
    ])
    assert.ok(!Invoice!.properties!.subtotal, 'a total is nested only')
    assert.equal(Invoice!.properties!.items!.type, 'array')
    assert.ok(!User!.properties!.password_hash && !User!.properties!.password)
    assert.ok(UserCreate!.properties!.password && !UserCreate!.properties!.password_hash)
  })

  it('lets a patch set what a create may, but for what is fixed', () => {
    const { RegisterCreate, RegisterPatch, InvoicePatch } = components.schemas
    assert.ok(RegisterCreate!.properties!.code && !RegisterPatch!.properties!.code)
    assert.ok(RegisterPatch!.properties!.version && !RegisterPatch!.required)
    assert.ok(InvoicePatch!.properties!.items && !InvoicePatch!.properties!.id)
  })
})
