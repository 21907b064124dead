import type { Queryable } from '../../database/connection.ts'
import { formatMoney, parseMoney } from '../../domain/money.ts'
import { ORDER_MOVES, type OrderState, requireMove } from '../../domain/moves.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { within } from '../../policy/reader.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { currency } from '../../schemas/currency.ts'
import type { Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { changeRecord } from './change.ts'
import { OrderedService } from './ordered.ts'
import { lockOrder, type StoredOrder, storedLines } from './orders.sql.ts'
import { type AgreedLine, agreedLines, type OrderLineInput } from './price.ts'
import { lockConvertible } from './quotations.ts'

/** What was priced with a quotation, and comes from there. */
const QUOTED = ['items', 'discounts', 'rush_surcharge', 'salesman_id']

interface Agreed {
  agreed: AgreedLine[]
  terms: Row
}

const OPEN: readonly OrderState[] = ['pending', 'in_progress', 'completed']

/** @throws 409 order_closed for an order that was delivered or cancelled */
function requireOpen({ status }: Pick<StoredOrder, 'status'>): void {
  if (!OPEN.includes(status)) throw failure('order_closed', { status })
}

/**
 * An open order, locked, for a document about it. Hidden equals missing: one of another branch is answered as one that is not
 * there. @throws 409 order_closed, 422 unknown_reference
 */
export async function openOrder({ db, call }: Writing, id: unknown): Promise<StoredOrder> {
  const order = await lockOrder(db, id)
  const { access, reader } = call
  const reached = !access || !reader || within(access.alternatives, { branch_id: order?.branch_id }, reader, true)
  if (!order || !reached) throw fieldFailure('unknown_reference', 'order_id')
  requireOpen(order)
  return order
}

/** Orders of goods made for a customer. */
export class CustomOrderService extends OrderedService<StoredOrder> {
  protected readonly of = 'custom-orders'

  constructor(engine: Engine, publisher: Publisher) {
    super('custom-orders', engine, publisher)
  }

  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, id, call } = writing
    if (data.status !== undefined && data.status !== 'pending')
      throw fieldFailure('invalid_data', 'status', 'must be pending')
    const { agreed, terms } =
      data.quotation_id == null ? await this.asked(writing, data) : await this.quoted(writing, data)
    const branch = await this.branchOf(writing, terms)
    const { header, lines } = await this.price(writing, agreed, this.termsOf(terms, branch.id))
    const { n, number } = await nextNumber(db, 'order', branch.id, branch.code)
    await this.record(writing, {
      ...terms,
      ...header,
      branch_id: branch.id,
      business_date: this.today(writing, branch),
      order_no: number,
      series_no: n,
      paid: formatMoney(0n, currency.scale),
      balance: header.total
    })
    await this.writeLines(db, id, lines, call)
    if (data.quotation_id != null) {
      const parts = { engine: this.engine, publisher: this.publisher, db, call }
      await changeRecord(parts, 'quotations', data.quotation_id as string, { status: 'converted' })
    }
    return this.get(id, { transaction: db })
  }

  private async asked({ db, call }: Writing, data: Row): Promise<Agreed> {
    if (!data.items) throw fieldFailure('invalid_data', 'items', 'is required')
    return { agreed: await agreedLines(db, data.items as OrderLineInput[], call), terms: data }
  }

  /** An order by a quotation: its lines and prices, as the customer approved them. */
  private async quoted(writing: Writing, data: Row): Promise<Agreed> {
    const extra = QUOTED.find((name) => data[name] !== undefined)
    if (extra) throw fieldFailure('invalid_data', extra, 'is that of the quotation')
    const quotation = await lockConvertible(writing, data)
    const { branch_id, salesman_id, team_name, required_by, notes, rush_surcharge, discounts } = quotation
    const taken = { branch_id, salesman_id, team_name, required_by, notes, rush_surcharge, discounts }
    return {
      agreed: await storedLines(writing.db, 'quotations', quotation.id),
      terms: { ...taken, ...data }
    }
  }

  protected lock(db: Queryable, id: string): Promise<StoredOrder | undefined> {
    return lockOrder(db, id)
  }

  protected requireChange(stored: StoredOrder, { status }: Row): void {
    requireOpen(stored)
    if (status !== undefined) requireMove(ORDER_MOVES, stored.status, status as OrderState)
  }

  /** What was paid stays paid: an order cannot come to less. */
  protected override settled({ paid }: StoredOrder, total: string): Row {
    const [whole, came] = [parseMoney(total, currency.scale), parseMoney(paid, currency.scale)]
    if (whole < came) throw failure('advance_exceeds_total')
    return { balance: formatMoney(whole - came, currency.scale) }
  }
}
