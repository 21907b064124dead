import type { Queryable } from '../../database/connection.ts'
import { failure, fieldFailure } from '../../errors.ts'
import type { Call } from '../../policy/call.ts'
import type { Principal } from '../../policy/principal.ts'
import { within } from '../../policy/reader.ts'
import { consumeApproval } from '../approvals/approvals.sql.ts'
import type { Party } from './context.sql.ts'
import { type ComputedSale, manualDiscount, takenOff, wire } from './price.ts'

/** What a sale by the preset roles may take off without special permission, in percent, where no setting says otherwise. */
const DEFAULT_DISCOUNT_LIMIT = 10

/** What of a sale its seller may not do alone. An approved price covers the discounts of that sale too. */
function lackedPermission(sale: ComputedSale, { access }: Principal): 'override' | 'discount' | undefined {
  if (sale.overridden && !access.of('invoices', 'override')) return 'override'
  const limit = BigInt(Math.round((sale.place.discount_limit ?? DEFAULT_DISCOUNT_LIMIT) * 10_000))
  return manualDiscount(sale) > limit && !access.of('invoices', 'discount') ? 'discount' : undefined
}

/** @throws 403 unless a colleague's approval is sent with it, which is used up when the sale is written */
export function requirePermission(
  sale: ComputedSale,
  approval: string | null | undefined,
  { principal, agreed }: Call
): void {
  const lacks = principal && !agreed && !approval && lackedPermission(sale, principal)
  if (lacks) throw failure(lacks === 'override' ? 'override_not_allowed' : 'discount_above_limit')
}

/** Who approved what the caller may not give alone; null where nobody had to. Uses the approval up. */
export async function useApproval(
  db: Queryable,
  id: string,
  sale: ComputedSale,
  approval: string | null | undefined,
  { principal }: Call
): Promise<string | null> {
  if (!approval || !principal) return null
  return consumeApproval(db, {
    id: approval,
    action: lackedPermission(sale, principal),
    document_id: id,
    session_id: principal.session_id,
    amount: wire(takenOff(sale))
  })
}

/** A party must be there, within the caller's reach (hidden equals missing) and active. */
export function requireParty(name: 'customer' | 'salesman', party: Party | null, { principal, reader }: Call): void {
  const access = principal?.access.of(name === 'customer' ? 'customers' : 'salesmen', 'read')
  const reached = !principal || (access && reader && within(access.alternatives, { ...party }, reader))
  if (!party || !reached) throw fieldFailure('unknown_reference', `${name}_id`)
  if (!party.is_active) throw fieldFailure('inactive', `${name}_id`)
}
