import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { stringify } from 'csv-stringify/sync'
import { writeXlsxStream } from 'hucre/xlsx'
import type { Resource } from '../schemas/define.ts'
import type { Field } from '../schemas/fields.ts'
import type { Row } from '../services/projection.ts'
import { escapeFormula } from './formula.ts'
import type { Format } from './source.ts'

/** A column of a table: the field below its name. */
export interface Column {
  name: string
  field: Field
}

type Pages = AsyncGenerator<Row[]>
type Cell = string | number | boolean | Date | null

export const columnsOf = ({ all }: Resource, names: readonly string[]): Column[] =>
  names.map((name) => ({ name, field: all[name]! }))

const storedIn = (record: Row, { name, field: { under } }: Column): unknown =>
  under ? (record[under] as Row | undefined)?.[name] : record[name]

/** What people wrote, and what a spreadsheet could take for a formula. Amounts, ids and days it cannot. */
const written = (value: unknown, { kind }: Field): string =>
  kind === 'json' ? JSON.stringify(value) : kind === 'text' ? escapeFormula(String(value)) : String(value)

const asText = (record: Row, column: Column): string => {
  const value = storedIn(record, column)
  return value === null || value === undefined ? '' : written(value, column.field)
}

/** `12.50` -> 12.5, as long as the number has all its digits. */
function numeric(text: string): Cell {
  const number = Number(text)
  return text.replace(/[^\d]/g, '').length <= 15 && Number.isFinite(number) ? number : text
}

/** A cell of Excel: numbers and days are such, so that they can be added up and sorted. */
function asCell(record: Row, column: Column): Cell {
  const value = storedIn(record, column)
  const { kind } = column.field
  if (value === null || value === undefined) return null
  if (kind === 'money' || kind === 'decimal') return numeric(String(value))
  if (kind === 'date') return new Date(`${value}T00:00:00Z`)
  return typeof value === 'number' || typeof value === 'boolean' ? value : written(value, column.field)
}

// The mark by which Excel knows UTF-8.
const BOM = '\ufeff'

async function* csv(pages: Pages, columns: Column[]): AsyncGenerator<string> {
  const lines = (rows: string[][]) => stringify(rows, { record_delimiter: 'windows', quoted_match: /[\r\n]/ })
  yield BOM + lines([columns.map(({ name }) => name)])
  for await (const page of pages) {
    if (page.length) yield lines(page.map((record) => columns.map((column) => asText(record, column))))
  }
}

async function* jsonl(pages: Pages): AsyncGenerator<string> {
  for await (const page of pages) {
    if (page.length) yield `${page.map((record) => JSON.stringify(record)).join('\n')}\n`
  }
}

async function* cells(pages: Pages, columns: Column[]): AsyncGenerator<Cell[]> {
  for await (const page of pages) for (const record of page) yield columns.map((column) => asCell(record, column))
}

/** Pages of records as the bytes of a file, made as they are read: a slow reader slows the reading of the database. */
export const encoders: Record<Format, (pages: Pages, columns: Column[]) => Readable> = {
  csv: (pages, columns) => Readable.from(csv(pages, columns)),
  jsonl: (pages) => Readable.from(jsonl(pages)),
  xlsx: (pages, columns) => {
    const titles = columns.map(({ name }) => ({ header: name }))
    const sheet = writeXlsxStream(cells(pages, columns), { name: 'Export', columns: titles, freezePane: { rows: 1 } })
    return Readable.fromWeb(sheet as ReadableStream<Uint8Array>)
  }
}
