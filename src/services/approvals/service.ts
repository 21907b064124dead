import { verifyPassword } from '../../auth/passwords.ts'
import { failure } from '../../errors.ts'
import { type Action, compileAccess } from '../../policy/access.ts'
import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { ServiceParts } from '../index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { type Colleague, findColleague, recordRefusal } from './approvals.sql.ts'

/** What a colleague must be allowed to do. Who approves other prices approves what is taken off with them. */
const NEEDS: Record<string, [resource: string, action: Action][]> = {
  discount: [['invoices', 'discount']],
  override: [
    ['invoices', 'override'],
    ['invoices', 'discount']
  ],
  refund: [['refunds', 'override']]
}

/** Approvals: a colleague's user name and PIN, given at the till of somebody who may not do it alone. */
export class ApprovalService extends ResourceService {
  private attempt: ServiceParts['attempt']

  constructor(engine: Engine, attempt: ServiceParts['attempt']) {
    super(resourceNamed('approvals'), engine)
    this.attempt = attempt
  }

  /** @throws 403 approval_refused, the same for whatever is wrong; 429 after too many of these */
  protected override async prepare({ username, pin, ...columns }: Row, call: Call): Promise<Row> {
    const { principal } = call
    if (!principal) throw failure('not_signed_in')
    const approved_by = await this.attempt(username as string, call.ip, async () => {
      const colleague = await findColleague(this.db(call), username as string)
      // The PIN is checked whoever it is, so that time does not tell who exists.
      const known = await verifyPassword(colleague?.pin_hash, pin as string)
      if (colleague && known && this.may(colleague, columns.action as string, call)) return colleague.id
      await this.refused(colleague, columns, call)
      throw failure('approval_refused')
    })
    return { ...columns, approved_by, session_id: principal.session_id }
  }

  /** Active, of the caller's branch or an administrator, and allowed to do it without being asked. */
  private may({ is_active, branch_id, role, permissions }: Colleague, action: string, { reader }: Call): boolean {
    const near = role === 'admin' || (branch_id ?? this.engine.places.home) === reader?.scope_branch_id
    const access = compileAccess(permissions)
    return is_active && near && NEEDS[action]!.every(([resource, verb]) => access.of(resource, verb))
  }

  /**
   * Kept although the call fails, so never in its transaction; and not waited for there, as a second connection asked for
   * while holding one would wait for others that do the same.
   */
  private async refused(colleague: Colleague | undefined, { action, document_id, amount }: Row, call: Call) {
    const asked = { approval: action, document_id, amount }
    const kept = recordRefusal(this.engine.database, colleague?.id, call, asked)
    if (!call.transaction) return kept
    kept.catch(() => {}) // the refusal stands without its record
  }
}
