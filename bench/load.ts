import autocannon from 'autocannon'
import { io, type Socket } from 'socket.io-client'
import { type Product, TILLS, type World } from './world.ts'

export interface Measured {
  rate: number
  /** Median latency in milliseconds. */
  p50: number
  p99: number
}

interface Request {
  method: 'GET' | 'POST'
  path: string
  token?: string
  /** Made anew for every request. */
  body?: () => unknown
  expect?: number
}

/** Closed loop over HTTP: `TILLS` connections, each sending its next request when the last is answered. */
export async function overHttp(url: string, seconds: number, request: () => Request): Promise<Measured> {
  const first = request()
  const headers = {
    ...(first.body && { 'content-type': 'application/json' }),
    ...(first.token && { authorization: `Bearer ${first.token}` })
  }
  const result = await autocannon({
    url,
    connections: TILLS,
    duration: seconds,
    requests: [
      {
        method: first.method,
        path: first.path,
        headers,
        setupRequest: (given) => {
          const { path, body } = request()
          return { ...given, path, ...(body && { body: JSON.stringify(body()) }) }
        }
      }
    ]
  })
  if (result.non2xx || result.errors)
    throw new Error(`${first.method} ${first.path}: ${result.non2xx} refused, ${result.errors} failed`)
  return { rate: result.requests.total / result.duration, p50: result.latency.p50, p99: result.latency.p99 }
}

const pick = <T>(list: T[]): T => list[Math.floor(Math.random() * list.length)]!
let till = 0

const TAX = 0.075

/** A three-line sale of two pieces each, paid exactly; `products` narrows what is sold. */
export function saleOf({ registers }: World, products: Product[]) {
  const chosen = [pick(products), pick(products), pick(products)]
  const cents = chosen.reduce((sum, { price }) => sum + 2 * price + Math.round(2 * price * TAX + 1e-6), 0)
  return {
    register_id: registers[till++ % registers.length],
    items: chosen.map(({ id }) => ({ product_id: id, quantity: 2 })),
    payments: [{ method: 'cash', amount: (cents / 100).toFixed(2) }]
  }
}

/** A socket per till, signed in; each hears every sale of its branch. */
export function openSockets(world: World): Promise<Socket[]> {
  return Promise.all(
    Array.from({ length: TILLS }, async () => {
      const socket = io(world.regal, { transports: ['websocket'], forceNew: true, auth: { token: world.token } })
      await new Promise<void>((done, failed) => {
        socket.once('connect', done)
        socket.once('connect_error', failed)
      })
      return socket
    })
  )
}

/** Closed loop over websockets: each till sends its next sale when the last is answered. */
export async function overSockets(sockets: Socket[], seconds: number, sale: () => unknown): Promise<Measured> {
  const until = performance.now() + seconds * 1000
  const times: number[] = []
  await Promise.all(
    sockets.map(async (socket) => {
      while (performance.now() < until) {
        const started = performance.now()
        await new Promise<void>((done, failed) =>
          socket.emit('create', 'invoices', sale(), {}, (error: unknown) =>
            error ? failed(new Error(JSON.stringify(error))) : done()
          )
        )
        times.push(performance.now() - started)
      }
    })
  )
  times.sort((a, b) => a - b)
  return { rate: times.length / seconds, p50: times[times.length >> 1]!, p99: times[Math.floor(times.length * 0.99)]! }
}
