import { randomUUID } from 'node:crypto'
import cors from '@koa/cors'
import type { Context, Middleware } from 'koa'
import qs from 'qs'
import { failure } from '../errors.ts'
import { publicError, translate } from '../hooks/translate-errors.ts'
import { readJson } from './body.ts'

/** Headers of every answer: nothing may be framed, sniffed, cached or run. OWASP REST security cheat sheet. */
const HEADERS: Record<string, string> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY'
}
const REQUEST_ID = /^[A-Za-z0-9_-]{8,100}$/
const MAX_URL = 16_000
const HAS_BODY = new Set(['POST', 'PATCH', 'PUT'])

export interface EdgeOptions {
  bodyBytes: number
  /** Proxies in front of us: how many entries of X-Forwarded-For, from the right, are theirs. */
  trustedProxies: number
}

/** The caller's address: the last X-Forwarded-For entry that a proxy of ours wrote, never the leftmost, which is the client's word. */
export function addressOf(
  remote: string | undefined,
  forwarded: string | string[] | undefined,
  proxies: number
): string {
  const chain = String(forwarded ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean)
  return (proxies > 0 && chain[chain.length - proxies]) || remote || 'unknown'
}

/** Answers an error as the catalogue has it. */
function answerError(ctx: Context, error: unknown, requestId: string): void {
  const known = publicError(translate(error), requestId)
  const { retry_after } = (known.data ?? {}) as { retry_after?: number }
  if (retry_after) ctx.res.setHeader('Retry-After', String(Math.ceil(retry_after)))
  // The body was not read to its end: the connection cannot be used for another request.
  if (known.code === 413) ctx.res.setHeader('Connection', 'close')
  ctx.status = known.code
  ctx.body = known.toJSON()
}

/** What the hooks are told of a request beside its headers and query. */
function paramsOf(ctx: Context, requestId: string, { trustedProxies }: EdgeOptions) {
  const key = ctx.headers['idempotency-key']
  return {
    provider: 'rest',
    request_id: requestId,
    ip: addressOf(ctx.req.socket.remoteAddress, ctx.headers['x-forwarded-for'], trustedProxies),
    ...(typeof key === 'string' && key && { idempotency_key: key })
  }
}

/** The outermost middleware: request id, headers, errors as the catalogue has them, the body. */
export const edge =
  (options: EdgeOptions): Middleware =>
  async (ctx, next) => {
    const given = options.trustedProxies > 0 ? ctx.get('x-request-id') : ''
    const requestId = REQUEST_ID.test(given) ? given : randomUUID()
    ctx.res.setHeader('X-Request-Id', requestId)
    for (const name in HEADERS) ctx.res.setHeader(name, HEADERS[name]!)
    try {
      if (ctx.url.length > MAX_URL) throw failure('invalid_query')
      const { request } = ctx as { request: { body?: unknown } }
      if (HAS_BODY.has(ctx.method)) request.body = await readJson(ctx.req, options.bodyBytes)
      ;(ctx as { feathers?: object }).feathers = paramsOf(ctx, requestId, options)
      await next()
      if (ctx.body === undefined && ctx.status === 404) throw failure('no_route')
    } catch (error) {
      answerError(ctx, error, requestId)
    }
  }

/** A key that qs would drop without a word; a name nobody knows must be refused. */
function decodeKey(text: string, decode: (text: string) => string, _charset: string, kind: 'key' | 'value'): string {
  const decoded = decode(text)
  if (kind === 'key' && decoded.includes('__proto__')) throw failure('invalid_query')
  return decoded
}

/**
 * Addresses are parsed with limits of our own: Feathers' parser turns a list of more than 20 values into an object. Nested
 * keys stay nested, and are refused as unknown where no operator is meant. @throws 400 invalid_query beyond the limits
 */
export function parseAddress(querystring: string): Record<string, unknown> {
  if (!querystring) return {}
  try {
    return qs.parse(querystring, {
      depth: 8,
      strictDepth: true,
      arrayLimit: 1000,
      parameterLimit: 1000,
      throwOnLimitExceeded: true,
      // Else `?toString=x` would be dropped as well.
      allowPrototypes: true,
      decoder: decodeKey as qs.defaultDecoder
    })
  } catch (error) {
    throw error instanceof RangeError ? failure('invalid_query') : error
  }
}

/** Cross-origin answers for the configured origins alone; without any, browsers of other origins get nothing. */
export function crossOrigin(origins: string[]): Middleware {
  if (!origins.length) return (_ctx, next) => next()
  const known = new Set(origins)
  return cors({
    origin: (ctx) => (known.has(ctx.get('origin')) ? ctx.get('origin') : ''),
    allowMethods: 'GET,POST,PATCH,DELETE',
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key'],
    exposeHeaders: ['X-Request-Id', 'Idempotent-Replayed', 'Retry-After'],
    maxAge: 600
  })
}
