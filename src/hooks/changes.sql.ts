import type { Queryable } from '../database/connection.ts'

/** An audit row, with each value as the text that JSON has for it; null where there was no row before or after. */
export interface AuditedChange {
  action: string
  resource: string
  record_id: string
  before: Record<string, string | null> | null
  after: Record<string, string | null> | null
}

/** Where the audit log ends now: what a transaction writes from here on comes after it. */
export async function auditMark(db: Queryable): Promise<number> {
  const [row] = await db.query<{ mark: number }>('select coalesce(max(seq), 0) as mark from audit_logs')
  return row!.mark
}

/** What this transaction has written to the audit log after the mark, which spares a search through all of it. */
export function auditSince(db: Queryable, mark: number): Promise<AuditedChange[]> {
  const texts = (column: string) => `(select jsonb_object_agg(key, value) from jsonb_each_text(${column})) as ${column}`
  return db.query(
    `select action, resource, record_id, ${texts('before')}, ${texts('after')} from audit_logs
     where seq > $1 and txid = pg_current_xact_id() order by seq`,
    [mark]
  )
}
