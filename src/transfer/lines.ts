import { textOf } from './csv.ts'
import { FileFault, MAX_ROW_CHARACTERS, type SourceRow } from './source.ts'

function rowOf(row: number, line: string): SourceRow {
  const broken = { row, titles: [], cells: [], fault: 'is not a JSON object' }
  let record: unknown
  try {
    record = JSON.parse(line)
  } catch {
    return broken
  }
  if (typeof record !== 'object' || record === null || Array.isArray(record)) return broken
  return { row, titles: Object.keys(record), cells: Object.values(record) }
}

/** Rows of JSON lines: an object each, whose values are those of the API. A line that is none is a faulty row. */
export async function* lineRows(bytes: AsyncIterable<Uint8Array>, charset?: string): AsyncGenerator<SourceRow> {
  let row = 0
  let rest = ''
  for await (const text of textOf(bytes, charset)) {
    const lines = (rest + text).split('\n')
    rest = lines.pop()!
    if (rest.length > MAX_ROW_CHARACTERS) throw new FileFault(`Row ${row + lines.length + 1}: It is too long.`)
    for (const line of lines) {
      row++
      if (line.trim()) yield rowOf(row, line)
    }
  }
  if (rest.trim()) yield rowOf(row + 1, rest)
}
