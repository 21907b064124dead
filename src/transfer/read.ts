import { csvRows } from './csv.ts'
import { lineRows } from './lines.ts'
import { sheetRows } from './sheet.ts'
import { type Format, type SourceRow, tableRows } from './source.ts'

/** The rows of a file of any format. @throws FileFault, wherever the file stops being readable */
export function readRows(
  bytes: AsyncIterable<Uint8Array>,
  format: Format,
  options: { charset?: string; delimiter?: string }
): AsyncGenerator<SourceRow> {
  if (format === 'jsonl') return lineRows(bytes, options.charset)
  return tableRows(format === 'csv' ? csvRows(bytes, options) : sheetRows(bytes))
}
