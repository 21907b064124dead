import { type Reader, valueFor } from '../policy/reader.ts'
import type { Where } from '../schemas/conditions.ts'
import type { Resource } from '../schemas/define.ts'
import { kinds } from '../schemas/kinds.ts'
import type { Relation } from '../schemas/paths.ts'

export const column = (alias: string, name: string) => `${alias}."${name}"`

/** A statement being written: its text is made of names we declared, every value is a parameter. */
export class Statement {
  readonly values: unknown[] = []
  private aliases = 0

  bind = (value: unknown): string => {
    this.values.push(value)
    return `$${this.values.length}`
  }

  /** A name for another table in this statement. */
  alias(): string {
    this.aliases++
    return `r${this.aliases}`
  }
}

/**
 * A statement written once for all inputs of one shape: every parameter says where its value is found. The text is built
 * once, and so is its hash, by which its prepared plan is found: both together cost a sale as much as pricing it.
 */
export class Template<Input> {
  private readonly finders: ((input: Input) => unknown)[] = []

  bind = (find: (input: Input) => unknown): string => {
    this.finders.push(find)
    return `$${this.finders.length}`
  }

  valuesOf(input: Input): unknown[] {
    return this.finders.map((find) => find(input))
  }
}

/** `build`, called once for equal shapes. They are few, as all that a shape holds is true or false. */
export function onceByShape<Shape extends object, Built>(build: (shape: Shape) => Built): (shape: Shape) => Built {
  const known = new Map<string, Built>()
  return (shape) => {
    const key = Object.values(shape).join()
    let built = known.get(key)
    if (!built) {
      built = build(shape)
      known.set(key, built)
    }
    return built
  }
}

const COMPARE: Record<string, string> = { $eq: '=', $lt: '<', $lte: '<=', $gt: '>', $gte: '>=' }

const typeOf = (resource: Resource, name: string) => {
  const field = resource.all[name]!
  return kinds[field.kind].sql(field.options)
}

/** `a in (values)`, null being a value like others when the list names it. */
function listSql(target: string, type: string, list: unknown[], bind: Statement['bind']): string {
  const known = list.filter((value) => value !== null && value !== undefined)
  const inside = `${target} = any(${bind(known)}::${type}[])`
  return known.length < list.length ? `(${inside} or ${target} is null)` : inside
}

/**
 * Conditions as SQL. Null rules: `$ne` and `$nin` hold for null (a row without a brand is not of brand A), the
 * comparisons do not. A variable whose value is null holds for nothing.
 */
export function whereSql(
  where: Where,
  resource: Resource,
  alias: string,
  statement: Statement,
  reader?: Reader
): string {
  if ('and' in where)
    return join(where.and, ' and ', 'true', (part) => whereSql(part, resource, alias, statement, reader))
  if ('or' in where)
    return join(where.or, ' or ', 'false', (part) => whereSql(part, resource, alias, statement, reader))
  if ('relation' in where) return relatedSql(where, alias, statement, reader)
  const target = column(alias, where.field)
  const type = typeOf(resource, where.field)
  const { bind } = statement
  if (where.op === '$null') return `${target} is ${where.value ? '' : 'not '}null`
  if (where.op === '$in' || where.op === '$nin') {
    const list = (where.value as unknown[]).map((value) => valueFor(reader, value))
    const inside = listSql(target, type, list, bind)
    return where.op === '$in' ? inside : `(${inside}) is not true`
  }
  const value = valueFor(reader, where.value)
  if (where.op === '$ne') return `${target} is distinct from ${bind(value)}::${type}`
  return value === null ? 'false' : `${target} ${COMPARE[where.op]} ${bind(value)}::${type}`
}

/** Some related row within the reader's reach fits. */
function relatedSql(
  { relation, where }: { relation: Relation; where: Where },
  alias: string,
  statement: Statement,
  reader?: Reader
): string {
  const there = statement.alias()
  const { target, own, their, access } = relation
  const parts = [...(access.alternatives ? [{ or: access.alternatives }] : []), where]
  const conditions = whereSql({ and: parts }, target, there, statement, reader)
  return `exists (select 1 from "${target.table}" ${there} where ${column(there, their)} = ${column(alias, own)} and ${conditions})`
}

function join(parts: Where[], by: string, none: string, sql: (part: Where) => string): string {
  if (parts.length < 2) return parts.length ? sql(parts[0]!) : none
  return `(${parts.map(sql).join(by)})`
}
