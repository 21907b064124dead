import { drawerEffect, expectedCash } from '../../domain/drawer.ts'
import type { Minor } from '../../domain/money.ts'
import { stored, wire } from '../invoices/price.ts'
import type { Summed } from './figures.sql.ts'

/** The drawer's name among the methods: whatever is cash lies in it. */
export const CASH = 'cash'

const total = (amounts: string[]): Minor => amounts.reduce((sum, amount) => sum + stored(amount), 0n)

/** The cash that must be in the drawer, and why. */
function drawerOf({ float, payments, movements }: Summed) {
  const cash = payments.filter(({ is_cash }) => is_cash)
  const parts = {
    float: stored(float),
    sales: total(cash.map((payment) => payment.in)),
    refunds: total(cash.map((payment) => payment.out)),
    movements: movements.reduce((sum, { kind, amount }) => sum + drawerEffect(kind, stored(amount)), 0n)
  }
  return { ...parts, expected: expectedCash(parts) }
}

/** What must be there of each method, in minor units: the drawer, and what came in less what went out. */
export function expectedOf(summed: Summed): Record<string, Minor> {
  const others = summed.payments.filter(({ is_cash }) => !is_cash)
  return {
    [CASH]: drawerOf(summed).expected,
    ...Object.fromEntries(others.map((payment) => [payment.method, stored(payment.in) - stored(payment.out)]))
  }
}

/** Amounts in minor units as they go on the wire. */
export const onWire = <Name extends string>(amounts: Record<Name, Minor>): Record<Name, string> =>
  Object.fromEntries(Object.entries<Minor>(amounts).map(([name, amount]) => [name, wire(amount)])) as Record<
    Name,
    string
  >

const amount = (text: string) => wire(stored(text))

/** The content of X and Z reports. */
export function contentOf(summed: Summed) {
  const { sales, late, voids, refunds, numbers, taxes, payments, movements } = summed
  const { count, ...sums } = sales
  return {
    sales: {
      count,
      ...onWire({
        subtotal: stored(sums.subtotal),
        discount: stored(sums.discount),
        tax: stored(sums.tax),
        total: stored(sums.total)
      })
    },
    late: { count: late.count, total: amount(late.total) },
    voids: { count: voids.count, total: amount(voids.total) },
    refunds: { count: refunds.count, total: amount(refunds.total) },
    numbers,
    taxes: taxes.map(({ rate, base, tax }) => ({ rate, base: amount(base), tax: amount(tax) })),
    payments: payments.map(({ method, count, in: came, out }) => ({
      method,
      count,
      in: amount(came),
      out: amount(out)
    })),
    movements: movements.map(({ kind, count, amount: moved }) => ({ kind, count, amount: amount(moved) })),
    cash: onWire(drawerOf(summed))
  }
}
