import { failure, fieldFailure } from '../../errors.ts'
import { type Call, momentOf } from '../../policy/call.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { readBranch } from '../ledger/document.sql.ts'
import type { Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { lockDrawer, readExpenseType } from './shift.sql.ts'
import { SpendingService } from './spending.ts'

/** Money spent beside goods; cash leaves a drawer with it. */
export class ExpenseService extends SpendingService {
  constructor(engine: Engine, publisher: Publisher) {
    super('expenses', engine, publisher)
  }

  protected override async write(writing: Writing, data: Row): Promise<Row> {
    const { register_id, ...given } = data
    const branch = await this.branchOf(writing, data)
    const date = data.date ?? this.today(writing, branch)
    const expense = this.complete({ ...given, date, branch_id: branch.id }, writing.call)
    this.requireWithin(expense, writing.call)
    const type = await readExpenseType(writing.db, data.type_id)
    if (!type) throw fieldFailure('unknown_reference', 'type_id')
    if (!type.is_active) throw fieldFailure('inactive', 'type_id')
    const shift = await this.payer(writing, { ...expense, register_id }, branch)
    const record = await this.record(writing, { ...expense, shift_id: shift?.id ?? null })
    if (shift) {
      const kind = data.direction === 'reverse' ? 'paid_in' : 'expense'
      const move = { kind, amount: data.amount, reason: type.name, document: 'expense' } as const
      await this.moveCash(writing, shift, branch, move)
    }
    return record
  }

  /** Takes an expense away, and puts back what it took from a drawer. @throws 409 shift_closed once that is counted */
  override remove(id: string, call: Call = {}): Promise<Row> {
    return this.inTransaction(call, async (db) => {
      const within = { ...call, transaction: db }
      const { shift_id, branch_id, direction, amount } = await this.get(id, this.reach(within))
      if (shift_id) {
        const created_by = call.principal?.user.id ?? null
        const drawer = await lockDrawer(db, { shift_id, user_id: null }, 'key share')
        if (drawer!.status === 'closed') throw failure('shift_closed')
        const branch = await readBranch(db, branch_id)
        const writing = { db, id, call, fingerprint: null, created_by, at: momentOf(call) }
        const kind = direction === 'reverse' ? 'paid_out' : 'paid_in'
        await this.moveCash(writing, drawer!, branch!, { kind, amount, reason: 'expense removed', document: 'expense' })
      }
      return super.remove(id, within)
    })
  }
}
