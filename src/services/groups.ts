import type { Queryable } from '../database/connection.ts'
import type { Resource } from '../schemas/define.ts'
import type { Plan } from '../schemas/query.ts'
import type { Page } from './find.ts'
import { selectGroups, type Zones } from './groups.sql.ts'
import type { Scope } from './scope.ts'

/** A page of groups; `total` is how many groups there are. */
export async function findGroups(
  { db, resource, plan, scope }: { db: Queryable; resource: Resource; plan: Plan; scope: Scope },
  zones: Zones
): Promise<Page> {
  const { text, values, record, total } = selectGroups(resource, plan, scope, zones)
  const rows = await db.rows(text, values)
  const counted =
    plan.total === 'none' || (!rows.length && plan.skip) ? {} : { total: rows.length ? total(rows[0]!) : 0 }
  return { ...counted, limit: plan.aggregate!.limit, skip: plan.skip, data: rows.map(record) }
}
