import type { Resource } from '../schemas/define.ts'
import { kinds } from '../schemas/kinds.ts'
import type { Order } from '../schemas/query.ts'
import { column, type Statement } from './statement.ts'

/** `order by` of a list; PostgreSQL's own place for nulls: last going up, first going down. */
export const orderSql = (sort: Order, alias: string): string =>
  sort.map(([name, way]) => `${column(alias, name)}${way < 0 ? ' desc' : ''}`).join(', ')

/**
 * The condition that a row comes after the one with these values. Where all fields go one way and no null comes after it
 * is one comparison of rows, which an index on them answers by starting at the place: page 10,000 costs what page 1 does.
 */
export function afterSql(
  resource: Resource,
  sort: Order,
  values: unknown[],
  alias: string,
  { bind }: Statement
): string {
  const fields = sort.map(([name, way], i) => {
    const field = resource.all[name]!
    const given = values[i] === null ? null : `${bind(values[i])}::${kinds[field.kind].sql(field.options)}`
    return { target: column(alias, name), way, given, nullable: field.nullable }
  })
  // Going down nulls are first, and a comparison with them is never true.
  if (fields.every(({ way, given, nullable }) => way === fields[0]!.way && given !== null && (way < 0 || !nullable))) {
    const side = (parts: (string | null)[]) => `(${parts.join(', ')})`
    return `${side(fields.map(({ target }) => target))} ${fields[0]!.way < 0 ? '<' : '>'} ${side(fields.map(({ given }) => given))}`
  }
  const beyond = ({ target, way, given, nullable }: (typeof fields)[number]): string => {
    if (given === null) return way < 0 ? `${target} is not null` : 'false'
    return way < 0
      ? `${target} < ${given}`
      : nullable
        ? `(${target} > ${given} or ${target} is null)`
        : `${target} > ${given}`
  }
  const same = ({ target, given }: (typeof fields)[number]) =>
    given === null ? `${target} is null` : `${target} = ${given}`
  const ways = fields.map((field, i) => [...fields.slice(0, i).map(same), beyond(field)].join(' and '))
  return `(${ways.map((way) => `(${way})`).join(' or ')})`
}
