import { failure, fieldFailure } from '../../errors.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { adoptLate, countedCash, lockLastShift, readTill, type Till } from './shift.sql.ts'

/** Opens a register's drawer. A shift is closed by a shift closing. */
export class ShiftService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('shifts', engine, publisher)
  }

  /** @throws 409 shift_open when the register has an open one, also for the later of two at once */
  protected override async write(writing: Writing, data: Row): Promise<Row> {
    const { db, id, call, created_by } = writing
    const till = await this.till(writing, data)
    this.requireWithin({ branch_id: till.branch_id, opened_by: created_by }, call, true)
    const last = await lockLastShift(db, till.register_id)
    if (last?.status === 'open') throw failure('shift_open')
    const counted = last && (await countedCash(db, last.id))
    const shift = await this.record(writing, {
      register_id: till.register_id,
      branch_id: till.branch_id,
      float: data.float ?? counted ?? '0',
      opened_by: created_by,
      business_date: this.today(writing, till)
    })
    if (last) await adoptLate(db, { id, register_id: till.register_id }, this.author(call))
    return shift
  }

  private async till({ db, call }: Writing, data: Row): Promise<Till> {
    const branch = call.reader?.scope_branch_id ?? this.engine.places.home
    const till = await readTill(db, data.register_id, branch)
    if (!till?.is_active) throw fieldFailure('unknown_register', 'register_id')
    return till
  }
}
