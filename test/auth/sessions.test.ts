import assert from 'node:assert/strict'
import type { Sessions } from '../../src/auth/sessions.ts'
import { hashOf } from '../../src/auth/tokens.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertRole, insertUser, openSessions, PASSWORD, refusal } from './support.ts'

describe('sessions', () => {
  let test: TestDatabase
  let sessions: Sessions
  let roleId: string
  let userId: string
  const query = <Row>(text: string, values: unknown[] = []) => test.database.query<Row>(text, values)
  const login = (username = 'anna') => sessions.login({ username, password: PASSWORD })
  const sessionOf = (accessToken: string) => sessions.claimsOf(accessToken).sid
  const rules = [{ action: ['read'], subject: ['products'] }]

  before(async () => {
    test = await createTestDatabase()
    roleId = await insertRole(test.database, 'clerk', rules)
    userId = await insertUser(test.database, 'anna', roleId)
  })
  beforeEach(() => {
    sessions = openSessions(test.database)
  })
  after(() => test?.drop())

  describe('login', () => {
    it('answers tokens and the user, and keeps session, hash and audit row', async () => {
      const origin = { ip: '10.0.0.1', device: 'till 1', request_id: 'request 1' }
      const answer = await sessions.login({ username: 'anna', password: PASSWORD }, origin)
      const { access_token, refresh_token, ...rest } = answer
      const user = { id: userId, username: 'anna', email: 'anna@shop.example', full_name: 'anna', role: 'clerk' }
      assert.deepEqual(rest, {
        token_type: 'bearer',
        expires_in: 900,
        user: { ...user, is_active: true, branch_id: null }
      })
      const sid = sessionOf(access_token)
      const [session] = await query<Record<string, unknown>>('select * from sessions where id = $1', [sid])
      assert.deepEqual(
        [session?.user_id, session?.ip, session?.device, session?.ended_at],
        [userId, '10.0.0.1', 'till 1', null]
      )
      const tokens = await query<{ hash: Buffer; days: number }>(
        `select hash, round(extract(epoch from expires_at - issued_at) / 86400)::int as days from refresh_tokens where session_id = $1`,
        [sid]
      )
      assert.deepEqual(tokens, [{ hash: hashOf(refresh_token), days: 30 }])
      const audit = await query(
        `select action, resource, user_id, session_id, request_id, after from audit_logs where record_id = $1`,
        [sid]
      )
      const after = { ip: '10.0.0.1', device: 'till 1' }
      assert.deepEqual(audit, [
        { action: 'login', resource: 'sessions', user_id: userId, session_id: sid, request_id: 'request 1', after }
      ])
      const [{ recent } = { recent: false }] = await query<{ recent: boolean }>(
        `select last_login_at > now() - interval '1 minute' as recent from users where id = $1`,
        [userId]
      )
      assert.equal(recent, true)
    })

    it('takes the user name or the e-mail in any case', async () => {
      for (const name of ['ANNA', 'anna@shop.example', 'Anna@Shop.Example'])
        assert.equal((await login(name)).user.id, userId)
    })

    it('says the same for an unknown user, a wrong password and an inactive user', async () => {
      await insertUser(test.database, 'idle', roleId)
      await query(`update users set is_active = false where username = 'idle'`)
      const attempts = [
        { username: 'nobody', password: PASSWORD },
        { username: 'anna', password: `${PASSWORD}!` },
        { username: 'idle', password: PASSWORD },
        { username: '%', password: PASSWORD }
      ]
      const errors = await Promise.all(
        attempts.map((attempt) =>
          sessions.login(attempt).then(
            () => assert.fail('signed in'),
            (error) => error.toJSON()
          )
        )
      )
      for (const error of errors) assert.deepEqual(error, errors[0])
      assert.equal(refusal(401, 'invalid_login')(errors[0]), true)
    })

    it('opens nothing for a user who is deactivated while the password is checked', async () => {
      const id = await insertUser(test.database, 'leaving', roleId)
      const signingIn = await test.database.transaction(async (tx) => {
        await tx.query('update users set is_active = false where id = $1', [id])
        const attempt = login('leaving').catch((error) => error)
        await waitsForLock()
        return { attempt }
      })
      assert.equal(refusal(401, 'invalid_login')(await signingIn.attempt), true)
      assert.deepEqual(await query('select id from sessions where user_id = $1', [id]), [])
    })
  })

  describe('authenticate', () => {
    it('tells who calls and with which rules, and asks the database once', async () => {
      const { access_token } = await login()
      const principal = await sessions.authenticate(access_token)
      assert.equal(principal.session_id, sessionOf(access_token))
      assert.deepEqual([principal.user.id, principal.user.role, principal.user.role_id], [userId, 'clerk', roleId])
      assert.deepEqual(principal.access.rules, rules)
      const before = test.database.statements
      for (let n = 0; n < 100; n++) await sessions.authenticate(access_token)
      assert.equal(test.database.statements, before)
    })

    it('takes no refresh token, and refresh takes no access token', async () => {
      const { access_token, refresh_token } = await login()
      await assert.rejects(sessions.authenticate(refresh_token), refusal(401, 'token_invalid'))
      await assert.rejects(sessions.refresh(access_token), refusal(401, 'token_invalid'))
      await assert.rejects(sessions.sessionOf(access_token), refusal(401, 'token_invalid'))
    })
  })

  describe('refresh', () => {
    it('gives a new pair in one statement and stores only its hash', async () => {
      const { access_token, refresh_token } = await login()
      const before = test.database.statements
      const next = await sessions.refresh(refresh_token, { ip: '10.0.0.9' })
      assert.equal(test.database.statements - before, 1)
      assert.deepEqual(Object.keys(next), ['access_token', 'refresh_token', 'token_type', 'expires_in'])
      assert.notEqual(next.refresh_token, refresh_token)
      assert.equal(sessionOf(next.access_token), sessionOf(access_token))
      const third = await sessions.refresh(next.refresh_token)
      assert.equal((await sessions.authenticate(third.access_token)).user.id, userId)
      const stored = await query<{ hash: Buffer }>(
        'select hash from refresh_tokens where session_id = $1 order by issued_at',
        [sessionOf(access_token)]
      )
      const tokens = [refresh_token, next.refresh_token, third.refresh_token]
      assert.deepEqual(
        stored.map(({ hash }) => hash.toString('hex')),
        tokens.map((token) => hashOf(token).toString('hex'))
      )
      const [session] = await query<{ ip: string }>('select ip from sessions where id = $1', [sessionOf(access_token)])
      assert.equal(session?.ip, '10.0.0.9')
    })

    it('gives the same successor again after a lost answer, on any node', async () => {
      const { refresh_token } = await login()
      const lost = await sessions.refresh(refresh_token)
      const again = await openSessions(test.database).refresh(refresh_token)
      assert.equal(again.refresh_token, lost.refresh_token)
      await assert.doesNotReject(sessions.refresh(again.refresh_token))
    })

    it('gives one successor to many who ask at once', async () => {
      const { access_token, refresh_token } = await login()
      const answers = await Promise.all(Array.from({ length: 12 }, () => sessions.refresh(refresh_token)))
      assert.equal(new Set(answers.map((answer) => answer.refresh_token)).size, 1)
      const [{ n } = { n: 0 }] = await query<{ n: number }>(
        'select count(*) as n from refresh_tokens where session_id = $1',
        [sessionOf(access_token)]
      )
      assert.equal(n, 2)
    })

    const reused = async (first: string, accessToken: string) => {
      await sessions.authenticate(accessToken)
      await assert.rejects(sessions.refresh(first), refusal(401, 'refresh_reused'))
      const sid = sessionOf(accessToken)
      await assert.rejects(sessions.authenticate(accessToken), refusal(401, 'session_ended'))
      const [session] = await query<{ end_reason: string }>('select end_reason from sessions where id = $1', [sid])
      assert.equal(session?.end_reason, 'refresh_reused')
      const audit = await query<{ action: string }>(
        `select action, after from audit_logs where record_id = $1 and action <> 'login'`,
        [sid]
      )
      assert.deepEqual(audit, [{ action: 'end', after: { end_reason: 'refresh_reused' } }])
    }

    it('ends the family when a token comes whose successor was used', async () => {
      const { refresh_token } = await login()
      const second = await sessions.refresh(refresh_token)
      const third = await sessions.refresh(second.refresh_token)
      await reused(refresh_token, third.access_token)
      await assert.rejects(sessions.refresh(third.refresh_token), refusal(401, 'session_ended'))
    })

    it('ends the family when a used token comes after the grace', async () => {
      const { access_token, refresh_token } = await login()
      const second = await sessions.refresh(refresh_token)
      await query(`update refresh_tokens set used_at = used_at - interval '21 seconds' where hash = $1`, [
        hashOf(refresh_token)
      ])
      await reused(refresh_token, access_token)
      await assert.rejects(sessions.refresh(second.refresh_token), refusal(401, 'session_ended'))
    })

    it('allows no second use where the grace is nil', async () => {
      sessions = openSessions(test.database, { refresh_grace_seconds: 0 })
      const { access_token, refresh_token } = await login()
      await sessions.refresh(refresh_token)
      await reused(refresh_token, access_token)
    })

    it('refuses an expired and an unknown token', async () => {
      const { refresh_token } = await login()
      await query(`update refresh_tokens set expires_at = now() where hash = $1`, [hashOf(refresh_token)])
      await assert.rejects(sessions.refresh(refresh_token), refusal(401, 'token_expired'))
      for (const token of ['rt_unknown', 'x', refresh_token.toLowerCase()])
        await assert.rejects(sessions.refresh(token), refusal(401, 'token_invalid'))
    })
  })

  describe('the end of a session', () => {
    it('takes effect at once, is told once and is audited once', async () => {
      const { access_token, refresh_token } = await login()
      const sid = await sessions.sessionOf(refresh_token)
      await sessions.authenticate(access_token)
      const told: unknown[] = []
      sessions.onChange((change) => told.push(change))
      await sessions.endSession(sid, 'logout', { session_id: sid, request_id: 'request 2' })
      await sessions.endSession(sid, 'again')
      assert.deepEqual(told, [{ session_ids: [sid], ended: true }])
      await assert.rejects(sessions.authenticate(access_token), refusal(401, 'session_ended'))
      await assert.rejects(sessions.refresh(refresh_token), refusal(401, 'session_ended'))
      const audit = await query(
        `select user_id, session_id, request_id, after from audit_logs where record_id = $1 and action = 'end'`,
        [sid]
      )
      const after = { end_reason: 'logout' }
      assert.deepEqual(audit, [{ user_id: userId, session_id: sid, request_id: 'request 2', after }])
    })

    it('waits for the commit of a transaction, and does not happen when that is rolled back', async () => {
      const { access_token, refresh_token } = await login()
      const sid = await sessions.sessionOf(refresh_token)
      await sessions.authenticate(access_token)
      const ending = test.database.transaction(async (transaction) => {
        await sessions.endSession(sid, 'removed', { transaction })
        await sessions.authenticate(access_token)
        throw new Error('on purpose')
      })
      await assert.rejects(ending, /on purpose/)
      await assert.doesNotReject(sessions.authenticate(access_token))
      await test.database.transaction((transaction) => sessions.endSession(sid, 'removed', { transaction }))
      await assert.rejects(sessions.authenticate(access_token), refusal(401, 'session_ended'))
    })
  })

  /** Until some statement of this database waits for a row. */
  async function waitsForLock(): Promise<void> {
    for (;;) {
      const waiting = await query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      )
      if (waiting.length) return
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
})
