import { MOST_PARTS } from './image-parts.ts'

interface Size {
  width: number
  height: number
}

const nameAt = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4))

/** A key frame of VP8 (RFC 6386, 9.1): its start code, its sides, and a first partition that is there. */
function readLossy(view: DataView): Size | undefined {
  if (view.byteLength < 10) return undefined
  const tag = view.getUint16(0, true) | (view.getUint8(2) << 16)
  const isKeyFrame = (tag & 1) === 0 && view.getUint16(3) === 0x9d01 && view.getUint8(5) === 0x2a
  if (!isKeyFrame || 10 + (tag >>> 5) > view.byteLength) return undefined
  return { width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff }
}

/** The head of a lossless picture: a signature, 14 bits for each side less one, and a version that is 0. */
function readLossless(view: DataView): Size | undefined {
  if (view.byteLength < 6 || view.getUint8(0) !== 0x2f) return undefined
  const bits = view.getUint32(1, true)
  return bits >>> 29 === 0 ? { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 } : undefined
}

/** The canvas of an extended file, less one in 24 bits for each side. */
function readCanvas(view: DataView): Size | undefined {
  if (view.byteLength < 10) return undefined
  const side = (at: number) => (view.getUint16(at, true) | (view.getUint8(at + 2) << 16)) + 1
  return { width: side(4), height: side(7) }
}

interface Chunk {
  name: string
  data: DataView
}

/** The chunks from the twelfth byte to `end`; undefined unless they fill it. They begin at even places. */
function chunksOf(bytes: Uint8Array, end: number): Chunk[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const chunks: Chunk[] = []
  let at = 12
  while (at + 8 <= end) {
    const size = view.getUint32(at + 4, true)
    const next = at + 8 + size + (size % 2)
    if (next > end || chunks.length === MOST_PARTS) return undefined
    chunks.push({ name: nameAt(bytes, at), data: new DataView(bytes.buffer, bytes.byteOffset + at + 8, size) })
    at = next
  }
  return at === end ? chunks : undefined
}

const PICTURES: Record<string, (view: DataView) => Size | undefined> = { 'VP8 ': readLossy, VP8L: readLossless }

/**
 * The sides and the length of a still WebP; undefined unless its chunks fill the file as its head says, and one of them is
 * the picture. Pixels are not unpacked.
 */
export function readWebp(bytes: Uint8Array): { width: number; height: number; length: number } | undefined {
  if (bytes.length < 20 || nameAt(bytes, 8) !== 'WEBP') return undefined
  const length = 8 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(4, true)
  const chunks = length <= bytes.length ? (chunksOf(bytes, length) ?? []) : []
  const [picture, ...more] = chunks.filter(({ name }) => PICTURES[name])
  const size = picture && PICTURES[picture.name]!(picture.data)
  if (!size || more.length) return undefined
  const extended = chunks.findLast(({ name }) => name === 'VP8X')
  if (!extended) return { ...size, length }
  // A still picture fills its canvas.
  const canvas = extended === chunks[0] ? readCanvas(extended.data) : undefined
  return canvas?.width === size.width && canvas.height === size.height ? { ...size, length } : undefined
}
