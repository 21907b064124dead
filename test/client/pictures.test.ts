import assert from 'node:assert/strict'
import { isRegalError, newId } from '../../src/client.ts'
import { jpeg, png, webp } from '../support/images.ts'
import { openShop, type Shop } from '../support/shop.ts'
import { Clients, transports } from './support.ts'

describe('The client and pictures', () => {
  let shop: Shop
  const clients = new Clients()
  before(async () => {
    shop = await openShop()
  })
  afterEach(() => clients.close())
  after(() => shop.close())

  for (const transport of transports)
    it(`sends and reads them beside calls over ${transport}`, async () => {
      const regal = await clients.signedIn(shop, transport)
      for (const [type, bytes] of [
        ['image/jpeg', jpeg({ note: transport })],
        ['image/png', png({ note: transport })],
        ['image/webp', webp()]
      ] as const) {
        const file = await regal.pictures.upload(bytes, { name: 'shirt' })
        assert.deepEqual([file.content_type, file.bytes], [type, bytes.length])
        assert.deepEqual(await regal.service('files').get(file.id), file)
        assert.deepEqual(await regal.pictures.content(file.id), { type, bytes: new Uint8Array(bytes) })
      }
    })

  it('sends one again that was not answered, and makes it once', async () => {
    let lost = 2
    const flaky = async (url: string, init: never) => {
      const answer = await fetch(url, init)
      if (!url.includes('/files?') || lost-- <= 0) return answer
      await answer.arrayBuffer()
      throw new TypeError('fetch failed')
    }
    const regal = await clients.signedIn(shop, 'rest', { fetch: flaky })
    const id = newId()
    const file = await regal.pictures.upload(png({ note: 'again' }), { id })
    assert.equal(file.id, id)
    assert.equal(lost, -1)
    const { total } = await regal.service('files').find({ query: { sha256: file.sha256 } })
    assert.equal(total, 1)
  })

  it('throws what the server says of them', async () => {
    const regal = await clients.signedIn(shop, 'rest')
    const reasonOf = (work: Promise<unknown>) =>
      work.then(
        () => assert.fail('it was taken'),
        (error: unknown) => isRegalError(error) && [error.code, error.reason]
      )
    assert.deepEqual(await reasonOf(regal.pictures.upload(new Uint8Array([1]))), [422, 'invalid_image'])
    assert.deepEqual(await reasonOf(regal.pictures.content(newId())), [404, 'not_found'])
    const nobody = clients.open({ url: shop.url, transport: 'rest' })
    assert.deepEqual(await reasonOf(nobody.pictures.content(newId())), [401, 'not_signed_in'])
  })
})
