import { parseQuantity } from '../../domain/quantity.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { readBranch } from '../ledger/document.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import { lockLevels, moveStock, type StockMove } from '../ledger/stock.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { averagesAfter } from './averages.ts'
import { givenQuantity, quantityText, storedCost } from './goods.ts'
import { changeState, reaches } from './states.ts'
import { lockTransfer, type Transfer, type TransferItem, transferItems } from './transfers.sql.ts'

interface Arrived {
  item: TransferItem
  sent: bigint
  quantity: bigint
}

/** The arrival of a transfer at its target, once. */
export class StockTransferReceiptService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('stock-transfer-receipts', engine, publisher)
  }

  /** @throws 403 at another branch than the target, 409 transfer_received, 422 unless every line is named once */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, id } = writing
    const transfer = await this.sent(writing, data)
    const { from_branch_id, to_branch_id } = transfer
    const lines = arrivedOf(
      data.items as { item_id: string; quantity: number }[] | null,
      await transferItems(db, transfer.id)
    )
    const levels = await lockLevels(
      db,
      lines.map(({ item }) => ({ product_id: item.product_id, branch_id: to_branch_id }))
    )
    // What was lost has no part in the average: what arrived keeps the cost it left with.
    const costs = averagesAfter(
      levels,
      lines.map(({ item, quantity }) => ({ product_id: item.product_id, quantity, cost: storedCost(item.unit_cost) }))
    )
    const moves = lines.flatMap((line) => movesOf(line, transfer, id))
    this.tellLevels(db, await moveStock(db, moves, { ...writing, costs }))
    const target = await readBranch(db, to_branch_id)
    const branches = { from_branch_id, to_branch_id }
    const record = await this.record(writing, {
      transfer_id: transfer.id,
      ...branches,
      business_date: this.today(writing, target!),
      note: data.note ?? null
    })
    const items = await this.lines(
      writing,
      'stock-transfer-receipt-items',
      lines.map(({ item, sent, quantity }) => ({
        id: newId(),
        created_at: record.created_at,
        receipt_id: id,
        ...branches,
        line_no: item.line_no,
        item_id: item.id,
        product_id: item.product_id,
        sent: quantityText(sent),
        quantity: quantityText(quantity),
        difference: quantityText(quantity - sent),
        unit_cost: item.unit_cost
      }))
    )
    await changeState(writing, { engine: this.engine, publisher: this.publisher }, 'stock-transfers', transfer.id, {
      status: 'received'
    })
    return { ...record, items }
  }

  /** The transfer, locked, within reach and still on its way. */
  private async sent({ db, call }: Writing, data: Row): Promise<Transfer> {
    const transfer = await lockTransfer(db, data.transfer_id)
    if (!transfer || !reaches('stock-transfers', transfer, call)) throw fieldFailure('unknown_reference', 'transfer_id')
    const { from_branch_id, to_branch_id } = transfer
    this.requireWithin({ from_branch_id, to_branch_id }, call, true)
    if (transfer.status !== 'sent') throw failure('transfer_received')
    return transfer
  }
}

/** What arrived of every line. @throws 422 unless each is named once */
function arrivedOf(
  given: { item_id: string; quantity: number }[] | null | undefined,
  items: TransferItem[]
): Arrived[] {
  const arrived = new Map<string, bigint>()
  for (const [i, { item_id, quantity }] of (given ?? []).entries()) {
    const id = item_id.toLowerCase()
    if (arrived.has(id) || !items.some((item) => item.id === id))
      throw fieldFailure('unknown_reference', `items.${i}.item_id`, 'must be a line of the transfer, named once')
    arrived.set(id, givenQuantity(quantity, ['items', i, 'quantity']))
  }
  if (given && arrived.size < items.length)
    throw fieldFailure('broken_rule', 'items', 'must name every line of the transfer, with 0 for what did not arrive')
  return items.map((item) => {
    const sent = parseQuantity(item.quantity)
    return { item, sent, quantity: arrived.get(item.id) ?? sent }
  })
}

/** All that was sent comes in, and what differs is an adjustment with its name: so that what left one branch is found in the other. */
function movesOf(
  { item, sent, quantity }: Arrived,
  { to_branch_id, number }: Transfer,
  document_id: string
): StockMove[] {
  const { product_id, unit_cost, batch, expiry } = item
  const move = { product_id, branch_id: to_branch_id, ref: number, document_id, unit_cost, batch, expiry }
  const difference = quantity - sent
  const came: StockMove = { ...move, id: newId(), qty: quantityText(sent), type: 'IN', reason: 'transfer' }
  if (difference === 0n) return [came]
  const reason = difference < 0n ? 'lost in transit' : 'found in transit'
  return [came, { ...move, id: newId(), qty: quantityText(difference), type: 'ADJUST', reason }]
}
