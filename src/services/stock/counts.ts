import { parseQuantity } from '../../domain/quantity.ts'
import { failure, fieldFailure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import { lockLevels } from '../ledger/stock.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { type Count, clock, lockCount, movedSince } from './counts.sql.ts'
import { productsOf, quantityText } from './goods.ts'
import { reaches } from './states.ts'

/** A past instant that a client gives, or now. @throws 422 for one to come */
function past(given: unknown, now: Date, path: string): Date {
  if (given == null) return now
  const at = new Date(given as string)
  if (at > now) throw fieldFailure('broken_rule', path, 'must not be in the future')
  return at
}

/** The count, locked, within reach and still open. @throws 409 count_closed, 422 */
export async function openCount(
  { db, call }: { db: Writing['db']; call: Call },
  id: unknown,
  how: 'share' | 'update'
): Promise<Count> {
  const count = await lockCount(db, id, how)
  if (!count || !reaches('stock-counts', count, call)) throw fieldFailure('unknown_reference', 'count_id')
  if (count.status !== 'open') throw failure('count_closed')
  return count
}

/** Counts of a branch's goods. */
export class StockCountService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('stock-counts', engine, publisher)
  }

  /** @throws 409 count_open: one at a time per branch, which the key stock_counts_open_key keeps */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, at } = writing
    const branch = await this.branchOf(writing, data)
    const cut_off = past(data.cut_off, at ?? (await clock(db)), 'cut_off').toISOString()
    const { number } = await nextNumber(db, 'count', branch.id, branch.code)
    const business_date = this.today(writing, branch)
    return this.record(writing, { number, branch_id: branch.id, cut_off, business_date, note: data.note ?? null })
  }
}

/** What was counted, product by product. */
export class StockCountLineService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('stock-count-lines', engine, publisher)
  }

  /** @throws 409 count_closed, 422 for what is no product of the branch or was counted outside of the count */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, at } = writing
    const count = await openCount(writing, data.count_id, 'share')
    const { branch_id } = count
    this.requireWithin({ branch_id }, writing.call, true)
    const product_id = await productOf(writing, data, branch_id)
    const [level] = await lockLevels(db, [{ product_id, branch_id }])
    // Read once the level is locked, so that no movement before it is on its way.
    const now = at ?? (await clock(db))
    const counted_at = past(data.counted_at, now, 'counted_at')
    if (counted_at < new Date(count.cut_off))
      throw fieldFailure('broken_rule', 'counted_at', 'must not be before the cut-off of the count')
    const onHand = parseQuantity(level!.on_hand)
    const since = data.counted_at == null ? 0n : parseQuantity(await movedSince(db, product_id, branch_id, counted_at))
    return this.record(writing, {
      count_id: count.id,
      branch_id,
      product_id,
      counted: data.counted,
      counted_at: counted_at.toISOString(),
      expected: quantityText(onHand - since),
      location: data.location ?? null
    })
  }
}

async function productOf({ db }: Writing, data: Row, branch: string): Promise<string> {
  const kinds = (['product_id', 'barcode', 'sku'] as const).filter((kind) => data[kind] != null)
  const [kind] = kinds
  if (!kind || kinds.length > 1)
    throw fieldFailure('invalid_data', 'product_id', 'needs exactly one of product_id, barcode, sku')
  const [product] = await productsOf(db, [[kind, data[kind] as string]], [branch], () => kind)
  return product!.id
}
