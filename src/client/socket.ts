import { NotAuthenticated, TooManyRequests } from '@feathersjs/errors'
import { feathers } from '@feathersjs/feathers'
import socketio from '@feathersjs/socketio-client'
import { io, type Socket } from 'socket.io-client'
import { Emitter } from './emitter.ts'
import { endsSession, isRegalError, regalError, timedOut, unreachable } from './errors.ts'
import type { Session } from './session.ts'
import { type Call, invoke, type RemoteService, type Transport } from './transport.ts'

/** How long until a server that cut, or refused, the connection is tried again, in ms. */
const AGAIN = { cut: 100, refused: 1000 }

/** What socket.io says of a call that got no answer; anything else is an answer or a mistake. */
function answered(error: unknown): unknown {
  const { message } = error as Error
  if (message === 'operation has timed out') return timedOut()
  if (message === 'socket has been disconnected') return unreachable('The connection broke before the answer.', true)
  return regalError(error)
}

const closedTo = () => unreachable('The server cannot be reached.', false)

/** Calls and events over one socket, which signs in at each connect and goes on with each fresh token. */
export class SocketTransport implements Transport {
  readonly events = new Emitter<{ connected: undefined; disconnected: string }>()
  #session: Session
  #timeout: number
  #socket: Socket
  #app: { service(path: string): unknown }
  #gate = new Emitter<{ open: undefined; shut: unknown }>()
  /** The token that the open connection signed in with, or is about to. */
  #carried: string | undefined
  #signing: Promise<void> = Promise.resolve()
  #closed = false
  #timers: { again?: ReturnType<typeof setTimeout>; renewal?: ReturnType<typeof setTimeout> } = {}

  constructor(url: string, session: Session, timeout: number) {
    this.#session = session
    this.#timeout = timeout
    this.#socket = io(url, {
      autoConnect: false,
      forceNew: true,
      transports: ['websocket'],
      reconnectionDelay: 250,
      reconnectionDelayMax: 2000,
      ackTimeout: timeout,
      timeout,
      auth: (give) => void this.#introduce(give)
    })
    this.#app = feathers().configure(socketio.default(this.#socket as never))
    this.#socket.on('connect', () => {
      this.#gate.emit('open', undefined)
      this.events.emit('connected', undefined)
    })
    this.#socket.on('disconnect', (reason) => {
      this.events.emit('disconnected', reason)
      // An end by the server is none by the network: socket.io would leave it at that.
      if (reason === 'io server disconnect') this.#again(AGAIN.cut)
    })
    this.#socket.on('connect_error', (error) => void this.#refused(error))
    session.events.on('renewed', (token) => this.#carry(token))
    session.events.on('ended', () => {
      this.#clear()
      this.#carried = undefined
      this.#socket.disconnect()
    })
  }

  async call(call: Call, token: string | undefined): Promise<unknown> {
    await this.#connected()
    if (token !== this.#carried && token !== undefined) this.#carry(token)
    await this.#signing
    // It may have broken meanwhile: a call that is not sent can be made again, whatever it is.
    if (!this.#socket.connected) throw unreachable('The connection broke.', false)
    return this.#send(call)
  }

  /** Answers the function that stops listening. Connects if that is still to be done. */
  listen(path: string, event: string, listener: (record: never) => void): () => void {
    const name = `${path} ${event}`
    this.#socket.on(name, listener as (record: unknown) => void)
    this.#connected().catch(() => {})
    return () => void this.#socket.off(name, listener as (record: unknown) => void)
  }

  close(): void {
    this.#closed = true
    this.#clear()
    this.#socket.disconnect()
  }

  #clear(): void {
    clearTimeout(this.#timers.again)
    clearTimeout(this.#timers.renewal)
  }

  async #send(call: Call): Promise<unknown> {
    const service = this.#app.service(call.path) as RemoteService
    return invoke(service, call, { query: call.query ?? {} }).catch((error) => {
      throw answered(error)
    })
  }

  /** Settles once the socket is open. @throws unreachable, or the server's refusal */
  #connected(): Promise<void> {
    if (this.#socket.connected) return Promise.resolve()
    if (this.#closed) return Promise.reject(unreachable('The client is closed.', false))
    return new Promise((done, failed) => {
      const settle = (act: () => void) => {
        clearTimeout(timer)
        for (const stop of stops) stop()
        act()
      }
      const shut = (error: unknown) => settle(() => failed(error))
      const stops = [this.#gate.on('open', () => settle(done)), this.#gate.on('shut', shut)]
      const timer = setTimeout(() => shut(closedTo()), this.#timeout)
      this.#socket.connect()
    })
  }

  /** The token for a handshake. Without the server there is none to be had: the next attempt asks again. */
  async #introduce(give: (auth: object) => void): Promise<void> {
    try {
      const token = await this.#session.token()
      this.#carried = token
      this.#planRenewal()
      give(token === undefined ? {} : { token })
    } catch (error) {
      this.#socket.disconnect()
      this.#gate.emit('shut', error)
      if (!isRegalError(error) || error.code !== 401) this.#again(AGAIN.refused)
    }
  }

  /**
   * No connection came about. When it was the server that let us not in, a fresh token may help; a network that is away is
   * tried again by socket.io.
   */
  async #refused({ message, data }: Error & { data?: { reason?: string } }): Promise<void> {
    if (this.#socket.active) return this.#gate.emit('shut', closedTo())
    const { reason } = data ?? {}
    if (reason === 'session_ended') {
      await this.#session.end(reason)
      return this.#gate.emit('shut', regalError(new NotAuthenticated(message, { reason })))
    }
    if (reason?.startsWith('token_')) await this.#session.renew(this.#carried).catch(() => {})
    // Too many sockets of one user, say: who waits is told so.
    const busy = reason === 'rate_limited' && regalError(new TooManyRequests(message, { ...data }))
    this.#gate.emit('shut', busy || closedTo())
    this.#again(AGAIN.refused)
  }

  #again(wait: number): void {
    clearTimeout(this.#timers.again)
    if (this.#closed) return
    this.#timers.again = setTimeout(() => this.#socket.connect(), wait)
  }

  /** Signs the open connection in with another token. */
  #carry(token: string): void {
    this.#planRenewal()
    if (!this.#socket.connected || token === this.#carried) return
    this.#carried = token
    const data = { strategy: 'jwt', accessToken: token }
    this.#signing = this.#send({ path: 'authentication', method: 'create', data }).then(
      () => {},
      (error) => {
        this.#carried = undefined
        // The calls that wait for it get the refusal of their own.
        if (isRegalError(error) && endsSession(error)) void this.#session.end(error.reason)
      }
    )
  }

  /** Who only listens makes no calls that would renew the token. */
  #planRenewal(): void {
    clearTimeout(this.#timers.renewal)
    const { renewAt } = this.#session
    if (renewAt === undefined || !this.#socket.active) return
    // Of the token that is carried then, whatever the clock says: timers may come a millisecond early.
    const renew = () => this.#session.renew(this.#carried).catch(() => {})
    this.#timers.renewal = setTimeout(renew, renewAt - Date.now())
  }
}
