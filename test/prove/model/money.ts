import { halfUp, money, sum } from './arithmetic.ts'
import type { Do } from './commands.ts'
import { comeIn } from './goods.ts'
import { tender } from './sales.ts'
import {
  drawerFor,
  type Invoice,
  invoiceOf,
  type Line,
  nextNumber,
  refuse,
  type State,
  type World,
  waitsAt
} from './state.ts'

const REFUND_LIMIT = 500_00

export function pay(_: World, state: State, { invoice: id, by, method, amount, tendered }: Do<'pay'>) {
  const invoice = invoiceOf(state, id)
  if (invoice.status !== 'issued' && invoice.status !== 'partial') refuse('409 invoice_not_open')
  const { change } = tender([{ method, amount, ...(tendered !== undefined && { tendered }) }], invoice.balance)
  const shift = drawerFor(state, by, invoice.register)
  const register = shift?.register ?? invoice.register
  const place = { register, shift: shift?.id ?? null, waits: waitsAt(state, register, shift) }
  state.money.push({ ...place, invoice: id, method, amount })
  state.customers[invoice.customer!]! -= amount
  invoice.paid += amount
  invoice.change += change
  invoice.balance -= amount
  invoice.status = invoice.balance === 0 ? 'paid' : 'partial'
  invoice.version++
  return { amount: money(amount), change: money(change), direction: 'in', shift: place.shift }
}

/** What the pieces from the first to the last that came back are worth, less what was given for those before. */
function partOf(line: Line, quantity: number) {
  const after = line.back + quantity
  if (after > line.quantity) refuse('422 refund_exceeds_sold')
  const amount = halfUp(line.total * after, line.quantity) - line.backTotal
  const tax = halfUp(line.tax * after, line.quantity) - line.backTax
  line.back = after
  line.backTotal += amount
  line.backTax += tax
  return amount
}

/** How the money goes back: as asked for, else the one way in which it came. */
function wayOut(state: State, invoice: string, method: string | undefined): string {
  if (method === 'shells') refuse('422 unknown_payment_method')
  if (method) return method
  const came = state.money.filter((one) => one.invoice === invoice && one.amount > 0).map((one) => one.method)
  if (new Set(came).size !== 1) refuse('422 method_required')
  return came[0]!
}

export function refund(world: World, state: State, { invoice: id, by, register, method, items }: Do<'refund'>) {
  const invoice = invoiceOf(state, id)
  if (invoice.status === 'draft' || invoice.status === 'cancelled') refuse('409 not_refundable')
  const amounts = items.map(({ line, quantity }) => partOf(invoice.lines[line]!, quantity))
  const amount = sum(amounts)
  const alone = (invoice.givenBack[by] ?? 0) + amount
  if (alone > REFUND_LIMIT && world.users[by]!.role === 'cashier') refuse('403 refund_above_limit')
  const credited = Math.min(amount, invoice.balance)
  const out = amount - credited
  const way = out > 0 ? wayOut(state, id, method) : null
  const shift = drawerFor(state, register === undefined ? by : null, register ?? invoice.register)
  const till = shift?.register ?? register ?? invoice.register
  for (const { line, quantity, damaged } of items) {
    const { product, leftAt } = invoice.lines[line]!
    if (!damaged) comeIn(state.levels[product]!, quantity, leftAt)
  }
  if (invoice.customer !== null) state.customers[invoice.customer]! -= credited
  const number = nextNumber(state, `${world.code}-0${till + 1}-R`)
  const place = { register: till, shift: shift?.id ?? null, waits: waitsAt(state, till, shift) }
  if (way) state.money.push({ ...place, invoice: id, method: way, amount: -out })
  invoice.givenBack[by] = alone
  invoice.refunded += amount
  invoice.credited += credited
  invoice.balance -= credited
  invoice.status = statusAfter(invoice)
  invoice.version++
  const parts = amounts.map(money)
  return { number, amount: money(amount), credited: money(credited), out: money(out), method: way, parts }
}

function statusAfter({ lines, paid, total, credited }: Invoice): Invoice['status'] {
  if (lines.every((line) => line.back === line.quantity)) return 'refunded'
  if (paid >= total - credited) return 'paid'
  return paid > 0 ? 'partial' : 'issued'
}

/** The whole sale back on its own day: goods, money by the way it came, and what was owed. */
export function voidSale(world: World, state: State, { invoice: id, by, register }: Do<'voidSale'>) {
  if (world.users[by]!.role !== 'admin') refuse('403 not_allowed')
  const invoice = invoiceOf(state, id)
  const { status, lines, customer, balance, paid, total } = invoice
  if (status === 'draft' || status === 'cancelled' || lines.some(({ back }) => back > 0)) refuse('409 not_voidable')
  if (state.shifts.some((shift) => shift.id === invoice.shift && !shift.open)) refuse('409 void_too_late')
  const shift = drawerFor(state, register === undefined ? by : null, register ?? invoice.register)
  const till = shift?.register ?? register ?? invoice.register
  for (const { product, quantity, leftAt } of lines) comeIn(state.levels[product]!, quantity, leftAt)
  if (customer !== null) state.customers[customer]! -= balance
  const place = { register: till, shift: shift?.id ?? null, waits: waitsAt(state, till, shift) }
  const taken = state.money.filter((one) => one.invoice === id)
  state.money.push(...taken.map((one) => ({ ...one, ...place, amount: -one.amount })))
  const version = invoice.version + 1
  Object.assign(invoice, { status: 'cancelled', paid: 0, balance: 0, credited: total, version })
  return { amount: money(total), out: money(paid), credited: money(balance) }
}
