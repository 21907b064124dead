import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { v7 as uuidv7 } from 'uuid'
import { contentOf, hashOf, jpeg, png, upload, webp } from '../support/images.ts'
import { nextEvent, openShop, type Shop } from '../support/shop.ts'

describe('Uploads of pictures', () => {
  let shop: Shop
  before(async () => {
    shop = await openShop()
  })
  after(() => shop.close())

  const reasonOf = async (...given: Parameters<typeof upload> extends [Shop, ...infer Rest] ? Rest : never) => {
    const { status, body } = await upload(shop, ...given)
    return [status, body.data?.reason]
  }

  /** Everything in the store, by its name. */
  const stored = async () => {
    const entries = await readdir(join(shop.settings.data_dir, 'files'), {
      recursive: true,
      withFileTypes: true
    }).catch(() => [])
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  }
  const listed = async () => (await shop.call('GET', '/files?$limit=0', undefined, shop.admin)).body.total

  it('keeps each format as what it is, whatever it is said to be', async () => {
    const kinds = [
      ['image/jpeg', jpeg(), 8, 8, 'jpg'],
      ['image/png', png(), 2, 1, 'png'],
      ['image/webp', webp(), 1, 1, 'webp']
    ] as const
    for (const [content_type, bytes, width, height, ending] of kinds)
      for (const type of ['image/jpeg', 'image/png', 'image/webp']) {
        const { status, body } = await upload(shop, bytes, { type, query: 'name=shirt.gif' })
        assert.equal(status, 201, JSON.stringify(body))
        const { id, created_at: _, created_by, ...rest } = body
        assert.ok(created_by)
        assert.deepEqual(rest, {
          name: `shirt.gif.${ending}`,
          content_type,
          bytes: bytes.length,
          width,
          height,
          sha256: hashOf(bytes),
          branch_id: null
        })
        const content = await contentOf(shop, id)
        assert.equal(content.headers.get('content-type'), content_type)
        assert.deepEqual(content.bytes, bytes)
        assert.deepEqual((await shop.call('GET', `/files/${id}`, undefined, shop.admin)).body, body)
      }
    // Three contents, however often they came.
    assert.equal((await stored()).length, 3)
  })

  it('refuses what is no picture, and keeps nothing of it', async () => {
    const [before, total] = [await stored(), await listed()]
    const whole = png({ filling: 3000 })
    const broken = Buffer.from(whole)
    broken[100] = broken[100]! ^ 1
    const refused: Record<string, Uint8Array | string> = {
      nothing: new Uint8Array(),
      svg: '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
      html: '<!doctype html><script>alert(1)</script>',
      gif: Buffer.from('R0lGODlhAQABAAAAACw=', 'base64'),
      'html behind a start': Buffer.concat([png().subarray(0, 8), Buffer.from('<script>alert(1)</script>')]),
      'html before a picture': Buffer.concat([Buffer.from('<script>alert(1)</script>'), png()]),
      'a PNG cut short': whole.subarray(0, -1),
      'a PNG with one bit turned': broken,
      'a JPEG cut short': jpeg().subarray(0, -2),
      'a WebP cut short': webp().subarray(0, -2)
    }
    for (const [what, bytes] of Object.entries(refused))
      for (const type of ['image/png', 'image/jpeg'])
        assert.deepEqual(await reasonOf(bytes, { type }), [422, 'invalid_image'], what)
    assert.deepEqual(await stored(), before)
    assert.equal(await listed(), total)
  })

  it('takes pictures alone, as they are', async () => {
    for (const type of [
      'application/json',
      'image/svg+xml',
      'image/gif',
      'text/html',
      'multipart/form-data; boundary=x'
    ])
      assert.deepEqual(await reasonOf(png(), { type }), [415, 'unsupported_type'], type)
    const headers = { 'content-encoding': 'gzip' }
    assert.deepEqual(await reasonOf(png(), { headers }), [415, 'unsupported_type'])
    const json = await shop.call('POST', '/files', { name: 'shirt.png' }, shop.admin)
    assert.deepEqual([json.status, json.body.data.reason], [415, 'unsupported_type'])
  })

  it('refuses pictures that are small in bytes and huge to whoever shows them', async () => {
    const huge = [
      png({ width: 20_000, height: 1 }),
      png({ width: 1, height: 16_384 }),
      png({ width: 7100, height: 7100 }),
      png({ width: 2 ** 31, height: 2 ** 31 }),
      jpeg({ width: 65_535, height: 65_535 })
    ]
    for (const bytes of huge) assert.deepEqual(await reasonOf(bytes), [422, 'image_too_large'])
    assert.deepEqual(await reasonOf(png({ width: 0, height: 1 })), [422, 'invalid_image'])
    assert.deepEqual(await reasonOf(png({ width: 8160, height: 6120 })), [201, undefined])
  })

  it('refuses more bytes than a picture may have, told or not', async () => {
    const most = shop.settings.limits.image_bytes
    const frame = png({ filling: 1 }).length - 1
    const largest = png({ filling: most - frame })
    assert.equal(largest.length, most)
    assert.deepEqual(await reasonOf(largest), [201, undefined])
    const larger = png({ filling: most - frame + 1 })
    assert.deepEqual(await reasonOf(larger), [413, 'too_large'])
    const streamed = () => new Blob([larger]).stream()
    assert.deepEqual(await reasonOf(streamed()), [413, 'too_large'])
    assert.deepEqual(await reasonOf(new Blob([largest]).stream()), [201, undefined])
    assert.equal((await stored()).includes(hashOf(larger)), false)
  })

  it('cuts off what stands behind the end of a picture', async () => {
    for (const whole of [png({ note: 'tail' }), jpeg({ note: 'tail' }), webp()]) {
      const { status, body } = await upload(shop, Buffer.concat([whole, Buffer.from('PK<script>alert(1)</script>')]))
      assert.deepEqual([status, body.bytes, body.sha256], [201, whole.length, hashOf(whole)])
      assert.deepEqual((await contentOf(shop, body.id)).bytes, whole)
    }
  })

  it('makes one file of an id, however often it is sent', async () => {
    const id = uuidv7()
    const bytes = png({ note: 'twin' })
    const first = await upload(shop, bytes, { query: `id=${id}&name=a.png` })
    assert.deepEqual([first.status, first.body.id], [201, id])
    const again = await upload(shop, bytes, { query: `id=${id}&name=a.png` })
    assert.deepEqual([again.status, again.headers.get('idempotent-replayed')], [200, 'true'])
    assert.deepEqual(again.body, first.body)
    const keyed = await upload(shop, bytes, { query: 'name=a.png', headers: { 'idempotency-key': id } })
    assert.deepEqual([keyed.status, keyed.body], [200, first.body])
    const other = await upload(shop, png({ note: 'other' }), { query: `id=${id}&name=a.png` })
    assert.deepEqual([other.status, other.body.data.reason], [409, 'id_conflict'])
    const named = await upload(shop, bytes, { query: `id=${id}&name=b.png` })
    assert.deepEqual([named.status, named.body.data.reason], [409, 'id_conflict'])
    const { token } = await shop.user('admin')
    const theirs = await upload(shop, bytes, { query: `id=${id}&name=a.png`, as: token })
    assert.deepEqual([theirs.status, theirs.body.data.reason], [409, 'id_conflict'])
    const audit = await shop.call('GET', `/audit-logs?record_id=${id}`, undefined, shop.admin)
    assert.deepEqual([audit.body.total, audit.body.data[0].after.sha256], [1, hashOf(bytes)])
  })

  it('makes one file of twins that come at once, and any number of different ones', async () => {
    const id = uuidv7()
    const bytes = jpeg({ note: 'race' })
    const total = await listed()
    const twins = await Promise.all(Array.from({ length: 8 }, () => upload(shop, bytes, { query: `id=${id}` })))
    assert.deepEqual(twins.map(({ status }) => status).sort(), [200, 200, 200, 200, 200, 200, 200, 201])
    for (const { body } of twins) assert.deepEqual(body, twins[0]!.body)
    const many = await Promise.all(Array.from({ length: 15 }, (_, i) => upload(shop, png({ note: `many ${i % 5}` }))))
    assert.deepEqual([...new Set(many.map(({ status }) => status))], [201])
    assert.equal(await listed(), total + 16)
    for (const { body } of many) assert.equal((await contentOf(shop, body.id)).status, 200)
  })

  it('has so many uploads under way at once and no more', async () => {
    const small = await openShop({ limits: { uploads_at_once: 1 } })
    try {
      let finish = () => {}
      const bytes = png()
      const slow = new ReadableStream({
        start(controller) {
          controller.enqueue(bytes.subarray(0, 20))
          finish = () => {
            controller.enqueue(bytes.subarray(20))
            controller.close()
          }
        }
      })
      const first = upload(small, slow)
      let second = await upload(small, bytes)
      while (second.status === 201) second = await upload(small, bytes)
      assert.deepEqual([second.status, second.body.data.reason], [429, 'rate_limited'])
      assert.ok(second.headers.get('retry-after'))
      finish()
      assert.equal((await first).status, 201)
      assert.equal((await upload(small, bytes)).status, 201)
    } finally {
      await small.close()
    }
  })

  it('gives names that are safe to show and to save', async () => {
    const names = {
      '../../etc/passwd': 'passwd.png',
      'C:\\shop\\logo.PNG': 'logo.PNG',
      '..': 'image.png',
      '/': 'image.png',
      'a"b<c>.png': 'abc.png',
      'Größe 10 – vorn.png': 'Größe 10 – vorn.png',
      'evil\u202egnp.html': 'evilgnp.html.png',
      'page.html': 'page.html.png',
      [`${'x'.repeat(190)}.png`]: `${'x'.repeat(150)}.png`
    }
    for (const [given, name] of Object.entries(names)) {
      const { status, body } = await upload(shop, png(), { query: `name=${encodeURIComponent(given)}` })
      assert.deepEqual([status, body.name], [201, name])
      const disposition = (await contentOf(shop, body.id)).headers.get('content-disposition')!
      assert.match(disposition, /^inline; filename="[^"\\/\r\n]+"(; filename\*=UTF-8''[\w.%~!#$&+^`|-]+)?$/)
    }
    assert.equal((await upload(shop, png())).body.name, 'image.png')
    const controls = await upload(shop, png(), { query: `name=${encodeURIComponent('a\r\nSet-Cookie: b.png')}` })
    assert.equal(controls.body.name, 'aSet-Cookie b.png')
    assert.deepEqual(await reasonOf(png(), { query: 'name=a%00b.png' }), [400, 'malformed_text'])
    assert.deepEqual(await reasonOf(png(), { query: `name=${'x'.repeat(201)}` }), [400, 'invalid_data'])
  })

  it('takes nothing but a name, an id and a branch', async () => {
    assert.deepEqual(await reasonOf(png(), { query: 'id=7' }), [400, 'invalid_data'])
    assert.deepEqual(await reasonOf(png(), { query: 'sha256=00' }), [400, 'invalid_query'])
    assert.deepEqual(await reasonOf(png(), { query: 'name[a]=b' }), [400, 'invalid_data'])
    assert.deepEqual(await reasonOf(png(), { query: `branch_id=${uuidv7()}` }), [422, 'unknown_reference'])
    assert.deepEqual(await reasonOf(png(), { query: '$upsert=id' }), [400, 'invalid_query'])
  })

  it('leaves nothing of a dry run', async () => {
    const [before, total] = [await stored(), await listed()]
    const bytes = png({ note: 'dry' })
    const { status, headers, body } = await upload(shop, bytes, { headers: { prefer: 'dry-run' }, query: 'name=a.png' })
    assert.deepEqual([status, headers.get('preference-applied'), body.dry_run], [201, 'dry-run', true])
    assert.deepEqual([body.result.name, body.result.sha256], ['a.png', hashOf(bytes)])
    assert.deepEqual(
      body.changes.map(({ resource, action }: { resource: string; action: string }) => [resource, action]),
      [['files', 'create']]
    )
    assert.equal((await upload(shop, bytes, { query: '$dry_run=true' })).body.dry_run, true)
    assert.deepEqual(await reasonOf('no picture', { query: '$dry_run=true' }), [422, 'invalid_image'])
    assert.deepEqual(await stored(), before)
    assert.equal(await listed(), total)
  })

  it('tells those who may see it, once', async () => {
    const socket = await shop.socket((await shop.user('cashier')).token)
    const id = uuidv7()
    const heard = nextEvent(socket, 'files created')
    const { body } = await upload(shop, png({ note: 'event' }), { query: `id=${id}` })
    assert.deepEqual(await heard, body)
    let more = 0
    socket.on('files created', () => {
      more++
    })
    await upload(shop, png({ note: 'event' }), { query: `id=${id}` })
    const last = nextEvent(socket, 'files created')
    const other = await upload(shop, png({ note: 'last' }))
    assert.equal((await last).id, other.body.id)
    assert.equal(more, 1)
  })

  it('goes on with a connection after a refusal', async () => {
    for (let i = 0; i < 3; i++) {
      assert.deepEqual(await reasonOf(png({ filling: 100_000 }), { as: 'nonsense' }), [401, 'token_invalid'])
      assert.deepEqual(await reasonOf(png()), [201, undefined])
    }
  })
})
