import { FeathersError } from '@feathersjs/errors'

/** Every reason word an answer can carry: HTTP status and the sentence people read. `docs/errors.md` explains each. */
export const catalogue = {
  invalid_data: [400, 'The data is not valid.'],
  invalid_query: [400, 'The query is not valid.'],
  invalid_id: [400, 'The id must be a UUID.'],
  invalid_json: [400, 'The body is not valid JSON.'],
  too_deep: [400, 'The data is nested too deeply.'],
  malformed_text: [400, 'The data contains text that is not well formed.'],
  not_signed_in: [401, 'Sign in first.'],
  invalid_login: [401, 'User name or password is not right.'],
  token_invalid: [401, 'The token is not valid.'],
  token_expired: [401, 'The token has expired.'],
  session_ended: [401, 'The session has ended; sign in again.'],
  refresh_reused: [401, 'This refresh token was used before; the session has ended.'],
  not_allowed: [403, 'You are not allowed to do this.'],
  override_not_allowed: [403, 'You are not allowed to change a price.'],
  discount_above_limit: [403, 'The discount is above your limit.'],
  refund_above_limit: [403, 'The refund is above your limit.'],
  approval_refused: [403, 'The colleague or the PIN is not right, or the colleague may not approve this.'],
  approval_unfit: [403, 'The approval is not for this.'],
  not_found: [404, 'There is no such record.'],
  content_missing: [404, 'The picture is not in the store any more; send it again.'],
  no_route: [404, 'There is no such address.'],
  no_method: [405, 'This method is not offered here.'],
  duplicate: [409, 'Another record has this value already.'],
  id_conflict: [409, 'This id was used before with other content.'],
  import_running: [409, 'This import is still under way.'],
  stale_version: [409, 'The record was changed by somebody else in the meantime.'],
  in_use: [409, 'Other records refer to this one; deactivate it instead.'],
  insufficient_stock: [409, 'There is not enough stock.'],
  invoice_issued: [409, 'An issued invoice cannot be changed.'],
  invoice_not_open: [409, 'The invoice is not open for payment.'],
  shift_open: [409, 'The register has an open shift already.'],
  not_refundable: [409, 'Only an issued invoice can be refunded.'],
  shift_closed: [409, 'The shift is closed.'],
  barcodes_exhausted: [409, 'The series of barcodes is used up; give the branch another prefix.'],
  transfer_received: [409, 'The transfer was received before.'],
  count_open: [409, 'A count is open at this branch.'],
  count_closed: [409, 'The count is closed.'],
  not_issued: [409, 'Only an issued invoice is printed.'],
  not_voidable: [409, 'Only an issued invoice of which nothing came back can be voided.'],
  void_too_late: [409, 'The sale is of an earlier day or shift; refund it.'],
  payment_not_reversible: [409, 'The payment cannot be taken back, or was already.'],
  move_not_allowed: [409, 'The record cannot go from its state to this one.'],
  quotation_not_draft: [409, 'A quotation is changed as a draft alone.'],
  quotation_not_approved: [409, 'The quotation is not approved, or an order was made of it before.'],
  quotation_expired: [409, 'The quotation is not valid any more.'],
  order_closed: [409, 'The order was delivered or cancelled.'],
  total_mismatch: [409, 'The total differs from the one expected.'],
  too_large: [413, 'The request is too large.'],
  unsupported_type: [415, 'Only application/json is taken.'],
  invalid_image: [422, 'This is no JPEG, PNG or WebP picture, or it is damaged.'],
  image_too_large: [422, 'The picture has too many pixels.'],
  broken_rule: [422, 'This is against a rule of the shop.'],
  unknown_reference: [422, 'A record referred to does not exist.'],
  unknown_product: [422, 'There is no such product for sale here.'],
  unknown_option: [422, 'There is no such option.'],
  option_required: [422, 'An option must be chosen of every group.'],
  reservation_exceeded: [422, 'More was to be let go than is kept for the order.'],
  advance_exceeded: [422, 'More was to be given back than was paid.'],
  advance_exceeds_total: [422, 'More was paid on the order than it would come to.'],
  advance_undecided: [422, 'Say what becomes of the advance.'],
  unknown_payment_method: [422, 'There is no such payment method.'],
  unknown_register: [422, 'There is no such register.'],
  no_open_shift: [422, 'There is no open shift here.'],
  payment_required: [422, 'A sale without a customer must be paid in full.'],
  credit_limit: [422, 'The sale goes beyond the customer’s credit limit.'],
  no_dry_run: [422, 'This cannot be tried out: it takes effect at once.'],
  inactive: [422, 'The record is not active any more.'],
  own_account: [422, 'Nobody changes their own role, branch or activity, or deletes themselves.'],
  last_admin: [422, 'The last active administrator stays.'],
  builtin_role: [422, 'A built-in role stays as it is.'],
  invalid_amount: [422, 'The amount is not valid.'],
  invalid_quantity: [422, 'The quantity is not valid.'],
  invalid_barcode: [422, 'The barcode was not read right.'],
  invalid_percent: [422, 'The percentage is not valid.'],
  discount_exceeds_line: [422, 'The discount is larger than the line.'],
  discount_exceeds_total: [422, 'The discount is larger than the sale.'],
  overpaid: [422, 'The payments are more than what is owed.'],
  credit_exceeded: [422, 'The customer has not so much credit.'],
  refund_exceeds_sold: [422, 'More would come back than was sold and is not back yet.'],
  statement_too_long: [422, 'The period has too many entries; ask for a shorter one.'],
  method_required: [422, 'Say how the money is given back.'],
  tendered_short: [422, 'Less was handed over than the amount.'],
  change_not_cash: [422, 'Only cash gives change.'],
  approval_used: [422, 'The approval was used before.'],
  approval_expired: [422, 'The approval has expired.'],
  rate_limited: [429, 'Too many requests; try again later.'],
  failed: [500, 'Something went wrong on our side.'],
  unavailable: [503, 'The database cannot be reached; try again shortly.'],
  store_unavailable: [503, 'The store of pictures cannot be reached; try again shortly.'],
  draining: [503, 'The server is stopping; try again shortly.']
} as const satisfies Record<string, readonly [number, string]>

export type Reason = keyof typeof catalogue

const NAMES: Record<number, string> = {
  400: 'BadRequest',
  401: 'NotAuthenticated',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  409: 'Conflict',
  413: 'PayloadTooLarge',
  415: 'UnsupportedMediaType',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  500: 'GeneralError',
  503: 'Unavailable'
}

export const isReason = (word: unknown): word is Reason => typeof word === 'string' && Object.hasOwn(catalogue, word)

/**
 * An error of the catalogue, to be thrown. `data` goes into the answer's `data` beside the reason; its `errors`
 * (`{path, message}` for a form) into the answer's `errors`.
 */
export function failure(reason: Reason, data: Record<string, unknown> = {}, sentence?: string): FeathersError {
  const [code, message] = catalogue[reason]
  const name = NAMES[code]!
  return new FeathersError(
    sentence ?? message,
    name,
    code,
    name.replace(/[A-Z]/g, (c, i) => (i ? '-' : '') + c.toLowerCase()),
    {
      reason,
      ...data
    }
  )
}

/** The same with one field at fault. */
export const fieldFailure = (reason: Reason, path: string, message: string = catalogue[reason][1]): FeathersError =>
  failure(reason, { errors: [{ path, message }] })

/** A client's own names come back in an error: no longer, and no more of them, than a form can show. */
export const MAX_ERROR_TEXT = 500
export const MAX_FAULTS = 20

const short = (text: string): string =>
  text.length > MAX_ERROR_TEXT ? `${text.slice(0, MAX_ERROR_TEXT - 1).toWellFormed()}…` : text

/** The body of an error's answer: what may be seen of it. Feathers would send every property it has, the stack too. */
export function errorBody({ name, message, code, className, data, errors }: FeathersError): Record<string, unknown> {
  const faults = Array.isArray(errors) ? errors.slice(0, MAX_FAULTS) : []
  const shown = faults.map(({ path, message: fault }) => ({ path: short(path), message: short(fault) }))
  return { name, message: short(message), code, className, data: { ...data }, ...(shown.length && { errors: shown }) }
}
