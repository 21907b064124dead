import { catalogue, errorBody, failure, type Reason } from '../errors.ts'
import { inCurrency } from './records.ts'
import type { Json } from './wire.ts'

const REQUEST = '3f1c9a52-6f0e-4a55-9d64-0f5c8f4f2a11'
const fault = (path: string, message: string): Json => ({ errors: [{ path, message }] })
const sentenceAt = (path: string, reason: Reason): Json => fault(path, catalogue[reason][1])

/** What an answer carries beside its reason. */
const carried: Partial<Record<Reason, Json>> = {
  invalid_data: fault('sku', 'must not be empty'),
  invalid_query: fault('colour', 'is not a field'),
  invalid_id: fault('id', 'must be a UUID'),
  duplicate: sentenceAt('sku', 'duplicate'),
  unknown_reference: sentenceAt('category_id', 'unknown_reference'),
  broken_rule: sentenceAt('reason', 'broken_rule'),
  unknown_product: sentenceAt('items.0.sku', 'unknown_product'),
  unknown_payment_method: sentenceAt('payments.0.method', 'unknown_payment_method'),
  overpaid: sentenceAt('payments.0.amount', 'overpaid'),
  tendered_short: sentenceAt('payments.0.tendered', 'tendered_short'),
  change_not_cash: sentenceAt('payments.0.tendered', 'change_not_cash'),
  refund_exceeds_sold: sentenceAt('items.0.quantity', 'refund_exceeds_sold'),
  method_required: sentenceAt('method', 'method_required'),
  discount_exceeds_line: sentenceAt('items.0.discount', 'discount_exceeds_line'),
  unknown_option: sentenceAt('items.0.options.Neck', 'unknown_option'),
  option_required: sentenceAt('items.0.options.Neck', 'option_required'),
  move_not_allowed: sentenceAt('status', 'move_not_allowed'),
  advance_exceeded: sentenceAt('amount', 'advance_exceeded'),
  advance_undecided: sentenceAt('advance', 'advance_undecided'),
  order_closed: { status: 'delivered' },
  quotation_not_draft: { status: 'sent' },
  quotation_not_approved: { status: 'sent' },
  stale_version: { version: 4 },
  total_mismatch: { total: '8.56' },
  insufficient_stock: {
    lines: [
      {
        product_id: '01920000-0000-7000-8000-000000000002',
        sku: 'COF-250',
        name: 'Coffee 250 g',
        requested: 2,
        available: 1
      }
    ]
  },
  rate_limited: { retry_after: 12 },
  unavailable: { retry_after: 1, request_id: REQUEST },
  draining: { retry_after: 1, request_id: REQUEST },
  failed: { request_id: REQUEST }
}

/** Faults that speak of the data itself say so in the sentence as well. */
const SENTENCES: Partial<Record<Reason, string>> = {
  invalid_data: 'sku must not be empty',
  invalid_query: 'colour is not a field'
}

/** An answer with that reason. */
const exampleOf = (reason: Reason): Json => ({
  summary: catalogue[reason][1],
  value: errorBody(failure(reason, inCurrency(carried[reason]), SENTENCES[reason]))
})

/** One answer per reason, by its word. */
export const errorExamples = (reasons: Iterable<Reason>): Json =>
  Object.fromEntries([...reasons].map((reason) => [reason, exampleOf(reason)]))
