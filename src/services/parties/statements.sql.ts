import type { Queryable } from '../../database/connection.ts'

export type PartyKind = 'customer' | 'vendor'

export interface Asked {
  party: PartyKind
  id: string
  from: string
  to: string
  /** Entries of these branches alone; null for all. */
  branches: readonly string[] | null
  /** As many entries of the period are read, and no more. */
  most: number
}

/** A line of the account; the amount as decimal text, up where the balance goes up. */
export interface Entry {
  id: string
  business_date: string
  kind: string
  document: string
  document_id: string
  branch_id: string
  amount: string
}

export interface Account {
  /** The sum of what came before the period. */
  opening: string
  entries: Entry[]
  /** What was open at the end, from the newest to the oldest bucket; of a vendor all receipts until then. */
  buckets: string[]
}

/** What a document is, found by its id: the ledger has no word for it. */
const kindOf = (documents: [table: string, kind: string][]) =>
  `coalesce(${documents.map(([table, kind]) => `(select ${kind} from ${table} d where d.id = e.document_id)`).join(', ')}, 'other')`

const KINDS: Record<PartyKind, string> = {
  customer: kindOf([
    ['invoices', "'sale'"],
    ['payments', "case d.direction when 'in' then 'payment' else 'payment_reversal' end"],
    ['refunds', "'refund'"],
    ['invoice_voids', "'void'"],
    ['order_closings', "'order_credit'"]
  ]),
  vendor: kindOf([
    ['stock_receipts', "'receipt'"],
    ['stock_returns', "'return'"],
    ['vendor_payments', "case d.direction when 'payment' then 'payment' else 'payment_reversal' end"]
  ])
}

/**
 * What was left of a customer's invoices at the end of the day `$4`: the total less what had been paid and credited. All that
 * ever was on the account, be it by the sale, or by a payment that was taken back.
 */
const openInvoices = `select $4::date - i.business_date as age, i.total
    - coalesce((select sum(case p.direction when 'in' then p.amount else -p.amount end) from payments p
        where p.invoice_id = i.id and p.refund_id is null and p.business_date <= $4::date), 0)
    - coalesce((select sum(case p.direction when 'in' then a.amount else -a.amount end) from payment_allocations a
        join payments p on p.id = a.payment_id where a.invoice_id = i.id and a.business_date <= $4::date), 0)
    - coalesce((select sum(r.credited) from refunds r where r.invoice_id = i.id and r.business_date <= $4::date), 0) as amount
  from (select document_id as id from mine where amount > 0
      union select p.invoice_id from mine e join payments p on p.id = e.document_id where e.amount > 0) on_account
    join invoices i using (id)
  where not exists (select from invoice_voids v where v.invoice_id = i.id and v.business_date <= $4::date)`

/** Receipts whole: payments to vendors are of none in particular. */
const receipts = `select $4::date - r.business_date as age, r.total as amount from stock_receipts r
  where r.vendor_id = $1 and r.business_date <= $4::date and ($5::uuid[] is null or r.branch_id = any($5))`

const DEBTS: Record<PartyKind, string> = { customer: openInvoices, vendor: receipts }

/** Entries of one payment are of one instant: those follow each other as the balance went. */
const ORDER = 'e.business_date, e.created_at, sign(e.amount) * e.balance_after, e.id'

const bucket = (ages: string) => `coalesce(sum(amount) filter (where ${ages}), 0)::numeric(20, 4)::text`

/** One statement, so that the figures are of one moment. */
export async function readAccount(db: Queryable, { party, id, from, to, branches, most }: Asked): Promise<Account> {
  const [account] = await db.query<Account>(
    `with mine as not materialized (select * from account_entries
       where party_id = $1 and party = $2 and business_date <= $4::date and ($5::uuid[] is null or branch_id = any($5)))
     select (select coalesce(sum(amount), 0)::numeric(20, 4) from mine where business_date < $3::date) as opening,
       (select coalesce(json_agg(l order by l.place), '[]') from (
          select row_number() over (order by ${ORDER}) as place, e.id, e.business_date, ${KINDS[party]} as kind, e.document, e.document_id,
            e.branch_id, e.amount::text as amount
          from mine e where business_date >= $3::date order by ${ORDER} limit $6) l) as entries,
       (select array[${bucket('age <= 0')}, ${bucket('age between 1 and 30')}, ${bucket('age between 31 and 60')},
          ${bucket('age between 61 and 90')}, ${bucket('age > 90')}] from (${DEBTS[party]}) debts) as buckets`,
    [id, party, from, to, branches, most]
  )
  return account!
}
