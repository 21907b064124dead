import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { assertBooks, assertVerified } from '../support/books.ts'
import { openShop, type Shop, stockedProduct } from '../support/shop.ts'

const page = readFileSync(new URL('../../docs/selling.md', import.meta.url), 'utf8')
const requests = [...page.matchAll(/```http\n(POST|PATCH) (\S+)\n([\s\S]*?)```/g)]

describe('docs/selling.md', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  it('has requests that the server takes, one after the other', async () => {
    await stockedProduct(shop, { sku: 'COF-250', unit_price: '5.00' })
    await stockedProduct(shop, { sku: 'COF-500', unit_price: '9.00', barcode: '4006381333931' })
    const ada = await shop.user('employee')
    const setting = { pin: '4711', username: 'ada' }
    assert.equal((await shop.call('PATCH', `/users/${ada.id}`, setting, shop.admin)).status, 200)
    assert.equal(requests.length, 10)
    for (const [, method, path, body] of requests) {
      const { status, body: answer } = await shop.call(method!, path!, body, shop.admin, {
        'content-type': 'application/json'
      })
      const taken = method === 'PATCH' ? 200 : 201
      assert.ok(status === taken || (path === '/batch' && status === 200), `${path} ${body}: ${JSON.stringify(answer)}`)
    }
    await assertBooks(shop.db.database)
    await assertVerified(shop.db.database)
  })
})
