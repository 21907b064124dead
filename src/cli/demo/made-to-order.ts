import type { Regal } from '../../app.ts'
import type { Minor } from '../../domain/money.ts'
import type { Row } from '../../services/projection.ts'
import { percentOf, priceOf, wire } from './amounts.ts'
import type { Hands } from './hands.ts'
import type { Keeper } from './keeper.ts'

interface Group {
  name: string
  required?: boolean
  options: { name: string; surcharge?: string }[]
}

/** What a shop has made, with what can be chosen of it. */
export interface Made {
  category_id: string
  groups: Group[]
  base: Minor
}

const option = (name: string, rupees = 0) => ({ name, rupees })
const GOODS = [
  {
    category: 'Team kits',
    sku: 'MTO-KIT',
    name: 'Team kit made to order',
    rupees: 1990,
    groups: [
      { name: 'Fabric', options: [option('Dri-Fit'), option('Interlock', 150)] },
      { name: 'Collar', options: [option('Round'), option('V-neck'), option('Polo', 100)] },
      { name: 'Sleeve', options: [option('Short'), option('Long', 120)] },
      { name: 'Print', required: false, options: [option('Name and number', 200), option('Sponsor', 150)] }
    ]
  },
  {
    category: 'Team tracksuits',
    sku: 'MTO-SUIT',
    name: 'Tracksuit made to order',
    rupees: 4690,
    groups: [
      { name: 'Colour', options: [option('Navy'), option('Maroon'), option('Bottle green')] },
      { name: 'Lining', required: false, options: [option('Mesh', 250), option('Fleece', 600)] }
    ]
  }
]

const TIERS = [
  { from: 21, percent: 85 },
  { from: 11, percent: 92 },
  { from: 1, percent: 100 }
]

/** What a piece costs of so many, without what its options add. */
export const tierPrice = (base: Minor, quantity: number): Minor =>
  percentOf(base, TIERS.find(({ from }) => quantity >= from)!.percent)

/** What can be ordered, with prices to go by; a category that has options already is used as it is. */
export async function openWorkshop({ app }: Regal, hands: Hands, { keep }: Keeper, at: Date): Promise<Made[]> {
  const made: Made[] = []
  for (const { category, sku, name, rupees, groups } of GOODS) {
    const base = priceOf(rupees)
    const category_id = await keep('categories', category)
    const { data } = await app.service('order-options').find({ query: { category_id } })
    const known = (data as Row[])[0] as { groups: Group[] } | undefined
    if (known) {
      made.push({ category_id, groups: known.groups, base })
      continue
    }
    const { total } = await app.service('products').find({ query: { sku, $limit: 0 } })
    const service = {
      kind: 'service',
      name,
      unit_price: wire(base),
      cost_price: wire(percentOf(base, 55)),
      tax_rate: '18'
    }
    const product = await hands.make('products', { ...service, sku: total ? `${sku}-2` : sku, category_id }, at)
    const priced = groups.map(({ options, ...group }) => ({
      ...group,
      options: options.map((one) => ({ name: one.name, ...(one.rupees && { surcharge: wire(priceOf(one.rupees)) }) }))
    }))
    await hands.make('order-options', { category_id, product_id: product.id, groups: priced }, at)
    await priceIdeally(hands, category_id, groups, base, at)
    made.push({ category_id, groups: priced, base })
  }
  return made
}

/** The plain combination and the dearest one, each by quantity. */
async function priceIdeally(
  hands: Hands,
  category_id: string,
  groups: (typeof GOODS)[number]['groups'],
  base: Minor,
  at: Date
): Promise<void> {
  for (const dearest of [false, true]) {
    const chosen = groups.map(({ options, ...group }) =>
      dearest ? options.at(-1)! : 'required' in group ? option('') : options[0]!
    )
    const extra = chosen.reduce((sum, one) => sum + priceOf(one.rupees), 0n)
    const combination = chosen.map((one) => one.name).join('|')
    for (const { from } of TIERS) {
      const price = wire(tierPrice(base, from) + extra)
      await hands.make('ideal-prices', { category_id, combination, min_quantity: from, price }, at)
    }
  }
}
