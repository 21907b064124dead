import { EncryptedFileError } from 'hucre'
import { streamXlsxRows } from 'hucre/xlsx'
import type { FromReader } from './sheet.ts'

// A process of its own; see sheet.ts. It is sent the file first, and sends rows when asked for more, a batch at a time.
const BATCH = 500
type Rows = Extract<FromReader, { rows: unknown }>['rows']

const ready: Rows[] = []
let ended: FromReader | undefined
let asked = false

function answer(): void {
  if (!asked) return
  const rows = ready.shift()
  const message = rows ? { rows } : ended
  if (!message) return
  asked = false
  process.send!(message)
}

async function read(file: Uint8Array): Promise<FromReader> {
  let batch: Rows = []
  const flush = () => {
    if (batch.length) ready.push(batch)
    batch = []
    answer()
  }
  try {
    for await (const { index, values } of streamXlsxRows(file)) {
      batch.push({ row: index + 1, cells: values })
      if (batch.length === BATCH) flush()
    }
    flush()
    return { end: true }
  } catch (error) {
    flush()
    const locked = error instanceof EncryptedFileError
    return { fault: locked ? 'The workbook has a password.' : 'The workbook cannot be read; is it broken?' }
  }
}

process.once('disconnect', () => process.exit())
process.once('message', async (file: Uint8Array) => {
  process.on('message', () => {
    asked = true
    answer()
  })
  ended = await read(file)
  answer()
})
