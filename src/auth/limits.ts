import { isIPv6 } from 'node:net'
import type { Redis } from 'ioredis'
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible'
import { failure } from '../errors.ts'
import type { Settings } from '../settings.ts'
import { Gate } from './gate.ts'

type Limiter = RateLimiterMemory | RateLimiterRedis

/** What attempts are counted by, and the status that says that one failed. */
interface Tried {
  account: Limiter
  address: Limiter
  failed: number
}

/** The limits that are counted over time. */
type Counted = Pick<
  Settings['limits'],
  | 'logins_per_quarter_account'
  | 'logins_per_quarter_address'
  | 'requests_per_minute_user'
  | 'requests_per_minute_address'
>

const QUARTER = 15 * 60
const MINUTE = 60
/** Attempts of one address that run at a time. */
const AT_ONCE = 4

/** How often somebody may try to sign in, and ask for anything at all. Counted in Redis for all nodes where there is one. */
export class Limits {
  #login: Tried
  #pin: Tried
  #userRequests: Limiter
  #addressRequests: Limiter
  #turns = new Map<string, Gate>()

  /** Without `redis`, or while it is away, every node counts for itself. */
  constructor(settings: Counted, redis?: Redis) {
    const limiter = (keyPrefix: string, points: number, duration: number) => {
      const memory = new RateLimiterMemory({ keyPrefix, points, duration })
      if (!redis) return memory
      return new RateLimiterRedis({
        keyPrefix,
        points,
        duration,
        storeClient: redis,
        insuranceLimiter: memory,
        rejectIfRedisNotReady: true,
        // Who is over the limit is turned away without asking Redis again.
        inMemoryBlockOnConsumed: points + 1
      })
    }
    const tried = (prefix: string, failed: number): Tried => ({
      account: limiter(`${prefix}:account`, settings.logins_per_quarter_account, QUARTER),
      address: limiter(`${prefix}:address`, settings.logins_per_quarter_address, QUARTER),
      failed
    })
    this.#login = tried('regal:login', 401)
    this.#pin = tried('regal:pin', 403)
    this.#userRequests = limiter('regal:request:user', settings.requests_per_minute_user, MINUTE)
    this.#addressRequests = limiter('regal:request:address', settings.requests_per_minute_address, MINUTE)
  }

  /**
   * Runs one sign-in attempt under the limits of its account and address: a failed one (401) stays counted, any other
   * outcome is not. The account is the name as typed: counting user name and e-mail of one person together would tell
   * that both are the same person's. @throws 429 rate_limited, `retry_after` in seconds
   */
  login<T>(name: string, address: string | undefined, attempt: () => Promise<T>): Promise<T> {
    return this.#try(this.#login, name, address, attempt)
  }

  /** The same for a colleague's PIN, whose failure is a 403: counted apart, so that neither locks the other out. */
  pin<T>(name: string, address: string | undefined, attempt: () => Promise<T>): Promise<T> {
    return this.#try(this.#pin, name, address, attempt)
  }

  #try<T>(tried: Tried, name: string, address: string | undefined, attempt: () => Promise<T>): Promise<T> {
    const account = name.toLowerCase()
    const place = addressKey(address)
    return this.#inTurn(place, async () => {
      await consume(tried.address, place)
      await consume(tried.account, account)
      try {
        const result = await attempt()
        await Promise.all([tried.address.reward(place), tried.account.delete(account)])
        return result
      } catch (error) {
        if ((error as { code?: unknown }).code !== tried.failed)
          await Promise.all([tried.address.reward(place), tried.account.reward(account)])
        throw error
      }
    })
  }

  /** Counts a request of a user, or of an address where nobody signed in, as `cost` ones. */
  request(user: string | undefined, address: string | undefined, cost = 1) {
    return user ? count(this.#userRequests, user, cost) : count(this.#addressRequests, addressKey(address), cost)
  }

  /**
   * Few attempts of one address run at a time. An attempt is counted before its outcome is known (or many at once would
   * all pass), so otherwise a shop full of tills signing in at the same moment would run into its own limit.
   */
  async #inTurn<T>(address: string, work: () => Promise<T>): Promise<T> {
    const gate = this.#turns.get(address) ?? new Gate(AT_ONCE)
    this.#turns.set(address, gate)
    try {
      return await gate.run(work)
    } finally {
      if (gate.idle) this.#turns.delete(address)
    }
  }
}

/**
 * Counts `cost`, at most all that a window has, and answers what is left of the window, which ends in `seconds`; `over`
 * when this was too many.
 */
async function count(limiter: Limiter, key: string, cost = 1) {
  const quota = ({ remainingPoints, msBeforeNext }: RateLimiterRes, over: boolean) => ({
    limit: limiter.points,
    left: remainingPoints,
    seconds: Math.max(1, Math.ceil(msBeforeNext / 1000)),
    over
  })
  try {
    return quota(await limiter.consume(key, Math.min(cost, limiter.points)), false)
  } catch (refused) {
    if (!(refused instanceof RateLimiterRes)) throw refused
    return quota(refused, true)
  }
}

async function consume(limiter: Limiter, key: string): Promise<void> {
  const { over, seconds } = await count(limiter, key)
  if (over) throw failure('rate_limited', { retry_after: seconds })
}

/** An IPv6 caller owns a /64 at least, so its first four groups count as one address. */
function addressKey(address = 'unknown'): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!isIPv6(plain)) return plain
  const [head = '', tail] = plain.split('::')
  const front = head.split(':').filter(Boolean)
  const back = tail?.split(':').filter(Boolean) ?? []
  const groups = [...front, ...Array(Math.max(0, 8 - front.length - back.length)).fill('0'), ...back]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
