import type { Queryable } from '../../database/connection.ts'
import { failure, fieldFailure } from '../../errors.ts'
import { compileAccess } from '../../policy/access.ts'
import { type Call, momentOf } from '../../policy/call.ts'
import type { Principal } from '../../policy/principal.ts'
import { within } from '../../policy/reader.ts'
import { consumeApproval, permissionsOf } from '../approvals/approvals.sql.ts'
import type { Party } from './context.ts'
import { type ComputedSale, manualDiscount, shareTakenOff, takenOff, wire } from './price.ts'

/**
 * What a sale may take off by hand, in percent, where no setting says otherwise: discounts by anybody, and more than those, other
 * prices too, by who may `discount`. Who may `override` has no limit.
 */
const DEFAULT_DISCOUNT_LIMIT = 10
const DEFAULT_OVERRIDE_LIMIT = 25

const limitOf = (percent: number) => BigInt(Math.round(percent * 10_000))

/** What of a sale its seller may not do alone. An approved price covers the discounts of that sale too. */
function lackedPermission(sale: ComputedSale, access: Principal['access']): 'override' | 'discount' | undefined {
  if (access.of('invoices', 'override')) return undefined
  const { discount_limit_percent, override_limit_percent } = sale.place.settings
  if (!access.of('invoices', 'discount')) {
    if (sale.overridden) return 'override'
    return manualDiscount(sale) > limitOf(discount_limit_percent ?? DEFAULT_DISCOUNT_LIMIT) ? 'discount' : undefined
  }
  const share = sale.overridden ? shareTakenOff(sale) : manualDiscount(sale)
  if (share <= limitOf(override_limit_percent ?? DEFAULT_OVERRIDE_LIMIT)) return undefined
  return sale.overridden ? 'override' : 'discount'
}

/** @throws 403 unless a colleague's approval is sent with it, which is used up when the sale is written */
export function requirePermission(
  sale: ComputedSale,
  approval: string | null | undefined,
  { principal, agreed }: Call
): void {
  const lacks = principal && !agreed && !approval && lackedPermission(sale, principal.access)
  if (lacks) throw failure(lacks === 'override' ? 'override_not_allowed' : 'discount_above_limit')
}

/** Who approved what the caller may not give alone; null where nobody had to. Uses the approval up. */
export async function useApproval(
  db: Queryable,
  id: string,
  sale: ComputedSale,
  approval: string | null | undefined,
  call: Call
): Promise<string | null> {
  const { principal } = call
  if (!approval || !principal) return null
  const lacks = lackedPermission(sale, principal.access)
  const approved_by = await consumeApproval(db, {
    id: approval,
    action: lacks,
    document_id: id,
    session_id: principal.session_id,
    amount: wire(takenOff(sale)),
    at: momentOf(call)
  })
  // Nobody approves what they may not do themselves.
  if (lacks && lackedPermission(sale, compileAccess(await permissionsOf(db, approved_by))))
    throw failure('approval_unfit')
  return approved_by
}

/** A party must be there, within the caller's reach (hidden equals missing) and active. */
export function requireParty(name: 'customer' | 'salesman', party: Party | null, { principal, reader }: Call): void {
  const access = principal?.access.of(name === 'customer' ? 'customers' : 'salesmen', 'read')
  const reached = !principal || (access && reader && within(access.alternatives, { ...party }, reader))
  if (!party || !reached) throw fieldFailure('unknown_reference', `${name}_id`)
  if (!party.is_active) throw fieldFailure('inactive', `${name}_id`)
}
