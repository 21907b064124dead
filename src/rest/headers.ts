import type { ServerResponse } from 'node:http'
import cors from '@koa/cors'
import type { Middleware } from 'koa'

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

/** Puts them on an answer, whoever gives it: Koa or the socket server. */
export function secure(response: Pick<ServerResponse, 'setHeader'>): void {
  for (const name in HEADERS) response.setHeader(name, HEADERS[name]!)
}

/** Cross-origin answers for the configured origins alone; without any, browsers of other origins get nothing. */
export function crossOrigin(origins: string[]): Middleware {
  if (!origins.length) return (_ctx, next) => next()
  const known = new Set(origins)
  return cors({
    origin: (ctx) => (known.has(ctx.get('origin')) ? ctx.get('origin') : ''),
    allowMethods: 'GET,POST,PATCH,DELETE',
    allowHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Prefer'],
    exposeHeaders: [
      'X-Request-Id',
      'Idempotent-Replayed',
      'Preference-Applied',
      'Retry-After',
      'RateLimit-Limit',
      'RateLimit-Remaining',
      'RateLimit-Reset'
    ],
    maxAge: 600
  })
}
