import type { Row } from '../../services/projection.ts'
import { lesser, minorOf, whole } from './amounts.ts'
import { tender } from './basket.ts'
import { addDays, visit } from './calendar.ts'
import type { Sold } from './floor.ts'
import type { Shop, World } from './world.ts'

/** Half of those who owe come back to pay that bill; the others pay on account, see `collect`. */
export function awaitPayment(world: World, shop: Shop, { date, invoice }: Sold): void {
  const { agenda, random, hands } = world
  if (random.chance(0.5)) return
  const part = random.chance(0.3) ? 2n : 1n
  agenda.note(visit(addDays(date, random.whole(2, 12)), shop, random), async (at) => {
    // Something of it may be paid on account by then, or have come back.
    const { status, totals } = await hands.read('invoices', invoice.id as string)
    const balance = minorOf((totals as Row).balance)
    if (status === 'cancelled' || balance === 0n) return
    const amount = part > 1n && whole(balance / part) > 0n ? whole(balance / part) : balance
    await hands.make(
      'payments',
      { ...tender(amount, random), invoice_id: invoice.id },
      at,
      random.pick(shop.tills).worker
    )
  })
}

/** Customers who owe something bring money, for whatever is oldest. */
export async function collect(world: World, shop: Shop, at: Date): Promise<void> {
  const { hands, random } = world
  for (const client of shop.clients.filter(({ owes }) => owes)) {
    if (!random.chance(0.5)) continue
    const owed = minorOf((await hands.read('customers', client.id)).balance)
    client.owes = owed > 0n
    if (owed <= 0n) continue
    const wanted = random.chance(0.5) ? whole(owed / 2n) : owed
    const amount = lesser(wanted > 0n ? wanted : owed, owed)
    const reference = random.chance(0.3) ? { reference: `Receipt ${random.whole(100, 999)}` } : {}
    const payment = { ...tender(amount, random), ...reference, customer_id: client.id }
    await hands.make('payments', payment, at, random.pick(shop.tills).worker)
  }
}
