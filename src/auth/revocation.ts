import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Database } from '../database/connection.ts'
import type { AuthChange } from './principals.ts'
import { duplicateRedis, type Warn } from './redis.ts'

const CHANNEL = 'regal:auth'
const POLL_MS = 1000
const CLEAN_EVERY = 600
/** A crash of PostgreSQL can give the last numbers of transactions out again. */
const OVERLAP = 1000n

/**
 * The changes since the last look, and from where to look next: transactions below `horizon` are all finished, so
 * whatever they wrote has been seen. Going by time or by id would miss a row whose transaction took long to commit.
 */
const READ_CHANGES = `
  select pg_snapshot_xmin(pg_current_snapshot())::text as horizon, c.id, c.session_id, c.user_id, c.role_id
  from (select 1) one left join auth_changes c on c.txid >= $1::xid8`

/** Changes are kept longer than the longest-lived access token (60 min): who missed one cannot use it any more. */
const CLEAN = `
  with changes as (delete from auth_changes where at < now() - interval '2 hours'),
    tokens as (delete from refresh_tokens where expires_at < now() - interval '1 day')
  update sessions set ended_at = clock_timestamp(), end_reason = 'expired'
  where ended_at is null and last_used_at < now() - make_interval(days => $1)`

interface ChangeRow extends AuthChange {
  horizon: string
  id: number | null
}

export interface RevocationOptions {
  database: Database
  refreshDays: number
  /** Takes changes into this node. */
  apply: (changes: AuthChange[]) => void
  /** How many sessions could be concerned; with none the database is left alone, so that an idle one can sleep. */
  active: () => number
  redis?: Redis
  warn: Warn
}

/**
 * How the end of a session, or a change of what it may do, reaches all nodes: by Redis at once where there is one, and
 * in any case by asking the database once a second.
 */
export class Revocation {
  #options: RevocationOptions
  #node = randomUUID()
  #subscriber: Redis | undefined
  #timer: NodeJS.Timeout | undefined
  #checking: Promise<void> = Promise.resolve()
  #closed = false
  #away = false
  #ticks = 0
  #horizon = 0n
  /** Rows of the last answer: some of them come again in the next. */
  #seen = new Set<number>()

  constructor(options: RevocationOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#options.redis) this.#subscribe(this.#options.redis)
    this.#schedule()
  }

  /** Sends changes to the other nodes; where that fails, their next look at the database finds them. */
  publish(changes: AuthChange[]): void {
    const { redis, warn } = this.#options
    if (redis?.status !== 'ready') return
    redis
      .publish(CHANNEL, JSON.stringify({ node: this.#node, changes }))
      .catch((error) => warn('A change of sign-ins was not published', error))
  }

  /** Looks for changes once. @throws when the database is away */
  async check(): Promise<void> {
    const from = this.#horizon > OVERLAP ? this.#horizon - OVERLAP : 0n
    const rows = await this.#options.database.query<ChangeRow>(READ_CHANGES, [String(from)])
    const changes = rows.filter(({ id }) => id !== null)
    const fresh = changes.filter(({ id }) => !this.#seen.has(id!))
    this.#seen = new Set(changes.map(({ id }) => id!))
    const horizon = BigInt(rows[0]!.horizon)
    // Below the last one: another cluster, into which this database was restored. Its count begins anew.
    this.#horizon = horizon < this.#horizon ? 0n : horizon
    if (fresh.length) this.#options.apply(fresh)
  }

  /** Ends sessions that nobody can prolong any more, and deletes expired tokens and old changes. */
  async clean(): Promise<void> {
    await this.#options.database.query(CLEAN, [this.#options.refreshDays])
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#subscriber?.disconnect()
    await this.#checking
  }

  #schedule(): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      this.#checking = this.#tick().finally(() => this.#schedule())
    }, POLL_MS)
    this.#timer.unref()
  }

  async #tick(): Promise<void> {
    try {
      if (this.#options.active() > 0) await this.check()
      if (++this.#ticks % CLEAN_EVERY === 0) await this.clean()
      this.#away = false
    } catch (error) {
      if (!this.#away) this.#options.warn('Changes of sign-ins cannot be read', error)
      this.#away = true
    }
  }

  #subscribe(redis: Redis): void {
    const { apply, warn } = this.#options
    const subscriber = duplicateRedis(redis, warn)
    this.#subscriber = subscriber
    subscriber.on('ready', () => {
      subscriber.subscribe(CHANNEL).catch((error) => warn('Changes of sign-ins cannot be listened to', error))
    })
    subscriber.on('message', (_channel, text) => {
      try {
        const { node, changes } = JSON.parse(text)
        if (node !== this.#node) apply(changes)
      } catch (error) {
        warn('A message about sign-ins was not understood', error)
      }
    })
  }
}
