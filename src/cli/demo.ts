import { prepareDatabase } from '../ops/start.ts'
import type { Settings } from '../settings.ts'
import { type Command, wholeNumber } from './command.ts'
import { type DemoOptions, type DemoResult, fillShop, hasProducts } from './demo/fill.ts'
import { MOST_PRODUCTS } from './demo/names.ts'
import { progressOn } from './progress.ts'
import { PATIENCE_MS, print, say, withDatabase, withServices } from './shop.ts'
import { showPassword } from './start.ts'

const USUAL: DemoOptions = { products: 200, customers: 50, days: 30, seed: 1, force: false }

const report = ({ products, customers, sales, staff, password }: DemoResult) => `
  The shop has ${products} products, ${customers} customers and ${sales} sales.
  Its staff, with a password that is shown once:

${staff.map(({ username, role }) => `    user name  ${username.padEnd(10)}  ${role}`).join('\n')}
    password   ${password}
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
  help: `Fills an empty shop with believable data, made through its services: products with stock, customers, staff who may
sign in, and days of sales up to now.

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
