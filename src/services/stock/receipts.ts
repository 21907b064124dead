import { DomainError } from '../../domain/errors.ts'
import type { Minor } from '../../domain/money.ts'
import { fieldFailure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import type { Call } from '../../policy/call.ts'
import { within } from '../../policy/reader.ts'
import type { Publisher } from '../../realtime/publisher.ts'
import { resourceNamed } from '../../schemas/index.ts'
import { amountOf, wire } from '../invoices/price.ts'
import { lockAccounts } from '../ledger/account.sql.ts'
import { DocumentService, type Writing } from '../ledger/document.ts'
import { nextNumber } from '../ledger/series.sql.ts'
import { lockLevels, moveStock, type StockMove } from '../ledger/stock.sql.ts'
import type { Row } from '../projection.ts'
import type { Engine } from '../resource.ts'
import { averagesAfter } from './averages.ts'
import { changePrices } from './goods.sql.ts'
import {
  costText,
  type Goods,
  type GoodsInput,
  givenCost,
  goodsColumns,
  goodsOf,
  lineValue,
  marksOf,
  postVendor,
  quantityText,
  requireAmount,
  requireVendor
} from './goods.ts'

interface ReceivedInput extends GoodsInput {
  unit_cost: string | number
  unit_price?: string | number
}

interface Received extends Goods {
  input: ReceivedInput
  cost: bigint
  value: Minor
  price: Minor | null
}

/** Goods in from vendors. */
export class StockReceiptService extends DocumentService {
  constructor(engine: Engine, publisher: Publisher) {
    super('stock-receipts', engine, publisher)
  }

  /** @throws 403 for a new price by who may not change it, 422 for what is no product, vendor, quantity or amount */
  protected async write(writing: Writing, data: Row): Promise<Row> {
    const { db, id, call } = writing
    const branch = await this.branchOf(writing, data)
    await requireVendor(db, data.vendor_id, call)
    const inputs = data.items as ReceivedInput[]
    const goods = await goodsOf(db, inputs, [branch.id], { sold: true })
    const lines = goods.map((one, i) => received(one, inputs[i]!, i))
    requirePricing(lines, call)
    const total = requireAmount(
      lines.reduce((sum, { value }) => sum + value, 0n),
      ['items']
    )
    const vendor_id = data.vendor_id as string
    const incoming = lines.map(({ product, quantity, cost }) => ({ product_id: product.id, quantity, cost }))
    const levels = await lockLevels(
      db,
      incoming.map(({ product_id }) => ({ product_id, branch_id: branch.id }))
    )
    await this.price(writing, lines)
    await lockAccounts(db, [vendor_id])
    const { number } = await nextNumber(db, 'receipt', branch.id, branch.code)
    const business_date = this.today(writing, branch)
    const moves = lines.map(
      (line): StockMove => ({
        id: newId(),
        product_id: line.product.id,
        branch_id: branch.id,
        qty: quantityText(line.quantity),
        type: 'IN',
        reason: 'receipt',
        ref: number,
        document_id: id,
        unit_cost: costText(line.cost),
        vendor_id,
        ...marksOf(line.input)
      })
    )
    this.tellLevels(db, await moveStock(db, moves, { ...writing, costs: averagesAfter(levels, incoming) }))
    await postVendor(writing, { party_id: vendor_id, branch_id: branch.id, business_date, document: number }, total)
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
      'stock-receipt-items',
      lines.map((line, i) => ({
        id: newId(),
        created_at: record.created_at,
        receipt_id: id,
        branch_id: branch.id,
        ...goodsColumns(line, line.cost, i + 1, line.input),
        unit_price: line.price === null ? null : wire(line.price),
        total: wire(line.value)
      }))
    )
    return { ...record, items }
  }

  /** New selling prices, of a product the last one given, with their audit rows and events. */
  private async price({ db, call }: Writing, lines: readonly Received[]): Promise<void> {
    const prices = new Map(
      lines.flatMap(({ product, price }) => (price === null ? [] : [[product.id, wire(price)] as const]))
    )
    const products = resourceNamed('products')
    const changed = await changePrices(
      db,
      products,
      [...prices].map(([product_id, unit_price]) => ({ product_id, unit_price, audit_id: newId() })),
      this.author(call)
    )
    db.afterCommit(() => {
      for (const product of changed) this.publisher.publish(products, 'patched', product)
    })
  }
}

function received(goods: Goods, input: ReceivedInput, i: number): Received {
  const cost = givenCost(input.unit_cost, ['items', i, 'unit_cost'])
  return {
    ...goods,
    input,
    cost,
    value: lineValue(goods.quantity, cost, ['items', i, 'quantity']),
    price: input.unit_price === undefined ? null : priceOf(input.unit_price, i)
  }
}

function priceOf(value: string | number, i: number): Minor {
  const path = ['items', i, 'unit_price']
  const price = amountOf(value, path)
  if (price < 0n) throw new DomainError('invalid_amount', path)
  return price
}

/** A selling price is the product's: it is changed by who may change that product. @throws 403 */
function requirePricing(lines: readonly Received[], { principal, reader }: Call): void {
  if (!principal) return
  const access = principal.access.of('products', 'update')
  const may = ({ product }: Received) =>
    access?.has.has('unit_price') && reader && within(access.alternatives, product, reader)
  const wrong = lines.findIndex((line) => line.price !== null && !may(line))
  if (wrong >= 0) throw fieldFailure('not_allowed', `items.${wrong}.unit_price`)
}
