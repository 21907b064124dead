import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Answer, Json } from './shop.ts'
import { PASSWORD } from './shop.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const LIMITS = {
  requests_per_minute_user: 1_000_000,
  requests_per_minute_address: 1_000_000,
  logins_per_quarter_account: 10_000,
  logins_per_quarter_address: 100_000,
  sockets_per_user: 1000,
  messages_per_second: 10_000
}

/** The real server in a process of its own, started as `npm start` does. */
export interface Child {
  process: ChildProcess
  url: string
  /** Settled when the process has ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  call(method: string, path: string, body?: unknown, as?: string, headers?: Record<string, string>): Promise<Answer>
  signIn(username?: string): Promise<Json>
  /** Ends it as hard as may be; nothing is left of it when this returns. */
  kill(): Promise<void>
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a server, of this project or of a copy at `root`, on a database and waits until it says that it is ready. */
export async function startChild(databaseUrl: string, env: Record<string, string> = {}, root = ROOT): Promise<Child> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/index.ts'], {
    cwd: root,
    stdio: ['ignore', process.env.REGAL_TEST_LOG ? 'inherit' : 'ignore', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: databaseUrl,
      REGAL_JWT_SECRET: 'a secret for tests that is long enough',
      REGAL_ADMIN_PASSWORD: PASSWORD,
      PORT: '0',
      LOG_LEVEL: process.env.REGAL_TEST_LOG ?? 'silent',
      NODE_CONFIG: JSON.stringify({ limits: LIMITS }),
      ...env
    }
  })
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }))
  const url = await new Promise<string>((done, failed) => {
    let said = ''
    child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      if (process.env.REGAL_TEST_LOG) process.stderr.write(text)
      said += text
      const ready = /ready at (http:\/\/\S+)/.exec(said)
      if (ready) done(ready[1]!)
    })
    void ended.then(({ code }) => failed(new Error(`the server ended with ${code}: ${said}`)))
  })

  const call: Child['call'] = async (method, path, body, as, headers = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(as && { authorization: `Bearer ${as}` }),
        ...headers
      },
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : {} }
  }

  return {
    process: child,
    url,
    ended,
    call,
    signIn: async (username = 'admin') => (await call('POST', '/auth/login', { username, password: PASSWORD })).body,
    async kill() {
      child.kill('SIGKILL')
      await ended
    }
  }
}

/** A product with stock, made through a running server. Answers its id. */
export async function stockThrough({ call }: Pick<Child, 'call'>, token: string, qty: number): Promise<string> {
  const name = `P${Math.random()}`
  const made = await call('POST', '/products', { sku: name, name, unit_price: '10', cost_price: '6' }, token)
  const entry = { product_id: made.body.id, type: 'IN', qty, unit_cost: '6' }
  const received = await call('POST', '/stock-entries', entry, token)
  if (received.status !== 201) throw new Error(JSON.stringify([made.body, received.body]))
  return made.body.id
}
