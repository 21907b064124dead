import type { ImageType } from './image.ts'

/** The endings of each type; the first is the usual one. */
const ENDINGS: Record<ImageType, string[]> = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp']
}

const MAX_LENGTH = 150

/** Not in a name on some system, or nothing that is seen: controls, marks of direction. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const UNFIT = /[\u0000-\u001f\u007f-\u009f<>:"|?*\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g

/**
 * What a picture is called: the name it came with, without folders and what no file can be called, and with an ending that is
 * true. Nothing is ever stored under it; it is for people, and for whoever saves the picture.
 */
export function imageName(given: string | undefined, type: ImageType): string {
  const last = given?.split(/[\\/]/).at(-1) ?? ''
  const clean = last.replace(UNFIT, '').replace(/^[.\s]+|[.\s]+$/g, '')
  const [usual] = ENDINGS[type]
  const isTrue = ENDINGS[type].some((ending) => clean.toLowerCase().endsWith(`.${ending}`))
  if (isTrue && clean.length <= MAX_LENGTH) return clean
  const stem = (isTrue ? clean.slice(0, clean.lastIndexOf('.')) : clean).slice(0, MAX_LENGTH).toWellFormed()
  return `${stem || 'image'}.${usual}`
}
