import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { ServiceParts } from '../index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'

/** Sign-ins: removing one ends it on every node; its record stays. */
export class SessionService extends ResourceService {
  private end: ServiceParts['endSession']

  constructor(engine: Engine, end: ServiceParts['endSession']) {
    super(resourceNamed('sessions'), engine)
    this.end = end
  }

  override async remove(id: string, call: Call = {}): Promise<Row> {
    await this.get(id, this.reach(call))
    const { principal, request_id, transaction } = call
    const by = { user_id: principal?.user.id, session_id: principal?.session_id, request_id, transaction }
    await this.end(id, 'removed', by)
    return this.get(id, { transaction })
  }
}
