import { failure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import { isUuid } from '../../schemas/kinds.ts'
import type { Row } from '../projection.ts'
import type { ResourceService } from '../resource.ts'
import { sumShift } from './figures.sql.ts'
import { contentOf, expectedOf, onWire } from './figures.ts'

/** X reports: what a closing of the shift would say now. Changes nothing and takes no number. */
export class ShiftReportService {
  private readonly shifts: ResourceService

  constructor(shifts: ResourceService) {
    this.shifts = shifts
  }

  /**
   * The report of a shift that the caller may read. Where the branch counts blind, an open shift is reported without what
   * its drawer must hold, and without the payments that tell it. @throws 403, 404
   */
  async get(id: string, { principal, reader, query, transaction }: Call = {}): Promise<Row> {
    if (!isUuid(id)) throw failure('invalid_id', { errors: [{ path: 'id', message: 'must be a UUID' }] })
    const asked = Object.keys(query ?? {})[0]
    if (asked !== undefined) throw failure('invalid_query', { errors: [{ path: asked, message: 'is not known here' }] })
    const access = principal?.access.of('shifts', 'read')
    if (principal && !access) throw failure('not_allowed')
    const shift = await this.shifts.get(id.toLowerCase(), { ...(access && { access, reader }), transaction })
    const summed = await sumShift(transaction ?? this.shifts.engine.database, id)
    const { payments, cash, ...content } = contentOf(summed)
    const report = { id: shift.id, shift, ...content }
    const sees = !principal || principal.access.of('shift-closings', 'override')
    if (summed.blind && !sees && shift.status === 'open') return report
    return { ...report, payments, cash, expected: onWire(expectedOf(summed)) }
  }
}
