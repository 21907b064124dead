import { newId } from '../../ids.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { wire } from '../invoices/price.ts'
import { lockAccounts } from '../ledger/account.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import { lockLevels, moveStock, type StockMove } from '../ledger/stock.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import {
  costText,
  type GoodsInput,
  givenCost,
  goodsColumns,
  goodsOf,
  levelOf,
  lineValue,
  marksOf,
  postVendor,
  quantityText,
  requireAmount,
  requireStock,
  requireVendor,
  storedCost
} from './goods.ts'

interface ReturnedInput extends GoodsInput {
  unit_cost?: string | number
}

/** Goods back to vendors: out of the stock, and off what the vendor is owed. */
export class StockReturnService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('stock-returns', engine, publisher)
  }

  /** @throws 409 insufficient_stock with the lines, 422 for what is no product, vendor, quantity or amount */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, id, call } = writing
    const branch = await this.branchOf(writing, data)
    await requireVendor(db, data.vendor_id, call)
    const inputs = data.items as ReturnedInput[]
    const goods = await goodsOf(db, inputs, [branch.id])
    const levels = await lockLevels(
      db,
      goods.map(({ product }) => ({ product_id: product.id, branch_id: branch.id }))
    )
    requireStock(branch, levels, goods)
    const lines = goods.map((one, i) => {
      const { unit_cost } = inputs[i]!
      // What leaves leaves the average as it was, whatever the vendor gives for it.
      const average = storedCost(levelOf(levels, one.product.id).average_cost)
      const cost = unit_cost === undefined ? average : givenCost(unit_cost, ['items', i, 'unit_cost'])
      return { ...one, input: inputs[i]!, cost, value: lineValue(one.quantity, cost, ['items', i, 'quantity']) }
    })
    const total = requireAmount(
      lines.reduce((sum, { value }) => sum + value, 0n),
      ['items']
    )
    const vendor_id = data.vendor_id as string
    await lockAccounts(db, [vendor_id])
    const { number } = await nextNumber(db, 'return', branch.id, branch.code)
    const business_date = this.today(writing, branch)
    const moves = lines.map(
      (line): StockMove => ({
        id: newId(),
        product_id: line.product.id,
        branch_id: branch.id,
        qty: quantityText(-line.quantity),
        type: 'OUT',
        reason: 'return',
        ref: number,
        document_id: id,
        unit_cost: costText(line.cost),
        vendor_id,
        ...marksOf(line.input)
      })
    )
    this.tellLevels(db, await moveStock(db, moves, writing))
    await postVendor(writing, { party_id: vendor_id, branch_id: branch.id, business_date, document: number }, -total)
    const record = await this.record(writing, {
      number,
      vendor_id,
      branch_id: branch.id,
      date: data.date ?? business_date,
      business_date,
      total: wire(total),
      note: data.note ?? null
    })
    const items = await this.lines(
      writing,
      'stock-return-items',
      lines.map((line, i) => ({
        id: newId(),
        created_at: record.created_at,
        return_id: id,
        branch_id: branch.id,
        ...goodsColumns(line, line.cost, i + 1, line.input),
        total: wire(line.value)
      }))
    )
    return { ...record, items }
  }
}
