import type { Hook } from './types.ts'

export interface RequestLimiter {
  /** Counts one request of a user, or of an address where nobody signed in. @throws 429 rate_limited */
  request(user: string | undefined, address: string | undefined): Promise<void> | void
}

/** Holds a caller to the requests per minute of the configuration. */
export const limitRequests =
  (limiter: RequestLimiter): Hook =>
  async ({ params }, next) => {
    if (params.provider) await limiter.request(params.principal?.user.id, params.ip)
    return next()
  }
