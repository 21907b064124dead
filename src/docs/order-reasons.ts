import type { Reason } from '../errors.ts'
import type { Method } from '../schemas/define.ts'

const order: Reason[] = [
  'unknown_option',
  'option_required',
  'unknown_reference',
  'unknown_product',
  'unknown_register',
  'inactive',
  'invalid_amount',
  'invalid_quantity',
  'discount_above_limit',
  'discount_exceeds_line',
  'discount_exceeds_total',
  'broken_rule'
]
const advance: Reason[] = [
  'order_closed',
  'unknown_payment_method',
  'unknown_register',
  'invalid_amount',
  'overpaid',
  'advance_exceeded'
]

/** What is refused of goods made to order; `sale` is what a sale can be refused for, as a delivery is one. */
export const orderReasons = (sale: readonly Reason[]): Record<string, Partial<Record<Method, Reason[]>>> => ({
  'order-options': { create: ['invalid_amount', 'broken_rule'], patch: ['invalid_amount', 'broken_rule'] },
  'ideal-prices': { create: ['unknown_option', 'option_required'] },
  quotations: { create: order, patch: [...order, 'quotation_not_draft', 'move_not_allowed'] },
  'custom-orders': {
    create: [...order, 'quotation_not_approved', 'quotation_expired'],
    patch: [...order, 'order_closed', 'move_not_allowed', 'advance_exceeds_total']
  },
  'stock-reservations': {
    create: [
      'order_closed',
      'insufficient_stock',
      'reservation_exceeded',
      'unknown_product',
      'unknown_reference',
      'invalid_quantity',
      'inactive'
    ]
  },
  'order-payments': { create: advance },
  'order-closings': { create: [...sale, 'order_closed', 'move_not_allowed', 'advance_undecided', 'broken_rule'] }
})
