import type { Variable, Where } from '../schemas/conditions.ts'
import type { Principal } from './principal.ts'

/** The run-time values that rules name by variables. */
export interface Reader {
  user_id: string
  /** The branch a reader belongs to; null for one who is not bound to any. */
  branch_id: string | null
  /** The branch that rules confine them to: their own, else the first. */
  scope_branch_id: string | null
  /** The business date at that branch. */
  today: string
}

export function readerOf({ user }: Principal, home: string | null, today: (branch: string | null) => string): Reader {
  const scope = user.branch_id ?? home
  return { user_id: user.id, branch_id: user.branch_id, scope_branch_id: scope, today: today(scope) }
}

const isVariable = (value: unknown): value is Variable =>
  typeof value === 'object' && value !== null && 'variable' in value

/** The value a condition compares with, for this reader. */
export function valueFor(reader: Reader | undefined, value: unknown): unknown {
  if (!isVariable(value)) return value
  if (!reader) throw new Error('a condition with variables needs a reader')
  if (value.variable === '$user.id') return reader.user_id
  return value.variable === '$today' ? reader.today : reader.scope_branch_id
}

const compare = (a: unknown, b: unknown): number => {
  const [x, y] = [Number(a), Number(b)]
  if (!Number.isNaN(x) && !Number.isNaN(y)) return x - y
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0
}

/**
 * Whether a record satisfies the conditions; the twin of the SQL in services/statement.ts.
 * With `partial`, fields the record does not have are taken to fit: for a patch, which knows only what it changes.
 */
export function matches(where: Where, record: Record<string, unknown>, reader?: Reader, partial = false): boolean {
  if ('and' in where) return where.and.every((part) => matches(part, record, reader, partial))
  if ('or' in where) return where.or.some((part) => matches(part, record, reader, partial))
  // Rules speak of the record alone: their gate knows no relations.
  if ('relation' in where) throw new Error('a record alone does not tell of related ones')
  const stored = record[where.field]
  if (partial && stored === undefined) return true
  const given = where.op === '$in' || where.op === '$nin' ? where.value : valueFor(reader, where.value)
  switch (where.op) {
    case '$null':
      return (stored == null) === given
    case '$in':
      return (given as unknown[]).some((value) => valueFor(reader, value) === (stored ?? null))
    case '$nin':
      return !(given as unknown[]).some((value) => valueFor(reader, value) === (stored ?? null))
    case '$eq':
      return stored != null && stored === given
    case '$ne':
      return stored !== given
    default:
      return stored != null && ordered(where.op, compare(stored, given))
  }
}

const ordered = (op: string, sign: number): boolean =>
  op === '$lt' ? sign < 0 : op === '$lte' ? sign <= 0 : op === '$gt' ? sign > 0 : sign >= 0

/** Whether a record lies within an access's rows. */
export const within = (
  alternatives: Where[] | undefined,
  record: Record<string, unknown>,
  reader: Reader,
  partial = false
): boolean => !alternatives || alternatives.some((where) => matches(where, record, reader, partial))
