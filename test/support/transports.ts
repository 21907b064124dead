import qs from 'qs'
import type { Socket } from 'socket.io-client'
import { emit, type Json, type Shop } from './shop.ts'

export type Verb = 'find' | 'get' | 'create' | 'patch' | 'remove' | 'update'
export const VERBS: readonly Verb[] = ['find', 'get', 'create', 'patch', 'remove', 'update']

export interface Asked {
  id?: string
  data?: unknown
  query?: Json
  /** Access token; without it the call is nobody's. */
  as?: string | undefined
}

/** `status` is 200 for every success, so that answers of both transports compare; else the error's code. */
export interface Outcome {
  status: number
  body: Json
}

/** One way into the shop. The same calls over each must come out the same. */
export interface Transport {
  name: 'REST' | 'websocket'
  call(verb: Verb, path: string, asked?: Asked): Promise<Outcome>
}

const HTTP: Record<Verb, string> = {
  find: 'GET',
  get: 'GET',
  create: 'POST',
  patch: 'PATCH',
  remove: 'DELETE',
  update: 'PUT'
}

export const rest = (shop: Shop): Transport => ({
  name: 'REST',
  async call(verb, path, { id, data, query, as } = {}) {
    const address = `/${path}${id === undefined ? '' : `/${encodeURIComponent(id)}`}${qs.stringify(query ?? {}, { addQueryPrefix: true })}`
    const sent = verb === 'find' || verb === 'get' || verb === 'remove' ? undefined : data
    const body = typeof sent === 'string' ? JSON.stringify(sent) : sent
    const answer = await shop.call(HTTP[verb], address, body, as)
    return { status: answer.status < 300 ? 200 : answer.status, body: answer.body }
  }
})

const ARGUMENTS: Record<Verb, (asked: Asked) => unknown[]> = {
  find: ({ query = {} }) => [query],
  get: ({ id, query = {} }) => [id, query],
  create: ({ data, query = {} }) => [data, query],
  patch: ({ id, data, query = {} }) => [id ?? null, data, query],
  remove: ({ id, query = {} }) => [id ?? null, query],
  update: ({ id, data, query = {} }) => [id ?? null, data, query]
}

/** One socket per token, kept open. */
export function websocket(shop: Shop): Transport {
  const open = new Map<string | undefined, Promise<Socket>>()
  return {
    name: 'websocket',
    async call(verb, path, asked = {}) {
      const { as } = asked
      const known = open.get(as)
      const opening = known && (await known).connected ? known : shop.socket(as)
      open.set(as, opening)
      const { error, result } = await emit(await opening, verb, path, ...ARGUMENTS[verb](asked))
      return error ? { status: error.code, body: error } : { status: 200, body: result! }
    }
  }
}

export const transports = (shop: Shop): Transport[] => [rest(shop), websocket(shop)]
