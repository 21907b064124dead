import { quantityToNumber } from '../../domain/quantity.ts'
import { CREDIT_NOTE } from '../../domain/tender.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { consumeApproval } from '../approvals/approvals.sql.ts'
import { stored, wire } from '../invoices/price.ts'
import type { Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { type ComputedRefund, computeRefund, limitOf, type Returned, type ReturnedInput } from './compute.ts'
import { bookRefund, lockLines, methodsPaid, refundedAlone, type SoldInvoice } from './refunds.sql.ts'
import { ReturnService } from './returning.ts'

/** What a refund by the preset roles may come to without special permission, where no setting says otherwise. */
const DEFAULT_REFUND_LIMIT = '500'

/** Goods taken back, and what was really paid for them taken off what is owed or given back. */
export class RefundService extends ReturnService {
  constructor(engine: Engine, publisher: Publisher) {
    super('refunds', engine, publisher)
  }

  /** @throws 403 refund_above_limit, 409 not_refundable, 422 refund_exceeds_sold with the line */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db } = writing
    const invoice = await this.lockedInvoice(writing, data)
    if (invoice.status === 'draft' || invoice.status === 'cancelled') throw failure('not_refundable')
    const refund = computeRefund(data.items as ReturnedInput[], invoice, await lockLines(db, invoice.id))
    const approved_by = await approvedBy(writing, refund, invoice, data.approval)
    const method = refund.paidOut > 0n ? await this.methodOf(writing, data, invoice) : null
    const till = await this.tillOf(writing, data, invoice)
    // A credit note is what the shop owes the customer.
    const back = method === CREDIT_NOTE ? refund.amount : refund.credited
    const posted = back > 0n ? invoice.customer_id : null
    const levels = await this.lockBack(writing, refund.parts, invoice, posted)
    const { n, number } = await nextNumber(db, 'refund', till.register_id, `${till.branch_code}-${till.register_code}`)
    const place = {
      branch_id: invoice.branch_id,
      business_date: this.today(writing, invoice),
      ...(writing.at && { created_at: writing.at.toISOString() })
    }
    const record = await this.record(writing, {
      ...place,
      refund_no: number,
      series_no: n,
      invoice_id: invoice.id,
      customer_id: invoice.customer_id,
      register_id: till.register_id,
      amount: wire(refund.amount),
      tax: wire(refund.tax),
      credited: wire(refund.credited),
      paid_out: wire(refund.paidOut),
      commission: wire(refund.commission),
      method,
      reason: data.reason,
      approved_by
    })
    record.items = await this.lines(writing, 'refund-items', refund.parts.map(lineRow(writing.id, place)))
    await this.moveBack(writing, refund.parts, levels, { ref: number, why: 'refund' })
    if (posted) await this.post(writing, posted, wire(-back), { ...place, document: number })
    const paid = method ? [{ method, amount: wire(refund.paidOut), refund_id: writing.id }] : []
    await this.payOut(writing, paid, invoice, { ...place, ...till.drawer })
    await bookRefund(db, invoice.id, {
      amount: wire(refund.amount),
      credited: wire(refund.credited),
      status: refund.status
    })
    return record
  }

  /** How the money is given back: as asked for, else the one way in which it came. */
  private async methodOf({ db }: Writing, { method }: Row, invoice: SoldInvoice): Promise<string> {
    if (typeof method === 'string') {
      if (!invoice.methods.includes(method)) throw fieldFailure('unknown_payment_method', 'method')
      return method
    }
    const [first, ...others] = await methodsPaid(db, invoice.id)
    if (!first || others.length) throw fieldFailure('method_required', 'method')
    return first
  }
}

/**
 * Above the limit only who may override, or a colleague's approval, which is used up: answers whose it was. The limit is
 * for all that a seller gives back of one sale alone, so that small refunds do not pass it by.
 * @throws 403 refund_above_limit, and what an approval is refused for
 */
async function approvedBy(
  { db, id, at, call: { principal } }: Writing,
  { amount }: ComputedRefund,
  { id: invoice, refund_limit }: SoldInvoice,
  approval: unknown
): Promise<string | null> {
  if (!principal) return null
  if (typeof approval === 'string') {
    const { session_id } = principal
    return consumeApproval(db, {
      id: approval,
      action: 'refund',
      document_id: id,
      session_id,
      amount: wire(amount),
      at
    })
  }
  if (principal.access.of('refunds', 'override')) return null
  const limit = limitOf(refund_limit ?? DEFAULT_REFUND_LIMIT)
  const before = stored(await refundedAlone(db, invoice, principal.user.id))
  if (before + amount > limit) throw failure('refund_above_limit')
  return null
}

const lineRow =
  (refund_id: string, place: Row) =>
  ({ line, quantity, condition, amount, tax }: Returned): Row => ({
    ...place,
    id: newId(),
    refund_id,
    invoice_item_id: line.id,
    line_no: line.line_no,
    product_id: line.product_id,
    name: line.name,
    sku: line.sku,
    quantity: quantityToNumber(quantity),
    condition,
    amount: wire(amount),
    tax: wire(tax),
    unit_cost: line.unit_cost
  })
