import { newId } from '../../ids.ts'
import type { Row } from '../../services/projection.ts'
import { minorOf } from './amounts.ts'
import { approval } from './approvals.ts'
import { addDays, visit } from './calendar.ts'
import type { Sold } from './floor.ts'
import { ensureCash } from './tills.ts'
import { MINUTE, move, type Shop, type World } from './world.ts'

/** Few sales are undone within minutes, as they were rung up wrong; of some, something comes back on another day. */
export function awaitReturn(world: World, shop: Shop, sold: Sold, at: Date): void {
  const { agenda, random } = world
  const kind = random.weighted([90, 2, 8])
  if (kind === 1) agenda.note(at.getTime() + random.whole(2, 15) * MINUTE, (when) => undo(world, shop, sold, when))
  if (kind === 2)
    agenda.note(visit(addDays(sold.date, random.whole(1, 6)), shop, random), (when) =>
      takeBack(world, shop, sold, when)
    )
}

/** The manager voids it: the whole sale, on its own day, while its shift is open. */
async function undo(world: World, shop: Shop, { invoice, basket, till, client }: Sold, at: Date): Promise<void> {
  const { hands, random, manager } = world
  const paid = (method: string) => (invoice.payments as Row[]).filter((payment) => payment.method === method)
  const cash = paid('cash').reduce((sum, { amount }) => sum + minorOf(amount), 0n)
  if (cash > 0n) await ensureCash(world, till, cash, at)
  const reason = random.pick(['Rung up twice', 'Wrong customer', 'Changed their mind at the till'])
  await hands.make('invoice-voids', { invoice_id: invoice.id, register_id: till.register_id, reason }, at, manager)
  for (const { item, quantity } of basket.lines) move(item, shop, quantity)
  if (client && paid('credit_note').length) client.credit = true
}

/** A line comes back in part or whole, on the shelf or damaged; above the cashier's limit a colleague is called. */
async function takeBack(world: World, shop: Shop, { invoice, basket, client }: Sold, at: Date): Promise<void> {
  const { hands, random } = world
  const till = random.pick(shop.tills)
  const place = random.whole(0, basket.lines.length - 1)
  const { item, quantity } = basket.lines[place]!
  const [line_no, back] = [place + 1, random.whole(1, quantity)]
  const worth = minorOf((invoice.items as Row[])[place]!.total)
  const damaged = random.chance(0.3)
  const method = ((invoice.payments as Row[])[0]?.method ?? 'cash') as string
  const id = newId()
  const refund = {
    id,
    invoice_id: invoice.id,
    register_id: till.register_id,
    items: [{ line_no, quantity: back, condition: damaged ? 'damaged' : 'restock' }],
    method,
    reason: damaged ? 'Seam came open' : random.pick(['Wrong size', 'Wrong colour', 'Bought twice'])
  }
  if (method === 'cash') await ensureCash(world, till, worth, at)
  if (client && method === 'credit_note') client.credit = true
  const asked = { action: 'refund' as const, amount: worth }
  const approved = worth > shop.rules.refundLimit ? await approval(world, shop, till, id, asked, at) : {}
  await hands.make('refunds', { ...refund, ...approved }, at, till.worker)
  if (!damaged) move(item, shop, back)
}
