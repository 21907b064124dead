import { parseMoney } from '../../domain/money.ts'
import { CREDIT_NOTE } from '../../domain/tender.ts'
import { fieldFailure } from '../../errors.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { currency } from '../../schemas/currency.ts'
import { wire } from '../invoices/price.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { changeRecord } from './change.ts'
import { advancesOf, isMethod, type StoredOrder, tillOf } from './orders.sql.ts'
import { openOrder } from './orders.ts'

const minor = (text: unknown) => parseMoney(text as string, currency.scale)

/** Advances on orders, and what is given back of them while they are open. */
export class OrderPaymentService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('order-payments', engine, publisher)
  }

  /** @throws 409 order_closed; 422 overpaid above the order's balance, advance_exceeded above what came by the method */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, call } = writing
    const direction = data.direction === 'out' ? 'out' : 'in'
    this.requireWithin({ direction }, call, true)
    const order = await openOrder(writing, data.order_id)
    // A credit note is drawn from what the shop owes: it is taken at the delivery, by the invoice.
    if (data.method === CREDIT_NOTE || !(await isMethod(db, data.method)))
      throw fieldFailure('unknown_payment_method', 'method')
    const paid = minor(order.paid) + (await this.signed(writing, data, order))
    const { branch_id } = order
    const till = await tillOf(db, { register: data.register_id, branch_id, user_id: writing.created_by })
    if (!till) throw fieldFailure('unknown_register', 'register_id')
    const payment = await this.record(writing, {
      ...data,
      direction,
      ...till,
      customer_id: order.customer_id,
      branch_id,
      business_date: this.today(writing, order)
    })
    const parts = { engine: this.engine, publisher: this.publisher, db, call }
    await changeRecord(parts, 'custom-orders', data.order_id as string, {
      paid: wire(paid),
      balance: wire(minor(order.total) - paid)
    })
    return payment
  }

  /** What the order has more of by this payment, in minor units. */
  private async signed({ db }: Writing, { amount, method, direction }: Row, order: StoredOrder): Promise<bigint> {
    const given = minor(amount)
    if (given <= 0n) throw fieldFailure('invalid_amount', 'amount', 'must be above 0')
    if (direction !== 'out') {
      if (given > minor(order.balance)) throw fieldFailure('overpaid', 'amount')
      return given
    }
    const came = (await advancesOf(db, order.id)).find((one) => one.method === method)
    if (given > minor(came?.amount ?? '0')) throw fieldFailure('advance_exceeded', 'amount')
    return -given
  }
}
