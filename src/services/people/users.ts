import { hashPassword, hashPin } from '../../auth/passwords.ts'
import { failure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { otherActiveAdmins } from './users.sql.ts'

const OWN = ['role_id', 'branch_id', 'is_active']

/** Users: passwords and pins come in clear and are kept as hashes. */
export class UserService extends ResourceService {
  constructor(engine: Engine) {
    super(resourceNamed('users'), engine)
  }

  /** @throws 422 own_account for one's own role, branch or activity; last_admin when no active administrator would stay */
  override async patch(id: string, data: Row, call: Call = {}): Promise<Row> {
    if (call.principal?.user.id === id && OWN.some((name) => data[name] !== undefined)) throw failure('own_account')
    if (data.is_active !== false && data.role_id === undefined) return super.patch(id, data, call)
    return this.#keepingAnAdmin(id, call, data, (within) => super.patch(id, data, within))
  }

  override async remove(id: string, call: Call = {}): Promise<Row> {
    if (call.principal?.user.id === id) throw failure('own_account')
    return this.#keepingAnAdmin(id, call, {}, (within) => super.remove(id, within))
  }

  protected override async prepare({ password, pin, ...columns }: Row): Promise<Row> {
    if (typeof password === 'string') columns.password_hash = await hashPassword(password)
    if (pin !== undefined) columns.pin_hash = pin === null ? null : await hashPin(pin as string)
    return columns
  }

  async #keepingAnAdmin(id: string, call: Call, data: Row, work: (call: Call) => Promise<Row>): Promise<Row> {
    const guarded = async (transaction: NonNullable<Call['transaction']>) => {
      if (!(await otherActiveAdmins(transaction, id, data.role_id as string | undefined))) throw failure('last_admin')
      return work({ ...call, transaction })
    }
    return call.transaction ? guarded(call.transaction) : this.engine.database.transaction(guarded)
  }
}
