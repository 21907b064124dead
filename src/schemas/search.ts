import type { Resource } from './define.ts'

const part = ({ all }: Pick<Resource, 'all'>, name: string, column: string) =>
  all[name]!.nullable ? `coalesce(${column}, '')` : column

/**
 * The text of a row that a search looks into: its searched fields, one after another. The index on it is of this very
 * expression, so whatever searches must use it too.
 */
export const searchText = (resource: Pick<Resource, 'all'>, names: readonly string[], alias = ''): string =>
  names.map((name) => part(resource, name, `${alias && `${alias}.`}"${name}"`)).join(` || ' ' || `)
