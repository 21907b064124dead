import { STORED_SCALE } from './currency.ts'
import { type KindName, type KindOptions, MONEY_BOUND, QUANTITY_BOUND } from './kinds.ts'

/** What the bounds of a column are made of. */
export interface Bounded {
  kind: KindName
  options: Pick<KindOptions, 'max' | 'values' | 'scale' | 'positive'>
}

/** An SQL literal. */
export const quote = (value: unknown) => `'${String(value).replaceAll("'", "''")}'`

/**
 * A condition that bounds a value (a column or any expression) on both sides, or undefined. `numeric` accepts NaN, and
 * NaN >= 0 is true: an upper bound keeps it out, as NaN sorts above every number.
 */
export function boundsOf(value: string, { kind, options }: Bounded): string | undefined {
  const range = (low: string | number, high: string | number) => `${value} between ${low} and ${high}`
  switch (kind) {
    case 'money':
      return range(options.positive ? 0 : `-${MONEY_BOUND}`, MONEY_BOUND)
    case 'decimal':
      return range(options.positive ? 0 : `-${MONEY_BOUND}`, options.max ?? MONEY_BOUND)
    case 'quantity':
      return range(options.positive ? 0 : -QUANTITY_BOUND, QUANTITY_BOUND)
    case 'choice':
      return `${value} in (${(options.values ?? []).map(quote).join(', ')})`
    case 'text':
      return `char_length(${value}) <= ${options.max ?? 1000}`
    default:
      return undefined
  }
}

/** As the text of an array has it: quoted unless a plain word. */
const arrayItem = (value: string) =>
  /^[a-z]\w*$/i.test(value) && value.toLowerCase() !== 'null' ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
const numeric = (bound: string | number) => `'${bound}'::numeric`

/**
 * The check of a column: `boundsOf`, less what its type refuses by itself, as constants of its type with nothing to convert.
 * `numeric(16,4)` ends where an amount does, so that NaN is all that is left to keep out. PostgreSQL reads and plans every
 * check of a table anew for each statement that writes it, a byte of a constant at a time: measured, the checks were a
 * quarter of what it works for a sale, and cost a quarter less like this.
 */
export function checkOf(column: string, { kind, options }: Bounded): string | undefined {
  switch (kind) {
    case 'money':
    case 'decimal':
    case 'quantity':
      return numericCheck(column, { kind, options })
    case 'choice': {
      const items = (options.values ?? []).map(arrayItem)
      return `${column} = any (${quote(`{${items.join(',')}}`)}::text[])`
    }
    default:
      return boundsOf(column, { kind, options })
  }
}

function numericCheck(column: string, { kind, options }: Bounded): string {
  const { max, positive, scale = STORED_SCALE } = options
  // A quantity ends before its type does, and so does an amount of more decimals than are stored of money.
  const byType = kind === 'money' || (kind === 'decimal' && scale <= STORED_SCALE)
  const bound = kind === 'quantity' ? QUANTITY_BOUND : MONEY_BOUND
  const most = (kind === 'decimal' ? max : undefined) ?? (byType ? undefined : bound)
  const above = most === undefined ? `${column} < ${numeric('NaN')}` : `${column} <= ${numeric(most)}`
  if (positive) return `${column} >= ${numeric(0)} and ${above}`
  return byType ? above : `${column} >= ${numeric(`-${bound}`)} and ${above}`
}
