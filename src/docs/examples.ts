import { createSchema, type Resource } from '../schemas/define.ts'
import type { Field } from '../schemas/fields.ts'
import { resources } from '../schemas/index.ts'
import { titleOf } from './wire.ts'

const ID = '01920000-0000-7000-8000-00000000000'

const written: Record<string, Record<string, unknown>> = {
  branches: { name: 'Market Street', code: 'MKT', timezone: 'Europe/Berlin' },
  registers: { code: '02', name: 'Second till' },
  roles: { name: 'stock clerk', permissions: [{ action: ['read'], subject: ['products', 'stock-levels'] }] },
  users: {
    full_name: 'Ada Marsh',
    email: 'ada@example.com',
    username: 'ada',
    password: 'a long pass phrase',
    role_id: `${ID}1`
  },
  settings: { key: 'discount_limit_percent', value: 15 },
  categories: { name: 'Coffee' },
  brands: { name: 'Northwind' },
  vendors: { name: 'Harbour Wholesale', contacts: { phone: '+49 30 1234567' }, terms: '30 days' },
  salesmen: { name: 'Ben Okoro', code: 'BO', commission_rate: '2.5' },
  customers: { name: 'Corner Café', contacts: { email: 'office@example.com' }, credit_limit: '500.00' },
  products: { sku: 'COF-250', name: 'Coffee 250 g', unit_price: '4.50', cost_price: '2.80', tax_rate: '7' },
  barcodes: {},
  'price-lists': { name: 'Cafés, spring', customer_id: `${ID}4`, valid_from: '2026-03-01', valid_to: '2026-05-31' },
  'price-list-items': { price_list_id: `${ID}5`, product_id: `${ID}2`, min_quantity: 12, price: '3.90' },
  'stock-entries': { product_id: `${ID}2`, qty: 24, type: 'IN', unit_cost: '2.80', ref: 'delivery note 118' },
  'stock-receipts': { vendor_id: `${ID}4`, items: [{ sku: 'COF-250', quantity: 24, unit_cost: '2.80', batch: 'B17' }] },
  'stock-returns': {
    vendor_id: `${ID}4`,
    items: [{ sku: 'COF-250', quantity: 2, unit_cost: '2.80' }],
    note: 'Torn bags'
  },
  'stock-transfers': { to_branch_id: `${ID}5`, items: [{ sku: 'COF-250', quantity: 12 }] },
  'stock-transfer-receipts': {
    transfer_id: `${ID}6`,
    items: [{ item_id: `${ID}7`, quantity: 11 }],
    note: 'One bag torn'
  },
  'stock-reservations': { order_id: `${ID}9`, product_id: `${ID}2`, quantity: 12 },
  'stock-counts': { note: 'Yearly count' },
  'stock-count-lines': { count_id: `${ID}8`, sku: 'COF-250', counted: 23 },
  'stock-count-closings': { count_id: `${ID}8` },
  'payment-methods': { code: 'gift_card', name: 'Gift card' },
  shifts: { register_id: `${ID}5`, float: '150.00' },
  'cash-movements': { register_id: `${ID}5`, kind: 'paid_out', amount: '12.00', reason: 'postage stamps' },
  'shift-closings': { register_id: `${ID}5`, counted: { cash: '412.30', card: '280.00' } },
  'expense-types': { name: 'Cleaning' },
  expenses: { type_id: `${ID}6`, amount: '35.00', register_id: `${ID}5`, note: 'window cleaner' },
  'vendor-payments': { vendor_id: `${ID}7`, amount: '250.00', method: 'bank_transfer', note: 'delivery note 118' },
  invoices: {
    items: [{ sku: 'COF-250', quantity: 2, discount: '1.00' }],
    payments: [{ method: 'cash', amount: '8.56', tendered: '10.00' }]
  },
  refunds: {
    invoice_id: `${ID}3`,
    items: [{ line_no: 1, quantity: 1, condition: 'restock' }],
    reason: 'too bitter'
  },
  'invoice-prints': { invoice_id: `${ID}3` },
  approvals: { username: 'ada', pin: '4711', action: 'discount', document_id: `${ID}3`, amount: '12.00' },
  'invoice-voids': { invoice_id: `${ID}3`, reason: 'rung up twice' },
  payments: { invoice_id: `${ID}3`, method: 'card', amount: '25.00' },
  'order-options': {
    category_id: `${ID}4`,
    product_id: `${ID}2`,
    groups: [
      { name: 'Neck', options: [{ name: 'Round' }, { name: 'Polo', surcharge: '2.00' }] },
      { name: 'Print', required: false, options: [{ name: 'Back', surcharge: '3.50' }] }
    ]
  },
  quotations: {
    customer_id: `${ID}5`,
    valid_until: '2026-02-28',
    items: [{ category_id: `${ID}4`, options: { Neck: 'Polo' }, quantity: 12, price: '9.50' }]
  },
  'custom-orders': {
    customer_id: `${ID}5`,
    team_name: 'Harbour Rowers',
    required_by: '2026-03-14',
    items: [{ category_id: `${ID}4`, options: { Neck: 'Polo', Print: 'Back' }, quantity: 12, price: '9.50' }]
  },
  'order-payments': { order_id: `${ID}6`, method: 'card', amount: '50.00' },
  'order-closings': { order_id: `${ID}6`, outcome: 'delivered', payments: [{ method: 'cash', amount: '130.00' }] },
  'ideal-prices': { category_id: `${ID}4`, combination: 'Polo|Back', min_quantity: 10, price: '14.00' }
}

const described: Record<string, string> = {
  branches: 'Shops and warehouses.',
  registers: 'Tills; each owns a series of invoice numbers.',
  roles: 'Rules of who may do what, as data.',
  users: 'People who sign in.',
  sessions: 'Sign-ins, one per device; removing one ends it everywhere.',
  'audit-logs': 'Every change, written with it; append-only.',
  settings: 'Settings per branch, or for all branches.',
  categories: 'Groups of products.',
  brands: 'Brands of products.',
  vendors: 'Who the shop buys from.',
  salesmen: 'Who sells, with commission.',
  customers: 'Who the shop sells to.',
  files: 'Pictures: what they are called and what they are; the content has an address of its own.',
  products: 'What is sold.',
  'price-lists': 'Prices below those of the products: for one customer or for all, for a time.',
  'price-list-items': 'Prices of a list, each for one product from a quantity on.',
  barcodes: 'Barcodes of the shop’s own: a create gives out one that nobody has, and reserves it.',
  'stock-levels': 'What is on hand, per product and branch.',
  'stock-entries': 'The stock ledger: every movement; append-only.',
  'stock-receipts': 'Goods in from vendors, with their lines.',
  'stock-receipt-items': 'Lines of stock receipts, as they came.',
  'stock-returns': 'Goods back to vendors, with their lines.',
  'stock-return-items': 'Lines of stock returns, as they went.',
  'stock-transfers': 'Goods sent from one branch to another, with their lines.',
  'stock-transfer-items': 'Lines of stock transfers, as they were sent.',
  'stock-transfer-receipts': 'Arrivals of transfers: what really came, and what differs from what was sent.',
  'stock-transfer-receipt-items': 'Lines of arrivals.',
  'stock-reservations': 'Goods kept for orders, and let go again; append-only.',
  'stock-counts': 'Counts of the goods of a branch.',
  'stock-count-lines': 'What was counted, product by product; the last line of a product holds.',
  'stock-count-closings': 'Ends of counts: the differences are booked.',
  'stock-count-closing-items': 'Counted and expected, per product of a closed count.',
  bills: 'Issued invoices of any day, by number, customer or date: to print one again, or to take goods of it back.',
  'restock-levels': 'What shops have too little of, and what the warehouses can cover.',
  'urgent-buys': 'What must be bought: shops lack more than the warehouses have.',
  'payment-methods': 'How customers can pay.',
  shifts: 'A register’s drawer from its opening to its closing.',
  'cash-movements': 'Cash put into a drawer or taken out of it beside sales; append-only.',
  'shift-closings': 'Counts that close a shift: the Z report, numbered without gaps per register; append-only.',
  'expense-types': 'What money is spent on beside goods.',
  expenses: 'Money spent beside goods; cash leaves a drawer with it.',
  'vendor-payments': 'Money given to vendors; append-only.',
  invoices: 'Sales, with their lines and payments. An issued invoice never changes except for its payments and status.',
  approvals:
    'What colleagues allowed at a till by their PIN: once, for one action on one document, within two minutes.',
  'invoice-items': 'Lines of invoices, as they were sold.',
  refunds: 'Goods taken back and what was paid for them given back; append-only.',
  'refund-items': 'What came back of the lines of invoices.',
  'invoice-prints':
    'Bills that were printed, counted: every one after the first is marked as a duplicate; append-only.',
  'invoice-voids': 'Sales taken back whole on their own day; append-only.',
  payments: 'Money received for invoices or on account, or given back; append-only.',
  'payment-allocations': 'What of a payment on account was set against which invoice.',
  'account-entries': 'The ledger of what parties owe and are owed; append-only.',
  'customer-ageing': 'What customers owe today, by the age of the invoices, less their credit.',
  'vendor-ageing': 'What the shop owes vendors today, by the age of the receipts.',
  'commission-entries': 'What salesmen earn by sales, and give back by refunds and voids.',
  'order-options': 'What can be chosen of goods made to order: options in groups, one record per category.',
  'ideal-prices': 'What a combination of options should cost, from a quantity on: a hint, never applied by itself.',
  quotations: 'What goods made to order would cost, until a day.',
  'quotation-items': 'Lines of quotations, with the options that were chosen.',
  'custom-orders': 'Orders of goods made for a customer or a team, with their lines and advances.',
  'custom-order-items': 'Lines of orders, with the options that were chosen.',
  'order-payments': 'Advances on orders, and what was given back of them; append-only.',
  'order-closings': 'How orders ended: delivered with an invoice, or cancelled.',
  imports: 'Files that were read in: how far each is, and what came of it.'
}

/** A value that a field takes, whatever it is called. */
function exampleOf(name: string, { kind, options, default: value }: Field): unknown {
  const { min, max } = options
  switch (kind) {
    case 'text':
      return titleOf(name)
        .padEnd(min ?? 0, '.')
        .slice(0, max)
    case 'money':
      return '12.50'
    case 'decimal':
      return String(Math.min(5, max ?? 5))
    case 'quantity':
    case 'integer':
      return Math.max(min ?? 1, Math.min(1, max ?? 1))
    case 'boolean':
      return value ?? true
    case 'choice':
      return value ?? options.values![0]
    case 'date':
      return '2026-01-31'
    case 'instant':
      return '2026-01-31T09:30:00Z'
    case 'uuid':
      return `${ID}1`
    case 'json':
      return {}
  }
}

/** A body of what a create cannot leave out, and of the label: for resources that nobody wrote an example for. */
function made(resource: Resource): Record<string, unknown> {
  const { required = [] } = createSchema(resource)
  const fields = { ...resource.all, ...resource.input }
  const names = Object.keys(fields).filter((name) => required.includes(name) || name === resource.label)
  return Object.fromEntries(names.filter((name) => name !== 'id').map((name) => [name, exampleOf(name, fields[name]!)]))
}

const byName = <T>(of: (resource: Resource) => T): Record<string, T> =>
  Object.fromEntries(resources.map((resource) => [resource.name, of(resource)]))

/** One short body per create, by resource: as written above, or made of the definition. */
export const examples = byName((resource) => written[resource.name] ?? made(resource))

/** What a resource is, in a line: as written above, or its name. */
export const summaries = byName(({ name }) => described[name] ?? `${titleOf(name.replaceAll('-', '_'))}.`)
