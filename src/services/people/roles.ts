import { BadRequest } from '@feathersjs/errors'
import { failure, fieldFailure } from '../../errors.ts'
import { checkRules, type Rule } from '../../policy/access.ts'
import type { Call } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { ServiceParts } from '../index.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'

/** Roles are data; their rules are checked before they are kept, so that no request meets one it cannot read. */
export class RoleService extends ResourceService {
  private announce: ServiceParts['announce']

  constructor(engine: Engine, announce: ServiceParts['announce']) {
    super(resourceNamed('roles'), engine)
    this.announce = announce
  }

  override async create(data: Row, call: Call = {}): Promise<Row> {
    return this.told(await super.create(data, call), call)
  }

  /** @throws 422 builtin_role for the name of a built-in role, or the rules of the administrator */
  override async patch(id: string, data: Row, call: Call = {}): Promise<Row> {
    const role = await this.get(id, this.reach(call))
    const renamed = data.name !== undefined && data.name !== role.name
    if (role.is_builtin && (renamed || (role.name === 'admin' && data.permissions !== undefined)))
      throw failure('builtin_role')
    return this.told(await super.patch(id, data, call), call)
  }

  override async remove(id: string, call: Call = {}): Promise<Row> {
    const role = await this.get(id, this.reach(call))
    if (role.is_builtin) throw failure('builtin_role')
    return this.told(await super.remove(id, call), call)
  }

  /** Takes effect on every node, and for open sockets, from the commit on. */
  private told(role: Row, call: Call): Row {
    this.db(call).afterCommit(() => this.announce([{ role_id: role.id as string }]))
    return role
  }

  protected override prepare(data: Row): Row {
    try {
      if (data.permissions) checkRules(data.permissions as Rule[])
    } catch (error) {
      if (error instanceof TypeError || error instanceof BadRequest)
        throw fieldFailure('invalid_data', 'permissions', error.message)
      throw error
    }
    return data
  }
}
