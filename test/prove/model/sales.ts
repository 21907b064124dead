import { halfUp, handOut, money, sum } from './arithmetic.ts'
import type { Do } from './commands.ts'
import {
  type Cart,
  type Invoice,
  invoiceOf,
  type Line,
  type Outcome,
  openShiftOf,
  refuse,
  type State,
  type World,
  waitsAt
} from './state.ts'

export interface Tender {
  method: string
  amount: number
  tendered?: number
}

const DISCOUNT_LIMIT = 100_000
const OVERRIDE_LIMIT = 250_000

const worth = (quantity: number, price: number) => halfUp(quantity * price, 1000)

/** The figures of a cart by the shop's rules. Refuses discounts above what they are taken off. */
export function priced(world: World, { prices }: Pick<State, 'prices'>, { items, discounts }: Cart) {
  const grosses = items.map(({ product, quantity, price }) => worth(quantity, price ?? prices[product]!))
  const taken = items.map(
    ({ product, discount }, i) => discount ?? halfUp(grosses[i]! * world.products[product]!.discount, 10_000)
  )
  if (taken.some((discount, i) => discount > grosses[i]!)) refuse('422 discount_exceeds_line')
  const values = grosses.map((gross, i) => gross - taken[i]!)
  if (discounts > sum(values)) refuse('422 discount_exceeds_total')
  const shares = handOut(discounts, values)
  const payables = values.map((value, i) => value - shares[i]!)
  const rates = items.map(({ product }) => world.products[product]!.rate)
  const taxes = taxesOf(world, payables, rates)
  const lines = items.map((item, i) => ({
    product: item.product,
    quantity: item.quantity,
    discount: taken[i]!,
    share: shares[i]!,
    tax: taxes[i]!,
    total: payables[i]! + (world.taxIncluded ? 0 : taxes[i]!)
  }))
  const given = sum(items.map(({ discount }) => discount ?? 0)) + discounts
  return {
    lines,
    given,
    subtotal: sum(grosses),
    discount: sum(taken) + discounts,
    tax: sum(taxes),
    total: sum(lines.map(({ total }) => total))
  }
}

function taxesOf({ taxIncluded, taxPerDocument }: World, payables: number[], rates: number[]): number[] {
  const tax = (amount: number, rate: number) => halfUp(amount * rate, 10_000 + (taxIncluded ? rate : 0))
  if (!taxPerDocument) return payables.map((amount, i) => tax(amount, rates[i]!))
  const taxes = payables.map(() => 0)
  for (const rate of new Set(rates)) {
    const at = rates.flatMap((one, i) => (one === rate ? [i] : []))
    const amounts = at.map((i) => payables[i]!)
    for (const [i, part] of handOut(tax(sum(amounts), rate), amounts).entries()) taxes[at[i]!] = part
  }
  return taxes
}

/** Sets payments against what is owed; refuses what is none. */
export function tender(payments: Tender[], owed: number) {
  if (payments.some(({ method }) => method === 'shells')) refuse('422 unknown_payment_method')
  let paid = 0
  let change = 0
  for (const { method, amount, tendered = amount } of payments) {
    if (amount <= 0) refuse('422 invalid_amount')
    if (tendered < amount) refuse('422 tendered_short')
    if (tendered > amount && method !== 'cash') refuse('422 change_not_cash')
    paid += amount
    change += tendered - amount
    if (paid > owed) refuse('422 overpaid')
  }
  return { paid, change }
}

/** Computes and checks a cart, in the order in which the shop refuses; then keeps it, or sells it. */
function write(world: World, state: State, invoice: Invoice, by: number, payments: Tender[], draft: boolean): void {
  const { cart } = invoice
  const { lines, given, ...sums } = priced(world, state, cart)
  const { paid, change } = tender(payments, sums.total)
  const { role } = world.users[by]!
  const overridden = cart.items.some(({ product, price }) => price !== undefined && price !== state.prices[product])
  if (overridden && role === 'cashier') refuse('403 override_not_allowed')
  // What prices below the list take off counts with the discounts.
  const cuts = cart.items.map(({ product, quantity, price }) => {
    const [whole, own] = [state.prices[product]!, price ?? state.prices[product]!]
    return own < whole ? worth(quantity, whole) - worth(quantity, own) : 0
  })
  const cut = sum(cuts)
  const [off, whole] = overridden ? [given + cut, sums.subtotal + cut] : [given, sums.subtotal]
  const share = whole ? Math.floor((off * 1_000_000) / whole) : 0
  if (share > DISCOUNT_LIMIT && role === 'cashier') refuse('403 discount_above_limit')
  if (share > OVERRIDE_LIMIT && role === 'employee')
    refuse(overridden ? '403 override_not_allowed' : '403 discount_above_limit')
  const balance = sums.total - paid
  if (!draft) take(world, state, invoice, balance)
  const fresh = { back: 0, backTotal: 0, backTax: 0 }
  Object.assign(invoice, sums, {
    paid,
    change,
    balance,
    // What is kept of a price is what differs from the list.
    cart: { ...cart, items: cart.items.map((item) => withoutListPrice(item, state)) },
    lines: lines.map((line): Line => ({ ...line, ...fresh, leftAt: state.levels[line.product]!.average }))
  })
  if (draft) return
  invoice.status = balance === 0 ? 'paid' : paid > 0 ? 'partial' : 'issued'
  const shift = openShiftOf(state, invoice.register)
  const place = { register: invoice.register, shift: shift?.id ?? null, waits: waitsAt(state, invoice.register, shift) }
  Object.assign(invoice, place)
  for (const { method, amount } of payments) state.money.push({ ...place, invoice: invoice.id, method, amount })
  const n = ++state.sales[invoice.register]!
  invoice.number = `${world.code}-0${invoice.register + 1}-${String(n).padStart(6, '0')}`
}

function withoutListPrice(item: Cart['items'][number], state: State) {
  const { price, ...rest } = item
  return price === undefined || price === state.prices[item.product] ? rest : item
}

/** Takes goods off the shelf, and puts what is owed on the account. */
function take(world: World, state: State, { cart, customer }: Invoice, balance: number): void {
  if (customer === null && balance > 0) refuse('422 payment_required')
  for (const { product, quantity } of cart.items) state.levels[product]!.onHand -= quantity
  if (world.blocksBelowZero && state.levels.some(({ onHand }) => onHand < 0)) refuse('409 insufficient_stock')
  if (customer === null || balance === 0) return
  state.customers[customer]! += balance
  if (state.customers[customer]! > world.customers[customer]!.limit) refuse('422 credit_limit')
}

export function sell(world: World, state: State, { id, by, register, customer, cart, payments, draft }: Do<'sell'>) {
  if (draft && payments.length) refuse('400 invalid_data')
  const none = { subtotal: 0, discount: 0, tax: 0, total: 0, paid: 0, change: 0, balance: 0, credited: 0, refunded: 0 }
  const place = { register, customer, shift: null, waits: false, late: false, number: null }
  const invoice: Invoice = { id, ...place, ...none, status: 'draft', version: 1, cart, lines: [], givenBack: {} }
  write(world, state, invoice, by, payments, draft)
  state.invoices.push(invoice)
  return invoiceFigures(invoice)
}

export function resume(
  world: World,
  state: State,
  { invoice: id, by, version, items, status, payments }: Do<'resume'>
) {
  const invoice = invoiceOf(state, id)
  if (invoice.status !== 'draft') refuse('409 invoice_issued')
  if (version !== undefined && version !== invoice.version) refuse('409 stale_version')
  if (status === 'cancelled') invoice.status = 'cancelled'
  else {
    if (items) invoice.cart = { ...invoice.cart, items }
    write(world, state, invoice, by, status === 'issued' ? payments : [], status !== 'issued')
  }
  invoice.version++
  return invoiceFigures(invoice)
}

/** What an answer about an invoice must say. */
export function invoiceFigures(invoice: Invoice): Outcome {
  const { subtotal, discount, tax, total, paid, change, balance } = invoice
  const totals = { subtotal, discount, tax, total, paid, change, balance }
  return {
    status: invoice.status,
    number: invoice.number,
    shift: invoice.shift,
    version: invoice.version,
    totals: Object.fromEntries(Object.entries(totals).map(([name, cents]) => [name, money(cents)])),
    refunded: money(invoice.refunded),
    credited: money(invoice.credited)
  }
}
