import assert from 'node:assert/strict'
import type { Json, Shop } from '../../support/shop.ts'
import { cost, money } from './arithmetic.ts'
import type { Command } from './commands.ts'
import { invoiceFigures } from './sales.ts'
import { invoiceOf, type Level, type State, type World } from './state.ts'

type Shelf = [onHand: number, average: string]

/** What can be read of the shop after commands: stock here and there, balances, and the invoices they were about. */
export interface View {
  levels: Shelf[]
  there: Shelf[]
  customers: string[]
  vendor: string
  invoices: Record<string, unknown>
  /** What the goods of each sale left at, by product: they come back at it, long after the order of a burst was settled. */
  leftAt: Record<string, Record<number, string>>
}

const invoiceIds = (commands: readonly Command[]): string[] => [
  ...new Set(commands.flatMap((one) => ('invoice' in one ? [one.invoice] : one.do === 'sell' ? [one.id] : [])))
]
const among = (name: string, ids: string[]) => ids.map((id) => `${name}[$in]=${id}`).join('&')

type Left = [invoice: string, product: number, cost: string]

function byInvoice(left: readonly Left[]): View['leftAt'] {
  const found: View['leftAt'] = {}
  for (const [invoice, product, at] of left) found[invoice] = { ...found[invoice], [product]: at }
  return found
}

export async function look(shop: Shop, world: World, commands: readonly Command[]): Promise<View> {
  const read = async (path: string): Promise<Json[]> => {
    const { status, body } = await shop.call('GET', path, undefined, shop.admin)
    assert.equal(status, 200, `${path}: ${JSON.stringify(body)}`)
    return body.data
  }
  const goods = world.products.map(({ id }) => id)
  const parties = world.customers.map(({ id }) => id)
  const sales = invoiceIds(commands)
  const [levels, customers, vendors, invoices, left] = await Promise.all([
    read(`/stock-levels?${among('branch_id', [world.branch, world.other])}&${among('product_id', goods)}`),
    read(`/customers?${among('id', parties)}`),
    read(`/vendors?id=${world.vendor}`),
    sales.length ? read(`/invoices?${among('id', sales)}`) : [],
    sales.length ? read(`/stock-entries?${among('document_id', sales)}&reason=sale&$limit=200`) : []
  ])
  // A branch that never had a product has no level of it.
  const shelves = (branch: string) =>
    goods.map((id): Shelf => {
      const level = levels.find((row) => row.product_id === id && row.branch_id === branch)
      return level ? [level.on_hand, level.average_cost] : [0, cost(0)]
    })
  return {
    levels: shelves(world.branch),
    there: shelves(world.other),
    customers: parties.map((id) => customers.find((row) => row.id === id)!.balance),
    vendor: vendors[0]!.balance,
    invoices: Object.fromEntries(
      invoices.map(({ id, status, invoice_no, shift_id, version, totals, refunded, credited }) => [
        id,
        { status, number: invoice_no, shift: shift_id, version, totals, refunded, credited }
      ])
    ),
    leftAt: byInvoice(left.map((row): Left => [row.document_id, goods.indexOf(row.product_id), row.unit_cost]))
  }
}

const shelves = (levels: Level[]) => levels.map(({ onHand, average }): Shelf => [onHand / 1000, cost(average)])

/** The same as the model has it. */
export function expectedView(state: State, commands: readonly Command[]): View {
  const made = invoiceIds(commands).filter((id) => state.invoices.some((one) => one.id === id))
  return {
    levels: shelves(state.levels),
    there: shelves(state.there),
    customers: state.customers.map(money),
    vendor: money(state.vendor),
    invoices: Object.fromEntries(made.map((id) => [id, invoiceFigures(invoiceOf(state, id))])),
    leftAt: byInvoice(
      made
        .map((id) => invoiceOf(state, id))
        .filter(({ number }) => number !== null)
        .flatMap(({ id, lines }) => lines.map(({ product, leftAt }): Left => [id, product, cost(leftAt)]))
    )
  }
}
