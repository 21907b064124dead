import type { ServerResponse } from 'node:http'
import type { Application } from '@feathersjs/koa'
import socketio from '@feathersjs/socketio'
import type { Server, Socket } from 'socket.io'
import { failure } from '../errors.ts'
import { publicError, translate } from '../hooks/translate-errors.ts'
import type { Places } from '../policy/places.ts'
import type { Principal } from '../policy/principal.ts'
import { readerOf } from '../policy/reader.ts'
import { addressOf } from '../rest/edge.ts'
import { secure } from '../rest/headers.ts'
import { refusalOf } from './messages.ts'
import { roomsOf } from './rooms.ts'

/** What Feathers keeps per socket and hands to every call as params. */
interface Connection extends Record<string, unknown> {
  access_token?: string
  session_id?: string
}
type Callback = (...answer: unknown[]) => void
type LiveSocket = Socket & { feathers: Connection; expiry?: NodeJS.Timeout }

export interface SocketOptions {
  origins: string[]
  bodyBytes: number
  trustedProxies: number
  messagesPerSecond: number
  socketsPerUser: number
}

interface SessionSource {
  authenticate(token: string): Promise<Principal>
  /** Sessions that changed (role, branch) or ended; their sockets follow at once. */
  onChange(listener: (change: { session_ids: string[]; ended: boolean }) => void): void
  claimsOf(token: string): { exp: number }
}

/** The live side: who is connected, which rooms they are in, and when they are cut. */
export class Sockets {
  #sessions: SessionSource
  #places: Places
  #options: SocketOptions
  #bySession = new Map<string, Set<LiveSocket>>()
  #byUser = new Map<string, number>()
  #byConnection = new WeakMap<object, LiveSocket>()
  #app: Application | undefined
  #underWay = 0
  #finished: (() => void) | undefined
  io: Server | undefined

  constructor(sessions: SessionSource, places: Places, options: SocketOptions) {
    this.#sessions = sessions
    this.#places = places
    this.#options = options
    sessions.onChange(({ session_ids, ended }) => {
      for (const id of session_ids) for (const socket of this.#bySession.get(id) ?? []) void this.#follow(socket, ended)
    })
  }

  configure(): (app: Application) => void {
    const { origins, bodyBytes } = this.#options
    const allowRequest = (
      request: { headers: { origin?: string | undefined } },
      done: (error: null, ok: boolean) => void
    ) => {
      const { origin } = request.headers
      done(null, !origin || origins.includes(origin))
    }
    const attach = socketio(
      { maxHttpBufferSize: bodyBytes, allowRequest, cors: { origin: origins }, serveClient: false },
      (io) => {
        this.io = io
        io.engine.use((_request: unknown, response: ServerResponse, next: () => void) => {
          secure(response)
          next()
        })
        io.use(
          (socket, next) =>
            void this.#arrive(socket as LiveSocket).then(
              () => next(),
              (error) => next(publicError(translate(error)))
            )
        )
      }
    ) as unknown as (app: Application) => void
    return (app) => {
      this.#app = app
      attach(app)
    }
  }

  /** A sign-in over a socket, or a fresh token on one that is signed in: rooms and expiry follow it. */
  async signIn(connection: object, token: string): Promise<void> {
    const socket = this.#byConnection.get(connection)
    if (socket) await this.#admit(socket, token)
  }

  /** The socket is nobody's from now on, but stays open. */
  signOut(connection: object): void {
    const socket = this.#byConnection.get(connection)
    if (socket) this.#forget(socket)
  }

  /** Takes no more calls; settles once those under way are answered. */
  async finish(): Promise<void> {
    const answered = new Promise<void>((done) => {
      this.#finished = done
    })
    if (this.#underWay > 0) await answered
  }

  async #arrive(socket: LiveSocket): Promise<void> {
    const { headers, auth, address } = socket.handshake
    const connection = socket.feathers
    connection.ip = addressOf(address, headers['x-forwarded-for'], this.#options.trustedProxies)
    this.#byConnection.set(connection, socket)
    socket.use(this.#perMessage(socket))
    const leave = () => {
      socket.data.gone = true
      this.#forget(socket)
    }
    // A connection that breaks before its sign-in is through never tells of a disconnect.
    socket.conn.once('close', leave)
    socket.on('disconnect', leave)
    const bearer = /^bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
    const token = (auth as { token?: unknown; accessToken?: unknown }).token ?? auth.accessToken ?? bearer
    if (typeof token === 'string') await this.#admit(socket, token)
  }

  /** A bounded number of messages a second; names that are no method are answered, not ignored. */
  #perMessage(socket: LiveSocket) {
    let left = this.#options.messagesPerSecond
    let second = 0
    return (event: unknown[], next: (error?: Error) => void) => {
      const now = Math.floor(Date.now() / 1000)
      if (now !== second) {
        second = now
        left = this.#options.messagesPerSecond
      }
      const callback = event[event.length - 1]
      const reply = (error: unknown) => typeof callback === 'function' && callback(error)
      if (--left < 0) {
        reply(failure('rate_limited', { retry_after: 1 }).toJSON())
        // Far beyond the limit is not a busy till: the connection goes.
        if (left < -10 * this.#options.messagesPerSecond) socket.disconnect(true)
      } else {
        const refusal = this.#finished ? failure('draining', { retry_after: 1 }) : refusalOf(this.#app!, event)
        if (refusal) return reply(refusal.toJSON())
        if (typeof callback === 'function') event[event.length - 1] = this.#counted(callback as Callback)
        next()
      }
    }
  }

  #counted(callback: Callback): Callback {
    this.#underWay++
    return (...answer) => {
      callback(...answer)
      if (--this.#underWay === 0) this.#finished?.()
    }
  }

  async #admit(socket: LiveSocket, token: string): Promise<void> {
    const principal = await this.#sessions.authenticate(token)
    if (socket.data.gone) throw failure('session_ended')
    this.#forget(socket)
    const user = principal.user.id
    const open = this.#byUser.get(user) ?? 0
    if (open >= this.#options.socketsPerUser) throw failure('rate_limited', { retry_after: 10 })
    this.#byUser.set(user, open + 1)
    socket.feathers.access_token = token
    socket.feathers.session_id = principal.session_id
    socket.data.user = user
    const sockets = this.#bySession.get(principal.session_id) ?? new Set()
    this.#bySession.set(principal.session_id, sockets.add(socket))
    await socket.join(this.#roomsOf(principal))
    const left = this.#sessions.claimsOf(token).exp * 1000 - Date.now()
    socket.expiry = setTimeout(() => this.#cut(socket), Math.max(0, left))
    socket.expiry.unref()
  }

  #roomsOf(principal: Principal): string[] {
    return roomsOf(
      principal.access,
      readerOf(principal, this.#places.home, (branch) => this.#places.today(branch))
    )
  }

  /** After a change of role or branch a socket moves to its new rooms; after an end it is cut. */
  async #follow(socket: LiveSocket, ended: boolean): Promise<void> {
    const token = socket.feathers.access_token
    if (ended || !token) return this.#cut(socket)
    // It leaves its old rooms when the new ones are known, in one step: no event falls in between.
    await this.#admit(socket, token).catch(() => this.#cut(socket))
  }

  /** Tells a client why before it is cut: a token that expired is renewed, a session that ended is not. */
  #cut(socket: LiveSocket): void {
    this.#forget(socket)
    socket.emit('auth-expired')
    socket.disconnect(true)
  }

  #leave(socket: LiveSocket): void {
    for (const room of socket.rooms) if (room !== socket.id) void socket.leave(room)
  }

  #forget(socket: LiveSocket): void {
    clearTimeout(socket.expiry)
    this.#leave(socket)
    const session = socket.feathers.session_id
    if (!session) return
    delete socket.feathers.session_id
    delete socket.feathers.access_token
    this.#bySession.get(session)?.delete(socket)
    if (!this.#bySession.get(session)?.size) this.#bySession.delete(session)
    const user = socket.data.user as string
    const open = (this.#byUser.get(user) ?? 1) - 1
    if (open) this.#byUser.set(user, open)
    else this.#byUser.delete(user)
  }
}
