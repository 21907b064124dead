import { failure, fieldFailure } from '../../errors.ts'
import { within } from '../../policy/reader.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import { type Drawer, lockDrawer } from './shift.sql.ts'

/** Documents about one drawer: a shift named, else the newest of a register, else the caller's own. */
export abstract class DrawerService extends DocumentService {
  /** The shift, locked; a shift out of reach is as one that is not there. @throws 403, 422 */
  protected async drawer(
    { db, call, created_by }: Writing,
    data: Row,
    strength: 'key share' | 'update'
  ): Promise<Drawer> {
    const { shift_id, register_id } = data
    const drawer = await lockDrawer(db, { shift_id, register_id, user_id: created_by }, strength)
    const { access, reader } = call
    const reached = drawer && (!access || !reader || within(access.alternatives, { ...drawer }, reader, true))
    if (reached) return drawer
    if (shift_id) throw fieldFailure('unknown_reference', 'shift_id')
    throw failure(drawer ? 'not_allowed' : 'no_open_shift')
  }
}
