import { prepareDatabase } from '../ops/start.ts'
import type { Settings } from '../settings.ts'
import { type Command, wholeNumber } from './command.ts'
import { type DemoOptions, type DemoResult, fillShop, hasProducts } from './demo/fill.ts'
import { MOST_PRODUCTS } from './demo/names.ts'
import { progressOn } from './progress.ts'
import { PATIENCE_MS, print, say, withDatabase, withServices } from './shop.ts'
import { showPassword } from './start.ts'

const USUAL: DemoOptions = { products: 200, customers: 50, days: 30, seed: 1, force: false }

/** What the books have, line by line. */
const BOOKS: [path: string, name: string][][] = [
  [
    ['invoices', 'sales over the counter'],
    ['payments', 'later payments'],
    ['refunds', 'refunds'],
    ['invoice-voids', 'voids'],
    ['approvals', 'approvals']
  ],
  [
    ['quotations', 'quotations'],
    ['custom-orders', 'orders'],
    ['order-payments', 'advances'],
    ['order-closings', 'orders delivered or cancelled']
  ],
  [
    ['stock-receipts', 'deliveries'],
    ['stock-transfers', 'transfers'],
    ['stock-returns', 'returns to vendors'],
    ['stock-counts', 'stock counts']
  ],
  [
    ['shifts', 'shifts'],
    ['shift-closings', 'closings'],
    ['cash-movements', 'cash movements'],
    ['expenses', 'expenses'],
    ['vendor-payments', 'payments to vendors']
  ]
]

const report = ({ made, staff, password, pin }: DemoResult) => `
  The shop has ${made('products')} products and ${made('customers')} customers. In its books are:

${BOOKS.map((line) => `    ${line.map(([path, name]) => `${made(path)} ${name}`).join(', ')}`).join('\n')}

  Its staff, with a password that is shown once, and a PIN by which all but the cashiers approve:

${staff.map(({ username, role, branch }) => `    user name  ${username.padEnd(10)}  ${role.padEnd(8)}  ${branch}`).join('\n')}
    password   ${password}
    PIN        ${pin}
`

/** For REGAL_DEMO=1: fills a shop that has no products, before it listens, so that no live sale comes between. */
export async function demoAtFirstStart(settings: Settings): Promise<void> {
  const patient = { ...settings, database: { ...settings.database, query_timeout_ms: PATIENCE_MS } }
  const { progress, end } = progressOn(process.stderr)
  const result = await withServices(patient, async (regal) =>
    (await hasProducts(regal)) ? undefined : fillShop(regal, USUAL, progress)
  ).finally(end)
  if (result) say(report(result))
}

export const demoCommand: Command = {
  usage: '[options]',
  help: `Fills an empty shop with believable data, made through its services: two branches and a warehouse, products,
customers, staff who may sign in, and days of business up to now: deliveries and transfers, shifts with their sales,
refunds and voids, payments, expenses, orders and a stock count. Branches that are there are used as they are.

  --products <n>   how many products (${USUAL.products})
  --customers <n>  how many customers (${USUAL.customers})
  --days <n>       how many days of business, today the last (${USUAL.days})
  --seed <n>       another number makes another shop, the same number the same (${USUAL.seed})
  --force          add to a shop that has products already`,
  options: {
    products: { type: 'string', default: String(USUAL.products) },
    customers: { type: 'string', default: String(USUAL.customers) },
    days: { type: 'string', default: String(USUAL.days) },
    seed: { type: 'string', default: String(USUAL.seed) },
    force: { type: 'boolean', default: false }
  },
  words: 0,
  async run(values) {
    const options: DemoOptions = {
      products: wholeNumber(values, 'products', 1, MOST_PRODUCTS),
      customers: wholeNumber(values, 'customers', 0, 10_000),
      days: wholeNumber(values, 'days', 1, 366),
      seed: wholeNumber(values, 'seed', 0, 4_294_967_295),
      force: values.force === true
    }
    const { progress, end } = progressOn(process.stderr)
    const result = await withDatabase({ create: true }, async (settings) => {
      const administrator = await prepareDatabase(settings, say)
      if (administrator) showPassword(administrator)
      return withServices(settings, (regal) => fillShop(regal, options, progress))
    }).finally(end)
    print(report(result))
    return 0
  }
}
