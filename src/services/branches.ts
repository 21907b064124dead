import { fieldFailure } from '../errors.ts'
import type { Call } from '../policy/call.ts'
import { currency } from '../schemas/currency.ts'
import { resourceNamed } from '../schemas/index.ts'
import type { Row } from './projection.ts'
import { type Engine, ResourceService } from './resource.ts'

/** Branches: their time zones and their order are kept in memory, so a change is read at once. */
export class BranchService extends ResourceService {
  constructor(engine: Engine) {
    super(resourceNamed('branches'), engine)
  }

  override async create(data: Row, call: Call = {}): Promise<Row> {
    return this.reloading(call, await super.create(data, call))
  }

  override async patch(id: string, data: Row, call: Call = {}): Promise<Row> {
    return this.reloading(call, await super.patch(id, data, call))
  }

  override async remove(id: string, call: Call = {}): Promise<Row> {
    return this.reloading(call, await super.remove(id, call))
  }

  protected override prepare(data: Row, _call: Call, id?: string): Row {
    if (data.timezone !== undefined && !isZone(data.timezone as string))
      throw fieldFailure('invalid_data', 'timezone', 'must be a time zone such as Europe/Berlin')
    return id ? data : { ...data, currency: currency.code }
  }

  private async reloading(call: Call, row: Row): Promise<Row> {
    const { places } = this.engine
    // What cannot be read after the commit is read by the next round of housekeeping.
    if (call.transaction) call.transaction.afterCommit(() => void places.load().catch(() => {}))
    else await places.load()
    return row
  }
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
