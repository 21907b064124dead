import { failure } from '../errors.ts'
import type { Hook } from './types.ts'

/** What a caller has left of the requests per minute; `over` when this one was too many. */
export interface Quota {
  limit: number
  left: number
  seconds: number
  over: boolean
}

export interface RequestLimiter {
  /** Counts one request of a user, or of an address where nobody signed in. */
  request(user: string | undefined, address: string | undefined): Promise<Quota> | Quota
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
    if (!params.provider) return next()
    const quota = await limiter.request(params.principal?.user.id, params.ip)
    if (params.provider === 'rest') context.http = { ...context.http, headers: quotaHeaders(quota) }
    requireQuota(quota)
    return next()
  }
