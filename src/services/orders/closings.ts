import { parseMoney } from '../../domain/money.ts'
import { ORDER_ENDINGS, requireMove } from '../../domain/moves.ts'
import { fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { currency } from '../../schemas/currency.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { type PaymentInput, wire } from '../invoices/price.ts'
import { InvoiceService } from '../invoices/service.ts'
import { postAccounts } from '../ledger/account.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import { insertOne } from '../resource.sql.ts'
import { type Engine, ResourceService } from '../resource.ts'
import { changeRecord, within as inside } from './change.ts'
import { advancesOf, invoiceLines, type StoredOrder, tillOf } from './orders.sql.ts'
import { openOrder } from './orders.ts'
import { endReservations } from './reservations.ts'

const minor = (text: string | number) => parseMoney(text, currency.scale)

/** What the end of an order leaves behind: columns of the closing, and of the order. */
interface Ending {
  closing: Row
  order: Row
}

/** Ends orders: delivers them with an invoice, or cancels them. Each order ends once. */
export class OrderClosingService extends DocumentService {
  private invoices: InvoiceService

  constructor(engine: Engine, publisher: Publisher) {
    super('order-closings', engine, publisher)
    this.invoices = new InvoiceService(engine, publisher)
  }

  /** @throws 409 order_closed, move_not_allowed; for a delivery whatever a sale can be refused for */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, call } = writing
    const order = await openOrder(writing, data.order_id)
    const outcome = data.outcome as 'delivered' | 'cancelled'
    requireMove(ORDER_ENDINGS, order.status, outcome)
    const { branch_id } = order
    const till = await tillOf(db, { register: data.register_id, branch_id, user_id: writing.created_by })
    if (!till) throw fieldFailure('unknown_register', 'register_id')
    await this.endReservations(writing, order, outcome)
    const end = outcome === 'delivered' ? this.deliver : this.cancel
    const { closing, order: changes } = await end.call(this, writing, { ...data, ...till }, order)
    const row = { ...data, ...till, branch_id, business_date: this.today(writing, order) }
    const record = await this.record(writing, { ...row, ...closing })
    await this.giveBack(writing, { ...row, ...closing }, order)
    const parts = { engine: this.engine, publisher: this.publisher, db, call }
    await changeRecord(parts, 'custom-orders', order.id, { status: outcome, ...changes })
    return record
  }

  /** Before any account or number is locked: stock comes first everywhere. */
  private async endReservations(
    writing: Writing,
    order: StoredOrder,
    outcome: 'delivered' | 'cancelled'
  ): Promise<void> {
    const { levels, entries } = await endReservations(writing, order, outcome)
    this.tellLevels(writing.db, levels)
    const resource = resourceNamed('stock-reservations')
    writing.db.afterCommit(() => {
      for (const entry of entries) this.publisher.publish(resource, 'created', entry)
    })
  }

  /** Issues the invoice: the lines as they were agreed, the advances as its payments, the rest paid now or owed. */
  private async deliver({ db, call }: Writing, data: Row, order: StoredOrder): Promise<Ending> {
    if (data.advance != null) throw fieldFailure('broken_rule', 'advance', 'is for a cancelled order')
    const given = data.payments as PaymentInput[] | undefined
    requireOwed(given ?? [], minor(order.balance))
    const advances = await advancesOf(db, order.id)
    const invoice = await this.invoices.create(
      {
        register_id: data.register_id,
        customer_id: order.customer_id,
        salesman_id: order.salesman_id,
        items: await invoiceLines(db, order.id),
        discounts: order.discounts,
        expected_total: order.total,
        payments: [...(given ?? []), ...advances.map((one) => ({ ...one, order_id: order.id }))],
        notes: order.order_no
      },
      { ...inside(call, db), agreed: true }
    )
    db.afterCommit(() => this.publisher.publish(resourceNamed('invoices'), 'created', invoice))
    return {
      closing: { invoice_id: invoice.id, refunded: wire(0n), credited: wire(0n) },
      order: { linked_invoice: invoice.id }
    }
  }

  /** Decides what becomes of the advances: all of them are paid back, or owed to the customer. */
  private async cancel(_writing: Writing, data: Row, order: StoredOrder): Promise<Ending> {
    if (data.reason == null) throw fieldFailure('broken_rule', 'reason', 'is needed to cancel an order')
    if ((data.payments as unknown[] | undefined)?.length)
      throw fieldFailure('broken_rule', 'payments', 'are for a delivery')
    const paid = minor(order.paid)
    if (paid > 0n && data.advance == null) throw fieldFailure('advance_undecided', 'advance')
    const credited = data.advance === 'credit' ? paid : 0n
    return {
      closing: { refunded: wire(paid - credited), credited: wire(credited) },
      order: { paid: wire(0n), balance: order.total }
    }
  }

  /** The money of a cancelled order: payments out by the methods that they came by, or an entry on the account. */
  private async giveBack(writing: Writing, closing: Row, order: StoredOrder): Promise<void> {
    const { db, call, created_by, at } = writing
    if (minor(closing.credited as string) > 0n) {
      const post = {
        id: newId(),
        party_id: order.customer_id,
        party: 'customer' as const,
        branch_id: order.branch_id,
        amount: wire(-minor(closing.credited as string)),
        document: order.order_no,
        document_id: writing.id,
        business_date: closing.business_date as string
      }
      await postAccounts(db, [post], { created_by, at })
    }
    if (minor(closing.refunded as string) === 0n) return
    const payments = new ResourceService(resourceNamed('order-payments'), this.engine)
    for (const { method, amount } of await advancesOf(db, order.id)) {
      const row = {
        id: newId(),
        order_id: order.id,
        customer_id: order.customer_id,
        branch_id: order.branch_id,
        register_id: closing.register_id,
        shift_id: closing.shift_id,
        direction: 'out',
        method,
        amount,
        closing_id: writing.id,
        business_date: closing.business_date,
        created_by
      }
      const record = payments.complete(row, inside(call, db))
      const built = insertOne(payments.resource, record, this.author(call), this.fullScope(call))
      const [cells] = await db.rows(built.text, built.values)
      const paid = built.projection.decode(cells!)
      db.afterCommit(() => this.publisher.publish(payments.resource, 'created', paid))
    }
  }
}

/** What is paid at the delivery settles the balance, and no more. @throws 422 overpaid, invalid_amount */
function requireOwed(payments: readonly PaymentInput[], balance: bigint): void {
  let left = balance
  for (const [i, { amount }] of payments.entries()) {
    // Without an amount it takes what the others leave.
    const given = amount === undefined ? 0n : amountAt(amount, i)
    left -= given
    if (left < 0n) throw fieldFailure('overpaid', `payments.${i}.amount`)
  }
}

function amountAt(amount: string | number, i: number): bigint {
  try {
    const given = minor(amount)
    if (given > 0n) return given
  } catch {} // not an amount of this currency
  throw fieldFailure('invalid_amount', `payments.${i}.amount`)
}
