import {
  all,
  earned,
  fromOwn,
  look,
  lookHere,
  makeHere,
  makeShared,
  may,
  none,
  ofTransfer,
  own,
  ownBranch,
  ownDrawer,
  ownOpen,
  ownOrShared,
  ownToday,
  type Row,
  toOwn,
  writeAll
} from './grants.ts'

/**
 * Who may do what: the presets of the three built-in roles, a line per resource. What is not here nobody may do; a
 * resource without a line stops the start. Roles made by an administrator are rules of the same form, kept as data.
 */
export const matrix: Record<string, Row> = {
  branches: { admin: all, employee: look, cashier: look },
  registers: { admin: all, employee: look, cashier: look },
  roles: { admin: all, employee: none, cashier: none },
  users: { admin: all, employee: none, cashier: none },
  sessions: {
    admin: all,
    employee: [may('read delete', { where: own })],
    cashier: [may('read delete', { where: own })]
  },
  'audit-logs': { admin: look, employee: none, cashier: none },
  settings: { admin: all, employee: none, cashier: none },
  categories: { admin: all, employee: [may(writeAll)], cashier: look },
  brands: { admin: all, employee: [may(writeAll)], cashier: look },
  vendors: { admin: all, employee: [may(writeAll, { where: ownOrShared })], cashier: none },
  salesmen: {
    admin: all,
    employee: [may(writeAll, { where: ownOrShared })],
    cashier: [may('read', { fields: ['name', 'code'], where: ownOrShared })]
  },
  customers: {
    admin: all,
    employee: [may(writeAll, { where: ownOrShared })],
    cashier: [may('read create', { where: ownOrShared, except: ['credit_limit'] })]
  },
  // Whoever takes an order keeps a picture of what is wanted.
  files: { admin: [may('read create delete')], employee: makeShared, cashier: makeShared },
  products: {
    admin: all,
    employee: [may(writeAll, { where: ownOrShared })],
    cashier: [may('read', { where: ownOrShared, except: ['cost_price', 'vendor_id'] })]
  },
  'price-lists': { admin: all, employee: [may(writeAll)], cashier: look },
  'price-list-items': { admin: all, employee: [may(writeAll)], cashier: look },
  barcodes: { admin: [may('read create')], employee: [may('read create', { where: ownBranch })], cashier: none },
  'stock-levels': {
    admin: look,
    employee: [may('read', { where: ownBranch })],
    cashier: [may('read', { where: ownBranch, except: ['average_cost'] })]
  },
  'stock-entries': {
    admin: [may('read create')],
    employee: [may('read', { where: ownBranch }), may('create', { where: { ...ownBranch, type: 'ADJUST' } })],
    cashier: none
  },
  'stock-receipts': {
    admin: [may('read create')],
    employee: [may('read create', { where: ownBranch })],
    cashier: none
  },
  'stock-receipt-items': { admin: look, employee: [may('read', { where: ownBranch })], cashier: none },
  'stock-returns': { admin: [may('read create')], employee: [may('read create', { where: ownBranch })], cashier: none },
  'stock-return-items': { admin: look, employee: [may('read', { where: ownBranch })], cashier: none },
  'stock-transfers': {
    admin: [may('read create')],
    employee: [may('read create', { where: fromOwn }), may('read', { where: toOwn })],
    cashier: none
  },
  'stock-transfer-items': ofTransfer,
  'stock-transfer-receipts': {
    admin: [may('read create')],
    employee: [may('read', { where: fromOwn }), may('read create', { where: toOwn })],
    cashier: none
  },
  'stock-transfer-receipt-items': ofTransfer,
  'stock-counts': { admin: [may('read create')], employee: [may('read create', { where: ownBranch })], cashier: none },
  'stock-count-lines': { admin: [may('read create')], employee: makeHere, cashier: none },
  'stock-count-closings': { admin: [may('read create')], employee: makeHere, cashier: none },
  'stock-count-closing-items': { admin: look, employee: [may('read', { where: ownBranch })], cashier: none },
  'stock-reservations': { admin: [may('read create')], employee: makeHere, cashier: none },
  'restock-levels': { admin: look, employee: [may('read', { where: ownBranch })], cashier: none },
  'urgent-buys': { admin: look, employee: [may('read', { where: ownOrShared })], cashier: none },
  'payment-methods': { admin: all, employee: look, cashier: look },
  shifts: {
    admin: [may('read create')],
    employee: [may('read', { where: ownBranch })],
    cashier: [may('read create', { where: ownDrawer })]
  },
  'cash-movements': {
    admin: [may('read create')],
    employee: [may('read', { where: ownBranch })],
    cashier: [may('read create', { where: ownDrawer })]
  },
  // Who may override sees, where counts are blind, what must be in the drawer before it is counted.
  'shift-closings': {
    admin: [may('read create override')],
    employee: [may('read', { where: ownBranch })],
    cashier: [may('read create', { where: ownDrawer })]
  },
  approvals: { admin: [may('read create')], employee: makeHere, cashier: makeHere },
  'expense-types': { admin: all, employee: [may(writeAll)], cashier: look },
  expenses: {
    admin: all,
    employee: [may(writeAll, { where: { ...ownBranch, admin_only: false } })],
    cashier: [may('read create', { where: { ...ownBranch, date: '$today', admin_only: false } })]
  },
  'vendor-payments': {
    admin: [may('read create')],
    employee: [may('read create', { where: ownBranch })],
    cashier: none
  },
  // At the till also of bills that it does not find any more.
  'invoice-prints': { admin: [may('read create')], employee: makeHere, cashier: makeHere },
  invoices: {
    admin: all,
    employee: [may('read create update discount', { where: ownBranch })],
    cashier: [
      may('create update', { where: ownBranch }),
      may('read', { where: ownToday, except: earned }),
      may('read', { where: ownOpen, except: earned })
    ]
  },
  'invoice-items': {
    admin: look,
    employee: [may('read', { where: ownBranch })],
    cashier: [may('read', { where: ownToday, except: ['unit_cost'] })]
  },
  // Of any day: by number, customer or date, without what stands on them.
  bills: { admin: look, employee: lookHere, cashier: lookHere },
  refunds: {
    admin: [may('read create override')],
    employee: [may('read create override', { where: ownBranch })],
    cashier: [may('create', { where: ownBranch }), may('read', { where: ownToday, except: earned })]
  },
  'refund-items': {
    admin: look,
    employee: [may('read', { where: ownBranch })],
    cashier: [may('read', { where: ownToday, except: ['unit_cost'] })]
  },
  'invoice-voids': { admin: [may('read create')], employee: none, cashier: none },
  // To override is to take an earlier payment back.
  payments: {
    admin: [may('read create override')],
    employee: [may('read create override', { where: ownBranch })],
    cashier: [may('create', { where: ownBranch }), may('read', { where: ownToday })]
  },
  'payment-allocations': {
    admin: look,
    employee: [may('read', { where: ownBranch })],
    cashier: [may('read', { where: ownToday })]
  },
  'account-entries': { admin: look, employee: [may('read', { where: ownBranch })], cashier: none },
  // As the balance is: whole, whichever branches it is of.
  'customer-ageing': { admin: look, employee: [may('read', { where: ownOrShared })], cashier: none },
  'vendor-ageing': { admin: look, employee: [may('read', { where: ownOrShared })], cashier: none },
  'commission-entries': { admin: look, employee: lookHere, cashier: none },
  // A file may be imported by who may create here, and create what the file holds.
  imports: {
    admin: [may('read create')],
    employee: [may('read create', { where: { created_by: '$user.id' } })],
    cashier: none
  },
  'order-options': { admin: all, employee: [may(writeAll)], cashier: look },
  'ideal-prices': { admin: all, employee: [may(writeAll)], cashier: look },
  quotations: { admin: [may(writeAll)], employee: [may(writeAll, { where: ownBranch })], cashier: none },
  'quotation-items': { admin: look, employee: lookHere, cashier: none },
  'custom-orders': { admin: [may(writeAll)], employee: [may(writeAll, { where: ownBranch })], cashier: makeHere },
  'custom-order-items': { admin: look, employee: lookHere, cashier: lookHere },
  // A till takes advances; who may change orders gives them back, and ends orders.
  'order-payments': {
    admin: [may('read create')],
    employee: [may('read create', { where: ownBranch })],
    cashier: [...lookHere, may('create', { where: { ...ownBranch, direction: 'in' } })]
  },
  'order-closings': { admin: [may('read create')], employee: makeHere, cashier: lookHere }
}

/** Services that are no resource: who may call which method. `session` needs a sign-in, `public` does not. */
export const endpoints: Record<string, Record<string, 'public' | 'session'>> = {
  'auth/login': { create: 'public' },
  'auth/refresh': { create: 'public' },
  'auth/logout': { create: 'public' },
  'auth/me': { find: 'session' },
  authentication: { create: 'public', remove: 'session' },
  // The shift is read with the caller's own rights.
  'shift-reports': { get: 'session' },
  // The party and the entries of its account, likewise.
  'customer-statements': { get: 'session' },
  'vendor-statements': { get: 'session' },
  // Each operation asks the caller's role for itself.
  batch: { create: 'session' },
  'reports/sales-by-day': { find: 'session' },
  'reports/commission': { find: 'session' }
}
