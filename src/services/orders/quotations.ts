import type { Queryable } from '../../database/connection.ts'
import { businessDate } from '../../domain/dates.ts'
import { QUOTATION_MOVES, type QuotationState, requireMove } from '../../domain/moves.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { type Call, momentOf } from '../../policy/call.ts'
import { within } from '../../policy/reader.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import type { Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { OrderedService } from './ordered.ts'
import { lockQuotation, type StoredQuotation } from './orders.sql.ts'
import { agreedLines, type OrderLineInput } from './price.ts'

/** Quotations for goods made to order. */
export class QuotationService extends OrderedService<StoredQuotation> {
  protected readonly of = 'quotations'

  constructor(engine: Engine, publisher: Publisher) {
    super('quotations', engine, publisher)
  }

  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, id, call } = writing
    if (data.status !== undefined && data.status !== 'draft')
      throw fieldFailure('invalid_data', 'status', 'must be draft')
    const branch = await this.branchOf(writing, data)
    const today = this.today(writing, branch)
    requireFuture(data.valid_until as string, today)
    const agreed = await agreedLines(db, data.items as OrderLineInput[], call)
    const { header, lines } = await this.price(writing, agreed, this.termsOf(data, branch.id))
    const { n, number } = await nextNumber(db, 'quotation', branch.id, branch.code)
    const place = { branch_id: branch.id, business_date: today }
    await this.record(writing, { ...data, ...header, ...place, quotation_no: number, series_no: n })
    await this.writeLines(db, id, lines, call)
    return this.get(id, { transaction: db })
  }

  protected lock(db: Queryable, id: string): Promise<StoredQuotation | undefined> {
    return lockQuotation(db, id)
  }

  /** What the customer was sent stays as it was: it is drafted anew, or answered. */
  protected requireChange(stored: StoredQuotation, { status, ...content }: Row, call: Call): void {
    if (status !== undefined) requireMove(QUOTATION_MOVES, stored.status, status as QuotationState)
    if (Object.keys(content).length && stored.status !== 'draft')
      throw failure('quotation_not_draft', { status: stored.status })
    if (content.valid_until !== undefined)
      requireFuture(content.valid_until as string, businessDate(momentOf(call) ?? new Date(), stored.timezone))
  }
}

function requireFuture(day: string, today: string): void {
  if (day < today) throw fieldFailure('broken_rule', 'valid_until', 'is in the past')
}

/**
 * The quotation that an order converts, locked. Hidden equals missing. @throws 409 quotation_not_approved (converted ones
 * too), quotation_expired; 422 for one of another customer
 */
export async function lockConvertible(
  { db, call, at }: Pick<Writing, 'db' | 'call' | 'at'>,
  data: Row
): Promise<StoredQuotation> {
  const quotation = await lockQuotation(db, data.quotation_id)
  const { principal, reader } = call
  const access = principal?.access.of('quotations', 'read')
  const reached = !principal || (access && reader && within(access.alternatives, { ...quotation }, reader, true))
  if (!quotation || !reached) throw fieldFailure('unknown_reference', 'quotation_id')
  if (quotation.status !== 'approved') throw failure('quotation_not_approved', { status: quotation.status })
  const { valid_until, customer_id, branch_id } = quotation
  if (valid_until < businessDate(at ?? new Date(), quotation.timezone)) throw failure('quotation_expired')
  for (const [name, value] of Object.entries({ customer_id, branch_id }))
    if (data[name] !== undefined && data[name] !== value)
      throw fieldFailure('broken_rule', name, 'is not that of the quotation')
  return quotation
}
