import { parseQuantity } from '../../domain/quantity.ts'
import { CREDIT_NOTE } from '../../domain/tender.ts'
import { failure } from '../../errors.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { stored, wire } from '../invoices/price.ts'
import type { Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { lockLines, type SoldInvoice, type SoldLine } from './refunds.sql.ts'
import { type Back, ReturnService } from './returning.ts'
import { cancelInvoice, isShiftClosed, paymentsTaken } from './voids.sql.ts'

/** Sales taken back whole on their own day. */
export class VoidService extends ReturnService {
  constructor(engine: Engine, publisher: Publisher) {
    super('invoice-voids', engine, publisher)
  }

  /** @throws 409 not_voidable when it is no issued sale or something came back of it, 409 void_too_late */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db } = writing
    const invoice = await this.lockedInvoice(writing, data)
    const lines = await lockLines(db, invoice.id)
    requireWhole(invoice, lines)
    const business_date = this.today(writing, invoice)
    if (invoice.business_date !== business_date || (await isShiftClosed(db, invoice.id))) throw failure('void_too_late')
    const till = await this.tillOf(writing, data, invoice)
    const parts = lines.map((line): Back => ({ line, quantity: parseQuantity(line.quantity), condition: 'restock' }))
    const owed = stored(invoice.balance)
    const taken = await paymentsTaken(db, invoice.id)
    const drawn = taken.filter(({ method }) => method === CREDIT_NOTE)
    // Credit that was drawn on is there again.
    const back = drawn.reduce((sum, { amount }) => sum + stored(amount), owed)
    const posted = back > 0n ? invoice.customer_id : null
    const levels = await this.lockBack(writing, parts, invoice, posted)
    const place = {
      branch_id: invoice.branch_id,
      business_date,
      ...(writing.at && { created_at: writing.at.toISOString() })
    }
    const record = await this.record(writing, {
      ...place,
      invoice_id: invoice.id,
      customer_id: invoice.customer_id,
      register_id: till.register_id,
      amount: wire(stored(invoice.total)),
      paid_out: wire(stored(invoice.paid)),
      credited: wire(owed),
      reason: data.reason
    })
    await this.moveBack(writing, parts, levels, { ref: invoice.invoice_no, why: 'void' })
    if (posted) await this.post(writing, posted, wire(-back), { ...place, document: invoice.invoice_no })
    const out = taken.map(({ id, method, amount }) => ({ method, amount: wire(stored(amount)), reverses: id }))
    await this.payOut(writing, out, invoice, { ...place, ...till.drawer })
    await cancelInvoice(db, invoice.id)
    return record
  }
}

/** Nothing of an issued sale came back yet, not even what was worth nothing. */
function requireWhole({ status }: SoldInvoice, lines: SoldLine[]): void {
  const none = lines.every(({ back }) => parseQuantity(back) === 0n)
  if (status === 'draft' || status === 'cancelled' || !none) throw failure('not_voidable')
}
