import { cost, money, sum } from './arithmetic.ts'
import type { Do } from './commands.ts'
import { comeIn, requireLevels, requireStockroom, worth } from './goods.ts'
import { nextNumber, refuse, type State, type World } from './state.ts'

/** Goods sent to the other branch leave at what they cost on average. */
export function send(world: World, state: State, { id, by, items }: Do<'send'>) {
  requireStockroom(world, by)
  const lines = items.map((item) => ({ ...item, cost: state.levels[item.product]!.average }))
  for (const { product, quantity } of items) state.levels[product]!.onHand -= quantity
  requireLevels(world, state)
  state.transfers.push({ id, lines, received: false })
  return { number: nextNumber(state, `${world.code}-TR`), status: 'sent', costs: lines.map((line) => cost(line.cost)) }
}

/** What arrives there, line by line; only who may act at the other branch receives. */
export function arrive(world: World, state: State, { by, transfer: id, quantities }: Do<'arrive'>) {
  if (world.users[by]!.role !== 'admin') refuse('403 not_allowed')
  const transfer = state.transfers.find((one) => one.id === id)!
  if (transfer.received) refuse('409 transfer_received')
  transfer.received = true
  for (const [i, { product, cost }] of transfer.lines.entries()) comeIn(state.there[product]!, quantities[i]!, cost)
  return { differences: transfer.lines.map(({ quantity }, i) => (quantities[i]! - quantity) / 1000) }
}

export function startCount(world: World, state: State, { id, by }: Do<'startCount'>) {
  requireStockroom(world, by)
  if (state.counts.some(({ open }) => open)) refuse('409 count_open')
  state.counts.push({ id, open: true, lines: {} })
  return { number: nextNumber(state, `${world.code}-SC`), status: 'open' }
}

function openCount(state: State, id: string) {
  const count = state.counts.find((one) => one.id === id)!
  if (!count.open) refuse('409 count_closed')
  return count
}

export function countLine(world: World, state: State, { by, count: id, product, counted }: Do<'countLine'>) {
  requireStockroom(world, by)
  const count = openCount(state, id)
  const expected = state.levels[product]!.onHand
  count.lines[product] = { counted, expected }
  return { counted: counted / 1000, expected: expected / 1000 }
}

/** Books what was counted less what there was then, whatever was sold since. */
export function closeCount(world: World, state: State, { by, count: id }: Do<'closeCount'>) {
  requireStockroom(world, by)
  const count = openCount(state, id)
  const values = Object.entries(count.lines).map(([product, { counted, expected }]) => {
    const level = state.levels[Number(product)]!
    level.onHand += counted - expected
    return worth(counted - expected, level.average)
  })
  requireLevels(world, state)
  count.open = false
  return { value: money(sum(values)) }
}
