import type { IncomingMessage } from 'node:http'
import type { Middleware } from 'koa'
import { failure } from '../errors.ts'

const HAS_BODY = new Set(['POST', 'PATCH', 'PUT'])
const JSON_TYPE = /^application\/json(\s*;\s*charset=(utf-8|"utf-8"))?\s*$/i

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a JSON body of at most `limit` bytes; undefined when there is none.
 * @throws 413 too_large, 415 unsupported_type, 400 invalid_json
 */
async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const declared = Number(request.headers['content-length'] ?? 0)
  if (!declared && !request.headers['transfer-encoding']) return undefined
  if (declared > limit) throw failure('too_large')
  const type = request.headers['content-type'] ?? ''
  if (!JSON_TYPE.test(type)) throw failure('unsupported_type')
  if (request.headers['content-encoding']) throw failure('unsupported_type')
  const bytes = await readBytes(request, limit)
  if (!bytes.length) return undefined
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    throw failure('invalid_json')
  }
}

/** Reads the body of a request that has one. Other methods' bodies are left alone. */
export const jsonBody =
  (limit: number): Middleware =>
  async (ctx, next) => {
    const { request } = ctx as { request: { body?: unknown } }
    if (HAS_BODY.has(ctx.method)) request.body = await readJson(ctx.req, limit)
    return next()
  }

function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) return void chunks.push(chunk)
      request.pause()
      reject(failure('too_large'))
    })
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    request.on('error', () => reject(failure('invalid_json')))
    request.on('aborted', () => reject(failure('invalid_json')))
  })
}
