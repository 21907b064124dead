import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { openShop, type Shop } from '../support/shop.ts'

describe('The page on queries', () => {
  let shop: Shop
  let page: string
  before(async () => {
    shop = await openShop()
    page = await readFile(new URL('../../docs/queries.md', import.meta.url), 'utf8')
  })
  after(() => shop.close())

  const blocks = (language: string) =>
    [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(([, text]) => text!.trim())

  it('shows requests that are answered', async () => {
    const requests = blocks('http').flatMap((block) => block.split('\n'))
    assert.ok(requests.length > 15)
    for (const request of requests) {
      const [method, address] = [request.slice(0, request.indexOf(' ')), request.slice(request.indexOf(' ') + 1)]
      const body = method === 'POST' ? {} : undefined
      const { status, body: answer } = await shop.call(method, address, body, shop.admin)
      assert.equal(status, 200, `${request}: ${JSON.stringify(answer)}`)
    }
  })

  it('shows bodies of queries that are taken', async () => {
    const queries = blocks('json').map((text) => JSON.parse(text))
    const [related, answer, products] = queries
    assert.equal((await shop.call('POST', '/invoices/query', related, shop.admin)).status, 200)
    assert.deepEqual(Object.keys(answer), ['total', 'limit', 'skip', 'data'])
    assert.equal((await shop.call('POST', '/products/query', products, shop.admin)).status, 200)
    assert.equal(queries.length, 3)
  })
})
