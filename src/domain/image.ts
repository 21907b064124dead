import { DomainError } from './errors.ts'
import { readJpeg } from './image-jpeg.ts'
import { readPng } from './image-png.ts'
import { readWebp } from './image-webp.ts'

export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp'

/** What a picture is found to be: its sides in pixels, and how many of the bytes are it. */
export interface Image {
  type: ImageType
  width: number
  height: number
  length: number
}

/** As wide as WebP can be; a photograph of 50 megapixels still passes. Whoever shows more needs 4 bytes for every pixel. */
const MAX_SIDE = 16_383
const MAX_PIXELS = 50_000_000

/** Names the format by the first bytes alone; what follows is read by that format's own reader. */
const readers: [ImageType, string, (bytes: Uint8Array) => Omit<Image, 'type'> | undefined][] = [
  ['image/jpeg', '\xff\xd8\xff', readJpeg],
  ['image/png', '\x89PNG\r\n\x1a\n', readPng],
  ['image/webp', 'RIFF', readWebp]
]

const startsWith = (bytes: Uint8Array, start: string): boolean =>
  Array.from(start).every((character, i) => bytes[i] === character.charCodeAt(0))

/**
 * Reads a picture from one end of its structure to the other: JPEG, PNG or WebP, by its content alone. What stands behind its
 * end is no part of it. @throws invalid_image, image_too_large
 */
export function readImage(bytes: Uint8Array): Image {
  const [type, , read] = readers.find(([, start]) => startsWith(bytes, start)) ?? []
  const image = read?.(bytes)
  if (!type || !image || image.width < 1 || image.height < 1) throw new DomainError('invalid_image')
  const { width, height } = image
  if (Math.max(width, height) > MAX_SIDE || width * height > MAX_PIXELS) throw new DomainError('image_too_large')
  return { type, ...image }
}
