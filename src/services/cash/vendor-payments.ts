import { newId } from '../../ids.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { amountOf, stored, wire } from '../invoices/price.ts'
import { lockAccounts, postAccounts } from '../ledger/account.sql.ts'
import type { Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { requireVendor } from '../stock/goods.ts'
import { SpendingService } from './spending.ts'

/** Payments to vendors. More than is owed is taken for an advance: the balance is below 0 until goods come. */
export class VendorPaymentService extends SpendingService {
  constructor(engine: Engine, publisher: Publisher) {
    super('vendor-payments', engine, publisher)
  }

  protected override async write(writing: Writing, data: Row): Promise<Row> {
    const { db, call } = writing
    const { register_id: _, ...payment } = data
    const branch = await this.branchOf(writing, data)
    const date = (data.date as string | undefined) ?? this.today(writing, branch)
    const vendor_id = data.vendor_id as string
    // A debt is paid whether or not the shop goes on buying there.
    await requireVendor(db, vendor_id, call, { active: false })
    const shift = await this.payer(writing, data, branch)
    const reverse = data.direction === 'reverse'
    const amount = amountOf(data.amount as string, ['amount'])
    await lockAccounts(db, [vendor_id])
    const { number } = await nextNumber(db, 'vendor_payment', branch.id, branch.code)
    const entry = {
      id: newId(),
      party_id: vendor_id,
      party: 'vendor' as const,
      branch_id: branch.id,
      amount: wire(reverse ? amount : -amount),
      document: number,
      document_id: writing.id,
      business_date: date
    }
    const balance = (await postAccounts(db, [entry], writing)).get(vendor_id)!
    const record = await this.record(writing, {
      ...payment,
      number,
      branch_id: branch.id,
      date,
      shift_id: shift?.id ?? null,
      balance_after: wire(stored(balance))
    })
    if (shift) {
      const kind = reverse ? 'paid_in' : 'paid_out'
      await this.moveCash(writing, shift, branch, {
        kind,
        amount: data.amount,
        reason: 'vendor payment',
        document: number
      })
    }
    return record
  }
}
