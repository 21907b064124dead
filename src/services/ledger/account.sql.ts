import type { Queryable } from '../../database/connection.ts'

/** One line on a party's account. Up: a customer owes more, a vendor is owed more. */
export interface AccountPost {
  id: string
  party_id: string
  party: 'customer' | 'vendor'
  branch_id: string
  /** Signed decimal text, never 0. */
  amount: string
  /** The document, as people write it. */
  document: string
  document_id: string
  business_date: string
}

const POST = `id uuid, party_id uuid, party text, branch_id uuid, amount numeric, document text, document_id uuid, business_date date, place int`

/**
 * Writes entries and the balances they lead to, locking the balances by party. To be called once stock is locked, and
 * before a number is taken. Answers the balance of each party after it.
 */
export async function postAccounts(
  db: Queryable,
  posts: readonly AccountPost[],
  { created_by, at }: { created_by: string | null; at?: Date | undefined }
): Promise<Map<string, string>> {
  if (!posts.length) return new Map()
  const rows = await db.query<{ party_id: string; balance: string }>(
    `with n as materialized (select * from json_to_recordset($1::json) as n(${POST})),
     kept as (insert into account_balances as a (party_id, balance) select party_id, sum(amount) from n group by 1 order by 1
       on conflict (party_id) do update set balance = a.balance + excluded.balance returning a.party_id, a.balance),
     made as (insert into account_entries (id, created_at, party_id, party, branch_id, amount, balance_after, document, document_id, business_date, created_by)
       select n.id, coalesce($2::timestamptz, clock_timestamp()), n.party_id, n.party, n.branch_id, n.amount,
         k.balance - sum(n.amount) over (partition by n.party_id) + sum(n.amount) over (partition by n.party_id order by n.place),
         n.document, n.document_id, n.business_date, $3::uuid
       from n join kept k using (party_id) order by n.place)
     select party_id, balance from kept`,
    [JSON.stringify(posts.map((post, place) => ({ ...post, place }))), at ?? null, created_by]
  )
  return new Map(rows.map(({ party_id, balance }) => [party_id, balance]))
}

/**
 * Locks the balances of these parties by id, making those that were never there: for a document whose entries carry its
 * number, which is taken after this lock and before `postAccounts`.
 */
export async function lockAccounts(db: Queryable, parties: readonly string[]): Promise<void> {
  await db.query(
    `insert into account_balances (party_id, balance) select distinct p, 0 from unnest($1::uuid[]) p order by 1
     on conflict (party_id) do nothing`,
    [parties]
  )
  await db.query('select 1 from account_balances where party_id = any($1::uuid[]) order by party_id for update', [
    parties
  ])
}
