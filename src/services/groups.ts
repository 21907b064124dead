import type { Queryable } from '../database/connection.ts'
import type { Resource } from '../schemas/define.ts'
import type { Plan } from '../schemas/query.ts'
import type { Page } from './find.ts'
import { selectGroups, type Zones } from './groups.sql.ts'
import type { Scope } from './scope.ts'

interface List {
  db: Queryable
  resource: Resource
  plan: Plan
  scope: Scope
}

/** How many groups there are, asked of the first: a page that is past the last, or of none, has no row to tell it. */
async function countGroups({ db, resource, plan, scope }: List, zones: Zones): Promise<number> {
  const first: Plan = { ...plan, skip: 0, aggregate: { ...plan.aggregate!, limit: 1, sort: [] } }
  const { text, values, total } = selectGroups(resource, first, scope, zones)
  const [row] = await db.rows(text, values)
  return row ? total(row) : 0
}

/** A page of groups; `total` is how many groups there are. */
export async function findGroups(list: List, zones: Zones): Promise<Page> {
  const { db, resource, plan, scope } = list
  const { limit } = plan.aggregate!
  const { text, values, record, total } = selectGroups(resource, plan, scope, zones)
  const rows = limit ? await db.rows(text, values) : []
  const seen = rows.length || (limit && !plan.skip)
  const count = async () => (seen ? (rows.length ? total(rows[0]!) : 0) : countGroups(list, zones))
  const counted = plan.total === 'none' ? {} : { total: await count() }
  return { ...counted, limit, skip: plan.skip, data: rows.map(record) }
}
