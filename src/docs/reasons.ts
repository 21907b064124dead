import { catalogue, type Reason } from '../errors.ts'
import type { Method, Resource } from '../schemas/define.ts'

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

const tender: Reason[] = ['unknown_payment_method', 'invalid_amount', 'overpaid', 'tendered_short', 'change_not_cash']
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
  'invalid_percent',
  'discount_exceeds_line',
  'discount_exceeds_total',
  ...tender
]

/** What a service with rules of its own refuses beside what every service does: resource -> method -> words. */
const special: Record<string, Partial<Record<Method, Reason[]>>> = {
  users: { patch: ['own_account', 'last_admin'], remove: ['own_account', 'last_admin'] },
  roles: { patch: ['builtin_role'], remove: ['builtin_role'] },
  'stock-entries': { create: ['insufficient_stock', 'invalid_quantity', 'broken_rule'] },
  invoices: { create: sale, patch: [...sale, 'invoice_issued'] },
  payments: { create: ['invoice_not_open', ...tender] }
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

/** Every reason word that a method of a resource can answer. */
export function reasonsOf(resource: Resource, method: Method): Reason[] {
  const words: Reason[] = [...checked, ...signedIn, 'not_allowed', ...always]
  if (method !== 'find' && method !== 'create') words.push(...withId)
  if (method === 'create') words.push(...withBody, 'id_conflict', ...constraintsOf(resource))
  if (method === 'patch') words.push(...withBody, 'stale_version', ...constraintsOf(resource))
  if (method === 'remove') words.push('in_use')
  return [...words, ...(special[resource.name]?.[method] ?? [])]
}

/** The same for the addresses of sign-in. */
export const authReasons = {
  login: [...withBody, 'invalid_login', ...always],
  refresh: [...withBody, 'token_invalid', 'token_expired', 'session_ended', 'refresh_reused', ...always],
  logout: [...withBody, 'token_invalid', ...always],
  session: [...signedIn, ...always]
} satisfies Record<string, Reason[]>

const RESPONSES: Record<number, string> = {
  400: 'Malformed',
  401: 'NotSignedIn',
  403: 'NotAllowed',
  404: 'NotFound',
  405: 'NoMethod',
  409: 'Conflict',
  413: 'TooLarge',
  415: 'UnsupportedType',
  422: 'AgainstRule',
  429: 'RateLimited',
  500: 'Failed',
  503: 'Unavailable'
}

const statuses = (words: readonly Reason[]): Map<number, Set<Reason>> => {
  const byStatus = new Map<number, Set<Reason>>()
  for (const word of words) {
    const [status] = catalogue[word]
    byStatus.set(status, (byStatus.get(status) ?? new Set()).add(word))
  }
  return byStatus
}

const listed = (words: Iterable<string>) => [...words].map((word) => `\`${word}\``).join(', ')

/** The error responses of an operation: per status a reference, with the words it can carry as its description. */
export const errorResponses = (words: readonly Reason[]) =>
  Object.fromEntries(
    [...statuses(words)].map(([status, reasons]) => [
      String(status),
      { $ref: `#/components/responses/${RESPONSES[status]}`, description: listed(reasons) }
    ])
  )

const retryAfter = { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer', minimum: 1 } } }

/** The responses that the references point to: one per status of the catalogue. */
export const errorComponents = () =>
  Object.fromEntries(
    [...statuses(Object.keys(catalogue) as Reason[])].map(([status, reasons]) => [
      RESPONSES[status]!,
      {
        description: listed(reasons),
        ...((status === 429 || status === 503) && { headers: retryAfter }),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } }
      }
    ])
  )
