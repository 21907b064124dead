import type { Queryable } from '../../database/connection.ts'
import { movingAverageCost } from '../../domain/cost.ts'
import { formatDecimal, parseDecimal } from '../../domain/decimal.ts'
import { parseQuantity } from '../../domain/quantity.ts'
import { failure, fieldFailure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { makeLevels } from '../invoices/drafts.sql.ts'
import type { Row } from '../projection.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { type LockedLevel, lockLevel, readKept, writeEntry } from './entries.sql.ts'
import { freeOf } from './goods.ts'
import { tellMoved } from './levels.ts'

const COST_SCALE = 4
const COST_LIMIT = 10n ** 16n
const cost = (text: string) => parseDecimal(text, COST_SCALE, COST_LIMIT)!

/** The stock ledger: each entry moves one level, in the same transaction. */
export class StockEntryService extends ResourceService {
  private publisher: Publisher

  constructor(engine: Engine, publisher: Publisher) {
    super(resourceNamed('stock-entries'), engine)
    this.publisher = publisher
  }

  /** Moves stock. @throws 409 insufficient_stock when the branch blocks and the level would fall below zero */
  override async create(data: Row, call: Call = {}): Promise<Row> {
    return this.exactlyOnce(data, call, (id, fingerprint) => {
      const entry: Row = { ...this.complete(data, call), id, created_by: call.principal?.user.id ?? null }
      requireSign(entry)
      this.requireWithin(entry, call)
      return this.inTransaction(call, (db) => this.write(db, entry, call, fingerprint))
    })
  }

  private async write(db: Queryable, entry: Row, call: Call, fingerprint: string | null): Promise<Row> {
    const { branch_id, product_id } = entry
    const product = await readKept(db, product_id)
    // Goods of another branch are answered as what is not there.
    if (!product || (product.branch_id !== null && product.branch_id !== branch_id))
      throw fieldFailure('unknown_reference', 'product_id')
    if (product.kind === 'service') throw fieldFailure('broken_rule', 'product_id', 'is a service, never on stock')
    let level = await lockLevel(db, branch_id, product_id)
    if (!level) {
      await makeLevels(db, branch_id as string, [product_id as string])
      level = await lockLevel(db, branch_id, product_id)
    }
    if (!level) throw fieldFailure('unknown_reference', 'branch_id')
    requireFree(entry, level)
    const average = averageAfter(entry, level)
    // What leaves is valued at what it cost on average.
    if ((entry.qty as number) < 0) entry.unit_cost ??= level.average_cost
    const { text, values, projection } = writeEntry(this.resource, entry, average, this.author(call, fingerprint))
    const [cells] = await db.rows(text, values)
    db.afterCommit(() => tellMoved(this.publisher, cells![projection.names.length]))
    return projection.decode(cells!)
  }
}

function requireSign({ qty, type, reason }: Row): void {
  const wrong = qty === 0 || (type === 'IN' && (qty as number) < 0) || (type === 'OUT' && (qty as number) > 0)
  if (wrong) throw fieldFailure('invalid_quantity', 'qty', 'is never 0, above 0 for IN and below for OUT')
  if (type === 'ADJUST' && !reason) throw fieldFailure('broken_rule', 'reason', 'is needed for an adjustment')
}

/** What is kept for orders is not taken out by hand. An adjustment says what is there, whoever it was meant for. */
function requireFree({ qty, type }: Row, level: LockedLevel): void {
  const after = freeOf(level) + parseQuantity(qty as number)
  if (type === 'OUT' && after < 0n && !level.may_go_below_zero) throw failure('insufficient_stock')
}

/** Goods that come in at a cost change the average; all other movements leave it. */
function averageAfter({ qty, unit_cost }: Row, level: { on_hand: string; average_cost: string }): string {
  if ((qty as number) < 0 || unit_cost == null) return level.average_cost
  const average = movingAverageCost(
    parseQuantity(level.on_hand),
    cost(level.average_cost),
    parseQuantity(qty as number),
    cost(unit_cost as string)
  )
  return formatDecimal(average, COST_SCALE)
}
