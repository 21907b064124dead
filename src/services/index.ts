import type { Queryable } from '../database/connection.ts'
import type { Publisher } from '../realtime/publisher.ts'
import { resources } from '../schemas/index.ts'
import type { Store } from '../store/index.ts'
import { ApprovalService } from './approvals/service.ts'
import { BranchService } from './branches.ts'
import { ClosingService } from './cash/closings.ts'
import { ExpenseService } from './cash/expenses.ts'
import { MovementService } from './cash/movements.ts'
import { ShiftService } from './cash/shifts.ts'
import { VendorPaymentService } from './cash/vendor-payments.ts'
import { BarcodeService } from './catalogue/barcodes.ts'
import { FileService } from './files/service.ts'
import { PrintService } from './invoices/prints.ts'
import { InvoiceService } from './invoices/service.ts'
import { OrderClosingService } from './orders/closings.ts'
import { IdealPriceService } from './orders/ideal-prices.ts'
import { OrderOptionService } from './orders/options.ts'
import { CustomOrderService } from './orders/orders.ts'
import { OrderPaymentService } from './orders/payments.ts'
import { QuotationService } from './orders/quotations.ts'
import { StockReservationService } from './orders/reservations.ts'
import { PaymentService } from './payments/service.ts'
import { RoleService } from './people/roles.ts'
import { SessionService } from './people/sessions.ts'
import { UserService } from './people/users.ts'
import { RefundService } from './refunds/service.ts'
import { VoidService } from './refunds/voids.ts'
import { type Engine, ResourceService } from './resource.ts'
import { SettingService } from './settings.ts'
import { StockTransferReceiptService } from './stock/arrivals.ts'
import { StockCountClosingService } from './stock/closings.ts'
import { StockCountLineService, StockCountService } from './stock/counts.ts'
import { StockEntryService } from './stock/entries.ts'
import { StockReceiptService } from './stock/receipts.ts'
import { StockReturnService } from './stock/returns.ts'
import { StockTransferService } from './stock/transfers.ts'

export interface ServiceParts extends Engine {
  publisher: Publisher
  /** Ends a sign-in on every node. */
  endSession(
    session: string,
    reason: string,
    by: { user_id?: string; session_id?: string; request_id?: string; transaction?: Queryable }
  ): Promise<void>
  /** Runs one check of a PIN under the limits of that name and address; @throws 429 */
  attempt<T>(name: string, address: string | undefined, check: () => Promise<T>): Promise<T>
  /** Where pictures are kept. */
  store: Store
  /** Makes a change of users or roles take effect on every node at once. */
  announce(changes: { user_id?: string; role_id?: string }[]): void
}

/** Resources with behaviour of their own; every other is served by the generic service. */
const special: Record<string, (parts: ServiceParts) => ResourceService> = {
  approvals: (parts) => new ApprovalService(parts, parts.attempt),
  files: (parts) => new FileService(parts, parts.store),
  barcodes: (parts) => new BarcodeService(parts),
  branches: (parts) => new BranchService(parts),
  users: (parts) => new UserService(parts, parts.announce),
  roles: (parts) => new RoleService(parts, parts.announce),
  sessions: (parts) => new SessionService(parts, parts.endSession),
  settings: (parts) => new SettingService(parts),
  'stock-entries': (parts) => new StockEntryService(parts, parts.publisher),
  shifts: (parts) => new ShiftService(parts, parts.publisher),
  'stock-receipts': (parts) => new StockReceiptService(parts, parts.publisher),
  'stock-transfers': (parts) => new StockTransferService(parts, parts.publisher),
  'stock-transfer-receipts': (parts) => new StockTransferReceiptService(parts, parts.publisher),
  'stock-counts': (parts) => new StockCountService(parts, parts.publisher),
  'stock-count-lines': (parts) => new StockCountLineService(parts, parts.publisher),
  'stock-count-closings': (parts) => new StockCountClosingService(parts, parts.publisher),
  'stock-returns': (parts) => new StockReturnService(parts, parts.publisher),
  'cash-movements': (parts) => new MovementService(parts, parts.publisher),
  'shift-closings': (parts) => new ClosingService(parts, parts.publisher),
  expenses: (parts) => new ExpenseService(parts, parts.publisher),
  'vendor-payments': (parts) => new VendorPaymentService(parts, parts.publisher),
  'invoice-prints': (parts) => new PrintService(parts, parts.publisher),
  invoices: (parts) => new InvoiceService(parts, parts.publisher),
  refunds: (parts) => new RefundService(parts, parts.publisher),
  'invoice-voids': (parts) => new VoidService(parts, parts.publisher),
  payments: (parts) => new PaymentService(parts, parts.publisher),
  'order-options': (parts) => new OrderOptionService(parts),
  'ideal-prices': (parts) => new IdealPriceService(parts),
  quotations: (parts) => new QuotationService(parts, parts.publisher),
  'custom-orders': (parts) => new CustomOrderService(parts, parts.publisher),
  'stock-reservations': (parts) => new StockReservationService(parts, parts.publisher),
  'order-closings': (parts) => new OrderClosingService(parts, parts.publisher),
  'order-payments': (parts) => new OrderPaymentService(parts, parts.publisher)
}

/** One service per resource, in the order of the registry. */
export const servicesOf = (parts: ServiceParts): [ResourceService, (typeof resources)[number]][] =>
  resources.map((resource) => [special[resource.name]?.(parts) ?? new ResourceService(resource, parts), resource])
