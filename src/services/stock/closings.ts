import { roundDivide } from '../../domain/money.ts'
import { parseQuantity } from '../../domain/quantity.ts'
import { newId } from '../../ids.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { currency } from '../../schemas/currency.ts'
import { wire } from '../invoices/price.ts'
import { readBranch } from '../ledger/document.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import { lockLevels, moveStock, type StockMove } from '../ledger/stock.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { lastLines } from './counts.sql.ts'
import { openCount } from './counts.ts'
import { levelOf, quantityText, storedCost } from './goods.ts'
import { changeState } from './states.ts'

/** The end of a count. */
export class StockCountClosingService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('stock-count-closings', engine, publisher)
  }

  /**
   * Books what was counted less what the ledger had at the instant of counting: what was sold or came in since is
   * respected. A count of nothing changes nothing. @throws 409 count_closed, or insufficient_stock when more was sold
   * since than was counted
   */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, id } = writing
    const count = await openCount(writing, data.count_id, 'update')
    const { branch_id } = count
    this.requireWithin({ branch_id }, writing.call, true)
    const counted = await lastLines(db, count.id)
    const levels = await lockLevels(
      db,
      counted.map(({ product_id }) => ({ product_id, branch_id }))
    )
    const lines = counted.map(({ product_id, ...line }) => {
      const { average_cost } = levelOf(levels, product_id)
      const difference = parseQuantity(line.counted) - parseQuantity(line.expected)
      const value = roundDivide(difference * storedCost(average_cost), 10n ** BigInt(7 - currency.scale))
      return { product_id, ...line, average_cost, difference, value }
    })
    const moves = lines
      .filter(({ difference }) => difference !== 0n)
      .map(
        ({ product_id, difference, average_cost }): StockMove => ({
          id: newId(),
          product_id,
          branch_id,
          qty: quantityText(difference),
          type: 'ADJUST',
          reason: 'count',
          ref: count.number,
          document_id: id,
          unit_cost: average_cost
        })
      )
    this.tellLevels(db, await moveStock(db, moves, writing))
    const branch = await readBranch(db, branch_id)
    const record = await this.record(writing, {
      count_id: count.id,
      branch_id,
      business_date: this.today(writing, branch!),
      value: wire(lines.reduce((sum, { value }) => sum + value, 0n)),
      note: data.note ?? null
    })
    const items = await this.lines(
      writing,
      'stock-count-closing-items',
      lines.map((line, i) => ({
        id: newId(),
        created_at: record.created_at,
        closing_id: id,
        branch_id,
        line_no: i + 1,
        product_id: line.product_id,
        counted: line.counted,
        expected: line.expected,
        difference: quantityText(line.difference),
        unit_cost: line.average_cost,
        value: wire(line.value)
      }))
    )
    await changeState(writing, { engine: this.engine, publisher: this.publisher }, 'stock-counts', count.id, {
      status: 'closed'
    })
    return { ...record, items }
  }
}
