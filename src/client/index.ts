import { Emitter } from './emitter.ts'
import { endsSession, isRegalError, type RegalError, wantsRenewal } from './errors.ts'
import { newId } from './ids.ts'
import { type Picture, type Pictures, picturesOf } from './pictures.ts'
import type { Create, Page, Patch, Query, ResourceName, Row, Where } from './query.ts'
import { type Caller, type Fetch, restTransport } from './rest.ts'
import { type RetryOptions, repeating, withDefaults } from './retry.ts'
import type { EventName, LiveService, Service } from './service.ts'
import { memoryStorage, Session, type SignedIn, type TokenStorage } from './session.ts'
import { SocketTransport } from './socket.ts'
import type { Call } from './transport.ts'
import { verbsOf } from './verbs.ts'

export interface ClientOptions<T extends TransportName = TransportName> {
  /** Where Regal answers: `https://shop.example`. */
  url: string
  /** `rest` unless said; `socket` tells of changes too. */
  transport?: T
  /** Keeps the sign-in between two starts; without it, it is gone with the program. */
  storage?: TokenStorage
  /** Stands for the global `fetch`. */
  fetch?: Fetch
  retry?: RetryOptions
}
export type TransportName = 'rest' | 'socket'

/** What the client tells of. */
export interface ClientEvents {
  /** Nobody is signed in any more, with the reason: `logout`, or what the server said. */
  'signed-out': string
  /** The socket is open, for the first time or again: what was missed meanwhile is to be read. */
  connected: undefined
  disconnected: string
}

/** Who is signed in, and what they may do. */
export interface Me {
  user: SignedIn
  role: { id: string; name: string }
  rules: readonly { action: string[]; subject: string[]; fields?: string[]; conditions?: Record<string, unknown> }[]
}

export interface RegalClient<T extends TransportName = TransportName> {
  /** Signs in by user name or e-mail. @throws 401 `invalid_login`, 429 `rate_limited` */
  login(username: string, password: string): Promise<SignedIn>
  /** Ends the sign-in, here and on the server. */
  logout(): Promise<void>
  me(): Promise<Me>
  /** Uploads pictures and reads them. */
  readonly pictures: Pictures
  service<N extends ResourceName>(name: N): T extends 'socket' ? LiveService<N> : Service<N>
  /** Answers the function that stops listening. */
  on<E extends keyof ClientEvents>(event: E, listener: (told: ClientEvents[E]) => void): () => void
  /** Closes the socket. The sign-in stays. */
  close(): void
}

/** A client of a Regal: signed in once, calls are typed, repeated where that is safe, and made once. */
export function regalClient<T extends TransportName = 'rest'>(options: ClientOptions<T>): RegalClient<T> {
  const url = options.url.replace(/\/+$/, '')
  const retry = withDefaults(options.retry)
  const fetcher: Fetch = options.fetch ?? ((address, init) => fetch(address, init))
  const http = restTransport(url, fetcher, retry.timeout)
  const session = new Session(http, options.storage ?? memoryStorage(), url)
  const socket = options.transport === 'socket' ? new SocketTransport(url, session, retry.timeout) : undefined
  const transport = socket ?? http
  const events = new Emitter<ClientEvents>()
  session.events.on('ended', (reason) => events.emit('signed-out', reason))
  socket?.events.on('connected', () => events.emit('connected', undefined))
  socket?.events.on('disconnected', (reason) => events.emit('disconnected', reason))

  /** One attempt; with a fresh token once more when the server finds the present one too old. */
  async function attempt<T>(work: (token: string | undefined) => Promise<T>): Promise<T> {
    const token = await session.token()
    try {
      return await work(token)
    } catch (error) {
      if (endsSession(error)) await session.end((error as RegalError).reason)
      if (!wantsRenewal(error) || token === undefined) throw error
      return work(await session.renew(token))
    }
  }

  const made = (call: Call, safe: boolean) =>
    repeating(() => attempt((token) => transport.call(call, token)), safe, retry)

  return {
    login: (username, password) => repeating(() => session.login(username, password), false, retry),
    logout: () => session.logout(),
    me: () => made({ path: 'auth/me', method: 'find' }, true) as Promise<Me>,
    pictures: picturesOf(url, fetcher as unknown as Caller, retry.timeout, (work) =>
      repeating(() => attempt(work), true, retry)
    ),
    service: (name) => verbsOf(name, made, socket) as never,
    on: (event, listener) => events.on(event, listener),
    close: () => socket?.close()
  }
}

export type {
  Create,
  EventName,
  Fetch,
  LiveService,
  Page,
  Patch,
  Picture,
  Pictures,
  Query,
  RegalError,
  ResourceName,
  RetryOptions,
  Row,
  Service,
  SignedIn,
  TokenStorage,
  Where
}
export { isRegalError, memoryStorage, newId }
