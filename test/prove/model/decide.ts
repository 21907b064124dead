import { v7 as uuidv7 } from 'uuid'
import { halfUp } from './arithmetic.ts'
import { expectedOf } from './cash.ts'
import type { Command, Do } from './commands.ts'
import type { Draw, Drawn, How } from './draws.ts'
import { priced, type Tender } from './sales.ts'
import { type Cart, type Invoice, Refusal, type State, type World } from './state.ts'

/** Payments of what is owed, in that way. */
function paid(how: How, owed: number): Tender[] {
  const half = Math.floor(owed / 2)
  const ways: Record<How, Tender[]> = {
    cash: [{ method: 'cash', amount: owed }],
    change: [{ method: 'cash', amount: owed, tendered: owed + 137 }],
    card: [{ method: 'card', amount: owed }],
    split: [
      { method: 'card', amount: half },
      { method: 'cash', amount: owed - half, tendered: owed - half + 5 }
    ],
    half: [{ method: 'cash', amount: half }],
    none: [],
    over: [{ method: 'card', amount: owed + 1 }],
    short: [{ method: 'cash', amount: owed, tendered: owed - 1 }],
    shells: [{ method: 'shells', amount: owed }],
    carded: [{ method: 'card', amount: owed, tendered: owed + 1 }],
    zero: [{ method: 'cash', amount: 0 }]
  }
  return ways[how].filter(({ amount, tendered = 0 }) => (amount > 0 || how === 'zero') && tendered >= 0)
}

/** What it comes to; nothing where it is refused. */
function owedOf(world: World, state: State, cart: Cart): number {
  try {
    return priced(world, state, cart).total
  } catch (error) {
    if (error instanceof Refusal) return 100
    throw error
  }
}

function cartOf({ prices }: State, lines: Drawn<'sell'>['cart'], discount = 0): Cart {
  let value = 0
  const items = lines.map(({ product, quantity, discount: share, price }) => {
    const gross = halfUp(quantity * (price ?? prices[product]!), 1000)
    value += gross
    const given = share === undefined ? undefined : Math.ceil((gross * share) / 1000)
    return { product, quantity, ...(given !== undefined && { discount: given }), ...(price !== undefined && { price }) }
  })
  return { items, discounts: Math.floor((value * discount) / 1000) }
}

/** One of the last four that fit, else of all; a drawn document is mostly one that the command is meant for. */
function target(state: State, n: number, fits: (invoice: Invoice) => boolean): Invoice | undefined {
  const fitting = state.invoices.filter(fits)
  const pool = n === 3 || !fitting.length ? state.invoices : fitting
  return pool[pool.length - 1 - (n % Math.min(4, pool.length || 1))]
}

const deciders: { [N in Exclude<Draw['do'], 'again'>]: (w: World, s: State, d: Drawn<N>) => Do<N> | undefined } = {
  sell: (world, state, { who, register, customer, cart: lines, discount, how, draft }) => {
    const cart = cartOf(state, lines, discount)
    const payments = paid(how, owedOf(world, state, cart))
    // Who holds a sale sometimes pays it by mistake.
    const early = draft && how !== 'carded'
    return { id: uuidv7(), by: who, register, customer, cart, payments: early ? [] : payments, draft }
  },
  resume: (world, state, { who, pick, seen, to, cart: lines, how }) => {
    const invoice = target(state, pick, ({ status }) => status === 'draft')
    if (!invoice) return undefined
    const items = lines && to !== 'cancelled' ? cartOf(state, lines).items : undefined
    if (to === 'draft' && !items) return undefined
    const cart = items ? { ...invoice.cart, items } : invoice.cart
    const payments = to === 'issued' ? paid(how, owedOf(world, state, cart)) : []
    return {
      invoice: invoice.id,
      by: who,
      ...(seen && { version: invoice.version }),
      ...(items && { items }),
      ...(to !== 'draft' && { status: to }),
      payments
    }
  },
  pay: (_, state, { who, pick, how }) => {
    const invoice = target(state, pick, ({ balance, status }) => balance > 0 && status !== 'draft')
    const [payment] = invoice ? paid(how, invoice.balance || 100) : []
    return invoice && payment && { id: uuidv7(), by: who, invoice: invoice.id, ...payment }
  },
  refund: (_, state, { who, pick, register, method, items }) => {
    const fits = ({ status, lines }: Invoice) =>
      !['draft', 'cancelled'].includes(status) && lines.some((line) => line.back < line.quantity)
    const invoice = target(state, pick, fits)
    if (!invoice?.lines.length) return undefined
    const back = items.map(({ line: n, part, damaged }) => {
      const line = n % invoice.lines.length
      const { quantity, back } = invoice.lines[line]!
      // Often all of what is left, sometimes a little more.
      const rest = Math.max(quantity - back, 1)
      return {
        line,
        quantity: part > 700 && part < 1000 ? rest : Math.max(1, Math.floor((rest * part) / 1000)),
        damaged
      }
    })
    const till = { ...(register !== undefined && { register }), ...(method && { method }) }
    return { id: uuidv7(), by: who, invoice: invoice.id, ...till, items: back }
  },
  receive: (_, __, { who, items }) => ({ id: uuidv7(), by: who, items: items.map(defined) }),
  sendBack: (_, __, { who, items }) => ({ id: uuidv7(), by: who, items: items.map(defined) }),
  adjust: (_, __, { who, product, quantity, less, cost }) => ({
    ...{ id: uuidv7(), by: who, product, quantity: less ? -quantity : quantity },
    ...(cost !== undefined && { cost })
  }),
  openShift: (_, __, { who, register, float }) => ({
    id: uuidv7(),
    by: who,
    register,
    ...(float !== undefined && { float })
  }),
  voidSale: (_, state, { who, pick, register }) => {
    const fits = ({ status, lines }: Invoice) =>
      ['issued', 'partial', 'paid'].includes(status) && lines.every(({ back }) => back === 0)
    const invoice = target(state, pick, fits)
    const till = register === undefined ? {} : { register }
    return invoice && { id: uuidv7(), by: who, invoice: invoice.id, ...till }
  },
  send: (_, __, { who, items }) => ({ id: uuidv7(), by: who, items }),
  arrive: (_, { transfers }, { who, pick, parts }) => {
    const open = transfers.filter(({ received }) => !received)
    const transfer = (pick === 3 ? transfers : open).at(-1 - (pick % 2))
    const quantities = transfer?.lines.map(({ quantity }, i) => Math.floor((quantity * parts[i]!) / 1000))
    return transfer && quantities && { id: uuidv7(), by: who, transfer: transfer.id, quantities }
  },
  startCount: (_, __, { who }) => ({ id: uuidv7(), by: who }),
  countLine: (_, { counts, levels }, { who, pick, product, wrong }) => {
    const count = counts.at(pick === 3 ? -2 : -1)
    const counted = Math.max(0, levels[product]!.onHand + wrong)
    return count && { id: uuidv7(), by: who, count: count.id, product, counted }
  },
  closeCount: (_, { counts }, { who, pick }) => {
    const count = counts.at(pick === 3 ? -2 : -1)
    return count && { id: uuidv7(), by: who, count: count.id }
  },
  closeShift: (_, state, { who, register, wrong = 0, methods }) => {
    const shift = state.shifts.findLast((one) => one.register === register)
    const expected = Object.entries(shift ? expectedOf(state, shift) : { cash: 100 })
    const counted = expected.slice(0, methods).map(([method, cents]) => [method, Math.max(0, cents + wrong)])
    return { id: uuidv7(), by: who, register, counted: Object.fromEntries(counted) }
  },
  moveCash: (_, __, { who, register, kind, amount }) => ({ id: uuidv7(), by: who, register, kind, amount })
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}
const defined = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Defined<T>

/** The command that a draw stands for now; none where there is nothing yet for it to be about. */
export function decide(world: World, state: State, draw: Draw, past: readonly Command[]): Command | undefined {
  if (draw.do === 'again') return past[past.length - 1 - draw.pick]
  const decider = deciders[draw.do] as (w: World, s: State, d: Draw) => Omit<Command, 'do'> | undefined
  const decided = decider(world, state, draw)
  return decided && ({ do: draw.do, ...decided } as Command)
}
