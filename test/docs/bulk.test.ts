import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { type Json, openShop, type Shop, stockedProduct } from '../support/shop.ts'

const page = readFileSync(new URL('../../docs/bulk.md', import.meta.url), 'utf8')

interface Request {
  method: string
  path: string
  body: string
  headers: Record<string, string>
}

/** The requests of the page that have JSON, as a shell would send them. */
const requests: Request[] = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, text]) => {
  const body = /-d '([\s\S]*?)'/.exec(text!)?.[1]
  const [, method, path] = /-X (\w+) '?localhost:3030([^\s']+)/.exec(text!) ?? []
  const prefer = /-H 'Prefer: ([^']+)'/.exec(text!)?.[1]
  const headers: Record<string, string> = prefer ? { prefer } : {}
  return body && method && path ? [{ method, path, body, headers }] : []
})

describe('docs/bulk.md', () => {
  let shop: Shop
  const answers: Json = {}
  before(async () => {
    shop = await openShop()
    const category = { id: '01920000-0000-7000-8000-0000000000c1', name: 'Coffee' }
    assert.equal((await shop.call('POST', '/categories', category, shop.admin)).status, 201)
    await stockedProduct(shop, { id: '01920000-0000-7000-8000-0000000000d1', unit_price: '4.50' })
    for (const { method, path, body, headers } of requests) {
      const answer = await shop.call(method, path, body, shop.admin, headers)
      assert.ok(answer.status < 300, `${method} ${path}: ${JSON.stringify(answer.body)}`)
      answers[`${method} ${path}`] = answer
    }
  })
  after(() => shop.close())

  it('holds requests that do what it says', () => {
    assert.deepEqual(Object.keys(answers), [
      'POST /batch',
      'POST /products?$upsert=sku',
      'PATCH /products/01920000-0000-7000-8000-0000000000d1'
    ])
    const [batch, upsert, dry] = Object.values(answers) as Json[]
    assert.deepEqual([batch!.status, batch!.body.results.length], [201, 4])
    assert.deepEqual([upsert!.status, upsert!.body.version, upsert!.body.unit_price], [200, 2, '4.80'])
    assert.deepEqual(Object.keys(dry!.body), ['dry_run', 'result', 'changes'])
    assert.deepEqual(Object.keys(dry!.body.changes[0]).sort(), ['action', 'after', 'before', 'id', 'resource'])
    assert.equal(dry!.body.changes[0].before.unit_price, '4.50')
  })
})
