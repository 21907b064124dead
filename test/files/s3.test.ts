import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openStore } from '../../src/store/index.ts'
import { contentOf, hashOf, jpeg, png, upload, webp } from '../support/images.ts'
import { BUCKET, ObjectStore } from '../support/s3.ts'
import { openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('Pictures in an S3-compatible store', () => {
  let store: ObjectStore
  let shop: Shop
  before(async () => {
    store = await new ObjectStore().start()
    shop = await openShop({ files: store.settings() })
  })
  after(async () => {
    await shop.close()
    await store.stop()
  })
  beforeEach(() => {
    store.mode = 'open'
    store.asked.length = 0
  })

  const keyOf = (sha256: string) => `files/${sha256.slice(0, 2)}/${sha256}`

  it('are objects of the bucket, with their type, and nowhere else', async () => {
    for (const [type, bytes] of [
      ['image/jpeg', jpeg()],
      ['image/png', png({ filling: 200_000 })],
      ['image/webp', webp()]
    ] as const) {
      const { status, body } = await upload(shop, bytes)
      assert.equal(status, 201)
      assert.deepEqual(store.objects.get(keyOf(hashOf(bytes))), { body: bytes, type })
      const content = await contentOf(shop, body.id)
      assert.deepEqual([content.bytes, content.headers.get('content-type')], [bytes, type])
      assert.equal(content.headers.get('content-length'), String(bytes.length))
      assert.equal((await contentOf(shop, body.id, { method: 'HEAD' })).status, 200)
    }
    assert.equal(existsSync(join(shop.settings.data_dir, 'files')), false)
  })

  it('are not asked for where the caller has them, or may not have them', async () => {
    const { body } = await upload(shop, png({ note: 'known' }))
    store.asked.length = 0
    const known = await contentOf(shop, body.id, { headers: { 'if-none-match': `"${body.sha256}"` } })
    assert.equal(known.status, 304)
    assert.equal((await contentOf(shop, body.id, { as: 'nonsense' })).status, 401)
    assert.deepEqual(store.asked, [])
  })

  it('go with the last file that has them', async () => {
    const bytes = png({ note: 'twice' })
    const [first, second] = [await upload(shop, bytes), await upload(shop, bytes, { query: 'name=b.png' })]
    const remove = (id: string) => shop.call('DELETE', `/files/${id}`, undefined, shop.admin)
    const leftovers = () => shop.db.database.query('select 1 from file_leftovers')
    await remove(first.body.id)
    while ((await leftovers()).length) await pause(10)
    assert.ok(store.objects.has(keyOf(hashOf(bytes))))
    await remove(second.body.id)
    while ((await leftovers()).length) await pause(10)
    assert.ok(!store.objects.has(keyOf(hashOf(bytes))))
  })

  it('that the store lost are told of in a word', async () => {
    const { body } = await upload(shop, png({ note: 'lost' }))
    store.objects.clear()
    const { status, reason } = await contentOf(shop, body.id)
    assert.deepEqual([status, reason], [404, 'content_missing'])
  })

  it('wait for the store, and the shop does not', async () => {
    const bytes = png({ note: 'away' })
    const kept = await upload(shop, png({ note: 'kept' }))
    store.mode = 'broken'
    const { status, headers, body } = await upload(shop, bytes)
    assert.deepEqual([status, body.data.reason, headers.get('retry-after')], [503, 'store_unavailable', '5'])
    assert.doesNotMatch(JSON.stringify(body), /127\.0\.0\.1|InternalError|AKID/)
    const read = await contentOf(shop, kept.body.id)
    assert.deepEqual([read.status, read.reason], [503, 'store_unavailable'])
    // A removal does not wait: the content goes once the store is back.
    const removed = await shop.call('DELETE', `/files/${kept.body.id}`, undefined, shop.admin)
    assert.equal(removed.status, 200)
    const { id } = await stockedProduct(shop)
    const sale = { items: [{ product_id: id, quantity: 1 }], payments: [{ method: 'cash', amount: '10.00' }] }
    assert.equal((await shop.call('POST', '/invoices', sale, shop.admin)).status, 201)
    store.mode = 'open'
    assert.equal((await upload(shop, bytes)).status, 201)
  })

  it('are given up on when the store does not answer', async function () {
    this.timeout(60_000)
    const { body } = await upload(shop, png({ note: 'silent' }))
    store.mode = 'hole'
    const [read, sent] = await Promise.all([contentOf(shop, body.id), upload(shop, png({ note: 'into a hole' }))])
    assert.deepEqual([read.status, read.reason], [503, 'store_unavailable'])
    assert.deepEqual([sent.status, sent.body.data.reason], [503, 'store_unavailable'])
  })

  it('do not pass for whole when the store breaks off', async () => {
    const { body } = await upload(shop, png({ filling: 500_000 }))
    store.mode = 'half'
    await assert.rejects(contentOf(shop, body.id), /terminated|other side closed|aborted|fetch failed/)
    store.mode = 'open'
    assert.equal((await contentOf(shop, body.id)).status, 200)
  })

  it('are refused with a wrong key, and in a bucket that is not there', async () => {
    const put = (changes: Parameters<ObjectStore['settings']>[0]) =>
      openStore({ files: store.settings(changes), data_dir: shop.settings.data_dir }).put('00', png(), 'image/png')
    const reason = ({ data }: { data?: { reason?: string } }) => data?.reason === 'store_unavailable'
    await assert.rejects(put({ s3_secret_key: 'another' }), reason)
    await assert.rejects(put({ s3_region: 'us-east-1' }), reason)
    const elsewhere = openStore({ files: store.settings({ s3_bucket: 'nothing' }), data_dir: shop.settings.data_dir })
    await assert.rejects(elsewhere.open('00'), reason)
    await put({})
    assert.throws(() => put({ s3_secret_key: '' }), /set together/)
  })

  it('name the bucket in the path or in the host, as the store wants it', async () => {
    const { s3_endpoint } = store.settings()
    const { port } = new URL(s3_endpoint)
    const files = store.settings({ s3_path_style: false, s3_endpoint: `http://localhost:${port}` })
    // Few machines know such a name: what matters is whom it asks for.
    const { cause } = await openStore({ files, data_dir: '' })
      .open('00')
      .then(
        () => assert.fail('there is no such picture'),
        (error) => error
      )
    if (cause.hostname) assert.equal(cause.hostname, `${BUCKET}.localhost`)
    else assert.deepEqual(store.asked, ['GET /files/00/00'])
  })
})
