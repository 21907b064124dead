import type { Queryable } from '../../database/connection.ts'
import type { Resource } from '../../schemas/define.ts'
import { projectionOf, type Row } from '../projection.ts'
import { table } from '../scope.ts'

export interface Branch {
  id: string
  code: string
  timezone: string
  stock_policy: 'block' | 'warn' | 'allow'
  is_active: boolean
}

/** What a document needs to know of its branch; undefined where there is none. */
export async function readBranch(db: Queryable, id: unknown): Promise<Branch | undefined> {
  const [branch] = await db.query<Branch>(
    'select id, code, timezone, stock_policy, is_active from branches where id = $1',
    [id]
  )
  return branch
}

/** Writes the lines of a document in one statement; their audit is the document's. Answers them in the order given. */
export async function insertLines(db: Queryable, resource: Resource, lines: readonly Row[]): Promise<Row[]> {
  if (!lines.length) return []
  const given = resource.columns.filter((name) => lines[0]![name] !== undefined)
  const columns = given.map((name) => `"${name}"`).join(', ')
  const projection = projectionOf(resource, resource.readable)
  const rows = await db.rows(
    `with t as (insert into ${table(resource)} (${columns}) select ${columns} from json_populate_recordset(null::${table(resource)}, $1::json) returning *)
     select ${projection.sql('t', () => 'null')} from t`,
    [JSON.stringify(lines)]
  )
  const made = new Map(rows.map((cells) => projection.decode(cells)).map((row) => [row.id, row]))
  return lines.map(({ id }) => made.get(id)!)
}
