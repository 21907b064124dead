import { feathers } from '@feathersjs/feathers'
import rest from '@feathersjs/rest-client'
import { forAddress } from './address.ts'
import { regalError, timedOut, unreachable } from './errors.ts'
import { type Call, invoke, type RemoteService, type Transport } from './transport.ts'

/** `fetch`, or what stands for it: anything that is called like it. */
export type Fetch = (url: string, init: never) => Promise<unknown>
type Init = Record<string, unknown>
export type Answer = {
  ok: boolean
  status: number
  headers: { get(name: string): string | null }
  text(): Promise<string>
  arrayBuffer(): Promise<ArrayBuffer>
}
export type Caller = (url: string, init: Init) => Promise<Answer>

/** What Node says of a connection that never came about. A browser does not tell. */
const NEVER_OPEN = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])

function brokenBy(error: unknown): Error {
  const { name, cause } = error as { name?: string; cause?: { code?: string } }
  if (name === 'TimeoutError' || name === 'AbortError') return timedOut()
  return unreachable('The server cannot be reached.', !NEVER_OPEN.has(cause?.code ?? ''))
}

const NAMES: Record<number, string> = { 429: 'TooManyRequests', 502: 'BadGateway', 503: 'Unavailable' }

/** The body of an answer; of one that is no JSON, from a proxy perhaps, an error like those of the server. */
function bodyOf({ ok, status, headers }: Answer, text: string): unknown {
  let body: { data?: object } | undefined
  try {
    body = JSON.parse(text)
  } catch {
    if (ok) throw unreachable('The answer is not that of a Regal.', true)
    body = { name: NAMES[status] ?? 'GeneralError', message: `The server answered ${status}.`, code: status } as object
  }
  const wait = Number(headers.get('retry-after'))
  return ok || !wait ? body : { ...body, data: { retry_after: wait, ...body?.data } }
}

/** Makes a call and has its answer read within the time, and tells apart what was never sent from what was not answered. */
export async function request<T>(
  call: Caller,
  [url, init]: [string, Init],
  timeout: number,
  read: (answer: Answer) => Promise<T>
): Promise<T> {
  try {
    return await read(await call(url, { ...init, signal: AbortSignal.timeout(timeout) }))
  } catch (error) {
    throw brokenBy(error)
  }
}

/** The JSON of an answer that was read to its end. */
export async function readJson(answer: Answer) {
  const text = await answer.text()
  return { ok: answer.ok, status: answer.status, json: async () => bodyOf(answer, text) }
}

const guarded = (call: Caller, timeout: number) => (url: string, init: Init) =>
  request(call, [url, init], timeout, readJson)

/** Longer queries go in a body: there are proxies that take no address of more than 2000 characters. */
const MAX_ADDRESS = 1500

/** How a call is made over HTTP: a long query of a list is posted to the list's own address for that. */
function posted(call: Call): Call {
  const { path, method, query } = call
  if (method !== 'find' || !query || JSON.stringify(query).length <= MAX_ADDRESS) return call
  return { path: `${path}/query`, method: 'create', data: query }
}

/** Calls over HTTP, through Feathers' own client. */
export function restTransport(url: string, fetcher: Fetch, timeout: number): Transport {
  const app = feathers().configure(rest.default(url).fetch(guarded(fetcher as unknown as Caller, timeout)))
  return {
    async call(given, token) {
      const call = posted(given)
      const service = app.service(call.path) as unknown as RemoteService
      const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
      try {
        return await invoke(service, call, { headers, query: forAddress(call.query ?? {}) })
      } catch (error) {
        // The whole answer rides on the error: not for a log.
        if (error instanceof Error) delete (error as { response?: unknown }).response
        throw regalError(error)
      }
    }
  }
}
