import { MOST_PARTS } from './image-parts.ts'

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
  return c
})

function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = CRC_TABLE[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8)
  return ~crc >>> 0
}

/** Colour type -> the bit depths it may have (PNG, 11.2.1). */
const DEPTHS: Record<number, number[]> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16]
}
const PALETTE = 3

interface Chunk {
  type: string
  data: Uint8Array
  next: number
}

/** The chunk at a place; undefined where it is cut off or its checksum is wrong. */
function chunkAt(bytes: Uint8Array, view: DataView, at: number): Chunk | undefined {
  if (at + 12 > bytes.length) return undefined
  const end = at + 8 + view.getUint32(at)
  if (end + 4 > bytes.length || view.getUint32(end) !== crcOf(bytes.subarray(at + 4, end))) return undefined
  const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8))
  return { type, data: bytes.subarray(at + 8, end), next: end + 4 }
}

function readHeader({ type, data }: Chunk): { width: number; height: number; colour: number } | undefined {
  if (type !== 'IHDR' || data.length !== 13) return undefined
  const view = new DataView(data.buffer, data.byteOffset, data.length)
  const [depth, colour, compression, filter, interlace] = data.subarray(8)
  const known = DEPTHS[colour!]?.includes(depth!) && compression === 0 && filter === 0 && interlace! <= 1
  return known ? { width: view.getUint32(0), height: view.getUint32(4), colour: colour! } : undefined
}

/** The first bytes of a zlib stream, which the data of a picture are (RFC 1950, 2.2). */
const beginsZlib = (data: Uint8Array): boolean =>
  data.length > 1 && (data[0]! & 15) === 8 && (data[0]! * 256 + data[1]!) % 31 === 0

/** The chunks up to the end of the picture; undefined where that never comes. */
function chunksOf(bytes: Uint8Array): Chunk[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const chunks: Chunk[] = []
  for (let chunk = chunkAt(bytes, view, 8); chunk; chunk = chunkAt(bytes, view, chunk.next)) {
    chunks.push(chunk)
    if (chunk.type === 'IEND') return chunk.data.length ? undefined : chunks
    if (chunks.length === MOST_PARTS) return undefined
  }
  return undefined
}

/** Names of chunks without which there is no picture begin with a capital letter: those here, and none that came later. */
const isKnown = ({ type }: Chunk) => /^(IHDR|PLTE|IDAT|IEND|[a-z][A-Za-z]{3})$/.test(type)

/**
 * The sides and the length of a PNG; undefined unless every chunk is whole, in its place and as its checksum says, from the
 * header to the end. Pixels are not unpacked.
 */
export function readPng(bytes: Uint8Array): { width: number; height: number; length: number } | undefined {
  const chunks = chunksOf(bytes) ?? []
  const [first, ...others] = chunks
  const header = first && readHeader(first)
  if (!header || !chunks.every(isKnown) || others.some(({ type }) => type === 'IHDR')) return undefined
  const { width, height, colour } = header
  // One stream, in chunks that follow each other.
  const begin = chunks.findIndex(({ type }) => type === 'IDAT')
  const end = chunks.findLastIndex(({ type }) => type === 'IDAT')
  const isOne = begin > 0 && chunks.slice(begin, end).every(({ type }) => type === 'IDAT')
  const coloured = colour !== PALETTE || chunks.slice(0, begin).some(({ type }) => type === 'PLTE')
  if (!isOne || !coloured || !beginsZlib(chunks[begin]!.data)) return undefined
  return { width, height, length: chunks.at(-1)!.next }
}
