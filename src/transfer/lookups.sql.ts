import { fullAccess } from '../policy/access.ts'
import type { Reader } from '../policy/reader.ts'
import { reach, table } from '../services/scope.ts'
import { Statement } from '../services/statement.ts'
import type { Target } from './targets.ts'

/** Records in reach by what names them; the first cell is the id, the second the name as it is stored. */
export function namedRecords(
  { resource, by, access }: NonNullable<Target['related']>,
  keys: string[],
  reader?: Reader
) {
  const statement = new Statement()
  const ignoresCase = resource.all[by]!.unique === 'ignoring-case'
  const target = ignoresCase ? `lower(t."${by}")` : `t."${by}"`
  const rows = reach({ access: access ?? fullAccess(resource), ...(reader && { reader }) }, resource, 't', statement)
  return {
    text: `select t.id, t."${by}" from ${table(resource)} t where ${target} = any(${statement.bind(keys)}::text[]) and ${rows}`,
    values: statement.values
  }
}
