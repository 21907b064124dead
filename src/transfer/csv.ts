import { TextDecoder } from 'node:util'
import { CsvError, type Parser, parse } from 'csv-parse'
import { FileFault, MAX_ROW_CHARACTERS } from './source.ts'

const DELIMITERS = [',', ';', '\t', '|']

/** UTF-16 is what Excel calls "Unicode text"; its mark says which of the two. */
function encodingOf(start: Uint8Array, charset: string | undefined): string {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le'
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be'
  return charset ?? 'utf-8'
}

function decoderOf(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal: true })
  } catch {
    throw new FileFault(`There is no character set ${encoding}.`)
  }
}

/** The bytes of a text file as text. @throws FileFault for bytes that are not of its character set */
export async function* textOf(bytes: AsyncIterable<Uint8Array>, charset?: string): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined
  let encoding = ''
  let held: Uint8Array = new Uint8Array()
  const decode = (chunk?: Uint8Array) => {
    try {
      return decoder!.decode(chunk, { stream: chunk !== undefined })
    } catch {
      throw new FileFault(`The file is not ${encoding.toUpperCase()}. Save it as "CSV UTF-8", or name its charset.`)
    }
  }
  for await (const chunk of bytes) {
    const whole: Uint8Array = held.length ? Buffer.concat([held, chunk]) : chunk
    // Two bytes tell the encoding.
    if (!decoder && whole.length < 2) {
      held = whole
      continue
    }
    if (!decoder) {
      encoding = encodingOf(whole, charset)
      decoder = decoderOf(encoding)
    }
    held = new Uint8Array()
    const text = decode(whole)
    if (text) yield text
  }
  if (!decoder) {
    encoding = charset ?? 'utf-8'
    decoder = decoderOf(encoding)
    yield decode(held)
  }
  yield decode()
}

/** The separator that the first line has most of, outside of quotes. */
function guessDelimiter(line: string): string {
  const bare = line.replace(/"[^"]*"/g, '')
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length)
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!
}

/** Reads on until the first line that is not empty is there, which may be all of a small file. */
async function firstLine(text: AsyncGenerator<string>): Promise<{ line: string; read: string }> {
  let read = ''
  for (;;) {
    const found = /^\s*(\S[^\r\n]*)[\r\n]/.exec(read)
    if (found) return { line: found[1]!, read }
    if (read.length > MAX_ROW_CHARACTERS) throw new FileFault('The first line is too long: this is no table.')
    const { value, done } = await text.next()
    if (done) return { line: read, read }
    read += value
  }
}

/** All of the text, and then the end. */
async function* partsOf(read: string, text: AsyncGenerator<string>): AsyncGenerator<string | undefined> {
  if (read) yield read
  yield* text
  yield undefined
}

const SENTENCES: Record<string, string> = {
  CSV_MAX_RECORD_SIZE: 'A row is longer than a million characters; is a quote left open?',
  CSV_QUOTE_NOT_CLOSED: 'A quote is left open.',
  CSV_INVALID_CLOSING_QUOTE: 'After a closing quote there is more text.'
}

/**
 * Takes text and gives the rows that are whole. Not by reading the parser as a stream: when a later row of the same text
 * is broken it throws those before it away.
 */
class Splitter {
  #rows: string[][] = []
  #parser: Parser

  constructor(delimiter: string) {
    this.#parser = parse({
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      max_record_size: MAX_ROW_CHARACTERS,
      on_record: (row: string[]) => {
        this.#rows.push(row)
        return null
      }
    })
    // What goes wrong is told to who writes; nothing is ever to be read, but the end comes after the reading.
    this.#parser.on('error', () => {}).resume()
  }

  /** The rows that `text` completes, or without one the last, and what is wrong behind them. */
  async take(text?: string): Promise<{ rows: string[][]; error: unknown }> {
    const error = await new Promise<unknown>((resolve) => {
      if (text !== undefined) this.#parser.write(text, resolve)
      else this.#parser.once('error', resolve).once('end', resolve).end()
    })
    const rows = this.#rows
    this.#rows = []
    return { rows, error }
  }
}

/** Rows of a CSV file, numbered from 1, empty ones included, as a spreadsheet numbers them. */
export async function* csvRows(
  bytes: AsyncIterable<Uint8Array>,
  { charset, delimiter }: { charset?: string; delimiter?: string }
): AsyncGenerator<{ row: number; cells: string[] }> {
  const text = textOf(bytes, charset)
  const { line, read } = await firstLine(text)
  const splitter = new Splitter(delimiter ?? guessDelimiter(line))
  let row = 0
  for await (const part of partsOf(read, text)) {
    const { rows, error } = await splitter.take(part)
    for (const cells of rows) yield { row: ++row, cells }
    if (!error) continue
    const sentence = error instanceof CsvError ? SENTENCES[error.code] : undefined
    throw new FileFault(`Row ${row + 1}: ${sentence ?? 'It is not valid CSV.'}`)
  }
}
