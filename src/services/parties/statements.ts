import { BUCKETS, leftOf } from '../../domain/ageing.ts'
import { formatMoney, type Minor } from '../../domain/money.ts'
import { failure, fieldFailure } from '../../errors.ts'
import type { Access } from '../../policy/access.ts'
import type { Call } from '../../policy/call.ts'
import { within } from '../../policy/reader.ts'
import type { Where } from '../../schemas/conditions.ts'
import { currency } from '../../schemas/currency.ts'
import { isUuid, kinds } from '../../schemas/kinds.ts'
import type { Row } from '../projection.ts'
import type { ResourceService } from '../resource.ts'
import { type Account, type Entry, type PartyKind, readAccount } from './statements.sql.ts'

/** Entries of one statement; a longer one is refused and not cut. */
const MOST = 5000

/** What of the ledger a statement shows. */
const SHOWN = ['party_id', 'branch_id', 'amount', 'document', 'document_id', 'business_date']

/** Sums may be larger than one amount, so they are not parsed as such. */
const minor = (stored: string): Minor => BigInt((kinds.money.decode!(stored as never, {}) as string).replace('.', ''))
const wire = (amount: Minor): string => formatMoney(amount, currency.scale)

/** Statements of accounts of customers, or of vendors. */
export class StatementService {
  private readonly party: PartyKind
  private readonly parties: ResourceService
  private readonly entries: ResourceService

  constructor(party: PartyKind, parties: ResourceService, entries: ResourceService) {
    this.party = party
    this.parties = parties
    this.entries = entries
  }

  /**
   * The account of a party over a period, by business dates: for who may read the party and the ledger. Who reads the ledger of
   * some branches gets the statement of those, which says so. @throws 400, 403, 404, 422 statement_too_long
   */
  async get(id: string, call: Call = {}): Promise<Row> {
    if (!isUuid(id)) throw failure('invalid_id', { errors: [{ path: 'id', message: 'must be a UUID' }] })
    const period = periodOf(call.query)
    const party = await this.read(id.toLowerCase(), call)
    const branches = this.branches(call)
    const db = call.transaction ?? this.entries.engine.database
    const asked = { party: this.party, id: party.id as string, ...period, branches, most: MOST + 1 }
    const account = await readAccount(db, asked)
    if (account.entries.length > MOST) throw failure('statement_too_long')
    return { id: party.id, [this.party]: party, ...period, branches, ...this.figures(account) }
  }

  /** Hidden equals missing. */
  private async read(id: string, { principal, reader, transaction }: Call): Promise<Row> {
    const access = principal?.access.of(this.parties.resource.name, 'read')
    if (principal && !access?.has.has('name')) throw failure('not_allowed')
    const { name } = await this.parties.get(id, { ...(access && { access, reader }), transaction })
    return { id, name }
  }

  /** The branches whose entries are in reach; null for all. A statement of entries chosen otherwise would be none. */
  private branches({ principal, reader }: Call): string[] | null {
    if (!principal) return null
    const access = principal.access.of(this.entries.resource.name, 'read')
    if (!access || !reader || !SHOWN.every((name) => access.has.has(name))) throw failure('not_allowed')
    const { alternatives }: Access = access
    if (!alternatives) return null
    if (!alternatives.every(isOfBranch)) throw failure('not_allowed')
    return this.entries.engine.places.ids.filter((branch_id) => within(alternatives, { branch_id }, reader))
  }

  private figures({ opening, entries, buckets }: Account): Row {
    let balance = minor(opening)
    const sums = { debits: 0n, credits: 0n }
    const lines = entries.map(({ id, business_date, kind, document, document_id, branch_id, amount }: Entry) => {
      balance += minor(amount)
      const { debit, credit } = this.sides(minor(amount))
      sums.debits += debit
      sums.credits += credit
      const line = { id, business_date, kind, document, document_id, branch_id }
      return { ...line, debit: wire(debit), credit: wire(credit), balance: wire(balance) }
    })
    return {
      opening: wire(minor(opening)),
      entries: lines,
      debits: wire(sums.debits),
      credits: wire(sums.credits),
      closing: wire(balance),
      ageing: this.ageing(balance, buckets.map(minor))
    }
  }

  /** As books have it: what a customer owes is debited, what a vendor is owed credited. */
  private sides(amount: Minor) {
    const [up, down] = amount > 0n ? [amount, 0n] : [0n, -amount]
    return this.party === 'customer' ? { debit: up, credit: down } : { debit: down, credit: up }
  }

  private ageing(balance: Minor, debts: Minor[]): Row {
    const open = this.party === 'customer' ? debts : leftOf(balance, debts)
    const unallocated = open.reduce((rest, amount) => rest - amount, balance)
    const buckets = BUCKETS.map((name, i) => [name, wire(open[i]!)])
    return { ...Object.fromEntries(buckets), unallocated: wire(unallocated), balance: wire(balance) }
  }
}

const isOfBranch = (where: Where): boolean =>
  'and' in where
    ? where.and.every(isOfBranch)
    : 'or' in where
      ? where.or.every(isOfBranch)
      : 'field' in where && where.field === 'branch_id'

function day(query: Row, name: string): string {
  if (query[name] === undefined) throw fieldFailure('invalid_query', name, 'is required')
  try {
    return kinds.date.clean(query[name], {}) as string
  } catch (error) {
    if (error instanceof TypeError) throw fieldFailure('invalid_query', name, error.message)
    throw error
  }
}

/** Both days belong to it. */
function periodOf(query: Row = {}): { from: string; to: string } {
  const unknown = Object.keys(query).find((name) => name !== 'from' && name !== 'to')
  if (unknown !== undefined) throw fieldFailure('invalid_query', unknown, 'is not known here')
  const [from, to] = [day(query, 'from'), day(query, 'to')]
  if (from > to) throw fieldFailure('invalid_query', 'to', 'must not be before from')
  return { from, to }
}
