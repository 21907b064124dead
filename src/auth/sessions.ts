import type { Database, Queryable } from '../database/connection.ts'
import { failure } from '../errors.ts'
import { newId } from '../ids.ts'
import { compileAccess, type Rule } from '../policy/access.ts'
import type { Principal } from '../policy/principal.ts'
import type { Settings } from '../settings.ts'
import { verifyPassword } from './passwords.ts'
import { type AuthChange, Principals } from './principals.ts'
import * as sql from './sessions.sql.ts'
import { type AccessClaims, AccessTokens, hashOf, RefreshTokens } from './tokens.ts'

/** Where a call came from, as far as a session and the audit log keep it. */
export interface Origin {
  ip?: string
  device?: string
  request_id?: string
}

export type PublicUser = Omit<Principal['user'], 'role_id'>

export interface TokenAnswer {
  access_token: string
  refresh_token: string
  token_type: 'bearer'
  /** Seconds the access token lasts. */
  expires_in: number
}

/** What happened to sessions: they ended, or their user or role changed and `authenticate` has news of them. */
export type SessionListener = (change: { session_ids: string[]; ended: boolean }) => void

type UserRow = PublicUser & { password_hash: string }
type PrincipalRow = Principal['user'] & { permissions: Rule[] }
interface Examined {
  session_id: string
  user_id: string
  ended: boolean
  used: boolean
  repeatable: boolean
}

/** Sign-ins: opening, prolonging and ending them, and telling who calls. */
export class Sessions {
  #database: Database
  #settings: Settings['auth']
  #access: AccessTokens
  #refresh: RefreshTokens
  #principals: Principals
  #publish: (changes: AuthChange[]) => void
  #listeners = new Set<SessionListener>()

  /** @param publish carries changes to the other nodes */
  constructor({
    database,
    settings,
    publish = () => {}
  }: {
    database: Database
    settings: { auth: Settings['auth'] }
    publish?: (changes: AuthChange[]) => void
  }) {
    this.#database = database
    this.#settings = settings.auth
    this.#access = new AccessTokens(settings.auth)
    this.#refresh = new RefreshTokens(settings.auth.secret)
    this.#principals = new Principals((sessionId) => this.#readPrincipal(sessionId))
    this.#publish = publish
  }

  /**
   * Opens a session. `username` may be the e-mail. @throws 401 invalid_login: the same answer after the same work for an
   * unknown user, a wrong password and an inactive user; 429 when too many passwords wait to be checked
   */
  async login(
    { username, password }: { username: string; password: string },
    origin: Origin = {}
  ): Promise<TokenAnswer & { user: PublicUser }> {
    const [found] = await this.#database.query<UserRow>(sql.FIND_USER, [username])
    const matches = await verifyPassword(found?.password_hash, password)
    if (!found || !matches || !found.is_active) throw failure('invalid_login')
    const { password_hash, ...user } = found
    const sessionId = newId()
    const token = this.#refresh.first()
    const opened = await this.#database.query(sql.OPEN_SESSION, [
      user.id,
      password_hash,
      sessionId,
      origin.device ?? null,
      origin.ip ?? null,
      hashOf(token),
      this.#settings.refresh_days,
      newId(),
      origin.request_id ?? null
    ])
    if (!opened.length) throw failure('invalid_login')
    return { ...this.#answer(user.id, sessionId, token), user }
  }

  /**
   * Gives the next pair of tokens for a refresh token. The same token again, within the grace and before its successor
   * was used, gives the same successor: its first answer was lost, or two calls crossed.
   * @throws 401 token_invalid, token_expired, session_ended; refresh_reused, after ending the session
   */
  async refresh(token: string, origin: Origin = {}): Promise<TokenAnswer> {
    const successor = this.#refresh.successorOf(token)
    const hashes = [hashOf(token), hashOf(successor)]
    const [claimed] = await this.#database.query<{ session_id: string; user_id: string }>(sql.ROTATE, [
      ...hashes,
      this.#settings.refresh_days,
      origin.ip ?? null
    ])
    const { user_id, session_id } = claimed ?? (await this.#repeatable(hashes, origin))
    return this.#answer(user_id, session_id, successor)
  }

  /** The session a refresh token belongs to, also of a used or expired one. @throws 401 token_invalid */
  async sessionOf(token: string): Promise<string> {
    const [found] = await this.#database.query<{ session_id: string }>(sql.SESSION_OF_TOKEN, [hashOf(token)])
    if (!found) throw failure('token_invalid')
    return found.session_id
  }

  /**
   * Ends a session with its tokens and sockets: on this node when it returns, or at the commit of `transaction`. `by`
   * is who did it, for the audit log; without it the session's own user. A session that has ended stays as it is.
   */
  async endSession(
    id: string,
    reason: string,
    by: { user_id?: string; session_id?: string; request_id?: string; transaction?: Queryable } = {}
  ): Promise<void> {
    const target = by.transaction ?? this.#database
    const actor = [by.user_id ?? null, by.session_id ?? null, by.request_id ?? null]
    const ended = await target.query(sql.END_SESSION, [id, reason, newId(), ...actor])
    if (ended.length) target.afterCommit(() => this.announce([{ session_id: id }]))
  }

  /** Who an access token stands for; no query when the session is known. @throws 401 token_*, session_ended */
  async authenticate(accessToken: string): Promise<Principal> {
    const { sid, exp } = this.#access.verify(accessToken)
    const principal = await this.#principals.of(sid, exp * 1000)
    if (!principal) throw failure('session_ended')
    return principal
  }

  /** What an access token says, which may be out of date. @throws 401 token_expired, token_invalid */
  claimsOf(accessToken: string): AccessClaims {
    return this.#access.verify(accessToken)
  }

  /** When an access token ends, in ms since 1970. @throws 401 as `claimsOf` */
  expiryOf(accessToken: string): number {
    return this.#access.verify(accessToken).exp * 1000
  }

  /** To be called after the commit of a change to a user, role or session: it takes effect here and is sent on. */
  announce(changes: AuthChange[]): void {
    this.apply(changes)
    this.#publish(changes)
  }

  /** Takes in changes that came from elsewhere. */
  apply(changes: AuthChange[]): void {
    const { ended, changed } = this.#principals.apply(changes)
    const roles = changes.some(({ role_id }) => role_id)
    for (const listener of this.#listeners) {
      if (ended.length) listener({ session_ids: ended, ended: true })
      if (changed.length || roles) listener({ session_ids: changed, ended: false })
    }
  }

  /**
   * Tells of every change to sessions. Where `ended` is false, `authenticate` again and cut the socket if it throws. A
   * role that nobody here holds is told of too, with an empty list.
   */
  onChange(listener: SessionListener): void {
    this.#listeners.add(listener)
  }

  /** How many sessions this node keeps in memory, after dropping those whose tokens have expired. */
  sweep(): number {
    return this.#principals.sweep()
  }

  async #repeatable(hashes: Buffer[], origin: Origin): Promise<Examined> {
    const [found] = await this.#database.query<Examined>(sql.EXAMINE, [...hashes, this.#settings.refresh_grace_seconds])
    if (!found) throw failure('token_invalid')
    if (found.ended) throw failure('session_ended')
    if (!found.used) throw failure('token_expired')
    if (found.repeatable) return found
    await this.endSession(found.session_id, 'refresh_reused', { ...origin, session_id: found.session_id })
    throw failure('refresh_reused')
  }

  async #readPrincipal(sessionId: string): Promise<Principal | null> {
    const [row] = await this.#database.query<PrincipalRow>(sql.READ_PRINCIPAL, [sessionId])
    if (!row) return null
    const { permissions, ...user } = row
    return { session_id: sessionId, user, access: compileAccess(permissions) }
  }

  #answer(userId: string, sessionId: string, refreshToken: string): TokenAnswer {
    return {
      access_token: this.#access.issue(userId, sessionId),
      refresh_token: refreshToken,
      token_type: 'bearer',
      expires_in: this.#access.seconds
    }
  }
}
