import { newId } from './ids.ts'
import type { Page } from './query.ts'
import type { EventName } from './service.ts'
import type { SocketTransport } from './socket.ts'
import type { Call } from './transport.ts'

type Params = { query?: Record<string, unknown> }
/** What of a body matters here. */
type Sent = { id?: string; version?: number }

/** As many records as the server gives at a time. */
const PAGE = 200

/**
 * The methods of one resource, whatever its types. `make` makes a call, as often as it takes where the second argument says
 * that it does the same made twice as made once.
 */
export function verbsOf(path: string, make: (call: Call, safe: boolean) => Promise<unknown>, socket?: SocketTransport) {
  const find = (params?: Params) => make({ path, method: 'find', ...params }, true)
  return {
    find,
    groups: find,
    get: (id: string, params?: Params) => make({ path, method: 'get', id, ...params }, true),
    // The id makes it exactly-once: the server answers the second with the record of the first.
    create: (data: Sent) => make({ path, method: 'create', data: { ...data, id: data.id ?? newId() } }, true),
    // The second of two patches with one version is refused, so nothing is done twice.
    patch: (id: string, data: Sent, params?: Params) =>
      make({ path, method: 'patch', id, data, ...params }, data.version !== undefined),
    remove: (id: string, params?: Params) => make({ path, method: 'remove', id, ...params }, false),
    async *all({ query }: Params = {}) {
      for (let after: string | null = ''; after !== null; ) {
        const page = (await find({ query: { $limit: PAGE, ...query, $after: after } })) as Page<unknown>
        yield* page.data
        after = page.next ?? null
      }
    },
    ...(socket && { on: (event: EventName, listener: (record: never) => void) => socket.listen(path, event, listener) })
  }
}
