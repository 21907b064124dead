import { failure, fieldFailure } from '../../errors.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import type { Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { DrawerService } from './drawer.ts'

/** Cash moved in or out of a drawer by hand. */
export class MovementService extends DrawerService {
  constructor(engine: Engine, publisher: Publisher) {
    super('cash-movements', engine, publisher)
  }

  /** @throws 409 shift_closed, 422 no_open_shift or invalid_amount */
  protected override async write(writing: Writing, data: Row): Promise<Row> {
    requireSense(data)
    const drawer = await this.drawer(writing, data, 'key share')
    if (drawer.status === 'closed') throw failure(data.shift_id ? 'shift_closed' : 'no_open_shift')
    return this.record(writing, {
      ...data,
      shift_id: drawer.id,
      register_id: drawer.register_id,
      branch_id: drawer.branch_id,
      opened_by: drawer.opened_by,
      business_date: this.today(writing, drawer)
    })
  }
}

/** Everything but opening the drawer moves an amount, for a reason. */
function requireSense({ kind, amount, reason }: Row): void {
  const nothing = amount == null || Number(amount) === 0
  if (nothing !== (kind === 'no_sale')) throw fieldFailure('invalid_amount', 'amount')
  if (kind !== 'no_sale' && !reason) throw fieldFailure('broken_rule', 'reason', 'is needed')
}
