import { accountEntries } from './account-entries.ts'
import { customerAgeing, vendorAgeing } from './ageing.ts'
import { approvals } from './approvals.ts'
import { auditLogs } from './audit-logs.ts'
import { barcodes } from './barcodes.ts'
import { bills } from './bills.ts'
import { branches } from './branches.ts'
import { brands } from './brands.ts'
import { cashMovements } from './cash-movements.ts'
import { categories } from './categories.ts'
import { commissionEntries } from './commission-entries.ts'
import { customOrderItems } from './custom-order-items.ts'
import { customOrders } from './custom-orders.ts'
import { customers } from './customers.ts'
import type { Resource } from './define.ts'
import { expenseTypes } from './expense-types.ts'
import { expenses } from './expenses.ts'
import { files } from './files.ts'
import { idealPrices } from './ideal-prices.ts'
import { imports } from './imports.ts'
import { invoiceItems } from './invoice-items.ts'
import { invoicePrints } from './invoice-prints.ts'
import { invoiceVoids } from './invoice-voids.ts'
import { invoices } from './invoices.ts'
import { orderClosings } from './order-closings.ts'
import { orderOptions } from './order-options.ts'
import { orderPayments } from './order-payments.ts'
import { paymentAllocations } from './payment-allocations.ts'
import { paymentMethods } from './payment-methods.ts'
import { payments } from './payments.ts'
import { priceListItems, priceLists } from './price-lists.ts'
import { products } from './products.ts'
import { quotationItems } from './quotation-items.ts'
import { quotations } from './quotations.ts'
import { refundItems } from './refund-items.ts'
import { refunds } from './refunds.ts'
import { registers } from './registers.ts'
import { restockLevels, urgentBuys } from './restock.ts'
import { roles } from './roles.ts'
import { salesmen } from './salesmen.ts'
import { sessions } from './sessions.ts'
import { settings } from './settings.ts'
import { shiftClosings } from './shift-closings.ts'
import { shifts } from './shifts.ts'
import { stockCountClosingItems, stockCountClosings, stockCountLines, stockCounts } from './stock-counts.ts'
import { stockEntries } from './stock-entries.ts'
import { stockLevels } from './stock-levels.ts'
import { stockReceiptItems, stockReceipts } from './stock-receipts.ts'
import { stockReservations } from './stock-reservations.ts'
import { stockReturnItems, stockReturns } from './stock-returns.ts'
import {
  stockTransferItems,
  stockTransferReceiptItems,
  stockTransferReceipts,
  stockTransfers
} from './stock-transfers.ts'
import { users } from './users.ts'
import { vendorPayments } from './vendor-payments.ts'
import { vendors } from './vendors.ts'

/** Everything that exists, in an order in which the tables can be made. */
const registry = [
  branches,
  registers,
  roles,
  users,
  sessions,
  auditLogs,
  settings,
  categories,
  brands,
  vendors,
  salesmen,
  customers,
  files,
  products,
  barcodes,
  priceLists,
  priceListItems,
  stockLevels,
  stockEntries,
  paymentMethods,
  shifts,
  cashMovements,
  shiftClosings,
  approvals,
  expenseTypes,
  expenses,
  vendorPayments,
  invoices,
  invoiceItems,
  bills,
  refunds,
  refundItems,
  invoiceVoids,
  orderOptions,
  idealPrices,
  quotations,
  quotationItems,
  customOrders,
  customOrderItems,
  stockReservations,
  orderClosings,
  orderPayments,
  payments,
  invoicePrints,
  paymentAllocations,
  accountEntries,
  stockReceipts,
  stockReceiptItems,
  stockReturns,
  stockReturnItems,
  stockTransfers,
  stockTransferItems,
  stockTransferReceipts,
  stockTransferReceiptItems,
  stockCounts,
  stockCountLines,
  stockCountClosings,
  stockCountClosingItems,
  restockLevels,
  urgentBuys,
  customerAgeing,
  vendorAgeing,
  commissionEntries,
  imports
] as const

type Registered = (typeof registry)[number]
/** The definitions by name: what static types of records are inferred from. */
export type Definitions = { [R in Registered as R['name']]: R }

export const resources = registry as unknown as readonly Resource[]

const byName = new Map(resources.map((resource) => [resource.name, resource]))

/** The resource of that name; a name nobody registered is a mistake in the program. */
export function resourceNamed(name: string): Resource {
  const resource = byName.get(name)
  if (!resource) throw new Error(`There is no resource ${name}`)
  return resource
}

export const isResource = (name: string): boolean => byName.has(name)

const byId = new Map(resources.map((resource) => [resource.id, resource]))

/** The resource that is known by that id for good, as the audit log has it; undefined for one that is no more. */
export const resourceKnownAs = (id: string): Resource | undefined => byId.get(id)
