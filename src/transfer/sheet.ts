import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { FileFault } from './source.ts'

/** What a workbook may come to when it is unpacked: some 150,000 rows of 17 columns. */
const MAX_INFLATED = 128 * 1024 * 1024
const HEAP_MB = 512
const END_RECORD = 0x06054b50
const ENTRY = 0x02014b50
const NO_SHEET = 'The file is not an Excel workbook (.xlsx).'

/**
 * Refuses an archive that says, or hides, how much it unpacks to. The reader holds each part to the size that is stated
 * here, so a part cannot be larger than it says.
 */
function requireModest(file: Buffer): void {
  const end = file.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > file.length || file.readUInt32LE(end) !== END_RECORD) throw new FileFault(NO_SHEET)
  const entries = file.readUInt16LE(end + 10)
  let at = file.readUInt32LE(end + 16)
  let total = 0
  for (let i = 0; i < entries; i++) {
    if (at + 46 > file.length || file.readUInt32LE(at) !== ENTRY) throw new FileFault(NO_SHEET)
    const [packed, inflated] = [file.readUInt32LE(at + 20), file.readUInt32LE(at + 24)]
    // A size of zero, or one that stands elsewhere (ZIP64), would be read without a limit.
    if (packed > 0 && inflated === 0) throw new FileFault(NO_SHEET)
    total += inflated
    if (total > MAX_INFLATED) throw new FileFault('The workbook is too large when unpacked; send it as CSV.')
    at += 46 + file.readUInt16LE(at + 28) + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32)
  }
}

/**
 * The program of the thread. A thread knows nothing of the loader that lets Node run TypeScript, so from source it begins
 * with that.
 */
function program(): URL {
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  const reader = new URL(`./sheet-reader${ending}`, import.meta.url)
  if (ending !== '.ts') return reader
  // Mocha has files loaded by `require`, where `import.meta` cannot resolve; its answer is the loader's CommonJS half.
  const path = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs')
  const [loader, start] = [pathToFileURL(path), reader].map((url) => JSON.stringify(url))
  const text = `import { register } from ${loader}\nregister()\nawait import(${start})`
  return new URL(`data:text/javascript,${encodeURIComponent(text)}`)
}

async function wholeOf(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** What the reader sends: rows, or why it ends. */
export type FromReader = { rows: { row: number; cells: unknown[] }[] } | { end: true } | { fault: string }

/**
 * Rows of the first sheet, numbered as Excel does. A workbook can only be read whole, as its directory stands at its end;
 * a thread of its own reads it, so that a large one does not hold up the tills, and one made to fill the memory ends that
 * thread alone.
 */
export async function* sheetRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<{ row: number; cells: unknown[] }> {
  const file = await wholeOf(bytes)
  requireModest(file)
  const worker = new Worker(program(), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    workerData: file
  })
  const next = receiver(worker)
  try {
    for (;;) {
      worker.postMessage('more')
      const message = await next()
      if ('fault' in message) throw new FileFault(message.fault)
      if ('end' in message) return
      yield* message.rows
    }
  } finally {
    await worker.terminate()
  }
}

/** Waits for one message at a time; a thread that dies is a file that cannot be read. */
function receiver(worker: Worker): () => Promise<FromReader> {
  const waiting: FromReader[] = []
  let take: ((message: FromReader) => void) | undefined
  const give = (message: FromReader) => {
    if (take) take(message)
    else waiting.push(message)
    take = undefined
  }
  worker.on('message', give)
  worker.on('error', () => give({ fault: 'The workbook is too large, or broken; send it as CSV.' }))
  worker.on('exit', () => give({ fault: NO_SHEET }))
  return () =>
    new Promise((resolve) => {
      const message = waiting.shift()
      if (message) resolve(message)
      else take = resolve
    })
}
