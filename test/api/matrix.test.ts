import assert from 'node:assert/strict'
import { getServiceOptions } from '@feathersjs/feathers'
import { v7 as uuidv7 } from 'uuid'
import { AccessTokens } from '../../src/auth/tokens.ts'
import type { Report } from '../../src/reports/define.ts'
import { reports } from '../../src/reports/index.ts'
import { isResource, resourceNamed } from '../../src/schemas/index.ts'
import { endpoints, FULL, grants, hidden, type Role, VERBS_OF } from '../policy/roles.ts'
import { Samples } from '../support/samples.ts'
import { emit, type Json, openShop, PASSWORD, type Shop } from '../support/shop.ts'
import { rest, type Transport, VERBS, type Verb, websocket } from '../support/transports.ts'

interface Caller {
  name: string
  role: Role | null
  token: string | undefined
  /** The reason a call of theirs is refused for, whatever they call. */
  refused?: string
  elsewhere?: boolean
}

let shop: Shop
let samples: Samples
let callers: Caller[]
let ways: { rest: Transport; websocket: Transport }

const offered = (path: string): readonly string[] =>
  getServiceOptions(shop.running.regal.app.service(path)).methods ?? []

async function deactivated(): Promise<string> {
  const { id, token } = await shop.user('employee')
  const { status } = await shop.call('PATCH', `/users/${id}`, { is_active: false }, shop.admin)
  assert.equal(status, 200)
  return token
}

async function signedOut(): Promise<string> {
  const { username } = await shop.user('admin')
  const { body } = await shop.call('POST', '/auth/login', { username, password: PASSWORD })
  await shop.call('POST', '/auth/logout', { refresh_token: body.refresh_token })
  return body.access_token
}

async function expired(): Promise<string> {
  const { body } = await shop.call('GET', '/sessions?$limit=1', undefined, shop.admin)
  const { id, user_id } = body.data[0]
  return new AccessTokens({ ...shop.settings.auth, access_minutes: -1 }).issue(user_id, id)
}

async function refreshToken(): Promise<string> {
  const { username } = await shop.user('admin')
  return (await shop.call('POST', '/auth/login', { username, password: PASSWORD })).body.refresh_token
}

/** The status a call must come to, from the table alone. `allowed` leaves open how the call itself ends. */
function expected(path: string, verb: Verb, { role, refused }: Caller, way: Transport): number | 'allowed' {
  // A picture is uploaded there, by every role, and what is sent here is none.
  if (path === 'files' && verb === 'create' && way.name === 'REST') return refused || !role ? 401 : 415
  if (!offered(path).includes(verb)) return 405
  // Signing in anew is for those whose token is worth nothing any more.
  if (endpoints[path]?.[verb] === 'anybody') return 'allowed'
  if (refused || !role) return 401
  if (!isResource(path)) return 'allowed'
  return grants[path]![role].verbs.includes(verb) ? 'allowed' : 403
}

/** A call that would be right if the caller may make it. */
async function attempt(path: string, verb: Verb): Promise<{ id?: string; data?: Json }> {
  if (!isResource(path)) return { id: shop.admin, data: {} }
  const resource = resourceNamed(path)
  if (!offered(path).includes(verb) || verb === 'find') return { id: uuidv7(), data: {} }
  if (verb === 'create') return { data: await samples.data(resource, { full: false }) }
  const record = verb === 'patch' ? await samples.changeable(resource) : await samples.existing(resource)
  return { id: record.id, data: verb === 'patch' ? await samples.change(resource, record) : {} }
}

/** A report is for those who may read what it is made of. */
function mayAsk({ of, query }: Report, role: Role): boolean {
  const said = Object.entries(query).flatMap(([word, value]) => {
    if (Array.isArray(value)) return value as string[]
    return word.startsWith('$') ? [] : [word]
  })
  return said.every((path) => mayRead(of, path.split(':')[0]!.split('.'), role))
}

/** Whether a role may read `branch.name` of a resource: each record on the way, and each field. */
function mayRead(of: string, [name, ...rest]: string[], role: Role): boolean {
  const relation = rest.length ? resourceNamed(of).relations[name!] : undefined
  if (!grants[of]![role].verbs.includes('find') || hidden[role][of]?.includes(relation?.field ?? name!)) return false
  return !relation || mayRead(relation.resource, rest, role)
}

/** What may follow where the table says yes: success, or for rows of others 404, or a fault of the data. */
const followsYes = (path: string, verb: Verb, { role, elsewhere }: Caller): number[] => {
  const report = reports.find(({ name }) => path === `reports/${name}`)
  if (report && role) return [mayAsk(report, role) ? 200 : 403]
  if (!isResource(path)) return verb === 'find' ? [200] : [400]
  const { rows } = grants[path]![role!]
  if (verb === 'find') return [200]
  // What is made here is about the administrator's shift.
  if (verb === 'create' && rows === 'own drawer' && role === 'cashier') return elsewhere ? [200, 403, 422] : [200, 422]
  if (verb === 'create') return elsewhere ? [200, 403, 422] : [200]
  if (rows === 'their own' || (rows === 'own drawer' && role === 'cashier')) return [404]
  return elsewhere && rows !== 'every' ? [200, 404] : [200]
}

async function sweep(path: string, way: Transport, who: Caller[]): Promise<string[]> {
  const wrong: string[] = []
  for (const verb of VERBS)
    for (const caller of who) {
      // An adjustment is the one entry that an employee makes by hand.
      const asked = await attempt(path, verb)
      if (path === 'stock-entries' && asked.data?.type) Object.assign(asked.data, { type: 'ADJUST', reason: 'count' })
      const { id, ...rest } = asked
      const { status, body } = await way.call(verb, path, {
        ...(verb !== 'find' && verb !== 'create' && { id }),
        ...rest,
        as: caller.token
      })
      const want = expected(path, verb, caller, way)
      const right = want === 'allowed' ? followsYes(path, verb, caller).includes(status) : status === want
      const reason = want === 401 && caller.refused ? body.data?.reason === caller.refused : true
      if (!right || !reason)
        wrong.push(`${caller.name} ${verb}: ${want}, but ${status} ${JSON.stringify(body).slice(0, 160)}`)
    }
  return wrong
}

describe('The authorisation matrix', () => {
  before(async () => {
    shop = await openShop()
    samples = new Samples(shop)
    ways = { rest: rest(shop), websocket: websocket(shop) }
    const other = await samples.create(resourceNamed('branches'))
    const users = await Promise.all([
      shop.user('employee'),
      shop.user('cashier'),
      shop.user('cashier', other.id),
      shop.user('admin')
    ])
    const [employee, cashier, stranger, admin] = users.map(({ token }) => token)
    callers = [
      { name: 'nobody', role: null, token: undefined },
      { name: 'employee', role: 'employee', token: employee },
      { name: 'cashier', role: 'cashier', token: cashier },
      { name: 'cashier of another branch', role: 'cashier', token: stranger, elsewhere: true },
      { name: 'admin', role: 'admin', token: admin },
      { name: 'deactivated', role: 'employee', token: await deactivated(), refused: 'session_ended' },
      { name: 'signed out', role: 'admin', token: await signedOut(), refused: 'session_ended' },
      { name: 'expired token', role: 'admin', token: await expired(), refused: 'token_expired' },
      { name: 'refresh token', role: 'admin', token: await refreshToken(), refused: 'token_invalid' }
    ]
  })
  after(() => shop.close())

  it('has a line for every service and for every method, and none for what is not there', () => {
    const paths = Object.keys(shop.running.regal.app.services)
    assert.deepEqual([...Object.keys(grants), ...Object.keys(endpoints)].sort(), [...paths].sort())
    for (const path of Object.keys(grants))
      assert.deepEqual([...grants[path]!.admin.verbs].sort(), [...offered(path)].sort(), `admin and ${path}`)
    for (const path of Object.keys(endpoints))
      assert.deepEqual(Object.keys(endpoints[path]!).sort(), [...offered(path)].sort(), path)
    assert.deepEqual(FULL, Object.values(VERBS_OF).flat())
  })

  for (const path of [...Object.keys(grants), ...Object.keys(endpoints)])
    describe(path, () => {
      it('is decided by the table over REST', async () => {
        // A sign-out ends whoever makes it: tried below with somebody for each.
        const who = path === 'authentication' ? callers.filter(({ role, refused }) => !role || refused) : callers
        assert.deepEqual(await sweep(path, ways.rest, who), [])
      })

      it('is decided by the table over a websocket', async () => {
        const who = callers.filter(({ role, refused }) => !refused && (path !== 'authentication' || !role))
        assert.deepEqual(await sweep(path, ways.websocket, who), [])
      })
    })

  it('lets no refused token open a socket, nor sign one in', async () => {
    const socket = await shop.socket()
    for (const { token, refused } of callers.filter((caller) => caller.refused)) {
      await assert.rejects(shop.socket(token), `${refused}: the handshake`)
      const { error } = await emit(socket, 'create', 'authentication', { strategy: 'jwt', accessToken: token }, {})
      assert.equal(error?.data?.reason, refused)
      assert.equal((await emit(socket, 'find', 'branches', {})).error?.code, 401)
    }
  })

  it('lets anybody who is signed in sign out, over both transports', async () => {
    for (const way of Object.values(ways))
      for (const role of ['admin', 'employee', 'cashier'] as const) {
        const { token } = await shop.user(role)
        assert.equal((await way.call('remove', 'authentication', { id: token, as: token })).status, 200)
        const after = await ways.rest.call('find', 'auth/me', { as: token })
        assert.equal(after.body.data.reason, 'session_ended', `${way.name} ${role}`)
      }
  })

  it('cuts the sockets of a session that ends, and leaves the others', async () => {
    const [leaver, stayer] = await Promise.all([shop.user('cashier'), shop.user('cashier')])
    const [cut, kept] = await Promise.all([shop.socket(leaver.token), shop.socket(stayer.token)])
    const gone = new Promise((done) => cut.once('disconnect', done))
    const { status } = await shop.call('PATCH', `/users/${leaver.id}`, { is_active: false }, shop.admin)
    assert.equal(status, 200)
    await gone
    assert.equal((await emit(kept, 'find', 'branches', {})).error, undefined)
  })

  it('moves a user to another role at once, over both transports', async () => {
    const { id, token } = await shop.user('employee')
    const look = () => Promise.all(Object.values(ways).map((way) => way.call('find', 'vendors', { as: token })))
    assert.deepEqual(
      (await look()).map(({ status }) => status),
      [200, 200]
    )
    const { body } = await shop.call('GET', '/roles?name=cashier', undefined, shop.admin)
    await shop.call('PATCH', `/users/${id}`, { role_id: body.data[0].id }, shop.admin)
    assert.deepEqual(
      (await look()).map(({ status }) => status),
      [403, 403]
    )
  })
})
