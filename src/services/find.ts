import type { Queryable } from '../database/connection.ts'
import { cursorText } from '../schemas/cursor.ts'
import type { Resource } from '../schemas/define.ts'
import type { Plan } from '../schemas/query.ts'
import { countAll, guessAll, selectPage } from './page.sql.ts'
import type { Row } from './projection.ts'
import type { Scope } from './scope.ts'
import type { Match } from './search.sql.ts'

export interface Page {
  total?: number
  /** The total is the planner's guess. */
  total_estimated?: true
  limit: number
  skip: number
  /** With `$after`: what to ask for the next page with; null after the last. */
  next?: string | null
  data: Row[]
}

interface List {
  db: Queryable
  resource: Resource
  plan: Plan
  scope: Scope
}

type Counted = Pick<Page, 'total' | 'total_estimated'>

/** Up to this many are counted even where a guess would do: guesses are worst where they are small. */
const COUNTED = 10_000

async function countOf({ db, resource, plan, scope }: List, match: Match, most?: number): Promise<number> {
  const { text, values } = countAll(resource, plan, scope, { match, most })
  const [row] = await db.rows(text, values)
  return row![0] as number
}

async function estimateOf(list: List, match: Match): Promise<Counted> {
  const { db, resource, plan, scope } = list
  const total = await countOf(list, match, COUNTED + 1)
  if (total <= COUNTED) return { total }
  const { text, values } = guessAll(resource, plan, scope, match)
  const [row] = await db.rows(text, values)
  const [explained] = row![0] as [{ Plan: { 'Plan Rows': number } }]
  return { total: Math.max(explained.Plan['Plan Rows'], COUNTED + 1), total_estimated: true }
}

/** The total, where the rows did not bring it along. */
async function totalOf(list: List, match: Match): Promise<Counted> {
  if (list.plan.total === 'none') return {}
  return list.plan.total === 'exact' ? { total: await countOf(list, match) } : estimateOf(list, match)
}

async function pageOf(list: List, match: Match): Promise<Page> {
  const { db, resource, plan, scope } = list
  const { limit, skip } = plan
  if (!limit) return { ...(await totalOf(list, match)), limit, skip, ...(plan.after && { next: null }), data: [] }
  const read = selectPage(resource, plan, scope, match)
  const rows = await db.rows(read.text, read.values)
  const more = plan.after && rows.length > limit
  if (more) rows.pop()
  const next = more ? cursorText(plan.sort, read.place(rows.at(-1)!)) : null
  // The count rides in each row; past the last page there is no row to carry it.
  const counted = rows.length && plan.total === 'exact' ? { total: read.total(rows[0]!)! } : undefined
  const none = !rows.length && !skip && !plan.after && plan.total !== 'none' ? { total: 0 } : undefined
  return {
    ...(counted ?? none ?? (await totalOf(list, match))),
    limit,
    skip,
    ...(plan.after && { next }),
    data: rows.map(read.record)
  }
}

/** Whether the search has a hit at all: an empty page may only be one past the last. */
const hits = async (list: List): Promise<boolean> => (await countOf(list, 'words', 1)) > 0

/** A page of records. A search that nothing fits is run once more for what is spelt alike. */
export async function findPage(list: List): Promise<Page> {
  const { plan } = list
  const page = await pageOf(list, 'words')
  const found = plan.limit ? page.data.length : page.total
  if (found || !plan.search || plan.after) return page
  return plan.skip && (await hits(list)) ? page : pageOf(list, 'near')
}
