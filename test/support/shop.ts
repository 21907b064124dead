import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { io, type Socket } from 'socket.io-client'
import { v7 as uuidv7 } from 'uuid'
import { hashPassword } from '../../src/auth/passwords.ts'
import { prepareShop } from '../../src/ops/first-start.ts'
import { listen, type Running } from '../../src/ops/start.ts'
import { loadSettings, type Settings } from '../../src/settings.ts'
import { checkCall, checkEvent, checkExchange } from './contract.ts'
import { createTestDatabase, type TestDatabase } from './database.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of the API are read as a stranger would
export type Json = Record<string, any>

export interface Answer {
  status: number
  headers: Headers
  body: Json
}

export const PASSWORD = 'correct horse battery'

/** A running Regal on a database of its own, driven from outside: over HTTP and websockets only. */
export interface Shop {
  running: Running
  db: TestDatabase
  url: string
  settings: Settings
  /** One HTTP call; `as` is an access token. */
  call(method: string, path: string, body?: unknown, as?: string, headers?: Record<string, string>): Promise<Answer>
  signIn(username: string, password?: string): Promise<string>
  /** Makes a user of a built-in role and signs them in. */
  user(
    role: 'admin' | 'employee' | 'cashier',
    branch?: string | null
  ): Promise<{ id: string; username: string; token: string }>
  socket(token?: string): Promise<Socket>
  /** The token of the first administrator. */
  admin: string
  branch: string
  register: string
  close(): Promise<void>
}

/** Hashed once per process: argon2 is slow on purpose. */
let hash: Promise<string> | undefined
let users = 0

export async function openShop(
  overrides: {
    [Group in 'limits' | 'database' | 'auth']?: Partial<Settings[Group]>
  } & Partial<Omit<Settings, 'limits' | 'database' | 'auth'>> = {}
): Promise<Shop> {
  const db = await createTestDatabase()
  const base = await loadSettings()
  const folder = await mkdtemp(join(tmpdir(), 'regal-files-'))
  const settings: Settings = {
    ...base,
    data_dir: folder,
    log_level: process.env.REGAL_TEST_LOG ?? 'silent',
    ...overrides,
    port: 0,
    database: {
      ...base.database,
      url: db.url,
      pool_max: 10,
      query_timeout_ms: 10_000,
      acquire_timeout_ms: 10_000,
      ...overrides.database
    },
    auth: {
      ...base.auth,
      secret: 'a secret for tests that is long enough',
      admin_password: PASSWORD,
      ...overrides.auth
    },
    limits: {
      ...base.limits,
      requests_per_minute_user: 1_000_000,
      requests_per_minute_address: 1_000_000,
      logins_per_quarter_account: 10_000,
      logins_per_quarter_address: 100_000,
      sockets_per_user: 1000,
      messages_per_second: 10_000,
      ...overrides.limits
    }
  }
  await prepareShop(db.database, settings)
  const running = await listen(settings, pino({ level: settings.log_level }))
  const url = `http://127.0.0.1:${(running.server.address() as AddressInfo).port}`

  async function call(
    method: string,
    path: string,
    body?: unknown,
    as?: string,
    headers: Record<string, string> = {}
  ): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(as && { authorization: `Bearer ${as}` }),
        ...headers
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) })
    })
    const text = await response.text()
    const { status } = response
    const answer = text ? JSON.parse(text) : {}
    const selects = path.includes('select') || JSON.stringify(body ?? '').includes('$select')
    const whole = as !== undefined && as === shop.admin && !selects
    checkExchange({ method, path, status, body: text ? answer : undefined, whole })
    return { status, headers: response.headers, body: answer }
  }

  async function signIn(username: string, password = PASSWORD): Promise<string> {
    const { status, body } = await call('POST', '/auth/login', { username, password })
    assert.equal(status, 200, `signing in as ${username}: ${JSON.stringify(body)}`)
    return body.access_token
  }

  async function user(role: string, branch_id: string | null = shop.branch) {
    hash ??= hashPassword(PASSWORD)
    const username = `${role}${++users}_${process.pid}`
    const id = uuidv7()
    await db.database.query(
      `insert into users (id, full_name, email, username, password_hash, role_id, branch_id)
       select $1, $2, $3, $2, $4, r.id, $5 from roles r where r.name = $6`,
      [id, username, `${username}@shop.test`, await hash, branch_id, role]
    )
    return { id, username, token: await signIn(username) }
  }

  const open: Socket[] = []
  async function socket(token?: string): Promise<Socket> {
    const client = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...(token && { auth: { token } })
    })
    open.push(client)
    await new Promise<void>((done, failed) => {
      client.once('connect', done)
      client.once('connect_error', failed)
    })
    return client
  }

  const [place] = await db.database.query<{ branch: string; register: string }>(
    'select branch_id as branch, id as register from registers limit 1'
  )
  const shop: Shop = {
    running,
    db,
    url,
    settings,
    call,
    signIn,
    user,
    socket,
    ...place!,
    admin: '',
    async close() {
      for (const client of open) client.disconnect()
      await running.stop()
      await db.drop()
      await rm(folder, { recursive: true, force: true })
    }
  }
  shop.admin = await signIn('admin')
  return shop
}

/** One call over a websocket: answers the result, or the error as the client got it. */
export function emit(client: Socket, method: string, ...args: unknown[]): Promise<{ error?: Json; result?: Json }> {
  return new Promise((done, failed) => {
    client.emit(method, ...args, (error: Json | null, result?: Json) => {
      const answer = error ? { error } : { result: result! }
      try {
        checkCall(method, args[0], answer)
        done(answer)
      } catch (fault) {
        failed(fault)
      }
    })
  })
}

/** The next event of a name, or a rejection after `ms`. */
export function nextEvent(client: Socket, name: string, ms = 3000): Promise<Json> {
  return new Promise((done, failed) => {
    const timer = setTimeout(() => failed(new Error(`no event ${name} within ${ms} ms`)), ms)
    client.once(name, (record: Json) => {
      clearTimeout(timer)
      try {
        checkEvent(name, record)
        done(record)
      } catch (fault) {
        failed(fault)
      }
    })
  })
}

let products = 0
/** A product as the administrator makes it, with stock received at the shop's branch. */
export async function stockedProduct(shop: Shop, fields: Json = {}, qty = 100): Promise<Json> {
  const n = `${process.pid}-${++products}`
  const made = await shop.call(
    'POST',
    '/products',
    { sku: `SKU-${n}`, name: `Product ${n}`, unit_price: '10.00', cost_price: '6.00', ...fields },
    shop.admin
  )
  assert.equal(made.status, 201, JSON.stringify(made.body))
  if (qty > 0) {
    const entry = {
      product_id: made.body.id,
      branch_id: shop.branch,
      qty,
      type: 'IN',
      reason: 'receipt',
      unit_cost: '6.00'
    }
    const received = await shop.call('POST', '/stock-entries', entry, shop.admin)
    assert.equal(received.status, 201, JSON.stringify(received.body))
  }
  return made.body
}
