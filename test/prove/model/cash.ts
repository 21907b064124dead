import { money, sum } from './arithmetic.ts'
import type { Do } from './commands.ts'
import { nextNumber, openShiftOf, refuse, type Shift, type State, type World } from './state.ts'

const requireTill = (world: World, by: number): void => {
  if (world.users[by]!.role === 'employee') refuse('403 not_allowed')
}

export function openShift(world: World, state: State, { id, by, register, float }: Do<'openShift'>) {
  requireTill(world, by)
  if (openShiftOf(state, register)) refuse('409 shift_open')
  // What the last closing counted is what the drawer is opened with.
  const last = state.shifts.findLast((shift) => shift.register === register)
  const shift = { id, register, by, float: float ?? last?.counted ?? 0, open: true, counted: 0, moved: 0 }
  state.shifts.push(shift)
  for (const invoice of state.invoices.filter((one) => one.waits && one.register === register)) {
    Object.assign(invoice, { shift: id, waits: false, late: true, version: invoice.version + 1 })
  }
  for (const moved of state.money.filter((one) => one.waits && one.register === register)) {
    Object.assign(moved, { shift: id, waits: false })
  }
  return { status: 'open', float: money(shift.float) }
}

/** The newest shift of the register, within reach of who asks: a cashier reaches the drawer they opened. */
function drawerOf(world: World, state: State, by: number, register: number): Shift {
  requireTill(world, by)
  const shift = state.shifts.findLast((one) => one.register === register)
  if (!shift) return refuse('422 no_open_shift')
  if (world.users[by]!.role === 'cashier' && shift.by !== by) refuse('403 not_allowed')
  return shift
}

/** What must be there of each method: the drawer, and what came in less what went out of others. */
export function expectedOf(state: State, shift: Shift): Record<string, number> {
  const expected: Record<string, number> = { cash: shift.float + shift.moved }
  for (const { shift: id, method, amount } of state.money) {
    if (id === shift.id) expected[method] = (expected[method] ?? 0) + amount
  }
  return expected
}

const wire = (amounts: Record<string, number>) =>
  Object.fromEntries(Object.entries(amounts).map(([name, cents]) => [name, money(cents)]))

export function closeShift(world: World, state: State, { by, register, counted }: Do<'closeShift'>) {
  const shift = drawerOf(world, state, by, register)
  if (!shift.open) refuse('409 shift_closed')
  const expected = expectedOf(state, shift)
  const difference = Object.entries(counted).map(([method, cents]) => [method, cents - (expected[method] ?? 0)])
  shift.open = false
  shift.counted = counted.cash!
  const sold = state.invoices.filter((one) => one.shift === shift.id && one.status !== 'cancelled')
  const late = sold.filter((one) => one.late)
  return {
    number: nextNumber(state, `${world.code}-0${register + 1}-Z`),
    counted: wire(counted),
    expected: wire(expected),
    difference: wire(Object.fromEntries(difference)),
    sales: [sold.length, money(sum(sold.map(({ total }) => total))), money(sum(sold.map(({ tax }) => tax)))],
    late: [late.length, money(sum(late.map(({ total }) => total)))]
  }
}

const SIGNS: Record<string, number> = { paid_in: 1, paid_out: -1, drop: -1, no_sale: 0 }

export function moveCash(world: World, state: State, { by, register, kind, amount }: Do<'moveCash'>) {
  requireTill(world, by)
  if ((amount === 0) !== (kind === 'no_sale')) refuse('422 invalid_amount')
  const shift = drawerOf(world, state, by, register)
  if (!shift.open) refuse('422 no_open_shift')
  shift.moved += SIGNS[kind]! * amount
  return { kind, amount: money(amount) }
}
