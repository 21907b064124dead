import assert from 'node:assert/strict'
import { openShop, PASSWORD, type Shop } from '../support/shop.ts'

describe('A token that is over', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const login = () => shop.call('POST', '/auth/login', { username: 'admin', password: PASSWORD })

  it('may come along with a sign-in, a refresh or a sign-out, and opens nothing else', async () => {
    const { body: first } = await login()
    const { body: second } = await login()
    await shop.call('POST', '/auth/logout', { refresh_token: first.refresh_token })
    const { refresh_token } = second
    for (const [path, body] of [
      ['/auth/login', { username: 'admin', password: PASSWORD }],
      ['/auth/refresh', { refresh_token }],
      ['/auth/logout', { refresh_token }]
    ] as const)
      assert.equal((await shop.call('POST', path, body, first.access_token)).status, 200, path)
    assert.equal((await shop.call('GET', '/auth/me', undefined, first.access_token)).status, 401)
  })

  it('may be an empty header, which some clients send before they have one', async () => {
    const empty = { authorization: 'Bearer ' }
    const credentials = { username: 'admin', password: PASSWORD }
    assert.equal((await shop.call('POST', '/auth/login', credentials, undefined, empty)).status, 200)
    assert.equal((await shop.call('GET', '/products', undefined, undefined, empty)).status, 401)
  })
})
