import { MOST_PARTS } from './image-parts.ts'

const SOI = 0xd8
const EOI = 0xd9
const SOS = 0xda
/** Baseline, extended, progressive: those that browsers show. Lossless and arithmetic ones are not. */
const SHOWN = new Set([0xc0, 0xc1, 0xc2])
/** Other frames: C3 to CF but for three that are tables. */
const isOtherFrame = (marker: number) => marker >= 0xc3 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const isRestart = (marker: number) => marker >= 0xd0 && marker <= 0xd7

interface Frame {
  width: number
  height: number
}

function readFrame(view: DataView, at: number, size: number): Frame | undefined {
  if (size < 8) return undefined
  const components = view.getUint8(at + 7)
  if (size !== 8 + 3 * components || ![1, 3, 4].includes(components)) return undefined
  return { height: view.getUint16(at + 3), width: view.getUint16(at + 5) }
}

/** The place of the marker that ends a scan; in between stand codes, where 255 is followed by 0 or counts restarts. */
function endOfScan(bytes: Uint8Array, from: number): number | undefined {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1]
    if (next === undefined) return undefined
    if (next !== 0 && next !== 0xff && !isRestart(next)) return at
  }
  return undefined
}

interface Segment {
  marker: number
  at: number
  size: number
  /** The place behind it, and behind the scan that it begins. */
  next: number
}

/** The segment whose marker is at a place; undefined where it is cut off. The end marker has nothing behind it. */
function segmentAt(bytes: Uint8Array, view: DataView, place: number): Segment | undefined {
  let start = place
  while (bytes[start] === 0xff && bytes[start + 1] === 0xff) start++
  const marker = bytes[start + 1]
  if (bytes[start] !== 0xff || marker === undefined) return undefined
  const at = start + 2
  if (marker === EOI) return { marker, at, size: 0, next: at }
  const size = at + 2 <= bytes.length ? view.getUint16(at) : 0
  if (size < 2 || at + size > bytes.length) return undefined
  const next = marker === SOS ? endOfScan(bytes, at + size) : at + size
  // A scan has something in it.
  return next === undefined || (marker === SOS && next === at + size) ? undefined : { marker, at, size, next }
}

/** The segments behind the start marker, up to the end marker; undefined where that never comes. */
function segmentsOf(bytes: Uint8Array, view: DataView): Segment[] | undefined {
  const segments: Segment[] = []
  for (let segment = segmentAt(bytes, view, 2); segment; segment = segmentAt(bytes, view, segment.next)) {
    segments.push(segment)
    if (segment.marker === EOI) return segments
    if (segments.length === MOST_PARTS) return undefined
  }
  return undefined
}

/** A second start, restarts outside of a scan, what is no marker, and frames that are not shown. */
const isMisplaced = ({ marker }: Segment) =>
  marker === SOI || isRestart(marker) || marker < 0xc0 || isOtherFrame(marker)

/**
 * The sides and the length of a JPEG; undefined unless its segments follow each other from the start to the end marker, with
 * a frame that browsers show and a scan of it. Pixels are not unpacked.
 */
export function readJpeg(bytes: Uint8Array): { width: number; height: number; length: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const segments = segmentsOf(bytes, view) ?? []
  const [frame, ...more] = segments.filter(({ marker }) => SHOWN.has(marker))
  const scan = segments.find(({ marker }) => marker === SOS)
  if (!frame || more.length || !scan || scan.at < frame.at || segments.some(isMisplaced)) return undefined
  const sides = readFrame(view, frame.at, frame.size)
  return sides && { ...sides, length: segments.at(-1)!.next }
}
