import assert from 'node:assert/strict'
import { openBranch } from './books.ts'
import type { Json, Shop } from './shop.ts'

/** A shop with something to ask about: two branches in zones that are a day apart, parties, products, sales. */
export interface Market {
  /** The branch in Auckland; the first one is in UTC. */
  branch: string
  register: string
  make(path: string, data: Json): Promise<Json>
  /** Records of each kind, some of which refer to nothing. */
  vendors: Json[]
  categories: Json[]
  salesmen: Json[]
  customers: Json[]
  products: Json[]
}

const PRICES = ['0.10', '0.20', '19.99', '3.33', '7.00', '120.50', '1.05', '9.95']
const NAMES = ['Apple', 'Bread', 'Cheese', 'Dates', 'Eggs', 'Figs', 'Grapes', 'Honey']

export async function openMarket(shop: Shop): Promise<Market> {
  const make = async (path: string, data: Json): Promise<Json> => {
    const { status, body } = await shop.call('POST', `/${path}`, data, shop.admin)
    assert.equal(status, 201, `${path} ${JSON.stringify(data)}: ${JSON.stringify(body)}`)
    return body
  }
  const each = <T>(list: T[], work: (item: T, i: number) => Promise<Json>) => Promise.all(list.map(work))
  const { branch, register } = await openBranch(shop, { timezone: 'Pacific/Auckland', stock_policy: 'allow' })
  await shop.db.database.query("update branches set stock_policy = 'allow'")
  const contacts = { phone: '12345' }
  const places = [null, shop.branch, branch]
  const vendors = await each(['Acme', 'Bolt', 'Cargo'], (name, i) =>
    make('vendors', { name, contacts, branch_id: places[i] })
  )
  const categories = await each(['Food', 'Drink'], (name) => make('categories', { name }))
  const salesmen = await each(['Ada', 'Bob', 'Cy'], (name, i) =>
    make('salesmen', { name, code: name.toUpperCase(), branch_id: places[i], commission_rate: `${i}.5` })
  )
  const customers = await each(['Zoe', 'Yan', 'Xia', 'Wim'], (name, i) =>
    make('customers', {
      name,
      contacts,
      credit_limit: '1000.00',
      branch_id: places[i % 3],
      salesman_id: salesmen[i]?.id ?? null
    })
  )
  const products = await each(NAMES, (name, i) =>
    make('products', {
      name,
      sku: `${name.slice(0, 2).toUpperCase()}-${i}`,
      unit_price: PRICES[i],
      cost_price: '0.05',
      vendor_id: [...vendors, null][i % 4]?.id ?? null,
      category_id: [...categories, null][i % 3]?.id ?? null,
      tax_rate: i % 2 ? '7.5' : '0',
      limited_qty: i / 2
    })
  )
  return { branch, register, make, vendors, categories, salesmen, customers, products }
}

/** A dozen sales over both branches, with one to three lines, to customers and to nobody. */
export async function sellAround(shop: Shop, market: Market): Promise<void> {
  const { customers, products, salesmen, make } = market
  for (let i = 0; i < 12; i++) {
    const items = products
      .filter((_, p) => (p + i) % 4 === 0 || p === i % 8)
      .map(({ id }, line) => ({ product_id: id, quantity: 1 + ((i + line) % 3) }))
    const customer = [...customers, null][i % 5]
    const sale = {
      register_id: i % 2 ? market.register : shop.register,
      items,
      customer_id: customer?.id ?? null,
      salesman_id: salesmen[i % 4]?.id ?? null
    }
    const paid = {
      items: [{ product_id: products[0]!.id, quantity: 3 }],
      payments: [{ method: 'cash', amount: '0.30' }]
    }
    await make('invoices', customer ? sale : { ...sale, ...paid })
  }
}

/** The records of a list by their ids. */
export const byId = (records: Json[]): Map<string, Json> => new Map(records.map((record) => [record.id, record]))
