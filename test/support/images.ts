import { createHash } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import { checkExchange } from './contract.ts'
import type { Answer, Shop } from './shop.ts'

export const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** A chunk of a PNG, with its length and checksum. */
export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length)
  chunk.write(type, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}

const PNG_START = Buffer.from('89504e470d0a1a0a', 'hex')

export interface Drawn {
  width?: number
  height?: number
  /** Makes one picture differ from another. */
  note?: string
  /** Bytes beside the picture, for one that is large. */
  filling?: number
}

/** A black picture. Its head may lie about its sides. */
export function png({ width = 2, height = 1, note = '', filling = 0 }: Drawn = {}): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  // 8 bits of grey.
  head[8] = 8
  const pixels = deflateSync(Buffer.alloc(Math.min(height, 4) * (Math.min(width, 4) + 1)))
  const text = (value: Uint8Array) => pngChunk('tEXt', Buffer.concat([Buffer.from('Comment\0'), value]))
  return Buffer.concat([
    PNG_START,
    pngChunk('IHDR', head),
    ...(note ? [text(Buffer.from(note))] : []),
    ...(filling ? [text(Buffer.alloc(filling, 'x'))] : []),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0))
  ])
}

const segment = (marker: number, data: number[]): number[] => [
  0xff,
  marker,
  (data.length + 2) >> 8,
  (data.length + 2) & 255,
  ...data
]

/** A grey JPEG of 8 x 8 pixels, as the standard's own tables code it; its head may lie about its sides. */
export function jpeg({ width = 8, height = 8, note = '' }: Drawn = {}): Buffer {
  const ones = Array<number>(64).fill(1)
  // Huffman tables with one code, of one bit, for the value 0.
  const table = (kind: number) => segment(0xc4, [kind, 1, ...Array<number>(15).fill(0), 0])
  return Buffer.from([
    0xff,
    0xd8,
    ...segment(0xe0, [...Buffer.from('JFIF\0'), 1, 1, 0, 0, 1, 0, 1, 0, 0]),
    ...(note ? segment(0xfe, [...Buffer.from(note)]) : []),
    ...segment(0xdb, [0, ...ones]),
    ...segment(0xc0, [8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0]),
    ...table(0x00),
    ...table(0x10),
    ...segment(0xda, [1, 1, 0, 0, 63, 0]),
    0x3f,
    0xff,
    0xd9
  ])
}

export function riff(...chunks: [name: string, data: Uint8Array][]): Buffer {
  const parts = chunks.map(([name, data]) => {
    const head = Buffer.alloc(8)
    head.write(name, 'latin1')
    head.writeUInt32LE(data.length, 4)
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
  })
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts])
  const head = Buffer.from('RIFF\0\0\0\0')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body])
}

/** The head of a lossy picture, and a first partition of one byte. */
export function vp8(width: number, height: number): Buffer {
  const data = Buffer.from([0x30, 0, 0, 0x9d, 0x01, 0x2a, 0, 0, 0, 0, 0])
  data.writeUInt16LE(width, 6)
  data.writeUInt16LE(height, 8)
  return data
}

/** The well-known lossless picture of one transparent pixel. */
export const webp = (): Buffer => Buffer.from('UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==', 'base64')

export interface Sent {
  /** What stands behind the question mark. */
  query?: string
  as?: string
  type?: string
  headers?: Record<string, string>
}

/** Sends a picture: bytes with their length, a stream without. */
export async function upload(
  shop: Shop,
  body: Uint8Array | ReadableStream | string,
  { query = '', as = shop.admin, type = 'image/png', headers = {} }: Sent = {}
): Promise<Answer> {
  const path = `/files${query && `?${query}`}`
  const response = await fetch(shop.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${as}`, 'content-type': type, ...headers },
    body,
    duplex: 'half'
  } as RequestInit)
  const text = await response.text()
  const { status } = response
  const answer = text ? JSON.parse(text) : {}
  checkExchange({ method: 'POST', path, status, body: answer, whole: as === shop.admin })
  return { status, headers: response.headers, body: answer }
}

export interface Content {
  status: number
  headers: Headers
  bytes: Buffer
  /** Of an error. */
  reason?: string
}

/** Reads a picture as a browser would. */
export async function contentOf(
  shop: Shop,
  id: string,
  {
    as = shop.admin,
    method = 'GET',
    headers = {}
  }: { as?: string; method?: string; headers?: Record<string, string> } = {}
): Promise<Content> {
  const path = `/files/${id}/content`
  const response = await fetch(shop.url + path, { method, headers: { authorization: `Bearer ${as}`, ...headers } })
  const bytes = Buffer.from(await response.arrayBuffer())
  const { status } = response
  const isJson = response.headers.get('content-type')?.startsWith('application/json') && bytes.length > 0
  const body = isJson ? JSON.parse(bytes.toString()) : undefined
  checkExchange({ method, path, status, body })
  return { status, headers: response.headers, bytes, ...(body?.data?.reason && { reason: body.data.reason }) }
}
