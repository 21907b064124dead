import { parseQuantity } from '../../domain/quantity.ts'
import { fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import { momentOf } from '../../policy/call.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { insertLines, readBranch } from '../ledger/document.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import { type Held, heldFor, keepStock } from '../ledger/reservations.sql.ts'
import { lockLevels, moveStock, type StockMove } from '../ledger/stock.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { readProducts } from '../stock/goods.sql.ts'
import { givenQuantity, onHand, productsOf, quantityText, requireStock } from '../stock/goods.ts'
import type { StoredOrder } from './orders.sql.ts'
import { openOrder } from './orders.ts'

/** Goods kept for an order that is open, and let go again. */
export class StockReservationService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('stock-reservations', engine, publisher)
  }

  /** @throws 409 order_closed, insufficient_stock beyond what is free; 422 reservation_exceeded beyond what is kept */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db } = writing
    const order = await openOrder(writing, data.order_id)
    const { branch_id } = order
    const quantity = givenQuantity(data.quantity as number, ['quantity'])
    if (quantity === 0n) throw fieldFailure('invalid_quantity', 'quantity', 'must not be 0')
    const [product] = await productsOf(db, [['product_id', data.product_id as string]], [branch_id], () => 'product_id')
    if (quantity > 0n && !product!.is_active) throw fieldFailure('inactive', 'product_id', 'is not sold any more')
    const levels = await lockLevels(db, [{ product_id: product!.id, branch_id }])
    if (quantity > 0n) requireStock((await readBranch(db, branch_id))!, levels, [{ product: product!, quantity }])
    const held = (await heldFor(db, order.id)).find(({ product_id }) => product_id === product!.id)
    const after = parseQuantity(held?.quantity ?? '0') + quantity
    if (after < 0n) throw fieldFailure('reservation_exceeded', 'quantity')
    const change = { product_id: product!.id, quantity: quantityText(quantity) }
    this.tellLevels(db, await keepStock(db, branch_id, [change]))
    return this.record(writing, {
      ...change,
      order_id: order.id,
      branch_id,
      reserved_after: quantityText(after),
      reason: quantity > 0n ? 'reserved' : 'released'
    })
  }
}

/**
 * Ends what is kept for an order with the order itself: delivered goods leave the stock at what they cost on average,
 * those of a cancelled order are anybody's again. Answers the moved levels, and the entries that say so.
 * @throws 409 insufficient_stock where less is there than was kept, as after a loss
 */
export async function endReservations(
  writing: Writing,
  order: StoredOrder,
  outcome: 'delivered' | 'cancelled'
): Promise<{ levels: unknown; entries: Row[] }> {
  const { db, call, created_by } = writing
  const { branch_id } = order
  const held = await heldFor(db, order.id)
  if (!held.length) return { levels: [], entries: [] }
  const levels = await lockLevels(
    db,
    held.map(({ product_id }) => ({ product_id, branch_id }))
  )
  const changes = held.map(({ product_id, quantity }) => ({
    product_id,
    quantity: quantityText(-parseQuantity(quantity))
  }))
  if (outcome === 'delivered') await requireThere(writing, order, held, levels)
  const moved =
    outcome === 'delivered'
      ? await moveStock(
          db,
          changes.map((change) => moveOf(writing, order, change)),
          writing
        )
      : await keepStock(db, branch_id, changes)
  const at = momentOf(call)
  const rows = changes.map((change) => ({
    id: newId(),
    created_at: (at ?? new Date()).toISOString(),
    order_id: order.id,
    branch_id,
    ...change,
    reserved_after: '0',
    reason: outcome,
    created_by
  }))
  return { levels: moved, entries: await insertLines(db, resourceNamed('stock-reservations'), rows) }
}

/** What was kept for this order is its own to take: nothing else of what is reserved stands in its way. */
async function requireThere(
  { db }: Writing,
  { branch_id }: StoredOrder,
  held: Held[],
  levels: Parameters<typeof requireStock>[1]
) {
  const products = await readProducts(db, { ids: held.map(({ product_id }) => product_id), barcodes: [], skus: [] })
  const goods = held.map(({ product_id, quantity }) => ({
    product: products.find(({ id }) => id === product_id)!,
    quantity: parseQuantity(quantity)
  }))
  requireStock((await readBranch(db, branch_id))!, levels, goods, onHand)
}

const moveOf = ({ id }: Writing, { branch_id, order_no }: StoredOrder, { product_id, quantity }: Held): StockMove => ({
  id: newId(),
  product_id,
  branch_id,
  qty: quantity,
  reserved: quantity,
  type: 'OUT',
  reason: 'order',
  ref: order_no,
  document_id: id
})
