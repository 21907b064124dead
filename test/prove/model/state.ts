export type Role = 'cashier' | 'employee' | 'admin'

/** What a sequence happens in; it does not change. Rates in hundredths of a percent. */
export interface World {
  branch: string
  /** `BA`, before numbers. */
  code: string
  taxIncluded: boolean
  taxPerDocument: boolean
  blocksBelowZero: boolean
  registers: string[]
  users: { id: string; role: Role; token: string }[]
  products: { id: string; rate: number; discount: number }[]
  customers: { id: string; limit: number }[]
  vendor: string
  /** The branch that goods are sent to. */
  other: string
}

export interface CartLine {
  product: number
  /** Thousandths. */
  quantity: number
  discount?: number
  price?: number
}
export interface Cart {
  items: CartLine[]
  discounts: number
}

export interface Line {
  product: number
  quantity: number
  discount: number
  share: number
  tax: number
  total: number
  /** What a piece cost as it left. */
  leftAt: number
  back: number
  backTotal: number
  backTax: number
}

export interface Invoice {
  id: string
  register: number
  customer: number | null
  status: 'draft' | 'issued' | 'partial' | 'paid' | 'refunded' | 'cancelled'
  version: number
  number: string | null
  shift: string | null
  /** Whether the next shift of the register takes it over. */
  waits: boolean
  late: boolean
  cart: Cart
  lines: Line[]
  subtotal: number
  discount: number
  tax: number
  total: number
  paid: number
  change: number
  balance: number
  credited: number
  refunded: number
  /** What each user gave back of it. */
  givenBack: Record<number, number>
}

export interface Shift {
  id: string
  register: number
  by: number
  float: number
  open: boolean
  /** The cash that its closing counted. */
  counted: number
  /** What was put into the drawer by hand, less what was taken out. */
  moved: number
}

/** Money that moved: out is below zero. */
export interface Money {
  invoice: string
  register: number
  shift: string | null
  waits: boolean
  method: string
  amount: number
}

export interface Level {
  /** Thousandths. */
  onHand: number
  /** Ten-thousandths. */
  average: number
}

/** Everything that changes, as plain data: copied with structuredClone. Amounts in cents. */
export interface State {
  levels: Level[]
  /** Of the branch that goods are sent to. */
  there: Level[]
  prices: number[]
  customers: number[]
  vendor: number
  transfers: { id: string; lines: { product: number; quantity: number; cost: number }[]; received: boolean }[]
  /** By product what was counted last, and what there was then. */
  counts: { id: string; open: boolean; lines: Record<number, { counted: number; expected: number }> }[]
  invoices: Invoice[]
  shifts: Shift[]
  money: Money[]
  /** The last number of each register, and of the other series by their letters. */
  sales: number[]
  series: Record<string, number>
  /** Ids of documents that were made: sent again they are answered again. */
  made: string[]
}

/** What an answer says: a refusal as `409 insufficient_stock`, else the figures of the record. */
export type Outcome = string | Record<string, unknown>

export class Refusal extends Error {}
export function refuse(word: string): never {
  throw new Refusal(word)
}

export const invoiceOf = (state: State, id: string): Invoice => state.invoices.find((one) => one.id === id)!

export const openShiftOf = (state: State, register: number): Shift | undefined =>
  state.shifts.findLast((shift) => shift.open && shift.register === register)

/** The drawer for money now: the user's own open shift, the newest first, else that of the register. */
export function drawerFor(state: State, user: number | null, register: number): Shift | undefined {
  return state.shifts.findLast((shift) => shift.open && shift.by === user) ?? openShiftOf(state, register)
}

/** Whether what happens at a register without an open shift waits for its next one. */
export const waitsAt = (state: State, register: number, shift: Shift | undefined): boolean =>
  !shift && state.shifts.some((one) => one.register === register)

/** The next number of a series of documents, `BA-01-R000001`. */
export function nextNumber(state: State, prefix: string): string {
  const n = (state.series[prefix] ?? 0) + 1
  state.series[prefix] = n
  return `${prefix}${String(n).padStart(6, '0')}`
}
