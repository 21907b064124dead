import type { CashMovement } from '../../domain/drawer.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import { within } from '../../policy/reader.ts'
import { resourceNamed } from '../../schemas/index.ts'
import type { Branch } from '../ledger/document.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import { type OpenShift, readMethod, takeShift } from './shift.sql.ts'

/** Documents that spend money, from a drawer where it is cash. */
export abstract class SpendingService extends DocumentService {
  /**
   * The shift whose drawer pays: for cash, that of the register named, else the caller's own, else none. It stays open until the
   * transaction ends. @throws 403, 422 invalid_amount, unknown_payment_method or no_open_shift
   */
  protected async payer({ db, call, created_by }: Writing, data: Row, branch: Branch): Promise<OpenShift | undefined> {
    if (!(Number(data.amount) > 0)) throw fieldFailure('invalid_amount', 'amount')
    const method = await readMethod(db, data.method)
    if (!method?.is_active) throw fieldFailure('unknown_payment_method', 'method')
    if (!method.is_cash) return undefined
    const register_id = (data.register_id as string | null | undefined) ?? null
    const user_id = register_id ? null : created_by
    const shift = await takeShift(db, { user_id, branch_id: branch.id, register_id })
    if (!register_id) return shift
    if (!shift) throw fieldFailure('no_open_shift', 'register_id')
    // Who may not move a drawer by hand does not move it by a document either.
    const { principal, reader } = call
    const access = principal?.access.of('cash-movements', 'create')
    const drawer = { branch_id: branch.id, opened_by: shift.opened_by }
    if (principal && !(access && reader && within(access.alternatives, drawer, reader, true)))
      throw failure('not_allowed')
    return shift
  }

  /** Writes what a document moves in a drawer that is held open, and tells of it once it is committed. */
  protected async moveCash(
    writing: Writing,
    shift: OpenShift,
    { timezone }: Pick<Branch, 'timezone'>,
    move: { kind: CashMovement; amount: unknown; reason: string; document: string }
  ): Promise<void> {
    const { db, id, created_by, at } = writing
    const movements = resourceNamed('cash-movements')
    const [row] = await this.lines(writing, movements.name, [
      {
        ...move,
        id: newId(),
        created_at: (at ?? new Date()).toISOString(),
        shift_id: shift.id,
        register_id: shift.register_id,
        branch_id: shift.branch_id,
        opened_by: shift.opened_by,
        document_id: id,
        business_date: this.today(writing, { timezone }),
        created_by
      }
    ])
    db.afterCommit(() => this.publisher.publish(movements, 'created', row!))
  }
}
