import type { Queryable } from '../../database/connection.ts'
import type { Resource } from '../../schemas/define.ts'
import type { Level } from '../ledger/stock.sql.ts'
import { projectionOf, type Row } from '../projection.ts'
import { type Author, auditSql, boundTo } from '../resource.sql.ts'
import { Statement } from '../statement.ts'
import { movedLevels } from './levels.sql.ts'

export type LockedLevel = Omit<Level, 'product_id' | 'branch_id'> & { may_go_below_zero: boolean }

/** Locks the level of one product in one branch; undefined where the branch never had it. */
export async function lockLevel(db: Queryable, branch: unknown, product: unknown) {
  const [level] = await db.query<LockedLevel>(
    'select on_hand, reserved, average_cost, may_go_below_zero from stock_levels where branch_id = $1 and product_id = $2 for update',
    [branch, product]
  )
  return level
}

/** What decides whether a branch may have this product on stock; undefined where there is none. */
export async function readKept(db: Queryable, product: unknown) {
  const [found] = await db.query<{ kind: 'goods' | 'service'; branch_id: string | null }>(
    'select kind, branch_id from products where id = $1',
    [product]
  )
  return found
}

/** Moves the level and writes the entry with the balance after it, and the audit row, in one statement. */
export function writeEntry(resource: Resource, entry: Row, averageCost: string, author: Author) {
  const statement = new Statement()
  const { bind } = statement
  const names = resource.columns.filter((name) => entry[name] !== undefined)
  const columns = names.map((name) => `"${name}"`).join(', ')
  const audit = { action: 'create', from: 'made t', row: 't', before: 'null', after: 'to_jsonb(t)' }
  const moved = `moved as (update stock_levels set on_hand = on_hand + ${bind(entry.qty)}::numeric, average_cost = ${bind(averageCost)}::numeric,
    version = version + 1, updated_at = clock_timestamp()
    where branch_id = ${bind(entry.branch_id)} and product_id = ${bind(entry.product_id)} returning *)`
  // The instant under the lock of the level, so that the ledger is in the order of its balances; a transaction may have
  // begun long before.
  const [at, now] = entry.created_at === undefined ? [', created_at', ', clock_timestamp()'] : ['', '']
  // The text names the types, as a parameter in a select list has none of its own.
  const record = names.map((name) => `r."${name}"`).join(', ')
  const made = `made as (insert into stock_entries (${columns}, balance_after${at})
    select ${record}, moved.on_hand${now} from moved, jsonb_populate_record(null::stock_entries, ${bind(JSON.stringify(entry))}::jsonb) r returning *)`
  const projection = projectionOf(resource, resource.readable)
  return {
    text: `with ${moved}, ${made}, ${auditSql(resource, boundTo(statement, author), audit)}
      select ${projection.sql('t', () => 'null')}, ${movedLevels('moved', `v.on_hand - v.reserved - ${bind(entry.qty)}::numeric`)} from made t`,
    values: statement.values,
    projection
  }
}
