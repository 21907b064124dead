import assert from 'node:assert/strict'
import type { Json, Shop } from '../../support/shop.ts'
import { cost, money } from './arithmetic.ts'
import type { Command } from './commands.ts'
import { invoiceFigures } from './sales.ts'
import { invoiceOf, type State, type World } from './state.ts'

/** What can be read of the shop after a command: levels, prices, balances, and the invoices that it was about. */
export interface View {
  levels: [onHand: number, average: string][]
  customers: string[]
  vendor: string
  invoices: Record<string, unknown>
}

const invoiceIds = (commands: readonly Command[]): string[] => [
  ...new Set(commands.flatMap((one) => ('invoice' in one ? [one.invoice] : one.do === 'sell' ? [one.id] : [])))
]

export async function look(shop: Shop, world: World, commands: readonly Command[]): Promise<View> {
  const read = async (path: string): Promise<Json[]> => {
    const { status, body } = await shop.call('GET', path, undefined, shop.admin)
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`)
    return body.data
  }
  const among = (name: string, ids: string[]) => ids.map((id) => `${name}[$in]=${id}`).join('&')
  const ids = invoiceIds(commands)
  const [levels, customers, vendors, invoices] = await Promise.all([
    read(
      `/stock-levels?branch_id=${world.branch}&${among(
        'product_id',
        world.products.map(({ id }) => id)
      )}`
    ),
    read(
      `/customers?${among(
        'id',
        world.customers.map(({ id }) => id)
      )}`
    ),
    read(`/vendors?id=${world.vendor}`),
    ids.length ? read(`/invoices?${among('id', ids)}`) : []
  ])
  const by = (rows: Json[], key: string, id: string) => rows.find((row) => row[key] === id)!
  return {
    levels: world.products.map(({ id }) => {
      const { on_hand, average_cost } = by(levels, 'product_id', id)
      return [on_hand, average_cost]
    }),
    customers: world.customers.map(({ id }) => by(customers, 'id', id).balance),
    vendor: vendors[0]!.balance,
    invoices: Object.fromEntries(
      invoices.map(({ id, status, invoice_no, shift_id, version, totals, refunded, credited }) => [
        id,
        { status, number: invoice_no, shift: shift_id, version, totals, refunded, credited }
      ])
    )
  }
}

/** The same as the model has it. */
export function expectedView(state: State, commands: readonly Command[]): View {
  const made = invoiceIds(commands).filter((id) => state.invoices.some((one) => one.id === id))
  return {
    levels: state.levels.map(({ onHand, average }) => [onHand / 1000, cost(average)]),
    customers: state.customers.map(money),
    vendor: money(state.vendor),
    invoices: Object.fromEntries(made.map((id) => [id, invoiceFigures(invoiceOf(state, id))]))
  }
}
