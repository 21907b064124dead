import type { Verb } from '../support/transports.ts'

/**
 * Who may do what, written down a second time: from the paper that says how the shop works and not from
 * src/policy/matrix.ts, so that the two can disagree. Tests derive every expectation from this table.
 */
export type Role = 'admin' | 'employee' | 'cashier'
/**
 * The rows within reach of a role: `their own` are those of the user, `own or shared` those of the branch or of all. `own drawer`
 * are those of the branch, and for a cashier those of the shifts they opened.
 */
export type Rows = 'every' | 'own branch' | 'either branch' | 'own or shared' | 'their own' | 'own drawer'

export const VERBS_OF: Record<string, Verb[]> = {
  read: ['find', 'get'],
  create: ['create'],
  change: ['patch'],
  remove: ['remove']
}
export const FULL: Verb[] = ['find', 'get', 'create', 'patch', 'remove']

const all = 'read create change remove'

/** resource: [admin, employee, cashier, rows of the last two] */
const TABLE: Record<string, [admin: string, employee: string, cashier: string, rows: Rows]> = {
  branches: [all, 'read', 'read', 'every'],
  registers: [all, 'read', 'read', 'every'],
  roles: [all, '', '', 'every'],
  users: [all, '', '', 'every'],
  settings: [all, '', '', 'every'],
  'audit-logs': ['read', '', '', 'every'],
  // One's own sign-ins may be seen and ended by anybody.
  sessions: ['read remove', 'read remove', 'read remove', 'their own'],
  categories: [all, 'read create change', 'read', 'every'],
  brands: [all, 'read create change', 'read', 'every'],
  products: [all, 'read create change', 'read', 'own or shared'],
  // Made by an upload; once used in a document a picture is nobody's to take away but an administrator's.
  files: ['read remove', 'read', 'read', 'own or shared'],
  // Part of the catalogue, as products are.
  'price-lists': [all, 'read create change', 'read', 'every'],
  'price-list-items': [all, 'read create change', 'read', 'every'],
  // For labels of the shop's own, made by who may make products.
  barcodes: ['read create', 'read create', '', 'own branch'],
  vendors: [all, 'read create change', '', 'own or shared'],
  salesmen: [all, 'read create change', 'read', 'own or shared'],
  customers: [all, 'read create change', 'read create', 'own or shared'],
  'stock-levels': ['read', 'read', 'read', 'own branch'],
  // An employee's entries are adjustments; goods in and transfers are documents.
  'stock-entries': ['read create', 'read create', '', 'own branch'],
  'stock-receipts': ['read create', 'read create', '', 'own branch'],
  'stock-receipt-items': ['read', 'read', '', 'own branch'],
  'stock-returns': ['read create', 'read create', '', 'own branch'],
  'stock-return-items': ['read', 'read', '', 'own branch'],
  'stock-transfers': ['read create', 'read create', '', 'either branch'],
  'stock-transfer-items': ['read', 'read', '', 'either branch'],
  'stock-transfer-receipts': ['read create', 'read create', '', 'either branch'],
  'stock-transfer-receipt-items': ['read', 'read', '', 'either branch'],
  'stock-counts': ['read create', 'read create', '', 'own branch'],
  'stock-count-lines': ['read create', 'read create', '', 'own branch'],
  'stock-count-closings': ['read create', 'read create', '', 'own branch'],
  'stock-count-closing-items': ['read', 'read', '', 'own branch'],
  // Goods kept for an order are taken off the shelf by who works on it.
  'stock-reservations': ['read create', 'read create', '', 'own branch'],
  'restock-levels': ['read', 'read', '', 'own branch'],
  'urgent-buys': ['read', 'read', '', 'own or shared'],
  // The till must know how one can pay.
  'payment-methods': [all, 'read', 'read', 'every'],
  shifts: ['read create', 'read', 'read create', 'own drawer'],
  'cash-movements': ['read create', 'read', 'read create', 'own drawer'],
  'shift-closings': ['read create', 'read', 'read create', 'own drawer'],
  // Asked for at any till, given by a colleague's PIN.
  approvals: ['read create', 'read create', 'read create', 'own branch'],
  'expense-types': [all, 'read create change', 'read', 'every'],
  expenses: [all, 'read create change', 'read create', 'own branch'],
  'vendor-payments': ['read create', 'read create', '', 'own branch'],
  // A duplicate bill, for whoever holds its number.
  'invoice-prints': ['read create', 'read create', 'read create', 'own branch'],
  // A change is one of a draft: a held sale is resumed.
  invoices: ['read create change', 'read create change', 'read create change', 'own branch'],
  'invoice-items': ['read', 'read', 'read', 'own branch'],
  // For a duplicate: the till looks for a bill of any day.
  bills: ['read', 'read', 'read', 'own branch'],
  // Above a limit a cashier's refund needs approval.
  refunds: ['read create', 'read create', 'read create', 'own branch'],
  'refund-items': ['read', 'read', 'read', 'own branch'],
  'invoice-voids': ['read create', '', '', 'own branch'],
  'payment-allocations': ['read', 'read', 'read', 'own branch'],
  payments: ['read create', 'read create', 'read create', 'own branch'],
  // What a customer owes and why: for who gives credit.
  'account-entries': ['read', 'read', '', 'own branch'],
  // Balances by age, and what the salesmen of the branch earn.
  'customer-ageing': ['read', 'read', '', 'own or shared'],
  'vendor-ageing': ['read', 'read', '', 'own or shared'],
  'commission-entries': ['read', 'read', '', 'own branch'],
  // Who imported a file sees what came of it.
  imports: ['read', 'read', '', 'their own'],
  'order-options': [all, 'read create change', 'read', 'every'],
  'ideal-prices': [all, 'read create change', 'read', 'every'],
  quotations: ['read create change', 'read create change', '', 'own branch'],
  'quotation-items': ['read', 'read', '', 'own branch'],
  // Orders are cancelled and not removed.
  'custom-orders': ['read create change', 'read create change', 'read create', 'own branch'],
  'custom-order-items': ['read', 'read', 'read', 'own branch'],
  'order-payments': ['read create', 'read create', 'read create', 'own branch'],
  'order-closings': ['read create', 'read create', 'read', 'own branch']
}

/** Services that are no resource. */
export const endpoints: Record<string, Partial<Record<Verb, 'anybody' | 'signed in'>>> = {
  'auth/login': { create: 'anybody' },
  'auth/refresh': { create: 'anybody' },
  'auth/logout': { create: 'anybody' },
  'auth/me': { find: 'signed in' },
  authentication: { create: 'anybody', remove: 'signed in' },
  batch: { create: 'signed in' },
  'shift-reports': { get: 'signed in' },
  'customer-statements': { get: 'signed in' },
  'vendor-statements': { get: 'signed in' },
  'reports/sales-by-day': { find: 'signed in' },
  'reports/commission': { find: 'signed in' }
}

/**
 * Fields that a role never learns: not by a read, a filter, a sort, a search, an include, an event, nor from an error.
 * Cost and margin are not for the till; of a salesman it needs the name and the code.
 */
export const hidden: Record<Role, Record<string, string[]>> = {
  admin: { users: ['password_hash', 'pin_hash'], approvals: ['session_id'] },
  employee: {},
  cashier: {
    products: ['cost_price', 'vendor_id'],
    customers: ['credit_limit'],
    'stock-levels': ['average_cost'],
    invoices: ['commission_rate', 'commission'],
    refunds: ['commission'],
    'invoice-items': ['unit_cost'],
    'refund-items': ['unit_cost'],
    salesmen: ['created_at', 'updated_at', 'version', 'commission_rate', 'phone', 'address', 'branch_id', 'is_active']
  }
}

export interface Grant {
  verbs: Verb[]
  rows: Rows
}

const grant = (words: string, rows: Rows): Grant => ({
  verbs: words
    .split(' ')
    .filter(Boolean)
    .flatMap((word) => VERBS_OF[word]!),
  rows
})

export const grants: Record<string, Record<Role, Grant>> = Object.fromEntries(
  Object.entries(TABLE).map(([path, [admin, employee, cashier, rows]]) => [
    path,
    { admin: grant(admin, 'every'), employee: grant(employee, rows), cashier: grant(cashier, rows) }
  ])
)
