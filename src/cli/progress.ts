const SPARSE_MS = 5000
const LIVE_MS = 100

/** Tells how far a long piece of work is. */
export type Progress = (what: string, done: number, total: number) => void

/** On a terminal one line that changes in place; elsewhere (a log, a pipe) a line at each stage and every five seconds. */
export function progressOn(stream: NodeJS.WriteStream): { progress: Progress; end(): void } {
  let stage = ''
  let last = 0
  const progress: Progress = (what, done, total) => {
    const now = performance.now()
    const due = what !== stage || done === total || now - last > (stream.isTTY ? LIVE_MS : SPARSE_MS)
    if (!due) return
    stage = what
    last = now
    const line = `${what}: ${done} of ${total}`
    stream.write(stream.isTTY ? `\r\x1b[K${line}` : `${line}\n`)
  }
  return { progress, end: () => void (stream.isTTY && stage && stream.write('\r\x1b[K')) }
}
