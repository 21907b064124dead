import type { Server } from 'socket.io'
import type { AccessTable } from '../policy/access.ts'
import type { Places } from '../policy/places.ts'
import { pruneRecord } from '../policy/prune.ts'
import type { Resource } from '../schemas/define.ts'
import { roomsFor } from './rooms.ts'

/** Those of Feathers, and `low`: a stock level fell below the product's limit. */
export type EventName = 'created' | 'patched' | 'removed' | 'low'

/**
 * Sends committed writes to the rooms of those who may see them, pruned once per set of rules. Rooms and not lists of
 * connections, so that a socket.io adapter can carry them to other nodes.
 */
export class Publisher {
  #places: Places
  #tables: () => Iterable<AccessTable>
  #io: Server | undefined

  constructor(places: Places, tables: () => Iterable<AccessTable>) {
    this.#places = places
    this.#tables = tables
  }

  attach(io: Server): void {
    this.#io = io
  }

  /**
   * Whether anybody could hear: spares the work of preparing what nobody gets. Counts this node's clients, as one process
   * delivers alone; with an adapter that reaches other nodes this is the place that must ask it.
   */
  get listening(): boolean {
    return this.#io !== undefined && this.#io.engine.clientsCount > 0
  }

  /**
   * `<resource> <event>` with the record as each reader may see it. `record` is whole: the caller has committed it.
   * What was computed for the branch of the writer is left out: it would be wrong, and a secret, elsewhere.
   */
  publish(resource: Resource, event: EventName, record: Record<string, unknown>): void {
    const io = this.#io
    if (!io || !this.listening) return
    const branch = resource.name === 'branches' ? record.id : record.branch_id
    const shared = { ...record }
    for (const name of resource.personal) delete shared[name]
    const today = this.#places.today((branch as string | null | undefined) ?? null)
    for (const table of this.#tables()) {
      const rooms = roomsFor(table, resource, shared, today)
      if (rooms.length) io.to(rooms).emit(`${resource.name} ${event}`, pruneRecord(resource, shared, table))
    }
  }
}
