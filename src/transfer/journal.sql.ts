import type { Resource } from '../schemas/define.ts'
import { projectionOf } from '../services/projection.ts'
import type { Built } from '../services/resource.sql.ts'
import { table } from '../services/scope.ts'
import { Statement } from '../services/statement.ts'

/** How far an import is. */
export interface Counts {
  rows_done: number
  created: number
  updated: number
  skipped: number
  failed: number
}

/**
 * Notes how far an import is, and so that it is alive. Without an audit row, as its beginning and its end have one. No
 * row: somebody else has gone on with it.
 */
export function noteProgress(
  resource: Resource,
  id: unknown,
  version: unknown,
  counts: Counts,
  report: unknown
): Built {
  const statement = new Statement()
  const { bind } = statement
  const projection = projectionOf(resource, resource.readable)
  const sets = Object.entries(counts).map(([name, value]) => `"${name}" = ${bind(value)}`)
  sets.push(
    `report = ${bind(JSON.stringify(report))}::jsonb`,
    'version = t.version + 1',
    'updated_at = clock_timestamp()'
  )
  return {
    text:
      `update ${table(resource)} t set ${sets.join(', ')} where t.id = ${bind(id)} and t.version = ${bind(version)}` +
      ` and t.status = 'running' returning ${projection.sql('t', () => 'null::uuid')}`,
    values: statement.values,
    projection
  }
}
