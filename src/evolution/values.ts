import { boundsOf } from '../schemas/bounds.ts'
import type { ColumnModel } from '../schemas/model.ts'
import { conversionOf } from './convert.ts'

const NUMERIC = new Set(['integer', 'quantity', 'money', 'decimal'])
const EXACT_TEXT: Record<string, number> = { uuid: 36, boolean: 5, date: 10, instant: 24, integer: 11, json: Infinity }

/** The least and the greatest number a column takes. */
function rangeOf({ kind, options: { positive, max } }: ColumnModel): [low: number, high: number] {
  if (kind === 'integer') return [-2_147_483_648, 2_147_483_647]
  const high = kind === 'quantity' ? 999_999_999 : kind === 'decimal' && max !== undefined ? max : 999_999_999_999.9999
  return [positive ? 0 : kind === 'quantity' ? -high : -999_999_999_999.9999, high]
}

const scaleOf = ({ type }: ColumnModel) => Number(/,(\d+)\)$/.exec(type)?.[1] ?? 0)

function longestOf({ kind, options }: ColumnModel): number {
  if (kind === 'text') return options.max ?? 1000
  if (kind === 'choice') return Math.max(0, ...(options.values ?? []).map((value) => value.length))
  return EXACT_TEXT[kind] ?? 40
}

/** Whether there can be a value of `old` that `now` has no place for, or keeps less of. */
export function mayLose(old: ColumnModel, now: ColumnModel): boolean {
  if (now.kind === 'json') return false
  if (now.kind === 'choice') {
    const kept = new Set(now.options.values)
    return old.kind !== 'choice' || (old.options.values ?? []).some((value) => !kept.has(value))
  }
  if (now.kind === 'text') return longestOf(old) > (now.options.max ?? 1000)
  if (NUMERIC.has(old.kind) && NUMERIC.has(now.kind)) {
    const [[low, high], [least, most]] = [rangeOf(old), rangeOf(now)]
    return scaleOf(now) < scaleOf(old) || low < least || high > most
  }
  if (old.kind === 'boolean' && NUMERIC.has(now.kind)) return rangeOf(now)[1] < 1
  return old.type !== now.type && !(old.kind === 'date' && now.kind === 'instant')
}

/** Whether the value `x` of the old column is lost, wholly or in part, by becoming one of the new. */
export function lostSql(x: string, old: ColumnModel, now: ColumnModel): string {
  const { value, inexact } = conversionOf(old, now)
  const bounds = boundsOf(value(x), now)
  const ways = [
    ...(old.type === now.type ? [] : [`${value(x)} is null`]),
    ...(inexact ? [`coalesce(${inexact(x)}, false)`] : []),
    ...(bounds ? [`not coalesce(${bounds}, true)`] : [])
  ]
  return `(${x} is not null and (${ways.join(' or ') || 'false'}))`
}

/**
 * The value of `x` in the new column. What has no place there becomes `fill`, else null, except that text is cut to
 * what fits. Null becomes `fill` where the new column needs a value.
 * @param fill an SQL literal
 */
export function finalSql(x: string, old: ColumnModel, now: ColumnModel, fill?: string): string {
  const value = conversionOf(old, now).value(x)
  const absent = now.required && fill !== undefined ? fill : 'null'
  if (!mayLose(old, now)) return absent === 'null' ? value : `coalesce(${value}, ${absent})`
  const bounds = boundsOf(value, now)
  const unfit = fill ?? (now.kind === 'text' ? `rtrim(left(${value}, ${now.options.max ?? 1000}))` : 'null')
  return `case when ${x} is null then ${absent}${old.type === now.type ? '' : ` when ${value} is null then ${fill ?? 'null'}`}${
    bounds ? ` when not (${bounds}) then ${unfit}` : ''
  } else ${value} end`
}
