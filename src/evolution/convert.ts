import type { ColumnModel } from '../schemas/model.ts'

/** An expression made of another. */
type Sql = (x: string) => string

interface Conversion {
  /** The value in its new type, or null where there is none. Raises no error, whatever the value. */
  value: Sql
  /** Whether the new value says less than the old one, where there is one: decimals cut, a time of day lost. */
  inexact?: Sql
}

type Numeric = 'integer' | 'quantity' | 'money' | 'decimal'
const NUMERIC = new Set<string>(['integer', 'quantity', 'money', 'decimal'] satisfies Numeric[])
const TEXTUAL = new Set<string>(['text', 'choice'])

/** `numeric(16,4)` -> 12 digits before the point, 4 after. */
function digitsOf(type: string): [whole: number, scale: number] {
  const [, precision, scale] = /^numeric\((\d+),(\d+)\)$/.exec(type)!
  return [Number(precision) - Number(scale), Number(scale)]
}

/** A number of any kind into the type of `now`: rounded, or null where it does not fit. NaN is above every bound. */
function toNumber(x: string, now: ColumnModel): string {
  if (now.type === 'integer')
    return `case when ${x} between -2147483648 and 2147483647 then round(${x}::numeric)::integer end`
  const [whole, scale] = digitsOf(now.type)
  return `case when abs(round(${x}::numeric, ${scale})) < 1e${whole} then round(${x}::numeric, ${scale})::${now.type} end`
}

function inexactNumber(old: ColumnModel, now: ColumnModel): Sql | undefined {
  const scale = now.type === 'integer' ? 0 : digitsOf(now.type)[1]
  const had = old.type === 'integer' ? 0 : digitsOf(old.type)[1]
  return scale < had ? (x) => `${x} <> round(${x}, ${scale})` : undefined
}

const trimmed: Sql = (x) => `btrim(${x})`

/** A date as ISO 8601 writes it. Each test is made before the cast it protects: `case` keeps the order, `and` does not. */
const dateOf: Sql = (x) => {
  const last = `extract(day from (left(${x}, 7) || '-01')::date + interval '1 month - 1 day')`
  return `case when ${x} ~ '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])' and left(${x}, 4) <> '0000' then case when substr(${x}, 9, 2)::integer <= ${last} then ${x} end end`
}
const TIME = '[T ]([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?(Z|[+-](0\\d|1[0-4]):?[0-5]\\d)'
const UUID = '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$'
const matching = (x: string, pattern: string, then: string) => `case when ${x} ~ '${pattern}' then ${then} end`

/** Text into each kind, as a person would have written it there. */
function fromText(text: string, now: ColumnModel): string {
  const x = trimmed(text)
  switch (now.kind) {
    case 'integer':
      return matching(x, '^[+-]?\\d{1,12}$', toNumber(`${x}::numeric`, now))
    case 'quantity':
    case 'money':
    case 'decimal':
      return matching(x, '^[+-]?\\d{1,20}(\\.\\d{1,20})?$', toNumber(`${x}::numeric`, now))
    case 'boolean':
      return `case when lower(${x}) in ('true', 't', 'yes', 'y', '1') then true when lower(${x}) in ('false', 'f', 'no', 'n', '0') then false end`
    case 'date':
      return matching(x, '^.{10}$', `(${dateOf(x)})::date`)
    case 'instant':
      return matching(x, `^.{10}${TIME}$`, `(${dateOf(x)})::timestamptz(3)`)
    case 'uuid':
      return matching(`lower(${x})`, UUID, `${x}::uuid`)
    default:
      return `to_jsonb(${text})`
  }
}

function asText(x: string, { kind }: ColumnModel): string {
  if (kind === 'instant') return `to_char(${x} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
  if (kind === 'json') return `(${x} #>> '{}')`
  return NUMERIC.has(kind) && kind !== 'integer' ? `trim_scale(${x})::text` : `${x}::text`
}

const scaleOf = ({ type }: ColumnModel) => (type === 'integer' ? 0 : digitsOf(type)[1])

/** Text keeps more decimals than the number it becomes can. */
const inexactText = (now: ColumnModel): Sql | undefined =>
  NUMERIC.has(now.kind)
    ? (x) => {
        const number = trimmed(x)
        return matching(
          number,
          '^[+-]?\\d{1,20}\\.\\d{1,20}$',
          `${number}::numeric <> round(${number}::numeric, ${scaleOf(now)})`
        )
      }
    : undefined

const same: Conversion = { value: (x) => x }

/** How a column's values become those of its new type. What has no way of its own goes by its text. */
export function conversionOf(old: ColumnModel, now: ColumnModel): Conversion {
  if (old.type === now.type) return same
  const [from, to] = [old.kind, now.kind]
  if (TEXTUAL.has(to)) return { value: (x) => asText(x, old) }
  if (TEXTUAL.has(from)) return { value: (x) => fromText(x, now), inexact: inexactText(now) }
  if (to === 'json') return { value: (x) => `to_jsonb(${x})` }
  if (NUMERIC.has(from) && NUMERIC.has(to)) return { value: (x) => toNumber(x, now), inexact: inexactNumber(old, now) }
  if (from === 'date' && to === 'instant')
    return { value: (x) => `(${x}::timestamp at time zone 'UTC')::timestamptz(3)` }
  if (from === 'instant' && to === 'date')
    return {
      value: (x) => `(${x} at time zone 'UTC')::date`,
      inexact: (x) => `(${x} at time zone 'UTC')::time <> '00:00'`
    }
  if (from === 'boolean' && NUMERIC.has(to)) return { value: (x) => `${x}::integer::${now.type}` }
  if (NUMERIC.has(from) && to === 'boolean')
    return { value: (x) => `case when ${x} = 0 then false when ${x} = 1 then true end` }
  return { value: (x) => fromText(asText(x, old), now), inexact: inexactOf(old, now) }
}

const inexactOf = (old: ColumnModel, now: ColumnModel): Sql | undefined => {
  const inexact = inexactText(now)
  return inexact && ((x) => inexact(asText(x, old)))
}
