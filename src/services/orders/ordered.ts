import type { Queryable } from '../../database/connection.ts'
import { failure } from '../../errors.ts'
import { type Call, momentOf } from '../../policy/call.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { insertLines } from '../ledger/document.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import { insertImages } from './images.sql.ts'
import { deleteLines, LINES_OF, type Ordered, type StoredTerms, storedLines } from './orders.sql.ts'
import { type AgreedLine, agreedLines, type OrderLineInput, type OrderTerms, priceOrder } from './price.ts'

/** What the figures follow from; a change of any of it prices the whole anew. */
const PRICING = ['items', 'discounts', 'rush_surcharge', 'salesman_id']

/** What orders and quotations do alike: lines priced together, and changed together while they are open. */
export abstract class OrderedService<Stored extends StoredTerms> extends DocumentService {
  protected abstract readonly of: Ordered

  /** Locks the stored record. */
  protected abstract lock(db: Queryable, id: string): Promise<Stored | undefined>

  /** Checks a change against the state. @throws 409 */
  protected abstract requireChange(stored: Stored, changes: Row, call: Call): void

  /** Further columns of a changed record that its new total decides. @throws 422 */
  protected settled(_stored: Stored, _total: string): Row {
    return {}
  }

  /** Changes what was agreed, or moves it to its next state. @throws 409 for a state that cannot follow, or one that is final */
  override async patch(id: string, given: Row, call: Call = {}): Promise<Row> {
    const { version, ...changes } = given
    if (!Object.keys(changes).length) return this.unchanged(id, version, call)
    return this.inTransaction(call, async (db) => {
      await this.get(id, { ...this.reach(call), transaction: db })
      const stored = (await this.lock(db, id))!
      if (version !== undefined && version !== stored.version)
        throw failure('stale_version', { version: stored.version })
      this.requireChange(stored, changes, call)
      const { items, ...columns } = changes
      if (PRICING.some((name) => changes[name] !== undefined))
        Object.assign(columns, await this.repriced(db, id, stored, changes, call))
      await super.patch(id, columns, { ...call, transaction: db })
      return this.get(id, { transaction: db })
    })
  }

  /** Prices new lines and answers the columns of the header; the lines are written once it is there. */
  protected price({ db, call }: Writing, agreed: AgreedLine[], terms: OrderTerms) {
    return priceOrder(db, agreed, terms, call)
  }

  protected termsOf(data: Row, branch_id: string): OrderTerms {
    return {
      branch_id,
      customer_id: data.customer_id as string,
      salesman_id: (data.salesman_id as string | null | undefined) ?? null,
      rush_surcharge: (data.rush_surcharge as string | undefined) ?? '0',
      discounts: (data.discounts as string | undefined) ?? '0'
    }
  }

  protected async writeLines(db: Queryable, id: string, lines: Row[], call: Call): Promise<void> {
    const { table, key } = LINES_OF[this.of]
    const at = momentOf(call)
    const rows = lines.map((line) => ({ ...line, [key]: id, ...(at && { created_at: at.toISOString() }) }))
    await insertLines(db, resourceNamed(table.replaceAll('_', '-')), rows)
    await insertImages(db, this.of, rows)
  }

  private async repriced(db: Queryable, id: string, stored: Stored, changes: Row, call: Call): Promise<Row> {
    const agreed = changes.items
      ? await agreedLines(db, changes.items as OrderLineInput[], call)
      : await storedLines(db, this.of, id)
    const { header, lines } = await priceOrder(
      db,
      agreed,
      this.termsOf({ ...stored, ...changes }, stored.branch_id),
      call
    )
    const settled = this.settled(stored, header.total as string)
    await deleteLines(db, this.of, id)
    await this.writeLines(db, id, lines, call)
    return { ...header, ...settled }
  }
}
