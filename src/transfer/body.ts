import type { IncomingMessage } from 'node:http'
import { failure } from '../errors.ts'
import { FileFault } from './source.ts'

/** @throws 413 too_large where the size is told, and too much */
export function requireSize({ headers }: IncomingMessage, limit: number): void {
  if (Number(headers['content-length'] ?? 0) > limit) throw failure('too_large')
}

/** The bytes of a request as they come, not faster than they are taken. The request outlives a reader that stops early. */
export async function* bytesOf(request: IncomingMessage, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).length
    if (size > limit) throw new FileFault(`The file is larger than ${Math.floor(limit / 1_000_000)} MB.`)
    yield chunk as Buffer
  }
}
