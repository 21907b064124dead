import { catalogue, type Reason } from '../errors.ts'
import type { Method, Resource } from '../schemas/define.ts'
import { resources } from '../schemas/index.ts'
import { keysOf } from '../schemas/keys.ts'
import { exampleRef, schemaRef } from './components.ts'
import { countedHeaders, retryHeaders } from './headers.ts'
import { orderReasons } from './order-reasons.ts'
import type { Json } from './wire.ts'

const always: Reason[] = ['rate_limited', 'failed', 'unavailable', 'draining']
const signedIn: Reason[] = ['not_signed_in', 'token_invalid', 'token_expired', 'session_ended']
const checked: Reason[] = ['invalid_query', 'invalid_data', 'too_deep', 'malformed_text']
const withBody: Reason[] = [
  'invalid_data',
  'too_deep',
  'malformed_text',
  'invalid_json',
  'too_large',
  'unsupported_type'
]
const withId: Reason[] = ['invalid_id', 'not_found']

const tender: Reason[] = [
  'credit_exceeded',
  'unknown_payment_method',
  'invalid_amount',
  'overpaid',
  'tendered_short',
  'change_not_cash'
]
const sale: Reason[] = [
  'override_not_allowed',
  'discount_above_limit',
  'insufficient_stock',
  'total_mismatch',
  'unknown_product',
  'unknown_register',
  'payment_required',
  'credit_limit',
  'inactive',
  'invalid_quantity',
  'invalid_barcode',
  'invalid_percent',
  'discount_exceeds_line',
  'discount_exceeds_total',
  'approval_unfit',
  'approval_used',
  'approval_expired',
  ...tender
]

/** What a service with rules of its own refuses beside what every service does: resource -> method -> words. */
const special: Record<string, Partial<Record<Method, Reason[]>>> = {
  // Whoever blocks from now on must have none below zero.
  branches: { patch: ['insufficient_stock'] },
  'invoice-prints': { create: ['not_issued'] },
  approvals: { create: ['approval_refused'] },
  barcodes: { create: ['barcodes_exhausted', 'broken_rule'] },
  users: { patch: ['own_account', 'last_admin'], remove: ['own_account', 'last_admin'] },
  roles: { patch: ['builtin_role'], remove: ['builtin_role'] },
  'stock-entries': { create: ['insufficient_stock', 'invalid_quantity', 'broken_rule'] },
  'stock-receipts': { create: ['unknown_product', 'invalid_quantity', 'invalid_amount', 'inactive'] },
  'stock-transfers': { create: ['insufficient_stock', 'unknown_product', 'invalid_quantity', 'inactive'] },
  'stock-transfer-receipts': { create: ['transfer_received', 'invalid_quantity', 'broken_rule'] },
  'stock-counts': { create: ['count_open', 'inactive', 'broken_rule'] },
  'stock-count-lines': { create: ['count_closed', 'unknown_product', 'broken_rule'] },
  'stock-count-closings': { create: ['count_closed', 'insufficient_stock'] },
  'stock-returns': {
    create: ['insufficient_stock', 'unknown_product', 'invalid_quantity', 'invalid_amount', 'inactive']
  },
  invoices: { create: sale, patch: [...sale, 'invoice_issued'] },
  shifts: { create: ['unknown_register', 'shift_open'] },
  refunds: {
    create: [
      'refund_above_limit',
      'approval_unfit',
      'approval_used',
      'approval_expired',
      'not_refundable',
      'refund_exceeds_sold',
      'method_required',
      'invalid_quantity',
      'unknown_payment_method',
      'unknown_register'
    ]
  },
  'cash-movements': { create: ['no_open_shift', 'shift_closed', 'invalid_amount', 'broken_rule'] },
  'shift-closings': { create: ['no_open_shift', 'shift_closed', 'unknown_payment_method', 'invalid_amount'] },
  expenses: {
    create: ['unknown_payment_method', 'no_open_shift', 'invalid_amount', 'inactive'],
    remove: ['shift_closed']
  },
  'vendor-payments': { create: ['unknown_payment_method', 'no_open_shift', 'invalid_amount', 'inactive'] },
  'invoice-voids': { create: ['not_voidable', 'void_too_late', 'unknown_register'] },
  payments: {
    create: ['invoice_not_open', 'payment_not_reversible', 'inactive', 'unknown_register', ...tender]
  },
  ...orderReasons(sale)
}

/** What the database refuses of written records, as far as the definition has such rules. */
function constraintsOf({ all, relations, checks, unique }: Resource): Reason[] {
  const isUnique = unique?.length || Object.values(all).some((field) => field.unique && !field.readOnly)
  return [
    ...(isUnique ? (['duplicate'] as const) : []),
    ...(Object.keys(relations).length ? (['unknown_reference'] as const) : []),
    ...(checks ? (['broken_rule'] as const) : [])
  ]
}

/** A create may become a patch of the record that has the same unique key. */
export const isUpsertable = (resource: Resource): boolean =>
  resource.methods.includes('create') && resource.methods.includes('patch') && keysOf(resource).length > 0

/** Every reason word that a method of a resource can answer. */
export function reasonsOf(resource: Resource, method: Method): Reason[] {
  const words: Reason[] = [...checked, ...signedIn, 'not_allowed', ...always]
  if (method !== 'find' && method !== 'create') words.push(...withId)
  if (method === 'create') words.push(...withBody, 'id_conflict', ...constraintsOf(resource))
  if (method === 'create' && isUpsertable(resource)) words.push(...(special[resource.name]?.patch ?? []))
  if (method === 'patch') words.push(...withBody, 'stale_version', ...constraintsOf(resource))
  if (method === 'remove') words.push('in_use')
  return [...words, ...(special[resource.name]?.[method] ?? [])]
}

/** The same for a list whose query is the body. */
export const postedReasons: Reason[] = [...checked, ...withBody, ...signedIn, 'not_allowed', ...always]

/** The same for a file that is read in: what is wrong with its rows is said in the record of the import. */
export const importReasons: Reason[] = [
  ...checked,
  'invalid_id',
  ...signedIn,
  'not_allowed',
  'id_conflict',
  'import_running',
  'too_large',
  'unsupported_type',
  ...always
]

const IN_BATCH: Method[] = ['get', 'create', 'patch', 'remove']

/** The same for a batch: whatever one of its operations can. */
export const batchReasons: Reason[] = [
  ...withBody,
  'no_method',
  ...resources.flatMap((resource) =>
    IN_BATCH.filter((method) => resource.methods.includes(method)).flatMap((method) => reasonsOf(resource, method))
  )
]

// A sign-in cannot be tried out.
const signIn: Reason[] = [...checked, ...withBody, 'no_dry_run', ...always]

/** The same for the addresses that are no resource. */
export const routeReasons = {
  login: [...signIn, 'invalid_login'],
  refresh: [...signIn, 'token_invalid', 'token_expired', 'session_ended', 'refresh_reused'],
  logout: [...signIn, 'token_invalid'],
  session: [...checked, ...signedIn, ...always],
  shiftReport: [...checked, 'invalid_id', ...signedIn, 'not_allowed', 'not_found', ...always],
  statement: [...checked, 'invalid_id', ...signedIn, 'not_allowed', 'not_found', 'statement_too_long', ...always],
  document: ['invalid_query', ...signedIn, ...always],
  open: ['invalid_query', 'rate_limited', 'failed'],
  metrics: ['invalid_query', 'not_signed_in', 'no_route', 'failed']
} satisfies Record<string, Reason[]>

/** Every word that some operation can answer. */
export const allReasons = (resources: readonly Resource[]): Set<Reason> =>
  new Set([
    ...Object.values(routeReasons).flat(),
    ...postedReasons,
    ...importReasons,
    ...batchReasons,
    ...resources.flatMap((resource) => resource.methods.flatMap((method) => reasonsOf(resource, method)))
  ])

const statuses = (words: readonly Reason[]): Map<number, Reason[]> => {
  const byStatus = new Map<number, Reason[]>()
  for (const word of new Set(words)) {
    const [status] = catalogue[word]
    const known = byStatus.get(status)
    if (known) known.push(word)
    else byStatus.set(status, [word])
  }
  return byStatus
}

/** One answer with a status: the words it can carry as the names of its examples. */
function errorResponse(status: number, words: readonly Reason[]): Json {
  return {
    description: words.map((word) => `\`${word}\``).join(', '),
    headers: status === 429 || status === 503 ? retryHeaders : countedHeaders,
    content: {
      'application/json': {
        schema: schemaRef('Error'),
        examples: Object.fromEntries(words.map((word) => [word, exampleRef(word)]))
      }
    }
  }
}

/** Answers that many operations give alike, by name; any other set of words is written where it is given. */
const SHARED: Record<string, Reason[]> = {
  NotSignedIn: signedIn,
  NotAllowed: ['not_allowed'],
  NotFound: ['not_found'],
  TooLarge: ['too_large'],
  UnsupportedType: ['unsupported_type'],
  RateLimited: ['rate_limited'],
  Failed: ['failed'],
  Unavailable: ['unavailable', 'draining'],
  MalformedQuery: checked,
  MalformedIdOrQuery: [...checked, 'invalid_id'],
  MalformedCreate: [...checked, 'invalid_json'],
  MalformedPatch: [...checked, 'invalid_id', 'invalid_json'],
  Duplicate: ['id_conflict', 'duplicate'],
  Stale: ['stale_version'],
  StaleOrDuplicate: ['stale_version', 'duplicate'],
  IdConflict: ['id_conflict'],
  InUse: ['in_use'],
  UnknownReference: ['unknown_reference']
}
const keyOf = (words: readonly Reason[]) => [...words].sort().join()
const shared = new Map(Object.entries(SHARED).map(([name, words]) => [keyOf(words), name]))

/** The error responses of an operation, by status. */
export const errorResponses = (words: readonly Reason[]): Json =>
  Object.fromEntries(
    [...statuses(words)].map(([status, reasons]) => {
      const name = shared.get(keyOf(reasons))
      return [String(status), name ? { $ref: `#/components/responses/${name}` } : errorResponse(status, reasons)]
    })
  )

/** The responses that the references point to. */
export const errorComponents = (): Json =>
  Object.fromEntries(
    Object.entries(SHARED).map(([name, words]) => [name, errorResponse(catalogue[words[0]!][0], words)])
  )
