import assert from 'node:assert/strict'
import { hashPassword } from '../../src/auth/passwords.ts'
import { Revocation } from '../../src/auth/revocation.ts'
import type { Sessions } from '../../src/auth/sessions.ts'
import { hashOf } from '../../src/auth/tokens.ts'
import type { Database } from '../../src/database/connection.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertRole, insertUser, openSessions, PASSWORD, refusal } from './support.ts'

interface Node {
  sessions: Sessions
  revocation: Revocation
  told: { session_ids: string[]; ended: boolean }[]
  warnings: string[]
}

/** A node of its own, as far as sign-in goes: it shares the database with the others and nothing else. */
function openNode(database: Database): Node {
  const sessions = openSessions(database)
  const told: Node['told'] = []
  const warnings: string[] = []
  sessions.onChange((change) => told.push(change))
  const revocation = new Revocation({
    database,
    refreshDays: 30,
    apply: (changes) => sessions.apply(changes),
    active: () => sessions.sweep(),
    warn: (message) => warnings.push(message)
  })
  return { sessions, revocation, told, warnings }
}

describe('revocation', () => {
  let test: TestDatabase
  let roleId: string
  let counter = 0
  const query = (text: string, values: unknown[] = []) => test.database.query<{ value: string }>(text, values)

  before(async () => {
    test = await createTestDatabase()
    roleId = await insertRole(test.database, 'clerk', [{ action: ['read'], subject: ['products'] }])
  })
  after(() => test?.drop())

  /** A user signed in and known to a node that has seen all changes so far. */
  async function signedIn() {
    const node = openNode(test.database)
    const username = `user${++counter}`
    const userId = await insertUser(test.database, username, roleId)
    const tokens = await node.sessions.login({ username, password: PASSWORD })
    const sessionId = node.sessions.claimsOf(tokens.access_token).sid
    await node.revocation.check()
    await node.sessions.authenticate(tokens.access_token)
    node.told.length = 0
    return { ...node, ...tokens, userId, sessionId }
  }
  const reasonOf = async (sessionId: string) =>
    (await query('select end_reason as value from sessions where id = $1', [sessionId]))[0]?.value

  const endings: Record<string, (userId: string) => Promise<unknown>> = {
    user_deactivated: (id) => query('update users set is_active = false where id = $1', [id]),
    password_changed: async (id) =>
      query('update users set password_hash = $2 where id = $1', [id, await hashPassword('another password')])
  }
  for (const [reason, change] of Object.entries(endings)) {
    it(`ends sessions everywhere: ${reason}`, async () => {
      const node = await signedIn()
      await change(node.userId)
      await node.revocation.check()
      assert.equal(await reasonOf(node.sessionId), reason)
      assert.deepEqual(node.told[0], { session_ids: [node.sessionId], ended: true })
      await assert.rejects(node.sessions.authenticate(node.access_token), refusal(401, 'session_ended'))
      await assert.rejects(node.sessions.refresh(node.refresh_token), refusal(401, 'session_ended'))
    })
  }

  it('keeps a session whose user gets another role, with the rights of that role', async () => {
    const node = await signedIn()
    const rules = [{ action: ['read'], subject: ['customers'] }]
    const otherRole = await insertRole(test.database, 'other', rules)
    await query('update users set role_id = $2 where id = $1', [node.userId, otherRole])
    await node.revocation.check()
    assert.deepEqual(node.told, [{ session_ids: [node.sessionId], ended: false }])
    const { user, access } = await node.sessions.authenticate(node.access_token)
    assert.equal(user.role, 'other')
    assert.deepEqual(access.rules, rules)
    assert.equal(await reasonOf(node.sessionId), null)
  })

  it('follows a role whose rules change, and tells of roles nobody here holds', async () => {
    const node = await signedIn()
    const own = await insertRole(test.database, 'changing')
    await query('update users set role_id = $2 where id = $1', [node.userId, own])
    await node.revocation.check()
    await node.sessions.authenticate(node.access_token)
    node.told.length = 0
    const rules = [{ action: ['read'], subject: ['vendors'] }]
    await query('update roles set permissions = $2 where id = $1', [own, JSON.stringify(rules)])
    await node.revocation.check()
    assert.deepEqual(node.told, [{ session_ids: [node.sessionId], ended: false }])
    assert.deepEqual((await node.sessions.authenticate(node.access_token)).access.rules, rules)
    await insertRole(test.database, 'new')
    await node.revocation.check()
    assert.deepEqual(node.told[1], { session_ids: [], ended: false })
  })

  it('is not moved by what does not matter', async () => {
    const node = await signedIn()
    await query(`update users set phone = '1', last_login_at = now(), pin_hash = 'x' where id = $1`, [node.userId])
    await query('update sessions set last_used_at = now() where id = $1', [node.sessionId])
    await node.sessions.refresh(node.refresh_token)
    await node.revocation.check()
    assert.deepEqual(node.told, [])
  })

  it('sees a change that was written first and committed last', async () => {
    const node = await signedIn()
    const other = await signedIn()
    await test.database.transaction(async (tx) => {
      await tx.query('update users set is_active = false where id = $1', [node.userId])
      await query('update users set is_active = false where id = $1', [other.userId])
      await node.revocation.check()
      await node.revocation.check()
      assert.deepEqual(
        node.told.flatMap(({ session_ids }) => session_ids),
        [other.sessionId]
      )
      await node.sessions.authenticate(node.access_token)
    })
    await node.revocation.check()
    await assert.rejects(node.sessions.authenticate(node.access_token), refusal(401, 'session_ended'))
  })

  it('tells of a change once, however often it looks', async () => {
    const node = await signedIn()
    await query('update users set is_active = false where id = $1', [node.userId])
    for (let n = 0; n < 3; n++) await node.revocation.check()
    assert.equal(node.told.length, 1)
  })

  it('is heard by another node within its next look, without Redis', async () => {
    const node = await signedIn()
    const other = openNode(test.database)
    other.revocation.start()
    await other.sessions.authenticate(node.access_token)
    await node.sessions.endSession(node.sessionId, 'logout')
    await assert.rejects(node.sessions.authenticate(node.access_token), refusal(401, 'session_ended'))
    await until(() => other.told.some(({ session_ids }) => session_ids.includes(node.sessionId)))
    await assert.rejects(other.sessions.authenticate(node.access_token), refusal(401, 'session_ended'))
    await other.revocation.close()
  })

  it('outlives the database: it warns once, and afterwards catches up', async () => {
    const node = await signedIn()
    const name = new URL(test.url).pathname.slice(1)
    const admin = await createTestDatabase()
    node.revocation.start()
    try {
      await admin.database.query(`alter database ${name} allow_connections false`)
      await admin.database.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name])
      await until(() => node.warnings.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 1200))
      assert.equal(node.warnings.length, 1)
      await admin.database.query(`alter database ${name} allow_connections true`)
      await query('update users set is_active = false where id = $1', [node.userId])
      await until(() => node.told.some(({ ended }) => ended))
      await assert.rejects(node.sessions.authenticate(node.access_token), refusal(401, 'session_ended'))
    } finally {
      await admin.database.query(`alter database ${name} allow_connections true`)
      await node.revocation.close()
      await admin.drop()
    }
  })

  it('leaves the database alone while nobody is signed in', async () => {
    const node = openNode(test.database)
    const before = test.database.statements
    node.revocation.start()
    await new Promise((resolve) => setTimeout(resolve, 1200))
    await node.revocation.close()
    assert.equal(test.database.statements, before)
  })

  it('cleans up: old changes, expired tokens, sessions nobody can prolong', async () => {
    const node = await signedIn()
    const kept = await signedIn()
    await query(`update auth_changes set at = at - interval '3 hours'`)
    await query(`update refresh_tokens set expires_at = now() - interval '2 days' where hash = $1`, [
      hashOf(node.refresh_token)
    ])
    await query(`update sessions set last_used_at = now() - interval '31 days' where id = $1`, [node.sessionId])
    await node.revocation.clean()
    assert.equal(await reasonOf(node.sessionId), 'expired')
    assert.equal(await reasonOf(kept.sessionId), null)
    await assert.rejects(node.sessions.refresh(node.refresh_token), refusal(401, 'token_invalid'))
    await assert.doesNotReject(kept.sessions.refresh(kept.refresh_token))
    const [left] = await query(`select string_agg(coalesce(session_id::text, '-'), ' ') as value from auth_changes`)
    assert.equal(left?.value, node.sessionId)
  })
})

/** Looks again and again, for five seconds: a poll is due every second. */
async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 250 && !condition(); tries++) await new Promise((resolve) => setTimeout(resolve, 20))
  assert.ok(condition(), 'nothing happened')
}
