import assert from 'node:assert/strict'
import { Limits } from '../../src/auth/limits.ts'
import { type SignInSockets, signInServices } from '../../src/auth/services.ts'
import type { Sessions } from '../../src/auth/sessions.ts'
import type { Call } from '../../src/policy/call.ts'
import { createTestDatabase, type TestDatabase } from '../support/database.ts'
import { insertRole, insertUser, openSessions, PASSWORD, refusal } from './support.ts'

const limits = {
  body_bytes: 1000,
  requests_per_minute_user: 1000,
  requests_per_minute_address: 1000,
  logins_per_quarter_account: 10,
  logins_per_quarter_address: 50,
  sockets_per_user: 1,
  messages_per_second: 1
}
const credentials = { username: 'anna', password: PASSWORD }
const local = { strategy: 'local', ...credentials }

describe('sign-in services', () => {
  let test: TestDatabase
  let sessions: Sessions
  let services: ReturnType<typeof signInServices>
  let live: unknown[][]
  const rules = [{ action: ['read'], subject: ['products'] }]
  const call = (params: Call = {}): Call => ({ ip: '10.0.0.1', headers: { 'user-agent': 'till' }, ...params })
  const signIn = (params?: Call) => services['auth/login'].service.create(credentials, call(params))
  const as = async (accessToken: string): Promise<Call> => call({ principal: await sessions.authenticate(accessToken) })

  before(async () => {
    test = await createTestDatabase()
    await insertUser(test.database, 'anna', await insertRole(test.database, 'clerk', rules))
  })
  beforeEach(() => {
    live = []
    const sockets: SignInSockets = {
      signIn: async (connection, token) => void live.push(['in', connection, token]),
      signOut: (connection) => void live.push(['out', connection])
    }
    sessions = openSessions(test.database)
    services = signInServices(sessions, new Limits(limits), sockets)
  })
  after(() => test?.drop())

  const odd = [{ $ne: '' }, { $like: 'a%' }, ['anna'], [], 1, true, null, '', undefined, 'x'.repeat(3000)]
  const bodies: Record<string, { good: Record<string, unknown>; send: (body: unknown) => Promise<unknown> }> = {
    'auth/login': { good: credentials, send: (body) => services['auth/login'].service.create(body, call()) },
    'auth/refresh': {
      good: { refresh_token: 'rt_x' },
      send: (body) => services['auth/refresh'].service.create(body, call())
    },
    'auth/logout': {
      good: { refresh_token: 'rt_x' },
      send: (body) => services['auth/logout'].service.create(body, call())
    },
    'authentication local': { good: local, send: (body) => services.authentication.service.create(body, call()) },
    'authentication jwt': {
      good: { strategy: 'jwt', accessToken: 'x' },
      send: (body) => services.authentication.service.create(body, call())
    }
  }
  for (const [name, { good, send }] of Object.entries(bodies)) {
    it(`takes plain text and nothing else: ${name}`, async () => {
      const before = test.database.statements
      const refused = async (body: unknown, path: string) => {
        await assert.rejects(send(body), (error: { errors?: { path: string; message: string }[] }) => {
          assert.equal(refusal(400, 'invalid_data')(error as never), true)
          assert.ok(
            error.errors?.some((problem) => problem.path === path && problem.message),
            `${path} in ${JSON.stringify(error.errors)}`
          )
          return true
        })
      }
      for (const field of Object.keys(good)) for (const value of odd) await refused({ ...good, [field]: value }, field)
      await refused({ ...good, extra: 'x' }, 'extra')
      for (const body of [null, undefined, 'text', 1, []]) await refused(body, '')
      assert.equal(test.database.statements, before)
    })
  }

  it('counts no refused body as a failed attempt', async () => {
    for (let n = 0; n < 20; n++)
      await assert.rejects(
        bodies['auth/login']!.send({ ...credentials, password: { $ne: '' } }),
        refusal(400, 'invalid_data')
      )
    await assert.doesNotReject(signIn())
  })

  it('holds an account to ten failures, the right password included', async () => {
    for (let n = 0; n < 10; n++)
      await assert.rejects(
        bodies['auth/login']!.send({ ...credentials, password: 'wrong' }),
        refusal(401, 'invalid_login')
      )
    await assert.rejects(signIn(), refusal(429, 'rate_limited'))
    await assert.rejects(bodies['authentication local']!.send(local), refusal(429, 'rate_limited'))
  })

  it('signs in, prolongs, shows and ends a session', async () => {
    const { access_token, refresh_token, user } = await signIn()
    const next = await services['auth/refresh'].service.create({ refresh_token }, call())
    assert.deepEqual(Object.keys(next), ['access_token', 'refresh_token', 'token_type', 'expires_in'])
    const principal = await as(access_token)
    const me = await services['auth/me'].service.find(principal)
    assert.deepEqual(me, { user, role: { id: principal.principal?.user.role_id, name: 'clerk' }, rules })
    const gone = await services['auth/logout'].service.create({ refresh_token: next.refresh_token }, call())
    assert.equal(typeof gone.message, 'string')
    await assert.rejects(as(next.access_token), refusal(401, 'session_ended'))
    await assert.doesNotReject(services['auth/logout'].service.create({ refresh_token }, call()))
    assert.deepEqual(live, [])
  })

  it('shows nothing to nobody', async () => {
    await assert.rejects(services['auth/me'].service.find(call()), refusal(401, 'not_signed_in'))
    await assert.rejects(services.authentication.service.remove(null, call()), refusal(401, 'not_signed_in'))
  })

  it('speaks with the Feathers client: local by user name or e-mail, then jwt', async () => {
    const { password } = credentials
    for (const by of [{ username: 'anna' }, { email: 'anna@shop.example' }]) {
      const answer = await services.authentication.service.create({ strategy: 'local', password, ...by }, call())
      assert.deepEqual(Object.keys(answer), ['accessToken', 'refreshToken', 'authentication', 'user'])
      assert.equal(answer.authentication.strategy, 'local')
      assert.equal(answer.authentication.payload.exp, sessions.expiryOf(answer.accessToken) / 1000)
      const again = { strategy: 'jwt', accessToken: answer.accessToken }
      const same = await services.authentication.service.create(again, call())
      assert.deepEqual(same, {
        accessToken: answer.accessToken,
        authentication: { ...answer.authentication, strategy: 'jwt' },
        user: answer.user
      })
    }
  })

  it('refuses strategies it does not have, and a name given twice or not at all', async () => {
    const { send } = bodies['authentication local']!
    for (const strategy of ['oauth', 'constructor', '__proto__', 'toString'])
      await assert.rejects(send({ ...local, strategy }), refusal(400, 'invalid_data'))
    await assert.rejects(send({ ...local, email: 'anna@shop.example' }), refusal(400, 'invalid_data'))
    await assert.rejects(send({ strategy: 'local', password: PASSWORD }), refusal(400, 'invalid_data'))
  })

  it('does not take a refresh token as an access token', async () => {
    const { refresh_token } = await signIn()
    const { send } = bodies['authentication jwt']!
    await assert.rejects(send({ strategy: 'jwt', accessToken: refresh_token }), refusal(401, 'token_invalid'))
  })

  it('ends the session of the caller, whose token must be meant where one is named', async () => {
    const { accessToken } = await services.authentication.service.create(local, call())
    const other = await signIn()
    const { remove } = services.authentication.service
    await assert.rejects(remove(other.access_token, await as(accessToken)), refusal(401, 'token_invalid'))
    await assert.rejects(remove('x', await as(accessToken)), refusal(401, 'token_invalid'))
    const answer = await remove(accessToken, await as(accessToken))
    assert.equal(answer.user.username, 'anna')
    await assert.rejects(as(accessToken), refusal(401, 'session_ended'))
    await assert.doesNotReject(as(other.access_token))
  })

  it('makes a socket the session’s at every sign-in over it', async () => {
    const connection = {}
    const first = await signIn({ connection })
    const { refresh_token } = first
    const next = await services['auth/refresh'].service.create({ refresh_token }, call({ connection }))
    const { accessToken } = await services.authentication.service.create(local, call({ connection }))
    await services.authentication.service.create({ strategy: 'jwt', accessToken }, call({ connection }))
    const tokens = [first.access_token, next.access_token, accessToken, accessToken]
    assert.deepEqual(
      live,
      tokens.map((token) => ['in', connection, token])
    )
  })

  it('lets a socket go before its session ends, so that it hears the answer; another’s end leaves it alone', async () => {
    const connection = {}
    const own = await signIn()
    const other = await signIn()
    const params = { ...(await as(own.access_token)), connection }
    sessions.onChange(({ ended }) => live.push(['change', ended]))
    await services['auth/logout'].service.create({ refresh_token: other.refresh_token }, params)
    assert.deepEqual(live, [['change', true]])
    live.length = 0
    await services.authentication.service.remove(null, params)
    assert.deepEqual(live, [
      ['out', connection],
      ['change', true]
    ])
  })
})
