import { instantAt } from './calendar.ts'
import { type Item, move, onHand, type Shop, type World } from './world.ts'

/** The shop counts some of its shelves after closing time, and books what differs. */
export function planCount(world: World, shop: Shop, date: string): void {
  world.agenda.note(instantAt(date, shop, 22.75), async (at) => {
    const { hands, random, items } = world
    const shelf = items.slice(0, 40)
    const count = await hands.make('stock-counts', { note: 'Half of the shelves' }, at, shop.keeper)
    const differences = new Map<Item, number>()
    for (const [i, item] of shelf.entries()) {
      const there = onHand(item, shop)
      const off = random.chance(0.1) ? (there > 0 ? random.pick([-1, -1, 1]) : 1) : 0
      if (off) differences.set(item, off)
      const line = { count_id: count.id, sku: item.sku, counted: there + off }
      await hands.make('stock-count-lines', line, new Date(at.getTime() + i * 5000), shop.keeper)
    }
    await hands.make('stock-count-closings', { count_id: count.id }, new Date(at.getTime() + 300_000), shop.keeper)
    for (const [item, off] of differences) move(item, shop, off)
  })
}
