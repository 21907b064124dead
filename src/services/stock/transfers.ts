import { fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { activeBranch, DocumentService, type Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import { lockLevels, moveStock, type StockMove } from '../ledger/stock.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import {
  type GoodsInput,
  goodsColumns,
  goodsOf,
  levelOf,
  marksOf,
  quantityText,
  requireStock,
  storedCost
} from './goods.ts'

/** Goods on their way from one branch to another: they leave the source when the transfer is made. */
export class StockTransferService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('stock-transfers', engine, publisher)
  }

  /** @throws 409 insufficient_stock with the lines, 422 for what is no product of both branches */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, id } = writing
    const from = await this.branchOf(writing, data, 'from_branch_id')
    const to = await activeBranch(db, data.to_branch_id, 'to_branch_id')
    if (to.id === from.id) throw fieldFailure('broken_rule', 'to_branch_id', 'must be another branch')
    const inputs = data.items as GoodsInput[]
    const goods = await goodsOf(db, inputs, [from.id, to.id])
    const levels = await lockLevels(
      db,
      goods.map(({ product }) => ({ product_id: product.id, branch_id: from.id }))
    )
    requireStock(from, levels, goods)
    const { number } = await nextNumber(db, 'transfer', from.id, from.code)
    const moves = goods.map(
      ({ product, quantity }, i): StockMove => ({
        id: newId(),
        product_id: product.id,
        branch_id: from.id,
        qty: quantityText(-quantity),
        type: 'OUT',
        reason: 'transfer',
        ref: number,
        document_id: id,
        ...marksOf(inputs[i]!)
      })
    )
    this.tellLevels(db, await moveStock(db, moves, writing))
    const branches = { from_branch_id: from.id, to_branch_id: to.id }
    const business_date = this.today(writing, from)
    const record = await this.record(writing, { number, ...branches, business_date, note: data.note ?? null })
    const items = await this.lines(
      writing,
      'stock-transfer-items',
      goods.map((one, i) => ({
        id: newId(),
        created_at: record.created_at,
        transfer_id: id,
        ...branches,
        ...goodsColumns(one, storedCost(levelOf(levels, one.product.id).average_cost), i + 1, inputs[i]!)
      }))
    )
    return { ...record, items }
  }
}
