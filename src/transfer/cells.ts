import type { Field } from '../schemas/fields.ts'
import { kinds } from '../schemas/kinds.ts'
import { unescapeFormula } from './formula.ts'
import { type DecimalSign, plainNumber } from './numbers.ts'

const WORDS: Record<string, boolean> = { true: true, yes: true, 1: true, false: false, no: false, 0: false }
/** 31.1.2026. With slashes nobody knows which is the month. */
const DOTTED_DATE = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/
/** What a spreadsheet leaves of a barcode that it took for a number. */
const SHORTENED = /^\d[.,]\d+E\+\d{2}$/
const NUMBERS = new Set(['money', 'decimal', 'quantity', 'integer'])

function fromText(field: Field, text: string, sign: DecimalSign): unknown {
  const { kind } = field
  if (NUMBERS.has(kind)) {
    const number = plainNumber(text, sign)
    return kinds[kind].parse?.(number) ?? number
  }
  if (kind === 'boolean') return WORDS[text.toLowerCase()] ?? text
  if (kind === 'date') {
    const [, day, month, year] = DOTTED_DATE.exec(text) ?? []
    return day ? `${year}-${month!.padStart(2, '0')}-${day.padStart(2, '0')}` : text
  }
  if (kind === 'json') return parsed(text)
  if (field.unique && SHORTENED.test(text))
    throw new TypeError('was shortened by a spreadsheet; format its column as text and enter it again')
  return text
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new TypeError('must be JSON')
  }
}

/** A number of Excel has 15 digits that count; what stands behind them is noise of its arithmetic. */
const rounded = (value: number) => Number(value.toPrecision(15))

function fromNumber({ kind }: Field, value: number): unknown {
  if (NUMBERS.has(kind)) return rounded(value)
  if (kind === 'boolean') return WORDS[String(value)] ?? value
  return kind === 'json' ? value : String(rounded(value))
}

function fromDate({ kind }: Field, value: Date): unknown {
  const text = Number.isNaN(value.getTime()) ? '' : value.toISOString()
  return kind === 'date' || (kind === 'text' && text.endsWith('T00:00:00.000Z')) ? text.slice(0, 10) : text
}

/** An empty cell: no value where there may be none, else as if the column were not there. */
function fromNothing({ kind, nullable, options }: Field): unknown {
  if (nullable) return null
  return kind === 'text' && options.min === 0 ? '' : undefined
}

/**
 * What a cell of a table says, as the API takes it; the definition checks it afterwards. Undefined leaves the field out.
 * @throws TypeError with a sentence about the cell
 */
export function cellValue(field: Field, cell: unknown, sign?: DecimalSign): unknown {
  if (cell === null || cell === undefined) return fromNothing(field)
  if (typeof cell === 'number') return fromNumber(field, cell)
  if (typeof cell === 'boolean') return field.kind === 'text' || field.kind === 'choice' ? String(cell) : cell
  if (cell instanceof Date) return fromDate(field, cell)
  const text = unescapeFormula(String(cell).trim())
  return text === '' ? fromNothing(field) : fromText(field, text, sign)
}
