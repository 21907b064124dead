import type { IncomingMessage } from 'node:http'
import type { Context } from 'koa'
import { failure } from '../errors.ts'
import { FileFault } from './source.ts'

/** @throws 413 too_large where the size is told, and too much */
export function requireSize({ headers }: IncomingMessage, limit: number): void {
  if (Number(headers['content-length'] ?? 0) > limit) throw failure('too_large')
}

/** A client that sends nothing for so long is gone, whatever its connection says. */
const SILENT_MS = 30_000

/**
 * The bytes of a request as they come, not faster than they are taken. The request outlives a reader that stops early:
 * it is to be answered.
 */
export async function* bytesOf(request: IncomingMessage, limit: number): AsyncGenerator<Uint8Array> {
  const chunks = request.iterator({ destroyOnReturn: false })
  let size = 0
  try {
    for (;;) {
      const silence = setTimeout(() => request.destroy(), SILENT_MS)
      const { value, done } = await chunks.next().finally(() => clearTimeout(silence))
      if (done) return
      size += (value as Buffer).length
      if (size > limit) throw new FileFault(`The file is larger than ${Math.floor(limit / 1_000_000)} MB.`)
      yield value as Buffer
    }
  } finally {
    await chunks.return?.()
  }
}

/**
 * Reads the rest of a body that nobody wants, before the answer: a client hears nothing while it sends, and Node takes a
 * connection whose answer came first for an idle one. Answers false where the rest is more than it may be.
 */
async function discardRest(request: IncomingMessage, limit: number): Promise<boolean> {
  if (request.readableEnded || request.destroyed) return true
  try {
    for await (const _ of bytesOf(request, limit));
    return true
  } catch {
    return false
  }
}

/** What is larger than a file may be is not read; the connection is of no use after that. */
export async function finishBody(ctx: Context, limit: number): Promise<void> {
  const told = Number(ctx.headers['content-length'] ?? 0)
  if (told > limit || !(await discardRest(ctx.req, limit))) ctx.set('Connection', 'close')
}
