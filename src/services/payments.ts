import type { Queryable } from '../database/connection.ts'
import { businessDate } from '../domain/dates.ts'
import { DomainError } from '../domain/errors.ts'
import { failure, fieldFailure } from '../errors.ts'
import { newId } from '../ids.ts'
import { type Call, momentOf } from '../policy/call.ts'
import { within } from '../policy/reader.ts'
import type { Publisher } from '../realtime/publisher.ts'
import { resourceNamed } from '../schemas/index.ts'
import { takeShift } from './cash/shift.sql.ts'
import { type PaymentInput, settlePayments, stored, wire } from './invoices/price.ts'
import { tellInvoice } from './invoices/tell.ts'
import { lockInvoice, type OpenInvoice, writePayment } from './payments.sql.ts'
import type { Row } from './projection.ts'
import { type Engine, ResourceService } from './resource.ts'

/** Payments of what is owed on an invoice after the sale. */
export class PaymentService extends ResourceService {
  private publisher: Publisher

  constructor(engine: Engine, publisher: Publisher) {
    super(resourceNamed('payments'), engine)
    this.publisher = publisher
  }

  /** Takes a payment. @throws 409 invoice_not_open, 422 overpaid when it is more than what is owed */
  override async create(data: Row, call: Call = {}): Promise<Row> {
    return this.exactlyOnce(data, call, (id, fingerprint) =>
      this.inTransaction(call, (db) => this.write(db, { ...data, id }, call, fingerprint))
    )
  }

  private async write(db: Queryable, data: Row, call: Call, fingerprint: string | null): Promise<Row> {
    const invoice = await lockInvoice(db, data.invoice_id, data.method)
    if (!invoice || !this.reaches(invoice, call)) throw fieldFailure('unknown_reference', 'invoice_id')
    if (invoice.status !== 'issued' && invoice.status !== 'partial') throw failure('invoice_not_open')
    const { change, tendered, status } = settleOne(data, invoice)
    const { branch_id } = invoice
    const user_id = call.principal?.user.id ?? null
    const shift = await takeShift(db, { user_id, branch_id, register_id: invoice.register_id })
    const now = momentOf(call) ?? new Date()
    const payment: Row = {
      ...data,
      tendered,
      change,
      customer_id: invoice.customer_id,
      branch_id,
      // The drawer that takes it, which may be another than that of the sale.
      register_id: shift?.register_id ?? invoice.register_id,
      shift_id: shift?.id ?? null,
      direction: 'in',
      business_date: businessDate(now, invoice.timezone),
      created_by: user_id,
      created_at: now.toISOString()
    }
    const paid = { status, invoice_no: invoice.invoice_no, entry_id: newId() }
    const { text, values, projection } = writePayment(this.resource, payment, paid, this.author(call, fingerprint))
    const [cells] = await db.rows(text, values)
    db.afterCommit(() => void tellInvoice(this.engine, this.publisher, data.invoice_id as string))
    return projection.decode(cells!)
  }

  /** Hidden equals missing: an invoice of another branch is answered as one that is not there. */
  private reaches({ branch_id }: OpenInvoice, { access, reader }: Call): boolean {
    return !access || !reader || within(access.alternatives, { branch_id }, reader, true)
  }
}

/** Settles one payment against the balance; faults are told at the payment's own fields. */
function settleOne(data: Row, invoice: OpenInvoice) {
  const balance = stored(invoice.balance)
  if (!invoice.methods.includes(data.method as string)) throw fieldFailure('unknown_payment_method', 'method')
  try {
    const { payments, balance: left } = settlePayments([data as unknown as PaymentInput], invoice, balance)
    const { change, tendered } = payments[0]!
    return {
      change: wire(change),
      tendered: tendered === null ? null : wire(tendered),
      status: left === 0n ? 'paid' : 'partial'
    }
  } catch (error) {
    if (error instanceof DomainError) throw new DomainError(error.code, error.path?.slice(2))
    throw error
  }
}
