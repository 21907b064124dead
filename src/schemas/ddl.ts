import type { Resource } from './define.ts'
import { type ColumnModel, type ConstraintModel, type IndexModel, ident, type TableModel, tableModel } from './model.ts'

/** A column as a `create table` or `add column` takes it. */
export const columnSql = ({ name, type, required, default: value }: ColumnModel): string =>
  `${ident(name)} ${type}${required ? ' not null' : ''}${value === null ? '' : ` default ${value}`}`

export const constraintSql = ({ name, sql }: ConstraintModel): string => `constraint ${name} ${sql}`

export const indexSql = (table: string, { name, sql, unique }: IndexModel, how: '' | 'concurrently ' = ''): string =>
  `create ${unique ? 'unique ' : ''}index ${how}${name} on ${table} ${sql}`

/** The statements that make a table: columns, named constraints, indexes. */
export function modelSql({ name, columns, constraints, indexes }: TableModel): string[] {
  const parts = [...Object.values(columns).map(columnSql), ...Object.values(constraints).map(constraintSql)]
  return [
    `create table ${name} (\n  ${parts.join(',\n  ')}\n)`,
    ...Object.values(indexes).map((index) => indexSql(name, index))
  ]
}

/** The statements that make the table of a resource. */
export const tableSql = (resource: Resource): string[] => modelSql(tableModel(resource))
