import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'

/** One process over its whole life: the pid alone does not do, since pids are used again. */
export interface ProcessId {
  pid: number
  started: string
}

/** Start time (opaque text) and command line of a living process; undefined when it is gone or a zombie. */
export function inspectProcess(pid: number): { started: string; command: string } | undefined {
  try {
    if (process.platform !== 'linux') return parsePs(execFileSync('ps', [...PS_FIELDS, '-p', String(pid)]).toString())
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses and may hold spaces: count from its end.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined
    // Field 22 counts ticks since boot, so that two boots are told apart by the boot's own id.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return { started: `${boot}/${fields[19]}`, command }
  } catch {
    return undefined
  }
}

const PS_FIELDS = ['-ww', '-o', 'stat=', '-o', 'lstart=', '-o', 'command=']

/** `S+ Mon Nov 23 12:31:00 2026 /path/postgres -D ...`: a state, five words of time, the command line. */
function parsePs(line: string): { started: string; command: string } | undefined {
  const [, state, started, command] = /^(\S+)\s+((?:\S+\s+){4}\S+)\s+(.*)$/.exec(line.trim()) ?? []
  if (!started || state?.startsWith('Z')) return undefined
  return { started, command: `${command} ` }
}

/** The process with this pid as it runs now; `started` is empty when there is none. */
export function identify(pid: number): ProcessId {
  return { pid, started: inspectProcess(pid)?.started ?? '' }
}

/** True while that very process lives, and not merely one with the same pid. */
export function isRunning({ pid, started }: ProcessId): boolean {
  return started !== '' && inspectProcess(pid)?.started === started
}

/** The content of a small text file, or undefined when there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Replaces a file in one step, so that a reader (or a crash) never sees half of it. */
export function replaceFile(file: string, content: string, mode = 0o644): void {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, content, { mode, flush: true })
  renameSync(draft, file)
}

/** Makes a file with its content in one step; false when the file exists already. link() is what lets only one win. */
export function createOnce(file: string, content: string): boolean {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, content, { flush: true })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft)
  }
}

/**
 * Takes the lock file for this process and returns the release. Throws with the holder's pid when a living process
 * holds it; a lock whose holder was killed is taken over.
 */
export function acquireLock(file: string, inUse: (holder: number) => string): () => void {
  const mine = JSON.stringify(identify(process.pid))
  for (;;) {
    if (createOnce(file, mine)) return () => rmSync(file, { force: true })
    const found = readIfThere(file)
    if (found === undefined) continue
    const holder = parseHolder(found)
    if (holder && isRunning(holder)) throw new Error(inUse(holder.pid))
    // Two starters may both see the dead holder. Only who has the second lock may replace the first, and only if it
    // still names that holder, so that the slower one cannot throw away the lock that the faster one has just taken.
    const release = acquireLock(`${file}.takeover`, inUse)
    try {
      if (readIfThere(file) !== found) continue
      replaceFile(file, mine)
    } finally {
      release()
    }
    return () => rmSync(file, { force: true })
  }
}

function parseHolder(content: string): ProcessId | undefined {
  try {
    return JSON.parse(content) as ProcessId
  } catch {
    return undefined
  }
}
