import { parentPort, workerData } from 'node:worker_threads'
import { EncryptedFileError } from 'hucre'
import { streamXlsxRows } from 'hucre/xlsx'
import type { FromReader } from './sheet.ts'

// Runs in a thread of its own; see sheet.ts. It sends rows when asked for more, a batch at a time.
const BATCH = 500
type Rows = Extract<FromReader, { rows: unknown }>['rows']

const port = parentPort!
const ready: Rows[] = []
let ended: FromReader | undefined
let asked = false

function answer(): void {
  if (!asked) return
  const rows = ready.shift()
  const message = rows ? { rows } : ended
  if (!message) return
  asked = false
  port.postMessage(message)
}

port.on('message', () => {
  asked = true
  answer()
})

async function read(): Promise<FromReader> {
  let batch: Rows = []
  const flush = () => {
    if (batch.length) ready.push(batch)
    batch = []
    answer()
  }
  try {
    for await (const { index, values } of streamXlsxRows(workerData as Uint8Array)) {
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

ended = await read()
answer()
