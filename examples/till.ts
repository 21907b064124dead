import { isRegalError, newId, type RegalClient, type Row, regalClient } from '../src/client.ts'
import { Line } from './line.ts'

// A till and an office at work: see README.md beside this. Against a running server:
//   REGAL_PASSWORD='the password' npx tsx examples/till.ts

const { REGAL_URL = 'http://127.0.0.1:3030', REGAL_USER = 'admin', REGAL_PASSWORD } = process.env
const say = (...words: unknown[]) => process.stdout.write(`${words.join(' ')}\n`)

const GOODS = [
  { sku: 'TEA-1', name: 'Green tea', unit_price: '12.50', cost_price: '7.00' },
  { sku: 'COFFEE-1', name: 'Coffee 250 g', unit_price: '4.50', cost_price: '2.80' }
]

/** The products on sale: those that are there, and new ones for what is missing. */
async function stock(regal: RegalClient<'rest'>): Promise<Row<'products'>[]> {
  const skus = GOODS.map(({ sku }) => sku)
  const { data: there } = await regal.service('products').find({ query: { sku: { $in: skus } } })
  const missing = GOODS.filter(({ sku }) => !there.some((product) => product.sku === sku))
  const made = await Promise.all(missing.map((goods) => regal.service('products').create(goods)))
  const products = [...there, ...made]
  for (const { id, cost_price } of products)
    await regal.service('stock-entries').create({ product_id: id, type: 'IN', qty: 10, unit_cost: cost_price })
  return products
}

/** Sells one of a product for cash. */
const sell = (regal: RegalClient<'rest'> | RegalClient<'socket'>, product: Row<'products'>, notes: string) =>
  regal.service('invoices').create({
    items: [{ product_id: product.id, quantity: 1 }],
    payments: [{ method: 'cash', amount: product.unit_price }],
    notes
  })

async function main(password: string): Promise<void> {
  const line = await Line.to(REGAL_URL)
  const till = regalClient({ url: line.url })
  const fast = regalClient({ url: line.url, transport: 'socket' })
  const office = regalClient({ url: REGAL_URL, transport: 'socket' })
  try {
    for (const client of [till, fast, office]) await client.login(REGAL_USER, password)

    const products = await stock(till)
    say('in stock:', products.map(({ name }) => name).join(', '))
    const product = products.find(({ sku }) => sku === GOODS[0]?.sku)!

    // The office hears of every sale as it is made, over a line of its own.
    const notes = `till ${newId()}`
    const heard: string[] = []
    office.service('invoices').on('created', (sale) => {
      if (sale.notes === notes) heard.push(sale.totals.total)
    })
    await office.me()

    for (const [name, client] of [
      ['REST', till],
      ['a socket', fast]
    ] as const) {
      await client.me()
      const plain = await sell(client, product, notes)
      say(`sold over ${name}:`, plain.totals.total)

      // The sale reaches the server, the line breaks, and the client asks again by itself, with the same id.
      line.breakAtNextAnswer()
      const repeated = await sell(client, product, notes)
      say(`sold over ${name}, though the line broke:`, repeated.totals.total)
    }

    const { total } = await till.service('invoices').find({ query: { notes } })
    say(
      `the line broke ${line.breaks} times; sales asked for: 4, made: ${total}, heard of in the office: ${heard.length}`
    )
    if (total !== 4) process.exitCode = 1
  } finally {
    for (const client of [till, fast, office]) {
      await client.logout()
      client.close()
    }
    line.close()
  }
}

if (!REGAL_PASSWORD) {
  say('Set REGAL_PASSWORD to the password of the user admin (or REGAL_USER).')
  process.exitCode = 1
} else {
  await main(REGAL_PASSWORD).catch((error) => {
    if (!isRegalError(error)) throw error
    say(`${error.message} (${error.reason})`)
    process.exitCode = 1
  })
}
