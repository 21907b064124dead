import type { Queryable } from '../../database/connection.ts'
import { failure } from '../../errors.ts'
import { newId } from '../../ids.ts'
import type { Rule } from '../../policy/access.ts'
import type { Call } from '../../policy/call.ts'

export interface Colleague {
  id: string
  pin_hash: string | null
  is_active: boolean
  branch_id: string | null
  role: string
  permissions: Rule[]
}

/** Who is called that: user names have no @ and e-mails do, so at most one. */
export async function findColleague(db: Queryable, name: string): Promise<Colleague | undefined> {
  const [found] = await db.query<Colleague>(
    `select u.id, u.pin_hash, u.is_active, u.branch_id, r.name as role, r.permissions
     from users u join roles r on r.id = u.role_id where lower(u.username) = lower($1) or lower(u.email) = lower($1)`,
    [name]
  )
  return found
}

/** What the role of a user may do. */
export async function permissionsOf(db: Queryable, user: string): Promise<Rule[]> {
  const [role] = await db.query<{ permissions: Rule[] }>(
    'select r.permissions from users u join roles r on r.id = u.role_id where u.id = $1',
    [user]
  )
  return role!.permissions
}

/**
 * Keeps that an approval was refused: of the colleague, where there is one of that name, else of who asked. Neither the
 * name nor the PIN as typed, which may be another secret in the wrong field.
 */
export async function recordRefusal(
  db: Queryable,
  colleague: string | undefined,
  { principal, request_id }: Call,
  asked: Record<string, unknown>
): Promise<void> {
  const { user, session_id } = principal!
  await db.query(
    `insert into audit_logs (id, action, resource, record_id, branch_id, user_id, session_id, request_id, after)
     values ($1, 'refuse', 'users', $2, $3, $4, $5, $6, $7)`,
    [newId(), colleague ?? user.id, user.branch_id, user.id, session_id, request_id ?? null, JSON.stringify(asked)]
  )
}

/** What a document asks of an approval. */
export interface Use {
  /** As the client sent it. */
  id: string
  /** Left out where the document needs none of its own. */
  action?: 'discount' | 'override' | 'refund' | undefined
  document_id: string
  session_id: string
  /** Decimal text. */
  amount: string
  /** When the document is made, where that is not now. */
  at?: Date | undefined
}

const FITS = `a.id = $1 and a.document_id = $2 and a.session_id = $3 and a.action = coalesce($4, a.action) and a.amount >= $5::numeric`

/**
 * Uses an approval up, in the transaction of the document that needs it, and answers who gave it. Before any other lock of
 * the document. @throws 403 approval_unfit for one of another session, document or action, or of less; 422 approval_used,
 * approval_expired
 */
export async function consumeApproval(db: Queryable, use: Use): Promise<string> {
  const values = [use.id, use.document_id, use.session_id, use.action ?? null, use.amount]
  const now = 'coalesce($6::timestamptz, clock_timestamp())'
  const [used] = await db.query<{ approved_by: string }>(
    `update approvals a set used_at = ${now} where ${FITS} and a.used_at is null
       and a.created_at > ${now} - interval '2 minutes' returning a.approved_by`,
    [...values, use.at ?? null]
  )
  if (used) return used.approved_by
  const [found] = await db.query<{ used: boolean }>(
    `select a.used_at is not null as used from approvals a where ${FITS}`,
    values
  )
  if (!found) throw failure('approval_unfit')
  throw failure(found.used ? 'approval_used' : 'approval_expired')
}
