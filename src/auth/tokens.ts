import { createHash, createHmac, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { failure } from '../errors.ts'

const AUDIENCE = 'regal'
const ALGORITHM = 'HS256'
/** RFC 9068: says that it is an access token, so no other kind of JWT can ever stand in for one. */
const TYPE = 'at+jwt'
const CACHE_LIMIT = 10_000

export interface AccessClaims {
  /** User id. */
  sub: string
  /** Session id. */
  sid: string
  /** Seconds since 1970. */
  iat: number
  exp: number
  aud: string
}

/**
 * One key per purpose, all from the one configured secret: a value made for one is worth nothing in the other. A
 * KeyObject, as jsonwebtoken first tries to read anything else as a private key: 400 us a token against 20.
 */
const keyFor = (secret: string, purpose: string): KeyObject =>
  createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', purpose, 32)))

/** Short-lived signed tokens. Signing in gives one; it proves which session calls, not that the session still lasts. */
export class AccessTokens {
  readonly seconds: number
  #key: KeyObject
  /** Verifying costs 20 us, finding it here less than one. */
  #verified = new Map<string, AccessClaims>()

  constructor(settings: { secret: string; access_minutes: number }) {
    this.#key = keyFor(settings.secret, 'regal access token')
    this.seconds = settings.access_minutes * 60
  }

  issue(userId: string, sessionId: string): string {
    return jwt.sign({ sid: sessionId }, this.#key, {
      algorithm: ALGORITHM,
      header: { alg: ALGORITHM, typ: TYPE },
      subject: userId,
      audience: AUDIENCE,
      expiresIn: this.seconds
    })
  }

  /** @throws 401 token_expired or token_invalid */
  verify(token: string): AccessClaims {
    const known = this.#verified.get(token)
    if (known && known.exp * 1000 > Date.now()) return known
    const claims = this.#check(token)
    if (this.#verified.size >= CACHE_LIMIT) this.#verified.delete(this.#verified.keys().next().value!)
    this.#verified.set(token, claims)
    return claims
  }

  #check(token: string): AccessClaims {
    try {
      const { header, payload } = jwt.verify(token, this.#key, {
        algorithms: [ALGORITHM],
        audience: AUDIENCE,
        complete: true
      })
      const { sub, sid, exp } = payload as Partial<AccessClaims>
      if (header.typ === TYPE && typeof sub === 'string' && typeof sid === 'string' && exp)
        return payload as AccessClaims
    } catch (error) {
      this.#verified.delete(token)
      if (error instanceof jwt.TokenExpiredError) throw failure('token_expired')
    }
    throw failure('token_invalid')
  }
}

/** Opaque tokens that buy the next access token, once each. */
export class RefreshTokens {
  #key: KeyObject

  constructor(secret: string) {
    this.#key = keyFor(secret, 'regal refresh token')
  }

  first(): string {
    return `rt_${randomBytes(32).toString('base64url')}`
  }

  /**
   * The one token that follows `token`. Derived and not drawn: when the answer got lost it can be given again, though
   * only hashes are stored. Without the server's secret it is as unpredictable as a drawn one.
   */
  successorOf(token: string): string {
    return `rt_${createHmac('sha256', this.#key).update(token).digest('base64url')}`
  }
}

/** What is stored of a refresh token. 256 random bits need no salt and no slow hash. */
export const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest()
