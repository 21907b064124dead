import { newId } from '../../ids.ts'
import type { Row } from '../../services/projection.ts'
import { awaitPayment } from './accounts.ts'
import { lesser, minorOf, percentOf, whole, wire } from './amounts.ts'
import { approval } from './approvals.ts'
import { type Basket, fillBasket, saleOf, tenders } from './basket.ts'
import { awaitReturn } from './returns.ts'
import { type Client, MINUTE, move, type Shop, type Till, type World } from './world.ts'

/** A sale over the counter, to come back to. */
export interface Sold {
  date: string
  invoice: Row
  basket: Basket
  till: Till
  client: Client | undefined
}

/** Serves one customer at one till: a sale, on account with who may, or now and then goods laid aside. */
export async function serve(world: World, shop: Shop, date: string, at: Date): Promise<void> {
  const { random, items, hands } = world
  const till = random.pick(shop.tills)
  const client = shop.clients.length && random.chance(0.35) ? random.pick(shop.clients) : undefined
  const basket = fillBasket(items, shop, client, random)
  if (!basket) return
  for (const { item, quantity } of basket.lines) move(item, shop, -quantity)
  const sale: Row = {
    ...saleOf(basket, random),
    id: newId(),
    register_id: till.register_id,
    ...(client && { customer_id: client.id, salesman_id: client.salesman_id })
  }
  if (!basket.special && random.chance(0.03)) return layAside(world, shop, till, sale, basket, at)
  const payments = await paymentsOf(world, client, basket)
  const approved = basket.special && (await approval(world, shop, till, sale.id as string, basket.special, at))
  const invoice = await hands.make('invoices', { ...sale, payments, ...approved }, at, till.worker)
  if (client && random.chance(0.2)) await hands.make('invoice-prints', { invoice_id: invoice.id }, at, till.worker)
  const sold: Sold = { date, invoice, basket, till, client }
  if (client?.owes && minorOf((invoice.totals as Row).balance) > 0n) awaitPayment(world, shop, sold)
  awaitReturn(world, shop, sold, at)
}

/** Cash and cards mostly; credit that the shop owes first; a part or nothing of it by whom it may stay open with. */
async function paymentsOf({ hands, random }: World, client: Client | undefined, { total }: Basket): Promise<Row[]> {
  if (!client || total === 0n || !(client.credit || (client.limit > 0n && random.chance(0.6))))
    return tenders(total, random)
  const owed = minorOf((await hands.read('customers', client.id)).balance)
  if (client.credit) {
    client.credit = false
    const credit = lesser(-owed, total)
    if (credit > 0n) return [{ method: 'credit_note', amount: wire(credit) }, ...tenders(total - credit, random)]
  }
  if (owed + total > client.limit) return tenders(total, random)
  client.owes = true
  return tenders(whole(percentOf(total, random.pick([0, 30, 50]))), random)
}

/** A draft: fetched and paid later, or given back. */
async function layAside({ hands, random, agenda }: World, shop: Shop, till: Till, sale: Row, basket: Basket, at: Date) {
  const { id } = await hands.make('invoices', { ...sale, status: 'draft' }, at, till.worker)
  const fetched = random.chance(0.7)
  agenda.note(at.getTime() + random.whole(3, 20) * MINUTE, async (later) => {
    const change = fetched ? { status: 'issued', payments: tenders(basket.total, random) } : { status: 'cancelled' }
    await hands.change('invoices', id as string, change, later, till.worker)
    if (!fetched) for (const { item, quantity } of basket.lines) move(item, shop, quantity)
  })
}
