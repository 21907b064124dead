import { Emitter } from './emitter.ts'
import { isRegalError, unreachable } from './errors.ts'
import type { Transport } from './transport.ts'

/** Where the refresh token is kept between two starts: `localStorage`, or anything like it, asynchronous too. */
export interface TokenStorage {
  getItem(key: string): string | null | undefined | Promise<string | null | undefined>
  setItem(key: string, value: string): unknown
  removeItem(key: string): unknown
}

/** Who signed in. */
export interface SignedIn {
  id: string
  username: string
  email: string
  full_name: string
  role: string
  is_active: boolean
  branch_id: string | null
}

interface Tokens {
  access_token: string
  refresh_token: string
  /** Seconds the access token lasts. */
  expires_in: number
}
interface Access {
  token: string
  /** When to renew it, in ms since 1970: some time before it ends. */
  renew_at: number
}

/** How long before its end a token is renewed; of a short one half its life, as its start is rounded to the second. */
const EARLY = { ms: 30_000, part: 0.5 }

export function memoryStorage(): TokenStorage {
  const kept = new Map<string, string>()
  return {
    getItem: (key) => kept.get(key),
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key)
  }
}

/** The sign-in of this client: the access token in memory, the refresh token in the storage. */
export class Session {
  readonly events = new Emitter<{ renewed: string; ended: string }>()
  #server: Transport
  #storage: TokenStorage
  #key: string
  #access: Access | undefined
  #renewal: Promise<string | undefined> | undefined
  /** Counts sign-ins and sign-outs: a renewal that began before one is worth nothing after it. */
  #turn = 0

  constructor(server: Transport, storage: TokenStorage, url: string) {
    this.#server = server
    this.#storage = storage
    this.#key = `regal ${url}`
  }

  /** When the access token is to be renewed, in ms since 1970; undefined without one. */
  get renewAt(): number | undefined {
    return this.#access?.renew_at
  }

  async login(username: string, password: string): Promise<SignedIn> {
    const begun = Date.now()
    const answer = (await this.#post('login', { username, password })) as Tokens & { user: SignedIn }
    this.#turn++
    await this.#keep(answer, begun)
    return answer.user
  }

  /** Forgets the sign-in, and ends it on the server if that can be reached. */
  async logout(): Promise<void> {
    const refresh_token = await this.#storage.getItem(this.#key)
    await this.end('logout')
    if (refresh_token) await this.#post('logout', { refresh_token })
  }

  /** An access token that lasts a while yet; undefined when nobody is signed in. @throws 401, or `unreachable` */
  async token(): Promise<string | undefined> {
    if (this.#access && Date.now() < this.#access.renew_at) return this.#access.token
    return this.renew(this.#access?.token)
  }

  /** A token other than `stale`. However many ask at a time, the server is asked once. @throws as `token` */
  renew(stale: string | undefined): Promise<string | undefined> {
    if (this.#access && this.#access.token !== stale) return Promise.resolve(this.#access.token)
    this.#renewal ??= this.#exchange().finally(() => {
      this.#renewal = undefined
    })
    return this.#renewal
  }

  /** Nobody is signed in from now on. */
  async end(reason: string): Promise<void> {
    this.#turn++
    this.#access = undefined
    await this.#storage.removeItem(this.#key)
    this.events.emit('ended', reason)
  }

  async #exchange(): Promise<string | undefined> {
    const turn = this.#turn
    const begun = Date.now()
    const refresh_token = await this.#storage.getItem(this.#key)
    if (!refresh_token) return undefined
    try {
      const answer = (await this.#post('refresh', { refresh_token })) as Tokens
      if (turn !== this.#turn) return this.#access?.token
      await this.#keep(answer, begun)
      return answer.access_token
    } catch (error) {
      if (!isRegalError(error) || error.code !== 401) throw this.#notRenewed(error)
      // Another tab with the same storage was faster.
      const present = await this.#storage.getItem(this.#key)
      if (present && present !== refresh_token) return this.#exchange()
      if (turn === this.#turn) await this.end(error.reason)
      throw error
    }
  }

  /** No fresh token could be had, so the call that waited for it was never sent. */
  #notRenewed(error: unknown): unknown {
    return isRegalError(error) && error.uncertain ? unreachable(error.message, false) : error
  }

  async #keep({ access_token, refresh_token, expires_in }: Tokens, begun: number): Promise<void> {
    const life = expires_in * 1000
    this.#access = { token: access_token, renew_at: begun + life - Math.min(EARLY.ms, life * EARLY.part) }
    await this.#storage.setItem(this.#key, refresh_token)
    this.events.emit('renewed', access_token)
  }

  #post(name: string, data: object): Promise<unknown> {
    return this.#server.call({ path: `auth/${name}`, method: 'create', data }, undefined)
  }
}
