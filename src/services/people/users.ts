import { hashPassword, hashPin } from '../../auth/passwords.ts'
import { failure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { ServiceParts } from '../index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { otherActiveAdmins } from './users.sql.ts'

const OWN = ['role_id', 'branch_id', 'is_active']

/** Users: passwords and pins come in clear and are kept as hashes. */
export class UserService extends ResourceService {
  private announce: ServiceParts['announce']

  constructor(engine: Engine, announce: ServiceParts['announce']) {
    super(resourceNamed('users'), engine)
    this.announce = announce
  }

  /** @throws 422 own_account for one's own role, branch or activity; last_admin when no active administrator would stay */
  override async patch(id: string, data: Row, call: Call = {}): Promise<Row> {
    if (call.principal?.user.id === id && OWN.some((name) => data[name] !== undefined)) throw failure('own_account')
    const risky = data.is_active === false || data.role_id !== undefined
    const changed = risky
      ? await this.keepingAnAdmin(id, call, data, (within) => super.patch(id, data, within))
      : await super.patch(id, data, call)
    return this.told(changed, call)
  }

  override async remove(id: string, call: Call = {}): Promise<Row> {
    if (call.principal?.user.id === id) throw failure('own_account')
    return this.told(await this.keepingAnAdmin(id, call, {}, (within) => super.remove(id, within)), call)
  }

  protected override async prepare({ password, pin, ...columns }: Row): Promise<Row> {
    if (typeof password === 'string') columns.password_hash = await hashPassword(password)
    if (pin !== undefined) columns.pin_hash = pin === null ? null : await hashPin(pin as string)
    return columns
  }

  /** What the user may do, or that they may nothing any more, holds from the commit on. */
  private told(user: Row, call: Call): Row {
    this.db(call).afterCommit(() => this.announce([{ user_id: user.id as string }]))
    return user
  }

  private async keepingAnAdmin(id: string, call: Call, data: Row, work: (call: Call) => Promise<Row>): Promise<Row> {
    return this.inTransaction(call, async (transaction) => {
      if (!(await otherActiveAdmins(transaction, id, data.role_id as string | undefined))) throw failure('last_admin')
      return work({ ...call, transaction })
    })
  }
}
