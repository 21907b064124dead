/** The columns that a sale gives values for, with their types: of the invoice, and of its lists, whose values go as arrays. */
export const INVOICE = {
  id: 'uuid',
  customer_id: 'uuid',
  salesman_id: 'uuid',
  notes: 'text',
  created_by: 'uuid',
  approved_by: 'uuid',
  branch_id: 'uuid',
  register_id: 'uuid',
  business_date: 'date',
  status: 'text',
  prices_include_tax: 'boolean',
  tax_rounding: 'text',
  subtotal: 'numeric',
  discount: 'numeric',
  tax: 'numeric',
  total: 'numeric',
  paid: 'numeric',
  change: 'numeric',
  balance: 'numeric',
  commission_rate: 'numeric',
  commission: 'numeric',
  discounts: 'numeric',
  taxes: 'jsonb',
  warnings: 'jsonb',
  print_count: 'int'
} as const
export type InvoiceColumn = keyof typeof INVOICE

export const LINES = {
  id: 'uuid',
  line_no: 'int',
  product_id: 'uuid',
  name: 'text',
  sku: 'text',
  quantity: 'numeric',
  unit_price: 'numeric',
  list_price: 'numeric',
  offer_price: 'numeric',
  price_list_id: 'uuid',
  price_source: 'text',
  barcode: 'text',
  unit_cost: 'numeric',
  discount: 'numeric',
  discount_source: 'text',
  document_discount: 'numeric',
  tax_rate: 'numeric',
  tax: 'numeric',
  total: 'numeric'
} as const
export type LineColumn = keyof typeof LINES

export const PAYMENTS = {
  id: 'uuid',
  method: 'text',
  amount: 'numeric',
  tendered: 'numeric',
  change: 'numeric',
  reference: 'text',
  order_id: 'uuid'
} as const
export type PaymentColumn = keyof typeof PAYMENTS
