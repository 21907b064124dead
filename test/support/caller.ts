import { type Answer, emit, type Json, type Shop } from './shop.ts'

export const transports = ['rest', 'websocket'] as const
export type Transport = (typeof transports)[number]

/** What a client of either transport got: the status, and the record, page or error. */
export type Outcome = Pick<Answer, 'status' | 'body'>

export interface Caller {
  find(path: string, query?: Json): Promise<Outcome>
  get(path: string, id: string): Promise<Outcome>
  create(path: string, data: Json): Promise<Outcome>
  patch(path: string, id: string, data: Json): Promise<Outcome>
  remove(path: string, id: string): Promise<Outcome>
}

/** The same calls over REST or a websocket, so that one test holds for both. A socket has no 201: a create is given it. */
export async function caller(shop: Shop, transport: Transport, token: string): Promise<Caller> {
  if (transport === 'rest') {
    const call = (method: string, path: string, body?: Json) => shop.call(method, path, body, token)
    return {
      find: (path, query = {}) => call('GET', `/${path}?${new URLSearchParams(query as Record<string, string>)}`),
      get: (path, id) => call('GET', `/${path}/${id}`),
      create: (path, data) => call('POST', `/${path}`, data),
      patch: (path, id, data) => call('PATCH', `/${path}/${id}`, data),
      remove: (path, id) => call('DELETE', `/${path}/${id}`)
    }
  }
  const socket = await shop.socket(token)
  const send = async (method: string, ...args: unknown[]): Promise<Outcome> => {
    const { error, result } = await emit(socket, method, ...args)
    return error
      ? { status: error.code as number, body: error }
      : { status: method === 'create' ? 201 : 200, body: result! }
  }
  return {
    find: (path, query = {}) => send('find', path, query),
    get: (path, id) => send('get', path, id, {}),
    create: (path, data) => send('create', path, data, {}),
    patch: (path, id, data) => send('patch', path, id, data, {}),
    remove: (path, id) => send('remove', path, id, {})
  }
}
