import type { Answer, Json, Shop } from '../../support/shop.ts'
import { cost, money } from './arithmetic.ts'
import type { Command, Do, Name } from './commands.ts'
import type { Tender } from './sales.ts'
import type { CartLine, Outcome, World } from './state.ts'

interface Route<N extends Name> {
  path: string
  body(world: World, command: Do<N>): Json
  figures(record: Json): Json
}

const count = (quantity: number) => quantity / 1000
const given = <T, R>(name: string, value: T | undefined, as: (value: T) => R) =>
  value === undefined ? {} : { [name]: as(value) }

const tenderBody = ({ method, amount, tendered }: Tender) => ({
  method,
  amount: money(amount),
  ...given('tendered', tendered, money)
})
const lineBody = (world: World, { product, quantity, discount, price }: CartLine) => ({
  product_id: world.products[product]!.id,
  quantity: count(quantity),
  ...given('discount', discount, money),
  ...given('unit_price', price, money)
})
const invoiceFigures = ({ status, invoice_no, shift_id, version, totals, refunded, credited }: Json) => ({
  status,
  number: invoice_no,
  shift: shift_id,
  version,
  totals,
  refunded,
  credited
})
const goodsBody = (world: World, items: { product: number; quantity: number; cost?: number; price?: number }[]) => ({
  vendor_id: world.vendor,
  branch_id: world.branch,
  items: items.map(({ product, quantity, cost: at, price }) => ({
    product_id: world.products[product]!.id,
    quantity: count(quantity),
    ...given('unit_cost', at, cost),
    ...given('unit_price', price, money)
  }))
})
const goodsFigures = ({ number, total }: Json) => ({ number, total })

const routes: { [N in Name]: Route<N> } = {
  sell: {
    path: 'invoices',
    body: (world, { register, customer, cart, payments, draft }) => ({
      register_id: world.registers[register],
      customer_id: customer === null ? null : world.customers[customer]!.id,
      items: cart.items.map((item) => lineBody(world, item)),
      discounts: money(cart.discounts),
      payments: payments.map(tenderBody),
      ...(draft && { status: 'draft' })
    }),
    figures: invoiceFigures
  },
  resume: {
    path: 'invoices',
    body: (world, { version, items, status, payments }) => ({
      ...given('version', version, Number),
      ...given('items', items, (lines) => lines.map((item) => lineBody(world, item))),
      ...given('status', status, String),
      ...(status === 'issued' && { payments: payments.map(tenderBody) })
    }),
    figures: invoiceFigures
  },
  pay: {
    path: 'payments',
    body: (_, { invoice, ...tender }) => ({ invoice_id: invoice, ...tenderBody(tender) }),
    figures: ({ amount, change, direction, shift_id }) => ({ amount, change, direction, shift: shift_id })
  },
  refund: {
    path: 'refunds',
    body: (world, { invoice, register, method, items }) => ({
      invoice_id: invoice,
      reason: 'does not fit',
      ...given('register_id', register, (n) => world.registers[n]),
      ...given('method', method, String),
      items: items.map(({ line, quantity, damaged }) => ({
        line_no: line + 1,
        quantity: count(quantity),
        condition: damaged ? 'damaged' : 'restock'
      }))
    }),
    figures: ({ refund_no, amount, credited, paid_out, method, items }) => ({
      number: refund_no,
      amount,
      credited,
      out: paid_out,
      method,
      parts: items.map((item: Json) => item.amount)
    })
  },
  receive: { path: 'stock-receipts', body: (world, { items }) => goodsBody(world, items), figures: goodsFigures },
  sendBack: { path: 'stock-returns', body: (world, { items }) => goodsBody(world, items), figures: goodsFigures },
  adjust: {
    path: 'stock-entries',
    body: (world, { product, quantity, cost: at }) => ({
      product_id: world.products[product]!.id,
      branch_id: world.branch,
      qty: count(quantity),
      type: 'ADJUST',
      reason: 'correction',
      ...given('unit_cost', at, cost)
    }),
    figures: ({ balance_after, unit_cost }) => ({ after: balance_after, cost: unit_cost })
  },
  voidSale: {
    path: 'invoice-voids',
    body: (world, { invoice, register }) => ({
      invoice_id: invoice,
      reason: 'rung up twice',
      ...given('register_id', register, (n) => world.registers[n])
    }),
    figures: ({ amount, paid_out, credited }) => ({ amount, out: paid_out, credited })
  },
  send: {
    path: 'stock-transfers',
    body: (world, { items }) => ({
      from_branch_id: world.branch,
      to_branch_id: world.other,
      items: items.map(({ product, quantity }) => ({
        product_id: world.products[product]!.id,
        quantity: count(quantity)
      }))
    }),
    figures: ({ number, status, items }) => ({ number, status, costs: items.map((item: Json) => item.unit_cost) })
  },
  arrive: {
    path: 'stock-transfer-receipts',
    body: (_, { transfer, quantities }) => ({ transfer_id: transfer, items: quantities.map(count) }),
    figures: ({ items }) => ({ differences: items.map((item: Json) => item.difference) })
  },
  startCount: {
    path: 'stock-counts',
    body: (world) => ({ branch_id: world.branch }),
    figures: ({ number, status }) => ({ number, status })
  },
  countLine: {
    path: 'stock-count-lines',
    body: (world, { count: id, product, counted }) => ({
      count_id: id,
      product_id: world.products[product]!.id,
      counted: count(counted)
    }),
    figures: ({ counted, expected }) => ({ counted, expected })
  },
  closeCount: {
    path: 'stock-count-closings',
    body: (_, { count: id }) => ({ count_id: id }),
    figures: ({ value }) => ({ value })
  },
  openShift: {
    path: 'shifts',
    body: (world, { register, float }) => ({ register_id: world.registers[register], ...given('float', float, money) }),
    figures: ({ status, float }) => ({ status, float })
  },
  closeShift: {
    path: 'shift-closings',
    body: (world, { register, counted }) => ({
      register_id: world.registers[register],
      counted: Object.fromEntries(Object.entries(counted).map(([method, cents]) => [method, money(cents)]))
    }),
    figures: ({ number, counted, expected, difference, content: { sales, late } }) => ({
      number,
      counted,
      expected,
      difference,
      sales: [sales.count, sales.total, sales.tax],
      late: [late.count, late.total]
    })
  },
  moveCash: {
    path: 'cash-movements',
    body: (world, { register, kind, amount }) => ({
      register_id: world.registers[register],
      kind,
      amount: money(amount),
      reason: 'change from the bank'
    }),
    figures: ({ kind, amount }) => ({ kind, amount })
  }
}

/** What a command asks of the API. */
export function requestOf(world: World, command: Command): { method: string; path: string; body: Json } {
  const { path, body } = routes[command.do] as unknown as Route<Name>
  const content = body(world, command as never)
  if (command.do === 'resume') return { method: 'PATCH', path: `/${path}/${command.invoice}`, body: content }
  return { method: 'POST', path: `/${path}`, body: { id: command.id, ...content } }
}

/** The lines that arrive have ids of their own, which only the shop knows. */
async function withLineIds(shop: Shop, body: Json): Promise<Json> {
  const transfer = await shop.call('GET', `/stock-transfers/${body.transfer_id}`, undefined, shop.admin)
  const items = transfer.body.items.map(({ id }: Json, i: number) => ({ item_id: id, quantity: body.items[i] }))
  return { ...body, items }
}

/** Does it, and answers what came of it in the words of the model. */
export async function perform(shop: Shop, world: World, command: Command): Promise<Outcome> {
  const { method, path, body: told } = requestOf(world, command)
  const body = command.do === 'arrive' ? await withLineIds(shop, told) : told
  const answer: Answer = await shop.call(method, path, body, world.users[command.by]!.token)
  if (answer.status >= 400) return `${answer.status} ${answer.body.data?.reason}`
  if (method === 'POST' && answer.status === 200) return { again: answer.body.id }
  return routes[command.do].figures(answer.body)
}
