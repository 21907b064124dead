import assert from 'node:assert/strict'
import { deflateSync } from 'node:zlib'
import { imageName } from '../../src/domain/file-name.ts'
import { readImage } from '../../src/domain/image.ts'
import { jpeg, png, pngChunk, riff, vp8, webp } from '../support/images.ts'
import { refused } from './refused.ts'

const refuses = (code: string, bytes: Uint8Array, what?: string) =>
  assert.throws(() => readImage(bytes), refused(code), what)

const START = png().subarray(0, 8)
const HEAD = png().subarray(8, 33)
const PIXELS = pngChunk('IDAT', deflateSync(Buffer.alloc(3)))
const END = pngChunk('IEND', Buffer.alloc(0))
const NOTHING = Buffer.alloc(0)
const joined = (...parts: Uint8Array[]) => Buffer.concat([START, ...parts])
const extended = (width: number, height: number) => {
  const data = Buffer.alloc(10)
  data.writeUIntLE(width - 1, 4, 3)
  data.writeUIntLE(height - 1, 7, 3)
  return data
}
const palette = () => {
  const head = Buffer.from(HEAD.subarray(8, 21))
  head[9] = 3
  return pngChunk('IHDR', head)
}
const within = (bytes: Buffer, at: number, value: number) => {
  const copy = Buffer.from(bytes)
  copy[at] = value
  return copy
}

describe('Reading pictures', () => {
  it('finds type, sides and length', () => {
    const read: [Buffer, string, number, number][] = [
      [png({ width: 300, height: 200 }), 'image/png', 300, 200],
      [joined(palette(), pngChunk('PLTE', Buffer.alloc(3)), PIXELS, PIXELS, END), 'image/png', 2, 1],
      [jpeg({ width: 4000, height: 3000 }), 'image/jpeg', 4000, 3000],
      [webp(), 'image/webp', 1, 1],
      [riff(['VP8 ', vp8(640, 480)]), 'image/webp', 640, 480],
      [riff(['VP8X', extended(640, 480)], ['ICCP', Buffer.alloc(3)], ['VP8 ', vp8(640, 480)]), 'image/webp', 640, 480]
    ]
    for (const [bytes, type, width, height] of read) {
      assert.deepEqual(readImage(bytes), { type, width, height, length: bytes.length })
      // Wherever in a larger buffer it stands, and whatever follows.
      const inside = Buffer.concat([Buffer.alloc(7), bytes, Buffer.from('more')]).subarray(7)
      assert.deepEqual(readImage(inside), { type, width, height, length: bytes.length })
    }
  })

  it('takes no picture for whole that is cut off anywhere', () => {
    const pictures = [png({ note: 'cut' }), jpeg({ note: 'cut' }), webp(), riff(['VP8 ', vp8(9, 9)])]
    for (const bytes of pictures)
      for (let length = 0; length < bytes.length; length++) refuses('invalid_image', bytes.subarray(0, length))
  })

  it('refuses a PNG whose chunks are not as they must be', () => {
    const wrong: Record<string, Buffer> = {
      'no header': joined(PIXELS, END),
      'a second header': joined(HEAD, HEAD, PIXELS, END),
      'no pixels': joined(HEAD, END),
      'pixels in two places': joined(HEAD, PIXELS, pngChunk('tEXt', NOTHING), PIXELS, END),
      'pixels that are not packed': joined(HEAD, pngChunk('IDAT', Buffer.from('<script>')), END),
      'colours of a palette that is not there': joined(palette(), PIXELS, END),
      'an unknown chunk that is needed': joined(HEAD, pngChunk('ABCD', NOTHING), PIXELS, END),
      'an end with something in it': joined(HEAD, PIXELS, pngChunk('IEND', Buffer.from('x'))),
      'a wrong checksum': within(png(), 30, 0)
    }
    for (const [what, bytes] of Object.entries(wrong)) refuses('invalid_image', bytes, what)
    for (const [at, value] of [
      [8, 3],
      [9, 1],
      [10, 1],
      [11, 1],
      [12, 2]
    ] as const) {
      const head = pngChunk('IHDR', within(Buffer.from(HEAD.subarray(8, 21)), at, value))
      refuses('invalid_image', joined(head, PIXELS, END), `byte ${at} of the header`)
    }
  })

  it('refuses a JPEG whose segments are not as they must be', () => {
    const whole = jpeg()
    const frame = whole.indexOf(Buffer.from([0xff, 0xc0]))
    const scan = whole.indexOf(Buffer.from([0xff, 0xda]))
    const wrong: Record<string, Buffer> = {
      'a second start': within(whole, 3, 0xd8),
      'a lossless frame': within(whole, frame + 1, 0xc3),
      'an arithmetic frame': within(whole, frame + 1, 0xc9),
      'two frames': Buffer.concat([whole.subarray(0, scan), whole.subarray(frame, scan), whole.subarray(scan)]),
      'no frame': Buffer.concat([whole.subarray(0, frame), whole.subarray(scan)]),
      'two colours': within(whole, frame + 9, 2),
      'no scan': Buffer.concat([whole.subarray(0, scan), Buffer.from([0xff, 0xd9])]),
      'an empty scan': Buffer.concat([whole.subarray(0, -3), Buffer.from([0xff, 0xd9])]),
      'a scan before its frame': Buffer.concat([
        whole.subarray(0, frame),
        whole.subarray(scan, -2),
        whole.subarray(frame, scan),
        Buffer.from([0xff, 0xd9])
      ]),
      'a length of nothing': within(within(whole, 4, 0), 5, 0),
      'a height that is told later': jpeg({ height: 0 })
    }
    for (const [what, bytes] of Object.entries(wrong)) refuses('invalid_image', bytes, what)
    // Restarts and stuffed bytes are part of a scan; other markers may have bytes of 255 before them.
    const codes = Buffer.from([1, 0xff, 0, 0xff, 0xd0, 2, 0xff, 0xff, 0xd9])
    assert.equal(readImage(Buffer.concat([whole.subarray(0, -3), codes])).type, 'image/jpeg')
  })

  it('refuses a WebP whose chunks are not as they must be', () => {
    const wrong: Record<string, Buffer> = {
      'no picture': riff(['ICCP', Buffer.alloc(4)]),
      'two pictures': riff(['VP8 ', vp8(9, 9)], ['VP8 ', vp8(9, 9)]),
      'an animation': riff(['VP8X', extended(9, 9)], ['ANIM', Buffer.alloc(6)], ['ANMF', Buffer.alloc(16)]),
      'another canvas': riff(['VP8X', extended(9, 8)], ['VP8 ', vp8(9, 9)]),
      'a canvas behind the picture': riff(['VP8 ', vp8(9, 9)], ['VP8X', extended(9, 9)]),
      'no key frame': riff(['VP8 ', within(vp8(9, 9), 0, 0x31)]),
      'no start code': riff(['VP8 ', within(vp8(9, 9), 3, 0)]),
      'a partition that is not there': riff(['VP8 ', within(vp8(9, 9), 1, 1)]),
      'sides of 0': riff(['VP8 ', vp8(0, 9)]),
      'a lossless one of a later version': within(webp(), 24, 0x30),
      'a lossless one without its signature': within(webp(), 20, 0),
      sound: Buffer.from(
        riff(['VP8 ', vp8(9, 9)])
          .toString('latin1')
          .replace('WEBP', 'WAVE'),
        'latin1'
      )
    }
    for (const [what, bytes] of Object.entries(wrong)) refuses('invalid_image', bytes, what)
  })

  it('refuses a picture of too many parts without reading them all', () => {
    const parts = (count: number) => Array.from({ length: count }, () => pngChunk('tEXt', NOTHING))
    assert.equal(readImage(joined(HEAD, ...parts(15_000), PIXELS, END)).type, 'image/png')
    refuses('invalid_image', joined(HEAD, ...parts(25_000), PIXELS, END))
    const segments = Buffer.alloc(400_000, Buffer.from([0xff, 0xe1, 0, 2]))
    refuses('invalid_image', Buffer.concat([Buffer.from([0xff, 0xd8]), segments, jpeg().subarray(2)]))
  })

  it('refuses more pixels than are good to show', () => {
    refuses('image_too_large', png({ width: 16_384, height: 1 }))
    refuses('image_too_large', jpeg({ width: 7072, height: 7072 }))
    assert.equal(readImage(jpeg({ width: 7071, height: 7071 })).width, 7071)
    assert.equal(readImage(png({ width: 16_383, height: 1 })).width, 16_383)
  })
})

describe('Names of pictures', () => {
  it('have an ending that is true', () => {
    const names: [string | undefined, Parameters<typeof imageName>[1], string][] = [
      [undefined, 'image/png', 'image.png'],
      ['a.JPEG', 'image/jpeg', 'a.JPEG'],
      ['a.jpeg', 'image/webp', 'a.jpeg.webp'],
      ['.png', 'image/png', 'png.png'],
      ['a.png ', 'image/png', 'a.png'],
      [`${'\u{1f455}'.repeat(80)}.png`, 'image/png', `${'\u{1f455}'.repeat(75)}.png`]
    ]
    for (const [given, type, name] of names) assert.equal(imageName(given, type), name)
  })
})
