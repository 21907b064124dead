import { isUnavailable } from '../database/errors.ts'
import type { Call } from '../policy/call.ts'
import type { Key } from '../schemas/keys.ts'
import { ManyWriter, type Outcome, type Patch } from '../services/many.ts'
import type { Row } from '../services/projection.ts'
import { ResourceService } from '../services/resource.ts'

/** Writes the rows of an import: what becomes of each, in their order. */
export interface Writer {
  createMany(rows: readonly Row[], call: Call, whole: boolean): Promise<Outcome[]>
  updateMany(patches: readonly Patch[], call: Call, whole: boolean): Promise<Outcome[]>
  existing(key: Key, values: readonly Row[], call: Call): Promise<Row[]>
}

/** Rows of a resource with behaviour of its own go through its service, one by one. */
class ServiceWriter implements Writer {
  #service: ResourceService
  #reader: ManyWriter

  constructor(service: ResourceService) {
    this.#service = service
    this.#reader = new ManyWriter(service.resource, service.engine)
  }

  existing(key: Key, values: readonly Row[], call: Call): Promise<Row[]> {
    return this.#reader.existing(key, values, call)
  }

  async createMany(rows: readonly Row[], call: Call): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (const data of rows)
      outcomes.push(
        await this.#run(call, async (own) => {
          const record = await this.#service.create(data, own)
          return own.replayed ? { is: 'made before' } : { is: 'created', record }
        })
      )
    return outcomes
  }

  async updateMany(patches: readonly Patch[], call: Call): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (const { id, changes } of patches)
      outcomes.push(
        await this.#run(call, async (own) => {
          const record = await this.#service.patch(id, changes, own)
          return own.unchanged ? { is: 'unchanged' } : { is: 'updated', record }
        })
      )
    return outcomes
  }

  async #run(call: Call, work: (own: Call) => Promise<Outcome>): Promise<Outcome> {
    const { database } = this.#service.engine
    try {
      if (!call.dry_run) return await work({ ...call })
      return await database.rehearsal((transaction) => work({ ...call, dry_run: undefined, transaction }))
    } catch (error) {
      if (isUnavailable(error)) throw error
      return { is: 'refused', error }
    }
  }
}

export const writerOf = (service: ResourceService): Writer =>
  service.constructor === ResourceService
    ? new ManyWriter(service.resource, service.engine)
    : new ServiceWriter(service)
