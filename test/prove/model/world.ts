import assert from 'node:assert/strict'
import { openBranch } from '../../support/books.ts'
import type { Json, Shop } from '../../support/shop.ts'
import { cost, money } from './arithmetic.ts'
import type { Role, State, World } from './state.ts'

const ROLES: Role[] = ['cashier', 'cashier', 'employee', 'admin']
const LIMITS = [100_00, 1_000_00]
const PRICES = [9_99, 1_05, 120_00, 33]
const RATES = [0, 750, 1900, 1900]
const DISCOUNTS = [0, 0, 1000, 333]
const STOCK = [20_000, 10_000, 8_000, 3_000]
const COST = 60_000

let worlds = 0

/** A branch of its own for a sequence, with all that it needs; its rules by its number: tax in the price or on it, and so on. */
export async function openWorld(shop: Shop, rules: number): Promise<{ world: World; state: State }> {
  const n = ++worlds
  const make = async (path: string, data: Json): Promise<Json> => {
    const { status, body } = await shop.call('POST', `/${path}`, data, shop.admin)
    assert.equal(status, 201, `${path}: ${JSON.stringify(body)}`)
    return body
  }
  const [taxIncluded, taxPerDocument, blocksBelowZero] = [rules % 2 === 1, rules % 4 >= 2, rules % 3 !== 2]
  const { branch, register } = await openBranch(shop, {
    prices_include_tax: taxIncluded,
    tax_rounding: taxPerDocument ? 'document' : 'line',
    stock_policy: blocksBelowZero ? 'block' : 'allow'
  })
  const contacts = { phone: '12345' }
  const { code } = (await shop.call('GET', `/branches/${branch}`, undefined, shop.admin)).body
  const second = await make('registers', { branch_id: branch, code: '02' })
  const vendor = await make('vendors', { name: `Vendor ${n}`, contacts, branch_id: branch })
  const users = await Promise.all(ROLES.map(async (role) => ({ role, ...(await shop.user(role, branch)) })))
  const customers = await Promise.all(
    LIMITS.map((limit) =>
      make('customers', { name: 'On account', contacts, credit_limit: money(limit), branch_id: branch })
    )
  )
  const products = await Promise.all(
    PRICES.map((price, i) =>
      make('products', {
        sku: `M-${n}-${i}`,
        name: `Product ${i}`,
        unit_price: money(price),
        cost_price: '6.00',
        tax_rate: String(RATES[i]! / 100),
        discount: String(DISCOUNTS[i]! / 100)
      })
    )
  )
  for (const [i, { id: product_id }] of products.entries()) {
    const goods = { product_id, branch_id: branch, qty: STOCK[i]! / 1000, type: 'IN', reason: 'receipt' }
    await make('stock-entries', { ...goods, unit_cost: cost(COST) })
  }
  return {
    world: {
      ...{ branch, code, taxIncluded, taxPerDocument, blocksBelowZero, users },
      registers: [register, second.id],
      products: products.map(({ id }, i) => ({ id, rate: RATES[i]!, discount: DISCOUNTS[i]! })),
      customers: customers.map(({ id }, i) => ({ id, limit: LIMITS[i]! })),
      vendor: vendor.id,
      other: shop.branch
    },
    state: {
      levels: STOCK.map((onHand) => ({ onHand, average: COST })),
      there: STOCK.map(() => ({ onHand: 0, average: 0 })),
      transfers: [],
      counts: [],
      prices: PRICES,
      customers: [0, 0],
      vendor: 0,
      invoices: [],
      shifts: [],
      money: [],
      sales: [0, 0],
      series: {},
      made: []
    }
  }
}
