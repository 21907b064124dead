import type { Minor } from '../../domain/money.ts'
import { failure, fieldFailure } from '../../errors.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { amountOf } from '../invoices/price.ts'
import type { Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import type { Row } from '../projection.ts'
import { updateOne } from '../resource.sql.ts'
import type { Engine } from '../resource.ts'
import { methodNames } from './closings.sql.ts'
import { DrawerService } from './drawer.ts'
import { sumShift } from './figures.sql.ts'
import { CASH, contentOf, expectedOf, onWire } from './figures.ts'
import type { Drawer } from './shift.sql.ts'

/** Counts a shift, closes it and freezes its figures: the Z report. */
export class ClosingService extends DrawerService {
  constructor(engine: Engine, publisher: Publisher) {
    super('shift-closings', engine, publisher)
  }

  /** @throws 409 shift_closed, also for the later of two at once, 422 no_open_shift */
  protected override async write(writing: Writing, data: Row): Promise<Row> {
    const { db } = writing
    const counted = countedOf(data.counted as Record<string, string | number>)
    const drawer = await this.drawer(writing, data, 'update')
    if (drawer.status === 'closed') throw failure('shift_closed')
    // From here on nobody can sell into the shift, and those who were at it are done: this statement sees them all.
    const summed = await sumShift(db, drawer.id)
    const expected = expectedOf(summed)
    await this.requireMethods(writing, Object.keys(counted), expected)
    const closed_at = (writing.at ?? new Date()).toISOString()
    await this.close(writing, drawer, closed_at)
    const { n, number } = await nextNumber(db, 'closing', drawer.register_id, drawer.prefix)
    const difference = Object.entries(counted).map(([method, amount]) => [method, amount - (expected[method] ?? 0n)])
    return this.record(writing, {
      ...data,
      created_at: closed_at,
      shift_id: drawer.id,
      register_id: drawer.register_id,
      branch_id: drawer.branch_id,
      opened_by: drawer.opened_by,
      number,
      series_no: n,
      business_date: this.today(writing, drawer),
      counted: onWire(counted),
      expected: onWire(expected),
      difference: onWire(Object.fromEntries(difference)),
      content: contentOf(summed)
    })
  }

  /** What is counted is a method of payment that is not cash, or the drawer. */
  private async requireMethods({ db }: Writing, counted: string[], expected: Record<string, Minor>): Promise<void> {
    const known = new Set([...Object.keys(expected), ...(await methodNames(db))])
    const unknown = counted.find((method) => !known.has(method))
    if (unknown !== undefined) throw fieldFailure('unknown_payment_method', `counted.${unknown}`)
  }

  private async close({ db, call }: Writing, { id }: Drawer, closed_at: string): Promise<void> {
    const shifts = resourceNamed('shifts')
    const { text, values, projection } = updateOne(
      shifts,
      id,
      { status: 'closed', closed_at },
      undefined,
      this.author(call),
      this.fullScope({ reader: call.reader })
    )
    const [row] = await db.rows(text, values)
    const shift = projection.decode(row!, 1)
    db.afterCommit(() => this.publisher.publish(shifts, 'patched', shift))
  }
}

/** The counted amounts, none below zero. @throws 400 without the drawer, 422 invalid_amount */
function countedOf(given: Record<string, string | number>): Record<string, Minor> {
  if (given[CASH] === undefined) throw fieldFailure('invalid_data', `counted.${CASH}`, 'is required')
  return Object.fromEntries(
    Object.entries(given).map(([method, value]) => {
      const amount = amountOf(value, ['counted', method])
      if (amount < 0n) throw fieldFailure('invalid_amount', `counted.${method}`)
      return [method, amount]
    })
  )
}
