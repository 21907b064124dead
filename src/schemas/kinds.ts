import { DomainError } from '../domain/errors.ts'
import { formatMoney, parseMoney } from '../domain/money.ts'
import { currency, STORED_SCALE } from './currency.ts'

export type KindName =
  | 'uuid'
  | 'text'
  | 'choice'
  | 'money'
  | 'decimal'
  | 'quantity'
  | 'integer'
  | 'boolean'
  | 'date'
  | 'instant'
  | 'json'

export interface KindOptions {
  max?: number
  min?: number
  pattern?: string
  values?: readonly string[]
  scale?: number
  positive?: boolean
}

/**
 * What the engine knows of a type of value: `clean` answers the canonical wire value or throws a sentence;
 * `parse` reads it from an address, where everything is text; `decode` turns what the driver gives into the wire value.
 */
export interface Kind {
  sql(options: KindOptions): string
  clean(value: unknown, options: KindOptions): unknown
  parse?(text: string): unknown
  decode?(stored: never, options: KindOptions): unknown
  /** May be compared with < and sorted. */
  ordered: boolean
}

/** Largest amount: 12 digits before the point. Also the bound that keeps NaN out, as NaN sorts above every number. */
export const MONEY_BOUND = '999999999999.9999'
export const QUANTITY_BOUND = 999_999_999
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const INSTANT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)$/
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/
const NUMBER = /^-?\d+(\.\d+)?$/

export const isUuid = (value: unknown): value is string => typeof value === 'string' && UUID.test(value)

function refuse(sentence: string): never {
  throw new TypeError(sentence)
}

function cleanText(value: unknown, { max = 1000, min = 0, pattern }: KindOptions): string {
  if (typeof value !== 'string') refuse('must be text')
  // NFC, so that two ways to write one name cannot both be taken.
  const text = value.normalize('NFC').trim()
  if (text.length < min) refuse(min === 1 ? 'must not be empty' : `must have at least ${min} characters`)
  if (text.length > max) refuse(`must have at most ${max} characters`)
  if (pattern && !new RegExp(pattern, 'u').test(text)) refuse(`must match ${pattern}`)
  return text
}

function cleanDecimal(value: unknown, scale: number, positive: boolean | undefined, what: string): string {
  if (typeof value !== 'string' && typeof value !== 'number') refuse(`must be ${what}`)
  try {
    const minor = parseMoney(value, scale)
    if (positive && minor < 0n) refuse('must not be negative')
    return formatMoney(minor, scale)
  } catch (error) {
    if (error instanceof DomainError) refuse(`must be ${what} with at most ${scale} decimals`)
    throw error
  }
}

function cleanNumber(value: unknown, scale: number, { min, max, positive }: KindOptions): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) refuse('must be a number')
  // Exact: within the bounds a number with `scale` decimals is the one its own digits read as.
  if (!(scale === 0 ? Number.isSafeInteger(value) : Number(value.toFixed(scale)) === value))
    refuse(scale === 0 ? 'must be a whole number' : `must have at most ${scale} decimals`)
  const least = min ?? (positive ? 0 : undefined)
  if (least !== undefined && value < least) refuse(`must be at least ${least}`)
  const most = max ?? (scale === 0 ? 2_147_483_647 : QUANTITY_BOUND)
  if (Math.abs(value) > most) refuse(`must be at most ${most}`)
  return Object.is(value, -0) ? 0 : value
}

function cleanDate(value: unknown): string {
  const parts = typeof value === 'string' ? DATE.exec(value) : null
  if (!parts) refuse('must be a date like 2026-01-31')
  const date = new Date(`${parts[0]}T00:00:00Z`)
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== parts[0]) refuse('must be a day that exists')
  return parts[0]
}

function cleanInstant(value: unknown): string {
  const time = typeof value === 'string' && INSTANT.test(value) ? new Date(value) : null
  if (!time || Number.isNaN(time.getTime())) refuse('must be an instant like 2026-01-31T09:30:00Z')
  return time.toISOString()
}

/** `12.5000` -> `12.50`: what is stored never has more decimals than the wire, so cutting is exact. */
function cut(stored: string, scale: number, kept = STORED_SCALE): string {
  if (scale >= kept) return stored
  return stored.slice(0, stored.length - (kept - scale) - (scale === 0 ? 1 : 0))
}

const parseNumber = (text: string) => (NUMBER.test(text) ? Number(text) : text)

export const kinds: Record<KindName, Kind> = {
  uuid: {
    sql: () => 'uuid',
    clean: (value) => (isUuid(value) ? value.toLowerCase() : refuse('must be a UUID')),
    ordered: true
  },
  text: { sql: () => 'text', clean: cleanText, ordered: true },
  choice: {
    sql: () => 'text',
    clean: (value, { values = [] }) =>
      values.includes(value as string) ? value : refuse(`must be one of ${values.join(', ')}`),
    ordered: true
  },
  money: {
    sql: () => `numeric(16,${STORED_SCALE})`,
    clean: (value, { positive }) => cleanDecimal(value, currency.scale, positive, 'an amount like "12.50"'),
    decode: (stored: string) => cut(stored, currency.scale),
    ordered: true
  },
  decimal: {
    sql: ({ scale = 4 }) => `numeric(${12 + scale},${scale})`,
    clean: (value, { positive, scale = 4, max }) => {
      const text = cleanDecimal(value, scale, positive, 'a decimal like "7.5"')
      return max !== undefined && Number(text) > max ? refuse(`must be at most ${max}`) : text
    },
    ordered: true
  },
  quantity: {
    sql: () => 'numeric(12,3)',
    clean: (value, options) => cleanNumber(value, 3, options),
    parse: parseNumber,
    decode: (stored: string) => Number(stored),
    ordered: true
  },
  integer: {
    sql: () => 'integer',
    clean: (value, options) => cleanNumber(value, 0, options),
    parse: parseNumber,
    ordered: true
  },
  boolean: {
    sql: () => 'boolean',
    clean: (value) => (typeof value === 'boolean' ? value : refuse('must be true or false')),
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : text),
    ordered: false
  },
  date: { sql: () => 'date', clean: cleanDate, ordered: true },
  // To the millisecond, as on the wire: what was read can be searched by, and a page can start after it.
  instant: { sql: () => 'timestamptz(3)', clean: cleanInstant, ordered: true },
  json: { sql: () => 'jsonb', clean: (value) => value, ordered: false }
}
