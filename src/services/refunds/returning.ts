import { formatDecimal } from '../../domain/decimal.ts'
import { fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import { within } from '../../policy/reader.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { readTill, takeShift } from '../cash/shift.sql.ts'
import { tellInvoice } from '../invoices/tell.ts'
import { lockAccounts, postAccounts } from '../ledger/account.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import { type Level, lockLevels, moveStock, type StockMove } from '../ledger/stock.sql.ts'
import type { Row } from '../projection.ts'
import { averagesAfter } from '../stock/averages.ts'
import { storedCost } from '../stock/goods.ts'
import { lockSold, type SoldInvoice, type SoldLine } from './refunds.sql.ts'

/** Goods of a line that come back: on the shelf, or booked in and written off. */
export interface Back {
  line: Pick<SoldLine, 'product_id' | 'left_at'>
  quantity: bigint
  condition: 'restock' | 'damaged'
}

/** The till that money is given back at, and whose shift that is. */
export interface Drawer {
  register_id: string
  shift_id: string | null
}

/** What never was on stock, a service, does not come back to it. */
const goodsOf = (parts: readonly Back[]) => parts.filter(({ line: { left_at } }) => left_at !== null)

/** What refunds and voids have in common: a sale that is locked, goods that come back, money that goes out. */
export abstract class ReturnService extends DocumentService {
  /** The invoice, locked; hidden equals missing. */
  protected async lockedInvoice({ db, call: { access, reader } }: Writing, data: Row): Promise<SoldInvoice> {
    const invoice = await lockSold(db, data.invoice_id, data)
    const reached =
      invoice && (!access || !reader || within(access.alternatives, { branch_id: invoice.branch_id }, reader, true))
    if (!reached) throw fieldFailure('unknown_reference', 'invoice_id')
    return invoice
  }

  /** The till that gives the money back: as asked for, else that of the caller's open shift, else the one that sold. */
  protected async tillOf({ db, created_by }: Writing, data: Row, { branch_id, register_id }: SoldInvoice) {
    const asked = (data.register_id as string | null | undefined) ?? null
    const user_id = asked ? null : created_by
    const shift = await takeShift(db, { user_id, branch_id, register_id: asked ?? register_id })
    const till = await readTill(db, shift?.register_id ?? asked ?? register_id, branch_id)
    if (!till?.is_active || till.branch_id !== branch_id) throw fieldFailure('unknown_register', 'register_id')
    const drawer: Drawer = { register_id: till.register_id, shift_id: shift?.id ?? null }
    return { ...till, drawer }
  }

  /** Locks what comes back, and the customer's account where something is posted to it: before a number is taken. */
  protected async lockBack({ db }: Writing, parts: readonly Back[], { branch_id }: SoldInvoice, posted: string | null) {
    const levels = await lockLevels(
      db,
      goodsOf(parts).map(({ line: { product_id } }) => ({ product_id, branch_id }))
    )
    if (posted) await lockAccounts(db, [posted])
    return levels
  }

  /**
   * Moves locked levels at the cost at which the goods left. What is damaged is booked in and written off at once, so
   * that the ledger tells of it.
   */
  protected async moveBack(
    writing: Writing,
    parts: readonly Back[],
    levels: Level[],
    { ref, why }: { ref: string; why: string }
  ): Promise<void> {
    const goods = goodsOf(parts)
    const moves = goods.flatMap(({ line, quantity, condition }): StockMove[] => {
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
      return condition === 'restock' ? [entry('IN', why)] : [entry('IN', why), entry('OUT', 'damage')]
    })
    const kept = goods.filter(({ condition }) => condition === 'restock')
    const costs = averagesAfter(
      levels,
      kept.map(({ line: { product_id, left_at }, quantity }) => ({ product_id, quantity, cost: storedCost(left_at!) }))
    )
    this.tellLevels(writing.db, await moveStock(writing.db, moves, { ...writing, costs }))
  }

  /** What the customer's account goes up or down by, under a number or name that people know. */
  protected async post(
    writing: Writing,
    party_id: string,
    amount: string,
    { branch_id, business_date, document }: { branch_id: string; business_date: string; document: string }
  ): Promise<void> {
    const entry = { id: newId(), party_id, party: 'customer' as const, branch_id, amount, document, business_date }
    await postAccounts(writing.db, [{ ...entry, document_id: writing.id }], writing)
  }

  /** Payments out for an invoice, told of after the commit as the invoice is. */
  protected async payOut(
    writing: Writing,
    payments: readonly Row[],
    { id, customer_id }: SoldInvoice,
    place: Row
  ): Promise<void> {
    const { db, created_by } = writing
    const shared = { ...place, invoice_id: id, customer_id, created_by, change: '0', direction: 'out' }
    const made = await this.lines(
      writing,
      'payments',
      payments.map((payment) => ({ ...shared, id: newId(), ...payment }))
    )
    db.afterCommit(() => {
      for (const payment of made) this.publisher.publish(resourceNamed('payments'), 'created', payment)
      void tellInvoice(this.engine, this.publisher, id)
    })
  }
}
