import { randomUUID } from 'node:crypto'
import type { FeathersError } from '@feathersjs/errors'
import type { Context, Middleware } from 'koa'
import { failure } from '../errors.ts'
import { publicError, translate } from '../hooks/translate-errors.ts'
import { secure } from './headers.ts'
import { verbsOf } from './lookup.ts'

const REQUEST_ID = /^[A-Za-z0-9_-]{8,100}$/
const MAX_URL = 16_000

/** A request that was refused, or failed, before it reached a service: nothing else tells of it. */
export interface Refusal {
  request_id: string
  method: string
  path: string
  error: FeathersError
  /** What was thrown, where it is not the error itself. */
  cause?: unknown
}

export interface EdgeOptions {
  /** Proxies in front of us: how many entries of X-Forwarded-For, from the right, are theirs. */
  trustedProxies: number
  refused(refusal: Refusal): void
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
function answerError(ctx: Context, error: unknown, requestId: string): FeathersError {
  const known = publicError(translate(error), requestId)
  // What the hooks had to tell before the call failed.
  ctx.set(ctx.hook?.http?.headers ?? {})
  const { retry_after } = (known.data ?? {}) as { retry_after?: number }
  if (retry_after) ctx.set('Retry-After', String(Math.ceil(retry_after)))
  // RFC 9110, 15.5.6: who may not do this is told what they may.
  if (known.code === 405) ctx.set('Allow', verbsOf(ctx.lookup))
  // The body was not read to its end: the connection cannot be used for another request.
  if (known.code === 413) ctx.set('Connection', 'close')
  ctx.status = known.code
  ctx.body = known.toJSON()
  return known
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

/** The outermost middleware: request id, headers, errors as the catalogue has them. */
export const edge =
  (options: EdgeOptions): Middleware =>
  async (ctx, next) => {
    const given = options.trustedProxies > 0 ? ctx.get('x-request-id') : ''
    const requestId = REQUEST_ID.test(given) ? given : randomUUID()
    ctx.res.setHeader('X-Request-Id', requestId)
    secure(ctx.res)
    try {
      if (ctx.url.length > MAX_URL) throw failure('invalid_query')
      ;(ctx as { feathers?: object }).feathers = paramsOf(ctx, requestId, options)
      await next()
      if (ctx.body === undefined && ctx.status === 404) throw failure('no_route')
    } catch (error) {
      const known = answerError(ctx, error, requestId)
      // From a service it has its line in the log already.
      if (ctx.hook) return
      const { method, path } = ctx
      options.refused({ request_id: requestId, method, path, error: known, ...(known !== error && { cause: error }) })
    }
  }
