import { failure } from '../errors.ts'
import { isNested } from '../policy/call.ts'
import type { Hook, HookContext } from './types.ts'

/** What a caller has left of the requests per minute; `over` when this one was too many. */
export interface Quota {
  limit: number
  left: number
  seconds: number
  over: boolean
}

export interface RequestLimiter {
  /** Counts a request of a user, or of an address where nobody signed in, as `cost` ones. */
  request(user: string | undefined, address: string | undefined, cost?: number): Promise<Quota> | Quota
}

const OPERATIONS_PER_REQUEST = 10

/**
 * A batch spares the way there and back and the commit, not the work: it counts one for every ten operations begun, or
 * somebody at their limit could do 200 times as much by batches.
 */
function costOf({ path, data }: HookContext): number {
  const operations = path === 'batch' ? (data as { operations?: unknown } | null | undefined)?.operations : undefined
  return Array.isArray(operations) ? Math.max(1, Math.ceil(operations.length / OPERATIONS_PER_REQUEST)) : 1
}

/** The headers by which a client can pace itself: draft-ietf-httpapi-ratelimit-headers-07. */
export const quotaHeaders = ({ limit, left, seconds }: Quota) => ({
  'RateLimit-Limit': String(limit),
  'RateLimit-Remaining': String(left),
  'RateLimit-Reset': String(seconds)
})

/** Holds a caller to the requests per minute of the configuration. @throws 429 rate_limited */
export function requireQuota(quota: Quota): void {
  if (quota.over) throw failure('rate_limited', { retry_after: quota.seconds })
}

/** One request more of the caller's, told in the headers of a REST answer, be it a refusal. */
export const limitRequests =
  (limiter: RequestLimiter): Hook =>
  async (context, next) => {
    const { params } = context
    if (!params.provider || isNested(params)) return next()
    const quota = await limiter.request(params.principal?.user.id, params.ip, costOf(context))
    if (params.provider === 'rest') context.http = { ...context.http, headers: quotaHeaders(quota) }
    requireQuota(quota)
    return next()
  }
