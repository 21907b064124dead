import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { get } from 'node:http'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pino } from 'pino'
import { v7 as uuidv7 } from 'uuid'
import { listen } from '../../src/ops/start.ts'
import { FileService } from '../../src/services/files/service.ts'
import { contentOf, hashOf, jpeg, png, upload } from '../support/images.ts'
import { type Json, nextEvent, openShop, type Shop, stockedProduct } from '../support/shop.ts'

describe('The content of pictures', () => {
  let shop: Shop
  let other: string
  let employee: string
  let cashier: string
  let stranger: string
  before(async () => {
    shop = await openShop()
    const branch = await shop.call('POST', '/branches', { name: 'Other', code: 'OTH', timezone: 'UTC' }, shop.admin)
    other = branch.body.id
    const users = await Promise.all([shop.user('employee'), shop.user('cashier'), shop.user('cashier', other)])
    ;[employee, cashier, stranger] = users.map(({ token }) => token) as [string, string, string]
  })
  after(() => shop.close())

  let made = 0
  const picture = async (query = '', as = shop.admin): Promise<Json> => {
    const { status, body } = await upload(shop, png({ note: `picture ${++made}` }), { query, as })
    assert.equal(status, 201, JSON.stringify(body))
    return body
  }
  const placeOf = ({ sha256 }: Json) => join(shop.settings.data_dir, 'files', sha256.slice(0, 2), sha256)
  const isStored = async (file: Json) => (await readFile(placeOf(file)).catch(() => undefined)) !== undefined
  const gone = async (file: Json) => {
    while (await isStored(file)) await pause(10)
  }
  const remove = (id: string, as = shop.admin) => shop.call('DELETE', `/files/${id}`, undefined, as)
  const leftovers = () => shop.db.database.query('select sha256 from file_leftovers')
  const files = () => {
    const service = shop.running.regal.services.get('files')
    assert.ok(service instanceof FileService)
    return service
  }

  it('comes with the headers that let a browser show and keep it, and do nothing else', async () => {
    const file = await picture('name=shirt.png')
    const { status, headers, bytes } = await contentOf(shop, file.id, { as: cashier })
    assert.equal(status, 200)
    assert.equal(hashOf(bytes), file.sha256)
    assert.deepEqual(
      ['content-type', 'content-length', 'etag', 'cache-control', 'vary', 'x-content-type-options'].map((name) =>
        headers.get(name)
      ),
      [
        'image/png',
        String(file.bytes),
        `"${file.sha256}"`,
        'private, max-age=31536000, immutable',
        'Authorization',
        'nosniff'
      ]
    )
    assert.equal(headers.get('content-disposition'), 'inline; filename="shirt.png"')
    assert.match(headers.get('content-security-policy')!, /default-src 'none'/)
    assert.ok(headers.get('ratelimit-remaining'))
  })

  it('is not sent again to who has it', async () => {
    const { id, sha256 } = await picture()
    for (const known of [`"${sha256}"`, `W/"${sha256}"`, `"other", "${sha256}"`, '*']) {
      const { status, headers, bytes } = await contentOf(shop, id, { headers: { 'if-none-match': known } })
      assert.deepEqual([status, bytes.length, headers.get('etag')], [304, 0, `"${sha256}"`], known)
      assert.equal(headers.get('cache-control'), 'private, max-age=31536000, immutable')
    }
    assert.equal((await contentOf(shop, id, { headers: { 'if-none-match': '"other"' } })).status, 200)
    // Nobody learns from it what they may not see.
    const refused = await contentOf(shop, id, { as: 'nonsense', headers: { 'if-none-match': `"${sha256}"` } })
    assert.deepEqual([refused.status, refused.headers.get('cache-control')], [401, 'no-store'])
  })

  it('answers HEAD with the headers alone', async () => {
    const { id, bytes, sha256 } = await picture()
    const head = await contentOf(shop, id, { method: 'HEAD' })
    assert.deepEqual([head.status, head.bytes.length], [200, 0])
    assert.deepEqual([head.headers.get('content-length'), head.headers.get('etag')], [String(bytes), `"${sha256}"`])
    assert.equal((await contentOf(shop, uuidv7(), { method: 'HEAD' })).status, 404)
  })

  it('has no other methods and no other addresses', async () => {
    const { id } = await picture()
    for (const method of ['POST', 'PATCH', 'DELETE', 'PUT']) {
      const { status, headers, body } = await shop.call(method, `/files/${id}/content`, undefined, shop.admin)
      assert.deepEqual([status, body.data.reason, headers.get('allow')], [405, 'no_method', 'GET, HEAD'])
    }
    const statusOf = async (path: string) => {
      const { status, body } = await shop.call('GET', path, undefined, shop.admin)
      return [status, body.data.reason]
    }
    assert.deepEqual(await statusOf(`/files/${id}/other`), [404, 'no_route'])
    assert.deepEqual(await statusOf('/files/nonsense/content'), [400, 'invalid_id'])
    assert.deepEqual(await statusOf('/files/..%2f..%2fjwt.secret/content'), [400, 'invalid_id'])
    assert.deepEqual(await statusOf(`/files/${id}/content?colour=red`), [400, 'invalid_query'])
    assert.deepEqual(await statusOf(`/products/${id}/content`), [404, 'no_route'])
  })

  it('is for those who may see the file: of their branch, or of all', async () => {
    const [shared, own, theirs] = await Promise.all([
      picture('', employee),
      picture(`branch_id=${shop.branch}`, cashier),
      picture(`branch_id=${other}`)
    ])
    const seen = async (as: string) =>
      Promise.all([shared, own, theirs].map(async ({ id }) => (await contentOf(shop, id, { as })).status))
    assert.deepEqual(await seen(shop.admin), [200, 200, 200])
    assert.deepEqual(await seen(employee), [200, 200, 404])
    assert.deepEqual(await seen(cashier), [200, 200, 404])
    assert.deepEqual(await seen(stranger), [200, 404, 200])
    const missing = await contentOf(shop, uuidv7(), { as: cashier })
    const hidden = await contentOf(shop, theirs.id, { as: cashier })
    assert.deepEqual([missing.reason, hidden.reason], ['not_found', 'not_found'])
    const nobody = await fetch(`${shop.url}/files/${shared.id}/content`)
    const said = (await nobody.json()) as Json
    assert.deepEqual([nobody.status, said.data.reason], [401, 'not_signed_in'])
    const listed = await shop.call('GET', '/files?$limit=200', undefined, stranger)
    assert.ok(!listed.body.data.some(({ id }: Json) => id === own.id))
  })

  it('is taken from no one who may not send it, nor for another branch', async () => {
    const total = async () => (await shop.call('GET', '/files?$limit=0', undefined, shop.admin)).body.total
    const before = await total()
    const bytes = png({ note: 'of another branch' })
    const refused = await upload(shop, bytes, { query: `branch_id=${other}`, as: employee })
    assert.deepEqual([refused.status, refused.body.data.reason], [403, 'not_allowed'])
    assert.equal(await isStored({ sha256: hashOf(bytes) }), false)
    const permissions = [{ action: ['read'], subject: ['files'] }]
    const role = await shop.call('POST', '/roles', { name: 'looker', permissions }, shop.admin)
    const { id, username } = await shop.user('employee')
    await shop.call('PATCH', `/users/${id}`, { role_id: role.body.id }, shop.admin)
    const looker = await shop.signIn(username)
    const denied = await upload(shop, bytes, { as: looker })
    assert.deepEqual([denied.status, denied.body.data.reason], [403, 'not_allowed'])
    const nobody = await fetch(`${shop.url}/files`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: bytes
    })
    assert.equal(nobody.status, 401)
    assert.equal(await total(), before)
  })

  it('goes with its file, which an administrator removes', async () => {
    const file = await picture()
    for (const as of [employee, cashier]) {
      const { status, body } = await remove(file.id, as)
      assert.deepEqual([status, body.data.reason], [403, 'not_allowed'])
    }
    const heard = nextEvent(await shop.socket(cashier), 'files removed')
    const dry = await shop.call('DELETE', `/files/${file.id}?$dry_run=true`, undefined, shop.admin)
    assert.equal(dry.body.dry_run, true)
    assert.ok(await isStored(file))
    const { status, body } = await remove(file.id)
    assert.deepEqual([status, body], [200, file])
    assert.equal((await heard).id, file.id)
    await gone(file)
    assert.equal((await contentOf(shop, file.id)).status, 404)
    while ((await leftovers()).length) await pause(10)
  })

  it('stays while another file has it', async () => {
    const bytes = jpeg({ note: 'shared' })
    const [first, second] = await Promise.all([upload(shop, bytes), upload(shop, bytes, { query: 'name=b.jpg' })])
    await remove(first.body.id)
    while ((await leftovers()).length) await pause(10)
    assert.deepEqual((await contentOf(shop, second.body.id)).bytes, bytes)
    await remove(second.body.id)
    await gone(second.body)
  })

  it('is there for every file, while its like come and go at once', async () => {
    const bytes = png({ note: 'come and go' })
    const round = async () => {
      const { status, body } = await upload(shop, bytes)
      assert.equal(status, 201)
      assert.equal((await contentOf(shop, body.id)).status, 200)
      assert.equal((await remove(body.id)).status, 200)
    }
    for (let i = 0; i < 8; i++) await Promise.all(Array.from({ length: 8 }, round))
    const { body } = await upload(shop, bytes)
    while ((await leftovers()).length) await pause(10)
    assert.deepEqual((await contentOf(shop, body.id)).bytes, bytes)
  })

  it('cannot go while a product shows it', async () => {
    const file = await picture()
    const product = await stockedProduct(shop, { image_id: file.id }, 0)
    const [kept] = (await shop.call('GET', `/products?id=${product.id}&$include=image`, undefined, cashier)).body.data
    assert.deepEqual([kept.image_id, kept.image], [file.id, file])
    const refused = await remove(file.id)
    assert.deepEqual([refused.status, refused.body.data.reason], [409, 'in_use'])
    assert.ok(await isStored(file))
    const taken = await shop.call('PATCH', `/products/${product.id}`, { image_id: null }, employee)
    assert.deepEqual([taken.status, taken.body.image_id], [200, null])
    assert.equal((await remove(file.id)).status, 200)
    const unknown = await shop.call('PATCH', `/products/${product.id}`, { image_id: uuidv7() }, employee)
    assert.deepEqual(
      [unknown.status, unknown.body.data.reason, unknown.body.errors[0].path],
      [422, 'unknown_reference', 'image_id']
    )
    // Nor is a picture of another branch shown to who may not see it.
    const theirs = await picture(`branch_id=${other}`)
    const hidden = await stockedProduct(shop, { image_id: theirs.id }, 0)
    const { body } = await shop.call('GET', `/products/${hidden.id}?$include=image`, undefined, cashier)
    assert.deepEqual([body.image_id, body.image], [theirs.id, null])
  })

  it('that is lost is told of in a word, and comes back with the picture', async () => {
    const bytes = png({ note: 'lost' })
    const { body: file } = await upload(shop, bytes)
    await rm(placeOf(file))
    const lost = await contentOf(shop, file.id)
    assert.deepEqual(
      [lost.status, lost.reason, lost.headers.get('cache-control')],
      [404, 'content_missing', 'no-store']
    )
    assert.equal(lost.headers.get('etag'), null)
    assert.equal((await upload(shop, bytes)).status, 201)
    assert.deepEqual((await contentOf(shop, file.id)).bytes, bytes)
    // Half of it is none.
    await truncate(placeOf(file), 20)
    assert.equal((await contentOf(shop, file.id)).reason, 'content_missing')
    assert.equal((await upload(shop, bytes)).status, 201)
    assert.deepEqual((await contentOf(shop, file.id)).bytes, bytes)
  })

  it('that broke off, or could not be taken away, is cleared away later', async () => {
    const [broken, kept] = [png({ note: 'broken off' }), await picture()]
    // As a process leaves it that is killed between the store and the commit, and in the middle of a write.
    const folder = join(shop.settings.data_dir, 'files', hashOf(broken).slice(0, 2))
    const { body } = await upload(shop, broken)
    await remove(body.id)
    await gone(body)
    while ((await leftovers()).length) await pause(10)
    await writeFile(join(folder, hashOf(broken)), broken)
    const draft = join(folder, `${hashOf(broken)}.${uuidv7()}.part`)
    await writeFile(draft, broken.subarray(0, 9))
    const earlier = new Date(Date.now() - 3_600_000)
    await utimes(draft, earlier, earlier)
    const note = `insert into file_leftovers (id, sha256, since)
      values ($1, $2, now() - interval '1 minute'), ($3, $4, now() - interval '1 hour')`
    await shop.db.database.query(note, [uuidv7(), hashOf(broken), uuidv7(), kept.sha256])
    await files().clearLeftovers()
    assert.deepEqual(await leftovers(), [{ sha256: hashOf(broken) }])
    assert.equal((await contentOf(shop, kept.id)).status, 200)
    await shop.db.database.query(`update file_leftovers set since = since - interval '1 hour'`)
    await files().clearLeftovers()
    assert.deepEqual(await leftovers(), [])
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith(hashOf(broken))),
      []
    )
  })

  it('is refused with 503 while the disk does not take it, and the shop sells on', async () => {
    const broken = await openShop({ data_dir: '/dev/null' })
    try {
      const { status, headers, body } = await upload(broken, png())
      assert.deepEqual([status, body.data.reason, headers.get('retry-after')], [503, 'store_unavailable', '5'])
      assert.ok(body.data.request_id)
      assert.doesNotMatch(JSON.stringify(body), /dev|null\b.*ENOTDIR|ENOTDIR/)
      assert.equal((await broken.call('GET', '/files', undefined, broken.admin)).body.total, 0)
      const { id } = await stockedProduct(broken)
      const sale = { items: [{ product_id: id, quantity: 1 }], payments: [{ method: 'cash', amount: '10.00' }] }
      assert.equal((await broken.call('POST', '/invoices', sale, broken.admin)).status, 201)
    } finally {
      await broken.close()
    }
  })

  it('outlives a restart', async () => {
    const file = await picture()
    const again = await listen(shop.settings, pino({ level: 'silent' }))
    try {
      const headers = { authorization: `Bearer ${shop.admin}` }
      const response = await fetch(`${again.url}/files/${file.id}/content`, { headers })
      assert.equal(hashOf(Buffer.from(await response.arrayBuffer())), file.sha256)
    } finally {
      await again.stop()
    }
  })

  it('lets a client go in the middle', async () => {
    const { body } = await upload(shop, png({ filling: 4_000_000 }))
    const headers = { authorization: `Bearer ${shop.admin}` }
    const request = get(`${shop.url}/files/${body.id}/content`, { headers })
    const [response] = await once(request, 'response')
    await once(response, 'data')
    request.destroy()
    assert.equal((await contentOf(shop, body.id)).status, 200)
  })
})
