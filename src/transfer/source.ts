import { failure } from '../errors.ts'

export const FORMATS = ['csv', 'xlsx', 'jsonl'] as const
export type Format = (typeof FORMATS)[number]

export const CONTENT_TYPES: Record<Format, string> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  jsonl: 'application/x-ndjson'
}

/** One row of a file: its number as a spreadsheet shows it, the titles of its columns and what stands below them. */
export interface SourceRow {
  row: number
  titles: readonly string[]
  cells: readonly unknown[]
  /** The row of the titles alone, which goes out by itself, so that they are judged before any row is. */
  heading?: boolean
  /** The row could not be read: a sentence. */
  fault?: string
}

/** A file that cannot be read on from here: what is said of it to a person. */
export class FileFault extends Error {}

/** Largest text of one cell; also what keeps a file that is one line from filling the memory. */
export const MAX_ROW_CHARACTERS = 1_000_000
const MAX_COLUMNS = 500

/** The format of a body by its content type, and its character set. @throws 415 unsupported_type */
export function formatOf(contentType: string): { format: Format; charset?: string } {
  const [type = '', ...parameters] = contentType.toLowerCase().split(';')
  const format = FORMATS.find((name) => CONTENT_TYPES[name] === type.trim())
  if (!format) throw failure('unsupported_type', {}, `A file is one of ${Object.values(CONTENT_TYPES).join(', ')}.`)
  const charset = parameters.flatMap((part) => /^\s*charset="?([\w-]+)"?\s*$/.exec(part)?.[1] ?? [])[0]
  return { format, ...(charset && { charset }) }
}

const isEmpty = (cell: unknown) => cell === null || cell === undefined || (typeof cell === 'string' && !cell.trim())

/** Rows of a table as records: the first row that is not empty has the titles. Empty rows are passed over. */
export async function* tableRows(rows: AsyncIterable<{ row: number; cells: unknown[] }>): AsyncGenerator<SourceRow> {
  let titles: string[] | undefined
  for await (const { row, cells } of rows) {
    if (cells.every(isEmpty)) continue
    if (!titles) {
      if (cells.length > MAX_COLUMNS) throw new FileFault(`The file has more than ${MAX_COLUMNS} columns.`)
      titles = cells.map((cell) => (isEmpty(cell) ? '' : String(cell).normalize('NFC').trim()))
      yield { row, titles, cells: [], heading: true }
      continue
    }
    const beyond = cells.findIndex((cell, i) => !titles![i] && !isEmpty(cell))
    yield beyond < 0
      ? { row, titles, cells }
      : { row, titles, cells, fault: `column ${beyond + 1} has a value but no title` }
  }
}
