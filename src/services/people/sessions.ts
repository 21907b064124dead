import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'

/** Sign-ins: removing one ends it on every node; its record stays. */
export class SessionService extends ResourceService {
  #end: (session: string, reason: string) => Promise<void>

  constructor(engine: Engine, end: (session: string, reason: string) => Promise<void>) {
    super(resourceNamed('sessions'), engine)
    this.#end = end
  }

  override async remove(id: string, call: Call = {}): Promise<Row> {
    await this.get(id, { access: call.access, reader: call.reader })
    await this.#end(id, 'removed')
    return this.get(id, {})
  }
}
