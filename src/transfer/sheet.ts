import { type ChildProcess, fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
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
 * Starts the process that reads. It knows nothing of our secrets, and nothing of the loader that lets Node run TypeScript,
 * which it is told of where we run from source.
 */
function startReader(): ChildProcess {
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'))
  const loader = ending === '.ts' ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : []
  return fork(fileURLToPath(new URL(`./sheet-reader${ending}`, import.meta.url)), {
    execArgv: [`--max-old-space-size=${HEAP_MB}`, ...loader],
    env: {},
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc']
  })
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
 * a process of its own reads it, so that a large one does not hold up the tills, and one made to fill the memory ends that
 * process alone. A thread with a heap of its own does not do: seen, V8 may end the whole process when that heap is full.
 */
export async function* sheetRows(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<{ row: number; cells: unknown[] }> {
  const file = await wholeOf(bytes)
  requireModest(file)
  const reader = startReader()
  const next = receiver(reader)
  try {
    reader.send(file)
    for (;;) {
      reader.send('more')
      const message = await next()
      if ('fault' in message) throw new FileFault(message.fault)
      if ('end' in message) return
      yield* message.rows
    }
  } finally {
    reader.kill('SIGKILL')
  }
}

/** Waits for one message at a time; a process that dies is a file that cannot be read. */
function receiver(reader: ChildProcess): () => Promise<FromReader> {
  const waiting: FromReader[] = []
  let take: ((message: FromReader) => void) | undefined
  const give = (message: FromReader) => {
    if (take) take(message)
    else waiting.push(message)
    take = undefined
  }
  const dead = () => give({ fault: 'The workbook is too large, or broken; send it as CSV.' })
  reader.on('message', (message) => give(message as FromReader))
  reader.on('error', dead).on('exit', dead)
  return () =>
    new Promise((resolve) => {
      const message = waiting.shift()
      if (message) resolve(message)
      else take = resolve
    })
}
