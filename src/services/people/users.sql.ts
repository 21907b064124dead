import type { Queryable } from '../../database/connection.ts'

/**
 * Whether an active administrator stays when `id` loses the role or the account. Locks all active administrators, in
 * the order of their ids, so that two who demote each other at once cannot both succeed.
 */
export async function otherActiveAdmins(db: Queryable, id: string, newRole: string | undefined): Promise<boolean> {
  const admins = await db.query<{ id: string; role_id: string }>(
    `select u.id, u.role_id from users u join roles r on r.id = u.role_id
     where u.is_active and r.is_builtin and lower(r.name) = 'admin' order by u.id for update of u`
  )
  const self = admins.find((admin) => admin.id === id)
  return !self || admins.length > 1 || newRole === self.role_id
}
