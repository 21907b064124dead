const ID = '01920000-0000-7000-8000-00000000000'

/** One short body per create, by resource. */
export const examples: Record<string, Record<string, unknown>> = {
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
  'stock-entries': { product_id: `${ID}2`, qty: 24, type: 'IN', unit_cost: '2.80', ref: 'delivery note 118' },
  'payment-methods': { code: 'gift_card', name: 'Gift card' },
  invoices: {
    items: [{ sku: 'COF-250', quantity: 2, discount: '1.00' }],
    payments: [{ method: 'cash', amount: '8.56', tendered: '10.00' }]
  },
  payments: { invoice_id: `${ID}3`, method: 'card', amount: '25.00' }
}

/** What a resource is, in a line. */
export const summaries: Record<string, string> = {
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
  products: 'What is sold.',
  'stock-levels': 'What is on hand, per product and branch.',
  'stock-entries': 'The stock ledger: every movement; append-only.',
  'payment-methods': 'How customers can pay.',
  invoices: 'Sales, with their lines and payments. An issued invoice never changes except for its payments and status.',
  'invoice-items': 'Lines of invoices, as they were sold.',
  payments: 'Money received for invoices; append-only.',
  'account-entries': 'The ledger of what parties owe and are owed; append-only.'
}
