import pg from 'pg'
import { isServerError, isTransient, isUnavailable } from './errors.ts'
import { installTypeParsers } from './types.ts'

export interface DatabaseSettings {
  url: string
  pool_max: number
  acquire_timeout_ms: number
  query_timeout_ms: number
  prepared_statements: boolean
  /** Session parameters at connect; off behind a transaction pooler, which refuses or leaks them. */
  session_settings: boolean
}

/** Runs one SQL statement and answers its rows. `params.transaction` of a service call is one of these. */
export interface Queryable {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<Row[]>
  /** The same with each row as a list of values: the engine makes its own records of them, once. */
  rows(text: string, values?: readonly unknown[]): Promise<unknown[][]>
  /** Runs `effect` once what was written is committed: at once outside a transaction. */
  afterCommit(effect: () => void): void
}

/**
 * Times as UTC; words as alike that share half of their letters by threes, so that a slip of the finger is found (the
 * default of 0.6 misses one in a word of six); and one plan per statement: our texts are few and their shapes fixed. Left to choose, PostgreSQL planned
 * the two statements of a sale anew at each call, which cost half as much again as running them.
 */
const SESSION = '-c timezone=UTC -c plan_cache_mode=force_generic_plan -c pg_trgm.word_similarity_threshold=0.5'

/**
 * How many characters of statements are prepared, in all. Each keeps its plan in every connection, and clients shape the
 * texts of lists: measured, a plain list costs some 60 kB, and one with all the includes and conditions that a query
 * may have (4,000 characters) some 900 kB. So a connection keeps some 50 MB at most, whatever it is asked; texts beyond
 * are planned at each call.
 */
const PREPARED_CHARACTERS = 200_000
const MAX_ATTEMPTS = 4

export class Database implements Queryable {
  readonly pool: pg.Pool
  readonly settings: DatabaseSettings
  #names = new Map<string, string>()
  #prepared = 0
  /** How many statements were sent: what `npm run bench` and the tests count. */
  statements = 0

  constructor(settings: DatabaseSettings) {
    installTypeParsers()
    this.settings = settings
    this.pool = new pg.Pool({
      connectionString: settings.url,
      max: settings.pool_max,
      connectionTimeoutMillis: settings.acquire_timeout_ms,
      query_timeout: settings.query_timeout_ms,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      ...(settings.session_settings && {
        statement_timeout: settings.query_timeout_ms,
        lock_timeout: settings.query_timeout_ms,
        idle_in_transaction_session_timeout: 10_000,
        options: SESSION
      })
    })
    // A connection that breaks says so beside failing its query; without listeners that would end the process. The pool
    // drops an idle one by itself, and listens to those alone: each gets a listener of its own for while it is in use.
    this.pool.on('error', () => {})
    this.pool.on('connect', (client) => void client.on('error', () => {}))
  }

  query<Row = Record<string, unknown>>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return this.#retrying(() => this.#alone<Row>(text, values, false))
  }

  rows(text: string, values: readonly unknown[] = []): Promise<unknown[][]> {
    return this.#retrying(() => this.#alone<unknown[]>(text, values, true))
  }

  async #alone<Row>(text: string, values: readonly unknown[], arrays: boolean): Promise<Row[]> {
    const client = await this.pool.connect()
    try {
      const rows = await this.#send<Row>(client, text, values, arrays)
      client.release()
      return rows
    } catch (error) {
      // pool.query() would throw the connection away at every refused statement; we keep it, as PostgreSQL
      // answered, and throw it away when it did not (a timed-out connection may be a dead one).
      client.release(!isServerError(error))
      throw error
    }
  }

  afterCommit(effect: () => void): void {
    effect()
  }

  /**
   * Runs `work` in one transaction; a deadlock or serialisation failure runs it again (up to 4 times in all).
   * Effects registered with `afterCommit` run after the commit, in order, and not at all after a roll-back.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#retrying(() => this.#attempt(work, 'commit'))
  }

  /**
   * Runs `work` once in a transaction that is rolled back in any case. Nothing of it stays, and no effect registered with
   * `afterCommit` runs.
   */
  rehearsal<T>(work: (tx: Queryable) => Promise<T>): Promise<T> {
    return this.#attempt(work, 'rollback')
  }

  /** PostgreSQL has undone all of a statement or transaction that ends in a deadlock, so that it can be sent again. */
  async #retrying<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        if (attempt >= MAX_ATTEMPTS || !isTransient(error)) throw error
      }
    }
  }

  close(): Promise<void> {
    return this.pool.end()
  }

  async #attempt<T>(work: (tx: Queryable) => Promise<T>, end: 'commit' | 'rollback'): Promise<T> {
    const client = await this.pool.connect()
    const effects: (() => void)[] = []
    const tx: Queryable = {
      query: (text, values = []) => this.#send(client, text, values, false),
      rows: (text, values = []) => this.#send(client, text, values, true),
      afterCommit: (effect) => void effects.push(effect)
    }
    let result: T
    try {
      await client.query('begin')
      result = await work(tx)
      await client.query(end)
      client.release()
    } catch (error) {
      client.release(!(await this.#rollBack(client, error)))
      throw error
    }
    if (end === 'commit') for (const effect of effects) effect()
    return result
  }

  /** Whether the connection can be used again. One that does not answer is not asked once more, for as long again. */
  async #rollBack(client: pg.PoolClient, error: unknown): Promise<boolean> {
    if (isUnavailable(error) && !isServerError(error)) return false
    return client.query('rollback').then(
      () => true,
      () => false
    )
  }

  async #send<Row>(client: pg.PoolClient, text: string, values: readonly unknown[], arrays: boolean): Promise<Row[]> {
    this.statements++
    const name = this.#nameOf(text)
    const rowMode = arrays ? 'array' : undefined
    const result = await client.query({ text, values, name, rowMode } as unknown as pg.QueryConfig)
    return result.rows as Row[]
  }

  #nameOf(text: string): string | undefined {
    if (!this.settings.prepared_statements) return undefined
    let name = this.#names.get(text)
    if (!name && this.#prepared + text.length <= PREPARED_CHARACTERS) {
      this.#prepared += text.length
      name = `regal_${this.#names.size}`
      this.#names.set(text, name)
    }
    return name
  }
}
