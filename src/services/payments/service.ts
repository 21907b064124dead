import { allocate } from '../../domain/allocation.ts'
import type { Minor } from '../../domain/money.ts'
import { CREDIT_NOTE } from '../../domain/tender.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import { within } from '../../policy/reader.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { readTill, takeShift } from '../cash/shift.sql.ts'
import { stored, wire } from '../invoices/price.ts'
import { tellInvoice } from '../invoices/tell.ts'
import { lockAccounts, postAccounts } from '../ledger/account.sql.ts'
import { type Branch, readBranch } from '../ledger/document.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import {
  bookPaid,
  isReversed,
  lockOpen,
  lockPaid,
  type PaidInvoice,
  readCredit,
  readCustomer,
  readMethods,
  readPayment
} from './account.sql.ts'
import { lockInvoice, writePayment } from './payment.sql.ts'
import { isReversible, requireKind, settleOne, statusAfter } from './settle.ts'

/** A part of what is paid, of one invoice; below 0 where it is taken back. */
interface Part {
  invoice: PaidInvoice
  amount: Minor
}

/** Payments after the sale: of an invoice, on a customer's account, and those that take an earlier one back. */
export class PaymentService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('payments', engine, publisher)
  }

  /** @throws 409 invoice_not_open or payment_not_reversible, 422 overpaid when it is more than what is owed */
  protected write(writing: Writing, data: Row): Promise<Row> {
    requireKind(data)
    if (data.reverses != null) return this.takeBack(writing, data)
    return data.invoice_id == null ? this.payAccount(writing, data) : this.payInvoice(writing, data)
  }

  private async payInvoice(writing: Writing, data: Row): Promise<Row> {
    const { db, id, call, fingerprint, created_by } = writing
    const invoice = await lockInvoice(db, data.invoice_id, data.method)
    if (!invoice || !this.reaches(invoice, writing)) throw fieldFailure('unknown_reference', 'invoice_id')
    if (invoice.status !== 'issued' && invoice.status !== 'partial') throw failure('invoice_not_open')
    const { change, tendered, left } = settleOne(data, invoice, stored(invoice.balance))
    const { branch_id } = invoice
    const shift = await takeShift(db, { user_id: created_by, branch_id, register_id: invoice.register_id })
    const credit = await this.draws(writing, data.method, invoice.customer_id, stored(invoice.balance) - left)
    const now = writing.at ?? new Date()
    const payment: Row = {
      ...data,
      id,
      tendered,
      change,
      customer_id: invoice.customer_id,
      branch_id,
      // The drawer that takes it, which may be another than that of the sale.
      register_id: shift?.register_id ?? invoice.register_id,
      shift_id: shift?.id ?? null,
      direction: 'in',
      business_date: this.today(writing, invoice),
      created_by,
      created_at: now.toISOString()
    }
    const status = left === 0n ? 'paid' : 'partial'
    const paid = { status, invoice_no: invoice.invoice_no, entry_id: newId(), credit }
    const { text, values, projection } = writePayment(this.resource, payment, paid, this.author(call, fingerprint))
    const [cells] = await db.rows(text, values)
    db.afterCommit(() => void tellInvoice(this.engine, this.publisher, data.invoice_id as string))
    return projection.decode(cells!)
  }

  /** On account: the oldest open invoices within reach first, each in full before the next gets anything. */
  private async payAccount(writing: Writing, data: Row): Promise<Row> {
    const { db, created_by } = writing
    const branch = await this.branchOf(writing, {})
    const customer = await this.customerOf(writing, data)
    const open = (await lockOpen(db, customer)).filter((invoice) => this.reaches(invoice, writing))
    const owed = open.map(({ id, balance }) => ({ id, balance: stored(balance) }))
    const { amount, change, tendered } = settleOne(
      data,
      await readMethods(db, data.method),
      owed.reduce((sum, { balance }) => sum + balance, 0n)
    )
    const parts = allocate(amount, owed).parts.map((part): Part => {
      return { amount: part.amount, invoice: open.find(({ id }) => id === part.id)! }
    })
    const shift = await takeShift(db, { user_id: created_by, branch_id: branch.id, register_id: null })
    const till = await readTill(db, shift?.register_id, branch.id)
    if (!till) throw failure('unknown_register')
    await this.draws(writing, data.method, customer, amount)
    const record = await this.record(writing, {
      ...this.place(writing, branch),
      customer_id: customer,
      register_id: till.register_id,
      shift_id: shift?.id ?? null,
      method: data.method,
      amount: wire(amount),
      tendered,
      change,
      reference: data.reference,
      direction: 'in'
    })
    return this.settle(writing, record, parts)
  }

  /** A payment out for an earlier one in, once: a cheque that bounced. What it paid is owed again. */
  private async takeBack(writing: Writing, data: Row): Promise<Row> {
    const { db, call, created_by } = writing
    if (call.principal && !call.principal.access.of('payments', 'override')) throw failure('not_allowed')
    const first = await readPayment(db, data.reverses)
    const branch = first && this.reaches(first, writing) ? await readBranch(db, first.branch_id) : undefined
    if (!first || !branch) throw fieldFailure('unknown_reference', 'reverses')
    const invoices = await lockPaid(db, first.id)
    if (first.direction === 'out' || !invoices.every(isReversible) || (await isReversed(db, first.id)))
      throw failure('payment_not_reversible')
    const { branch_id, register_id } = first
    const shift = await takeShift(db, { user_id: created_by, branch_id, register_id })
    const record = await this.record(writing, {
      ...this.place(writing, branch),
      invoice_id: first.invoice_id,
      customer_id: first.customer_id,
      register_id: shift?.register_id ?? register_id,
      shift_id: shift?.id ?? null,
      method: first.method,
      amount: wire(stored(first.amount)),
      change: '0',
      direction: 'out',
      reverses: first.id,
      reason: data.reason,
      reference: data.reference
    })
    const parts = invoices.map((invoice): Part => ({ invoice, amount: -stored(invoice.amount) }))
    return this.settle(writing, record, parts)
  }

  private place(writing: Writing, branch: Branch): Row {
    return {
      branch_id: branch.id,
      business_date: this.today(writing, branch),
      ...(writing.at && { created_at: writing.at.toISOString() })
    }
  }

  /** Books the parts of a payment: its allocations where it is of no one invoice, the invoices, the account. */
  private async settle(writing: Writing, record: Row, parts: readonly Part[]): Promise<Row> {
    const { db, id } = writing
    const { business_date, customer_id, created_at } = record as Record<string, string>
    const allocated = record.invoice_id ? [] : parts
    await this.lines(
      writing,
      'payment-allocations',
      allocated.map(({ invoice, amount }) => ({
        id: newId(),
        created_at,
        payment_id: id,
        invoice_id: invoice.id,
        branch_id: invoice.branch_id,
        business_date,
        amount: wire(amount < 0n ? -amount : amount)
      }))
    )
    await bookPaid(
      db,
      parts.map(({ invoice, amount }) => ({
        id: invoice.id,
        amount: wire(amount),
        status: statusAfter(invoice, amount)
      }))
    )
    const posts = parts.map(({ invoice: { branch_id, invoice_no }, amount }) => {
      const entry = {
        id: newId(),
        party_id: customer_id!,
        party: 'customer' as const,
        branch_id,
        amount: wire(-amount)
      }
      return { ...entry, document: invoice_no, document_id: id, business_date: business_date! }
    })
    // Credit goes up by what is owed, and down with it.
    if (customer_id && record.method !== CREDIT_NOTE) await postAccounts(db, posts, writing)
    db.afterCommit(() => {
      for (const { invoice } of parts) void tellInvoice(this.engine, this.publisher, invoice.id)
    })
    return record
  }

  /** Whether a payment draws on the customer's credit, of which there is enough then. @throws 422 credit_exceeded */
  private async draws({ db }: Writing, method: unknown, customer: string | null, amount: Minor): Promise<boolean> {
    if (method !== CREDIT_NOTE || !customer) return false
    await lockAccounts(db, [customer])
    if (stored(await readCredit(db, customer)) < amount) throw fieldFailure('credit_exceeded', 'amount')
    return true
  }

  /** Hidden equals missing: what is of another branch is answered as what is not there. */
  private reaches({ branch_id }: { branch_id: string }, { call: { access, reader } }: Writing): boolean {
    return !access || !reader || within(access.alternatives, { branch_id }, reader, true)
  }

  private async customerOf({ db, call: { principal, reader } }: Writing, data: Row): Promise<string> {
    const customer = await readCustomer(db, data.customer_id)
    const access = principal?.access.of('customers', 'read')
    const reached = !principal || (access && reader && within(access.alternatives, { ...customer }, reader))
    if (!customer || !reached) throw fieldFailure('unknown_reference', 'customer_id')
    return customer.id
  }
}
