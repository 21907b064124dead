import { formatDecimal } from '../../domain/decimal.ts'
import { quantityToNumber } from '../../domain/quantity.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import { within } from '../../policy/reader.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { consumeApproval } from '../approvals/approvals.sql.ts'
import { readTill, takeShift } from '../cash/shift.sql.ts'
import { wire } from '../invoices/price.ts'
import { tellInvoice } from '../invoices/tell.ts'
import { lockAccounts, postAccounts } from '../ledger/account.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import { type Level, lockLevels, moveStock, type StockMove } from '../ledger/stock.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { averagesAfter } from '../stock/averages.ts'
import { storedCost } from '../stock/goods.ts'
import { type ComputedRefund, computeRefund, limitOf, type Returned, type ReturnedInput } from './compute.ts'
import { bookRefund, lockLines, lockSold, methodsPaid, type SoldInvoice } from './refunds.sql.ts'

/** What a refund by the preset roles may come to without special permission, where no setting says otherwise. */
const DEFAULT_REFUND_LIMIT = '500'

/** Goods taken back, and what was really paid for them taken off what is owed or given back. */
export class RefundService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('refunds', engine, publisher)
  }

  /** @throws 403 refund_above_limit, 409 not_refundable, 422 refund_exceeds_sold with the line */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db } = writing
    const invoice = await this.lockedInvoice(writing, data)
    const lines = await lockLines(db, invoice.id)
    const refund = computeRefund(data.items as ReturnedInput[], invoice, lines)
    const approved_by = await approvedBy(writing, refund, invoice, data.approval)
    const method = refund.paidOut > 0n ? await this.methodOf(writing, data, invoice) : null
    const till = await tillOf(writing, data, invoice)
    const levels = await lockLevels(
      db,
      refund.parts.map(({ line: { product_id } }) => ({ product_id, branch_id: invoice.branch_id }))
    )
    const posted = invoice.customer_id && refund.credited > 0n ? invoice.customer_id : null
    if (posted) await lockAccounts(db, [posted])
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
      method,
      reason: data.reason,
      approved_by
    })
    record.items = await this.lines(writing, 'refund-items', refund.parts.map(lineRow(writing.id, place)))
    await this.moveBack(writing, refund.parts, levels, number)
    if (posted)
      await postAccounts(
        db,
        [
          {
            id: newId(),
            party_id: posted,
            party: 'customer',
            branch_id: invoice.branch_id,
            amount: wire(-refund.credited),
            document: number,
            document_id: writing.id,
            business_date: place.business_date
          }
        ],
        writing
      )
    if (method) await this.payOut(writing, { ...place, ...till.drawer, method, amount: wire(refund.paidOut) }, invoice)
    await bookRefund(db, invoice.id, {
      amount: wire(refund.amount),
      credited: wire(refund.credited),
      status: refund.status
    })
    db.afterCommit(() => void tellInvoice(this.engine, this.publisher, invoice.id))
    return record
  }

  /** The invoice, locked; hidden equals missing. */
  private async lockedInvoice({ db, call: { access, reader } }: Writing, data: Row): Promise<SoldInvoice> {
    const invoice = await lockSold(db, data.invoice_id, data)
    const reached =
      invoice && (!access || !reader || within(access.alternatives, { branch_id: invoice.branch_id }, reader, true))
    if (!reached) throw fieldFailure('unknown_reference', 'invoice_id')
    if (invoice.status === 'draft' || invoice.status === 'cancelled') throw failure('not_refundable')
    return invoice
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

  /** What is damaged is booked in and written off at once, so that the ledger tells of it. */
  private async moveBack(writing: Writing, parts: Returned[], levels: Level[], ref: string): Promise<void> {
    const moves = parts.flatMap(({ line, quantity, condition }): StockMove[] => {
      const qty = formatDecimal(quantity, 3)
      const { branch_id } = levels.find(({ product_id }) => product_id === line.product_id)!
      const move = { product_id: line.product_id, branch_id, ref, document_id: writing.id, unit_cost: line.left_at }
      const entry = (type: 'IN' | 'OUT', reason: string): StockMove => ({
        ...move,
        id: newId(),
        type,
        qty: type === 'IN' ? qty : `-${qty}`,
        reason
      })
      return condition === 'restock' ? [entry('IN', 'refund')] : [entry('IN', 'refund'), entry('OUT', 'damage')]
    })
    const restocked = parts.filter(({ condition }) => condition === 'restock')
    const costs = averagesAfter(
      levels,
      restocked.map(({ line: { product_id, left_at }, quantity }) => ({
        product_id,
        quantity,
        cost: storedCost(left_at)
      }))
    )
    this.tellLevels(writing.db, await moveStock(writing.db, moves, { ...writing, costs }))
  }

  private async payOut(writing: Writing, payment: Row, { id, customer_id }: SoldInvoice): Promise<void> {
    const given = { invoice_id: id, customer_id, refund_id: writing.id, created_by: writing.created_by }
    const [made] = await this.lines(writing, 'payments', [
      { ...payment, ...given, id: newId(), change: '0', direction: 'out' }
    ])
    writing.db.afterCommit(() => this.publisher.publish(resourceNamed('payments'), 'created', made!))
  }
}

/** The till that gives the money back: as asked for, else that of the caller's open shift, else the one that sold. */
async function tillOf(
  { db, created_by }: Writing,
  { register_id }: Row,
  { branch_id, register_id: sold }: SoldInvoice
) {
  const asked = (register_id as string | null | undefined) ?? null
  const shift = await takeShift(db, { user_id: asked ? null : created_by, branch_id, register_id: asked ?? sold })
  const till = await readTill(db, shift?.register_id ?? asked ?? sold, branch_id)
  if (!till?.is_active || till.branch_id !== branch_id) throw fieldFailure('unknown_register', 'register_id')
  return { ...till, drawer: { register_id: till.register_id, shift_id: shift?.id ?? null } }
}

/**
 * Above the limit only who may override, or a colleague's approval, which is used up: answers whose it was.
 * @throws 403 refund_above_limit, and what an approval is refused for
 */
async function approvedBy(
  { db, id, call: { principal } }: Writing,
  { amount }: ComputedRefund,
  { refund_limit }: SoldInvoice,
  approval: unknown
): Promise<string | null> {
  if (!principal) return null
  if (typeof approval === 'string') {
    const { session_id } = principal
    return consumeApproval(db, { id: approval, action: 'refund', document_id: id, session_id, amount: wire(amount) })
  }
  const within = amount <= limitOf(refund_limit ?? DEFAULT_REFUND_LIMIT)
  if (!within && !principal.access.of('refunds', 'override')) throw failure('refund_above_limit')
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
