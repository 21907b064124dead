import type { TableModel } from '../schemas/model.ts'

/** Literals, quoted names, words. A word before a bracket is a function. */
const TOKENS = /'(?:[^']|'')*'|"([^"]+)"|\b([a-z_][a-z0-9_]*)\b(?!\s*\()/gi

/** `sql` with every name that `names` lists in the place of the old one. */
const renamedIn = (sql: string, names: ReadonlyMap<string, string>): string =>
  sql.replace(TOKENS, (token, quoted?: string, word?: string) => names.get(quoted ?? word ?? '') ?? token)

/**
 * The SQL of a constraint or index with lasting ids for the names of its table and columns: equal before and after a
 * rename, and different when one name stands for another column.
 */
export function lastingSql(sql: string, { id, name, columns }: TableModel): string {
  const names = new Map([[name, `{table ${id}}`]])
  for (const [field, column] of Object.entries(columns)) names.set(column.name, `{${field}}`)
  return renamedIn(sql, names)
}

export type Rename = readonly [from: string, to: string]

const PASSING = 'regal_passing'

/**
 * Renames one after the other that give all names their new holder at once: each waits until its name is free, and a
 * swap or a longer circle is opened by a name that nothing has.
 */
export function orderRenames(renames: readonly Rename[]): Rename[] {
  const waiting = renames.filter(([from, to]) => from !== to)
  const ordered: Rename[] = []
  while (waiting.length) {
    const free = waiting.findIndex(([, to]) => !waiting.some(([from]) => from === to))
    if (free >= 0) ordered.push(...waiting.splice(free, 1))
    else {
      const [from, to] = waiting.shift()!
      const passing = `${PASSING}_${ordered.length}`
      ordered.push([from, passing])
      waiting.push([passing, to])
    }
  }
  return ordered
}
