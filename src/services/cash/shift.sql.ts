import type { Queryable } from '../../database/connection.ts'

/** A register as a shift needs it, with its branch. */
export interface Till {
  register_id: string
  register_code: string
  branch_id: string
  branch_code: string
  timezone: string
  is_active: boolean
}

const TILL = `r.id as register_id, r.code as register_code, b.id as branch_id, b.code as branch_code, b.timezone,
  r.is_active and b.is_active as is_active from registers r join branches b on b.id = r.branch_id`

/** The register with this id, or without one the first of the branch; undefined where there is none. */
export async function readTill(db: Queryable, register: unknown, branch: string | null): Promise<Till | undefined> {
  const [till] = await db.query<Till>(
    register
      ? `select ${TILL} where r.id = $1`
      : `select ${TILL} where b.id = $1 and r.is_active order by r.created_at, r.id limit 1`,
    [register || branch]
  )
  return till
}

export interface LastShift {
  id: string
  status: 'open' | 'closed'
}

/** The register's newest shift. Waits for a closing of it that is under way. */
export async function lockLastShift(db: Queryable, register: string): Promise<LastShift | undefined> {
  const [last] = await db.query<LastShift>(
    'select id, status from shifts where register_id = $1 order by created_at desc, id desc limit 1 for key share',
    [register]
  )
  return last
}

/** What the closing of a shift counted in the drawer; undefined where it has none. */
export async function countedCash(db: Queryable, shift: string): Promise<string | undefined> {
  const [closing] = await db.query<{ counted: string }>(
    `select counted ->> 'cash' as counted from shift_closings where shift_id = $1`,
    [shift]
  )
  return closing?.counted
}

/** A shift that a document of the drawer is about. */
export interface Drawer {
  id: string
  register_id: string
  branch_id: string
  opened_by: string | null
  status: 'open' | 'closed'
  /** `MAIN-01` */
  prefix: string
  timezone: string
}

/**
 * Locks the shift with this id, else the newest of this register, else the newest open one of this user. `key share` keeps it from
 * being closed, `update` waits for all who do.
 */
export async function lockDrawer(
  db: Queryable,
  { shift_id, register_id, user_id }: { shift_id?: unknown; register_id?: unknown; user_id: string | null },
  strength: 'key share' | 'update'
): Promise<Drawer | undefined> {
  const [where, value] = shift_id
    ? ['s.id = $1', shift_id]
    : register_id
      ? ['s.register_id = $1', register_id]
      : [`s.opened_by = $1 and s.status = 'open'`, user_id]
  const [drawer] = await db.query<Drawer>(
    `select s.id, s.register_id, s.branch_id, s.opened_by, s.status, b.code || '-' || r.code as prefix, b.timezone
     from shifts s join registers r on r.id = s.register_id join branches b on b.id = s.branch_id
     where ${where} order by s.created_at desc, s.id desc limit 1 for ${strength} of s`,
    [value]
  )
  return drawer
}

export interface OpenShift {
  id: string
  register_id: string
  branch_id: string
  opened_by: string | null
}

/**
 * The shift that money taken or given now belongs to: the caller's own at this branch, else that of the register.
 * Undefined where neither is open. It cannot be closed until the transaction ends; to be called before stock, balances and numbers
 * are locked.
 */
export async function takeShift(
  db: Queryable,
  { user_id, branch_id, register_id }: { user_id: string | null; branch_id: string; register_id: string | null }
): Promise<OpenShift | undefined> {
  const asked = [user_id, branch_id, register_id]
  const open = `from shifts where status = 'open' and branch_id = $2 and (opened_by = $1::uuid or register_id = $3::uuid)`
  // A statement that waits for a closing does not see what was opened meanwhile. Where that leaves nothing of what it saw
  // to be open, another one looks again.
  for (;;) {
    const [found] = await db.query<{ seen: boolean; shift: OpenShift | null }>(
      `select seen, to_json(s) as shift from (select exists (select ${open}) as seen) e left join lateral
         (select id, register_id, branch_id, opened_by ${open}
          order by coalesce(opened_by = $1::uuid, false) desc, created_at desc limit 1 for key share) s on true`,
      asked
    )
    const { seen, shift } = found!
    if (shift || !seen) return shift ?? undefined
  }
}

const AUDIT = 'id, action, resource, record_id, branch_id, user_id, session_id, request_id, before, after'

/**
 * Gives a new shift what its register sold and took while none was open, as late. Not what was there before the register
 * had shifts. A sale that was being written while one shift closed and the next opened is found by the one after it, so
 * this looks a day further back than the last shift. Invoices are locked in the order in which payments on account do.
 */
export async function adoptLate(
  db: Queryable,
  shift: { id: string; register_id: string },
  author: { user_id: string | null; session_id: string | null; request_id: string | null }
): Promise<void> {
  await db.query(
    `with earlier as materialized (select greatest(min(created_at), max(created_at) - interval '1 day') as since
       from shifts where register_id = $2 and id <> $1),
     sold as materialized (select i.* from invoices i, earlier e where i.shift_id is null and i.register_id = $2
       and i.created_at >= e.since and i.series_no is not null order by i.issued_at, i.id for update of i),
     late as (update invoices i set shift_id = $1, late = true, version = i.version + 1, updated_at = clock_timestamp()
       from sold o where o.id = i.id returning i.*),
     money as materialized (select p.* from payments p, earlier e where p.shift_id is null and p.register_id = $2
       and p.created_at >= e.since for update of p),
     taken as (update payments p set shift_id = $1 from money o where o.id = p.id returning p.*),
     advances as materialized (select p.* from order_payments p, earlier e where p.shift_id is null and p.register_id = $2
       and p.created_at >= e.since for update of p),
     advanced as (update order_payments p set shift_id = $1 from advances o where o.id = p.id returning p.*),
     orders as (insert into audit_logs (${AUDIT})
       select gen_random_uuid(), 'patch', 'order-payments', p.id, p.branch_id, $3, $4, $5,
         regal_changed(to_jsonb(o), to_jsonb(p)), regal_changed(to_jsonb(p), to_jsonb(o)) from advanced p join advances o using (id)),
     sales as (insert into audit_logs (${AUDIT})
       select gen_random_uuid(), 'patch', 'invoices', i.id, i.branch_id, $3, $4, $5,
         regal_changed(to_jsonb(o), to_jsonb(i)), regal_changed(to_jsonb(i), to_jsonb(o)) from late i join sold o using (id))
     insert into audit_logs (${AUDIT})
       select gen_random_uuid(), 'patch', 'payments', p.id, p.branch_id, $3, $4, $5,
         regal_changed(to_jsonb(o), to_jsonb(p)), regal_changed(to_jsonb(p), to_jsonb(o)) from taken p join money o using (id)`,
    [shift.id, shift.register_id, author.user_id, author.session_id, author.request_id]
  )
}

/** How a method of payment counts; undefined where there is none of that code. */
export async function readMethod(
  db: Queryable,
  code: unknown
): Promise<{ is_cash: boolean; is_active: boolean } | undefined> {
  const [method] = await db.query<{ is_cash: boolean; is_active: boolean }>(
    'select is_cash, is_active from payment_methods where code = $1',
    [code]
  )
  return method
}

export async function readExpenseType(
  db: Queryable,
  id: unknown
): Promise<{ name: string; is_active: boolean } | undefined> {
  const [type] = await db.query<{ name: string; is_active: boolean }>(
    'select name, is_active from expense_types where id = $1',
    [id]
  )
  return type
}
