import assert from 'node:assert/strict'
import { hkdfSync } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { AccessTokens, hashOf, RefreshTokens } from '../../src/auth/tokens.ts'
import { authSettings, refusal } from './support.ts'

const USER = '01890000-0000-7000-8000-000000000001'
const SESSION = '01890000-0000-7000-8000-000000000002'
/** The key itself, so that forged tokens differ from good ones in one thing only. */
const key = Buffer.from(hkdfSync('sha256', authSettings.secret, '', 'regal access token', 32))
const good = { sub: USER, sid: SESSION, aud: 'regal', exp: Math.floor(Date.now() / 1000) + 60 }
const header = { alg: 'HS256', typ: 'at+jwt' }

const forge = (claims: object, options: jwt.SignOptions = {}, secret: Buffer | string = key) =>
  jwt.sign(JSON.parse(JSON.stringify(claims)), secret, { header, ...options } as jwt.SignOptions)

describe('access tokens', () => {
  const tokens = new AccessTokens(authSettings)

  it('carries user, session, audience and a quarter of an hour', () => {
    const token = tokens.issue(USER, SESSION)
    const { iat, exp, ...rest } = tokens.verify(token)
    assert.deepEqual(rest, { sub: USER, sid: SESSION, aud: 'regal' })
    assert.equal(exp - iat, 900)
    assert.deepEqual(jwt.decode(token, { complete: true })?.header, header)
  })

  it('takes a token made with the right key, so that the refusals below have one cause each', () => {
    assert.equal(tokens.verify(forge(good)).sid, SESSION)
  })

  const forged: Record<string, string> = {
    'another algorithm': forge(good, { header: { ...header, alg: 'HS512' }, algorithm: 'HS512' }),
    'no algorithm': forge(good, { header: { ...header, alg: 'none' }, algorithm: 'none' }, ''),
    'another type': forge(good, { header: { alg: 'HS256', typ: 'JWT' } }),
    'another audience': forge({ ...good, aud: 'other' }),
    'no audience': forge({ ...good, aud: undefined }),
    'no session': forge({ ...good, sid: undefined }),
    'a session that is no text': forge({ ...good, sid: 1 }),
    'no user': forge({ ...good, sub: undefined }),
    'no end': forge({ ...good, exp: undefined }),
    'the secret itself as key': forge(good, {}, authSettings.secret),
    'another secret': new AccessTokens({ ...authSettings, secret: 'x'.repeat(40) }).issue(USER, SESSION),
    'a changed letter': tokens.issue(USER, SESSION).replace(/.\./, (end) => (end[0] === 'A' ? 'B.' : 'A.')),
    'a refresh token': new RefreshTokens(authSettings.secret).first(),
    nothing: ''
  }
  for (const [what, token] of Object.entries(forged)) {
    it(`refuses ${what}`, () => {
      assert.throws(() => tokens.verify(token), refusal(401, 'token_invalid'))
    })
  }

  it('refuses an expired token, also one it has checked before', async () => {
    assert.throws(() => tokens.verify(forge({ ...good, exp: good.exp - 120 })), refusal(401, 'token_expired'))
    const brief = forge({ ...good, exp: Math.floor(Date.now() / 1000) + 1 })
    assert.equal(tokens.verify(brief).sub, USER)
    await new Promise((resolve) => setTimeout(resolve, 1100))
    assert.throws(() => tokens.verify(brief), refusal(401, 'token_expired'))
  })

  it('stays right beyond what it remembers', () => {
    const first = tokens.issue(USER, SESSION)
    tokens.verify(first)
    for (let n = 0; n < 10_001; n++) tokens.verify(tokens.issue(USER, `session ${n}`))
    assert.equal(tokens.verify(first).sid, SESSION)
  })
})

describe('refresh tokens', () => {
  const tokens = new RefreshTokens(authSettings.secret)

  it('draws 32 bytes and never the same', () => {
    const drawn = new Set(Array.from({ length: 100 }, () => tokens.first()))
    assert.equal(drawn.size, 100)
    for (const token of drawn) assert.match(token, /^rt_[A-Za-z0-9_-]{43}$/)
  })

  it('has one successor per token, the same on every node with the secret and on no other', () => {
    const token = tokens.first()
    const successor = tokens.successorOf(token)
    assert.match(successor, /^rt_[A-Za-z0-9_-]{43}$/)
    assert.equal(new RefreshTokens(authSettings.secret).successorOf(token), successor)
    assert.notEqual(new RefreshTokens('x'.repeat(40)).successorOf(token), successor)
    assert.notEqual(tokens.successorOf(tokens.first()), successor)
    assert.notEqual(tokens.successorOf(successor), successor)
  })

  it('is stored as 32 bytes that do not contain it', () => {
    const hash = hashOf(tokens.first())
    assert.equal(hash.length, 32)
  })
})
