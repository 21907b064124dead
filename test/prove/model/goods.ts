import { cost, halfUp, money, sum } from './arithmetic.ts'
import type { Do } from './commands.ts'
import { type Level, nextNumber, refuse, type State, type World } from './state.ts'

/** Goods that come in at a cost: the weighted average, or their own cost where nothing was there. */
export function comeIn(level: Level, quantity: number, at: number): void {
  if (quantity === 0) return
  level.average = level.onHand <= 0 ? at : halfUp(level.onHand * level.average + quantity * at, level.onHand + quantity)
  level.onHand += quantity
}

/** Thousandths at ten-thousandths, in cents. */
export const worth = (quantity: number, at: number): number => halfUp(quantity * at, 100_000)

export const requireStockroom = (world: World, by: number): void => {
  if (world.users[by]!.role === 'cashier') refuse('403 not_allowed')
}

export function requireLevels({ blocksBelowZero }: World, { levels }: State): void {
  if (blocksBelowZero && levels.some(({ onHand }) => onHand < 0)) refuse('409 insufficient_stock')
}

export function receive(world: World, state: State, { by, items }: Do<'receive'>) {
  requireStockroom(world, by)
  for (const { product, quantity, cost: at, price } of items) {
    comeIn(state.levels[product]!, quantity, at)
    if (price !== undefined) state.prices[product] = price
  }
  const total = sum(items.map(({ quantity, cost: at }) => worth(quantity, at)))
  state.vendor += total
  return { number: nextNumber(state, `${world.code}-GR`), total: money(total) }
}

export function sendBack(world: World, state: State, { by, items }: Do<'sendBack'>) {
  requireStockroom(world, by)
  const total = sum(
    items.map(({ product, quantity, cost: at }) => worth(quantity, at ?? state.levels[product]!.average))
  )
  for (const { product, quantity } of items) state.levels[product]!.onHand -= quantity
  requireLevels(world, state)
  state.vendor -= total
  return { number: nextNumber(state, `${world.code}-VR`), total: money(total) }
}

export function adjust(world: World, state: State, { by, product, quantity, cost: at }: Do<'adjust'>) {
  requireStockroom(world, by)
  const level = state.levels[product]!
  const left = level.average
  if (quantity > 0 && at !== undefined) comeIn(level, quantity, at)
  else level.onHand += quantity
  requireLevels(world, state)
  // What leaves is valued at what it cost on average.
  const unit = at ?? (quantity < 0 ? left : null)
  return { after: level.onHand / 1000, cost: unit === null ? null : cost(unit) }
}
